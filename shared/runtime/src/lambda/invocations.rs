//! What a deployed function tells of itself, and when: Lambda lets nothing run between invocations, so all of it happens at an invocation's end.
//!
//! Each invocation that did something writes one line to the log, from which CloudWatch makes metrics. Figures go to the table at the end of an
//! instance's first invocation and then at most once a minute, and after every attempt at a task: that took far longer. What an instance did in
//! its last minute may so be missing in the table, never in CloudWatch.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::figures::{Keeper, Source, embedded_metrics};
use crate::{Config, Services, StartError, sdk_config};

/// How long keeping figures may hold an answer up.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often figures go to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// After every invocation.
    Always,
    /// At most once in so long.
    Each(Duration),
}

impl Kept {
    /// At most once a minute.
    pub(super) const MINUTE: Self = Self::Each(Duration::from_mins(1));
}

/// The invocations of this process.
pub(super) struct Invocations {
    keeper: Keeper,
    source: Source,
    kept: Kept,
    last: Mutex<Option<Instant>>,
}

impl Invocations {
    /// Those of a function with this configuration.
    pub(super) async fn new(config: &Config, kept: Kept) -> Result<Self, StartError> {
        let cloud = config.deployed()?;
        let store = cloud.store(&sdk_config().await?);
        let function = std::env::var("AWS_LAMBDA_FUNCTION_NAME");
        Ok(Self {
            keeper: Keeper::new(store, Services::system_clock()),
            source: Source {
                deployment: cloud.state_table.clone(),
                function: function.unwrap_or_default(),
            },
            kept,
            last: Mutex::default(),
        })
    }

    /// Tells what the invocation that ends did. Trouble with that is logged, and no invocation's failure.
    pub(super) async fn end(&self) {
        let figures = self.keeper.take();
        let line = embedded_metrics(&figures, &self.source, Services::system_clock()());
        if let Some(line) = line
            && let Err(error) = writeln!(std::io::stdout().lock(), "{line}")
        {
            tracing::warn!(%error, "metrics can't be written to the log");
        }
        if self.is_due() {
            let keeping = Box::pin(self.keeper.keep_or_tell());
            if tokio::time::timeout(PATIENCE, keeping).await.is_err() {
                tracing::warn!("what was recorded can't be kept for now: the table is slow");
            }
        }
    }

    fn is_due(&self) -> bool {
        let Kept::Each(time) = self.kept else {
            return true;
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| last.elapsed() >= time);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}
