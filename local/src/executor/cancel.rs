//! Telling work to stop.

use std::sync::{Arc, Weak};

use tokio::sync::watch;

/// The side that cancels.
#[derive(Debug)]
pub struct Canceller(watch::Sender<bool>);

/// The side that should stop. For what an attempt is given it also tells when the attempt itself is over (its time was up, or the run
/// no longer waits for it), so that work on another thread can stop as well.
#[derive(Debug, Clone)]
pub struct CancelToken {
    run: watch::Receiver<bool>,
    attempt: Option<Weak<()>>,
}

impl Canceller {
    /// A new pair. If the canceller is dropped, the token is never cancelled.
    pub fn new() -> (Self, CancelToken) {
        let (sender, run) = watch::channel(false);
        (Self(sender), CancelToken { run, attempt: None })
    }

    /// Cancels, for good.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

impl CancelToken {
    /// A token that nobody cancels.
    pub fn never() -> Self {
        Canceller::new().1
    }

    /// Whether to stop. Cheap: work that never waits asks every few milliseconds.
    pub fn is_cancelled(&self) -> bool {
        *self.run.borrow()
            || self
                .attempt
                .as_ref()
                .is_some_and(|attempt| attempt.strong_count() == 0)
    }

    /// Waits until the run is cancelled. (An attempt that is over is no longer polled, so it need not be waited for.)
    pub async fn cancelled(&mut self) {
        if self.run.wait_for(|cancelled| *cancelled).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The same token for one attempt, which is over when the guard goes.
    pub(super) fn for_attempt(&self) -> (Self, Arc<()>) {
        let guard = Arc::new(());
        (
            Self {
                run: self.run.clone(),
                attempt: Some(Arc::downgrade(&guard)),
            },
            guard,
        )
    }
}
