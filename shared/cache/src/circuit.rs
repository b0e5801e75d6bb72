//! Leaving a level that fails alone, until it answers again.
//!
//! While the circuit is open no request waits for the level. Every so often one of them has it checked on the side, so that even this costs it
//! nothing; when the check succeeds the circuit closes.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::LevelError;
use crate::level::Level;

/// So many failures in a row open the circuit.
const FAILURES: u32 = 5;
/// How often an open circuit has the level checked.
const CHECK_EVERY: Duration = Duration::from_millis(500);
/// How long a check may take.
const CHECK_LIMIT: Duration = Duration::from_secs(1);

/// A level behind a circuit breaker.
#[derive(Debug)]
pub(crate) struct Circuit {
    level: Arc<dyn Level>,
    failures: AtomicU32,
    checking: AtomicBool,
    /// When an open circuit may have the level checked next; nothing while it is closed.
    open: Mutex<Option<Instant>>,
}

impl Circuit {
    pub(crate) fn new(level: Arc<dyn Level>) -> Self {
        Self {
            level,
            failures: AtomicU32::new(0),
            checking: AtomicBool::new(false),
            open: Mutex::new(None),
        }
    }

    pub(crate) fn level(&self) -> &dyn Level {
        self.level.as_ref()
    }

    /// Whether the level may be asked now. If not, it may be checked on the side.
    pub(crate) fn lets_through(self: &Arc<Self>) -> bool {
        // A closed circuit, which is the rule, costs no lock.
        if self.failures.load(Ordering::Acquire) < FAILURES {
            return true;
        }
        let Some(due) = *self.state() else {
            return true;
        };
        if Instant::now() >= due && !self.checking.swap(true, Ordering::AcqRel) {
            tokio::spawn(Check(Arc::clone(self)).run());
        }
        false
    }

    pub(crate) fn succeeded(&self) {
        if self.failures.load(Ordering::Acquire) > 0 && self.state().is_none() {
            self.failures.store(0, Ordering::Release);
        }
    }

    /// Counts a failure. What the level refused, it refused at once: that is no reason to leave it alone.
    pub(crate) fn failed(&self, error: &LevelError) {
        if !error.is_outage() {
            return self.succeeded();
        }
        if self.failures.fetch_add(1, Ordering::AcqRel) + 1 < FAILURES {
            return;
        }
        let mut open = self.state();
        if open.is_none() {
            tracing::warn!(level = %self.level.name(), %error, "the cache goes on without its shared level until that answers again");
            *open = Some(Instant::now() + CHECK_EVERY);
            self.level.reconnect();
        }
    }

    fn close(&self) {
        tracing::info!(level = %self.level.name(), "the cache's shared level answers again");
        let mut open = self.state();
        self.failures.store(0, Ordering::Release);
        *open = None;
    }

