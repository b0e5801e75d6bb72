//! Sees to runs whose execution ended without closing them, or never began: when an execution ends, and each minute for those of
//! which no event told.

mod due;
mod event;

use std::time::Duration;

use runtime::lambda::EventError;
use runtime::{Config, RunError, Runs, StartError, run_of_execution, sdk_config};
use serde_json::Value;
use store::StoreError;
use tokio::time::Instant;

pub use due::{Swept, sweep_due};
use event::Occasion;

/// How long one sweep goes on. The next one comes within a minute, and Lambda ends this function after 55 s (infra/template.yaml).
const SWEEP: Duration = Duration::from_secs(40);

/// Sets the function up, by its environment.
pub async fn start(config: Config) -> Result<Runs, StartError> {
    // What is missing is told before AWS is looked for.
    config.deployed()?.state_machine()?;
    Runs::deployed(&config, &sdk_config().await?)
}

/// Deals with one event of EventBridge's.
pub async fn answer(runs: &Runs, event: Value) -> Result<Swept, EventError> {
    let occasion: Occasion = serde_json::from_value(event).map_err(|error| {
        EventError(format!(
            "this is neither an execution's change of status nor a scheduled event, the two that this function deals with: {error}"
        ))
    })?;
    let swept = match occasion {
        Occasion::Minute(_) => sweep_due(runs, (runs.clock)(), Instant::now() + SWEEP)
            .await
            .map_err(|error| error.to_string()),
        Occasion::Ended(execution) => look_after_ended(runs, &execution.name)
            .await
            .map_err(|error| error.to_string()),
    };
    swept.map_err(EventError)
}

/// Looks after the run that an execution worked on.
async fn look_after_ended(runs: &Runs, execution: &str) -> Result<Swept, RunError> {
    let Some(run) = run_of_execution(execution) else {
        tracing::warn!(
            execution,
            "the execution's name tells no run: started by hand?"
        );
        return Ok(Swept::default());
    };
    match runs.look_after(&run).await {
        Ok(()) => Ok(Swept {
            looked: 1,
            failed: 0,
        }),
        Err(RunError::Store(StoreError::NotFound(_))) => {
            tracing::warn!(
                execution,
                "there is no run of this execution: started by hand?"
            );
            Ok(Swept::default())
        }
        Err(error) => Err(error),
    }
}
