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
        tokio::time::sleep(Duration::from_millis(PAUSE_MS << self.tried)).await;
        true
    }
}