    fn state(&self) -> MutexGuard<'_, Option<Instant>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One check of the level. However it ends, even dropped with its runtime, the next one may begin later.
struct Check(Arc<Circuit>);

impl Check {
    async fn run(self) {
        let circuit = &self.0;
        // The first question may have to connect; the second tells whether requests would be answered in time.
        for limit in [CHECK_LIMIT, circuit.level.pace().limit] {
            match timeout(limit, circuit.level.check()).await {
                Ok(Ok(())) => {}
                // A level that refuses to take values still answers, and may have some.
                Ok(Err(error)) if !error.is_outage() => {}
                Ok(Err(_)) | Err(_) => return circuit.level.reconnect(),
            }
        }
        circuit.close();
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        if let Some(due) = self.0.state().as_mut() {
            *due = Instant::now() + CHECK_EVERY;
        }
        self.0.checking.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use async_trait::async_trait;
    use bytes::Bytes;

    use super::*;
    use crate::level::{Found, Holder, Pace};
    use crate::{Name, Tag};

    /// A level of which only the check is ever asked.
    #[derive(Debug, Default)]
    struct Switch {
        answers: AtomicBool,
        checks: AtomicU32,
    }

    #[async_trait]
    impl Level for Switch {
        fn name(&self) -> String {
            "a switch".to_owned()
        }
        fn pace(&self) -> Pace {
            Pace {
                typical: Duration::from_millis(1),
                limit: Duration::from_millis(100),
            }
        }
        async fn get(&self, _: &Name, _: &[Tag]) -> Result<Found, LevelError> {
            unreachable!()
        }
        async fn lease(
            &self,
            _: &Name,
            _: &Holder,
            _: Duration,
            _: &[Tag],
        ) -> Result<(bool, Found), LevelError> {
            unreachable!()
        }
        async fn put(
            &self,
            _: &Name,
            _: &Holder,
            _: Bytes,
            _: Duration,
        ) -> Result<bool, LevelError> {
            unreachable!()
        }
        async fn release(&self, _: &Name, _: &Holder) -> Result<(), LevelError> {
            unreachable!()
        }
        async fn remove(&self, _: &Name) -> Result<(), LevelError> {
            unreachable!()
        }
        async fn settle_tag(&self, _: &Tag, _: u64, _: Duration) -> Result<u64, LevelError> {
            unreachable!()
        }
        async fn change_tag(&self, _: &Tag, _: u64, _: Duration) -> Result<(), LevelError> {
            unreachable!()
        }
        async fn check(&self) -> Result<(), LevelError> {
            self.checks.fetch_add(1, Ordering::Relaxed);
            if self.answers.load(Ordering::Relaxed) {
                return Ok(());
            }
            std::future::pending().await
        }
    }

    fn outage() -> LevelError {
        LevelError::Unavailable {
            level: "a switch".to_owned(),
            reason: "it is off".to_owned(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn failures_in_a_row_open_it_and_a_check_on_the_side_closes_it() {
        let switch = Arc::new(Switch::default());
        let circuit = Arc::new(Circuit::new(Arc::clone(&switch) as Arc<dyn Level>));
        for _ in 1..FAILURES {
            circuit.failed(&outage());
        }
        circuit.succeeded();
        for _ in 1..FAILURES {
            assert!(circuit.lets_through());
            circuit.failed(&outage());
        }
        assert!(circuit.lets_through());
        circuit.failed(&outage());
        assert!(!circuit.lets_through());
        assert_eq!(switch.checks.load(Ordering::Relaxed), 0);

        // Off: one check at a time, each given up after its limit, however many ask.
        for _ in 0..100 {
            assert!(!circuit.lets_through());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let checks = switch.checks.load(Ordering::Relaxed);
        assert!((3..=5).contains(&checks), "{checks}");

        switch.answers.store(true, Ordering::Relaxed);
        let mut waited = Duration::ZERO;
        while !circuit.lets_through() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            waited += Duration::from_millis(50);
        }
        assert!(waited < Duration::from_secs(2), "{waited:?}");
    }

    #[tokio::test]
    async fn what_is_refused_at_once_leaves_it_closed() {
        let circuit = Arc::new(Circuit::new(Arc::new(Switch::default())));
        for _ in 0..100 {
            circuit.failed(&LevelError::Full {
                level: "a switch".to_owned(),
                reason: "OOM".to_owned(),
            });
        }
        assert!(circuit.lets_through());
    }

    #[test]
    fn a_check_that_is_dropped_with_its_runtime_lets_another_begin() {
        let switch = Arc::new(Switch::default());
        let circuit = Arc::new(Circuit::new(Arc::clone(&switch) as Arc<dyn Level>));
        for round in 1..=2 {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            runtime.block_on(async {
                for _ in 0..FAILURES {
                    circuit.failed(&outage());
                }
                // Each runtime has a clock of its own, which begins at the system's.
                tokio::time::sleep(Duration::from_secs(u64::from(round) * 5)).await;
                assert!(!circuit.lets_through());
                tokio::task::yield_now().await;
            });
            assert_eq!(switch.checks.load(Ordering::Relaxed), round);
        }
    }
}
