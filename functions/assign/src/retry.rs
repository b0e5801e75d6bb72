//! Trying again what the store was too busy for.

use std::time::Duration;

use store::StoreError;

/// How often something is tried in all.
const TRIES: u32 = 7;
/// The first pause; each is twice the one before.
const PAUSE_MS: u64 = 10;

/// How long a store that is too busy is waited for. Everything that is written here may be repeated.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    tried: u32,
}

impl Patience {
    /// Whether to try again after this: if so, once the pause is over.
    pub(crate) async fn lasts(&mut self, error: &StoreError) -> bool {
        self.tried += 1;
        if !error.retryable() || self.tried >= TRIES {
            return false;
        }
        // Those who met once shall not meet again. Without random numbers all wait as long.
        let mut part = [0_u8];
        let _ = getrandom::fill(&mut part);
        let pause = Duration::from_millis(PAUSE_MS << self.tried);
        tokio::time::sleep(pause.mul_f64(1.0 - f64::from(part[0]) / 512.0)).await;
        true
    }
}
