//! One request's dealings with the shared level: within its time, and counted.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::circuit::Circuit;
use crate::level::Level;
use crate::stats::KindCounters;
use crate::{LevelError, Policy};

/// The shared level, for one request.
pub(crate) struct Shared<'a> {
    circuit: &'a Arc<Circuit>,
    counters: &'a KindCounters,
    /// What is left of the request's time for the level.
    left: Duration,
    /// Whether the level has failed this request: it is not asked again.
    failed: bool,
}

impl<'a> Shared<'a> {
    /// The level, if asking it is worth its while for such a source.
    pub(crate) fn new(
        circuit: &'a Arc<Circuit>,
        policy: &Policy,
        counters: &'a KindCounters,
    ) -> Option<Self> {
        let source = Duration::from_millis(policy.source_ms);
        let left = circuit.level().pace().allowance(source)?;
        let failed = !circuit.lets_through();
        if failed {
            counters.l2_skipped.add(1);
        }
        Some(Self {
            circuit,
            counters,
            left,
            failed,
        })
    }

    pub(crate) fn level(&self) -> &'a dyn Level {
        self.circuit.level()
    }

    /// Asks the level, on the request's time. Nothing if it failed, now or before.
    pub(crate) async fn ask<T>(
        &mut self,
        request: impl Future<Output = Result<T, LevelError>>,
    ) -> Option<T> {
        let start = Instant::now();
        let answer = self.ask_within(self.left, request).await;
        self.left = self.left.saturating_sub(start.elapsed());
        answer
    }

    /// Asks the level while the request waits for another one anyway, so that only this question's time is limited.
    pub(crate) async fn ask_while_waiting<T>(
        &mut self,
        request: impl Future<Output = Result<T, LevelError>>,
    ) -> Option<T> {
        self.ask_within(self.circuit.level().pace().limit, request)
            .await
    }

    async fn ask_within<T>(
        &mut self,
        limit: Duration,
        request: impl Future<Output = Result<T, LevelError>>,
    ) -> Option<T> {
        if self.failed {
            return None;
        }
        match within(self.circuit, limit, request).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                tracing::debug!(%error, "the shared level failed");
                self.counters.l2_errors.add(1);
                self.failed = true;
                None
            }
        }
    }
}

/// Asks a level, and tells its circuit how it went.
pub(crate) async fn within<T>(
    circuit: &Circuit,
    limit: Duration,
    request: impl Future<Output = Result<T, LevelError>>,
) -> Result<T, LevelError> {
    let answer = timeout(limit, request).await.unwrap_or_else(|_| {
        Err(LevelError::Unavailable {
            level: circuit.level().name(),
            reason: format!("no answer within {} ms", limit.as_millis()),
        })
    });
    match &answer {
        Ok(_) => circuit.succeeded(),
        Err(error) => circuit.failed(error),
    }
    answer
}
