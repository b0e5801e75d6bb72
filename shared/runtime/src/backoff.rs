//! Waiting for others who write the same rows at the same moment.

use std::time::Duration;

/// How often a write is tried again.
const TRIES: u32 = 6;

/// The waits between a write's attempts: 40 ms, and then each time twice as long.
#[derive(Debug, Default)]
pub(crate) struct BackOff {
    tries: u32,
}

impl BackOff {
    /// Whether the write may be tried once more.
    pub(crate) fn goes_on(&self) -> bool {
        self.tries < TRIES
    }

    /// Waits until it is time to try again.
    pub(crate) async fn wait(&mut self) {
        self.tries += 1;
        tokio::time::sleep(Duration::from_millis(20 << self.tries)).await;
    }
}
