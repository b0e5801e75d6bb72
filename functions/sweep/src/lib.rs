//! Sees to runs whose execution ended without closing them, or never began: when an execution ends, and each minute for those of
//! which no event told. Each minute it also queues the deliveries that are due in the table and not in the queue.

mod due;
mod event;
mod missed;

use std::sync::Arc;
use std::time::Duration;

use runtime::lambda::EventError;
use runtime::{Config, DeliveryQueue, RunError, Runs, StartError, run_of_execution, sdk_config};
use serde_json::Value;
use store::StoreError;
use tokio::time::Instant;

pub use due::{Swept, sweep_due};
use event::Occasion;
pub use missed::queue_missed;

/// How long one sweep goes on. The next one comes within a minute, and Lambda ends this function after 55 s (infra/template.yaml).
const SWEEP: Duration = Duration::from_secs(40);

/// What sweeping needs.
#[derive(Clone)]
pub struct Sweep {
    /// The runs, and the store of everything.
    pub runs: Runs,
    /// The queue of deliveries.
    pub queue: Arc<dyn DeliveryQueue>,
}

/// Sets the function up, by its environment.
pub async fn start(config: Config) -> Result<Sweep, StartError> {
    // What is missing is told before AWS is looked for.
    let cloud = config.deployed()?;
    cloud.state_machine()?;
    cloud.delivery_queues()?;
    let aws = sdk_config().await?;
    Ok(Sweep {
        runs: Runs::deployed(&config, &aws)?,
        queue: Arc::new(cloud.deliveries(&aws)?),
    })
}

/// Deals with one event of EventBridge's.
pub async fn answer(sweep: &Sweep, event: Value) -> Result<Swept, EventError> {
    let runs = &sweep.runs;
    let occasion: Occasion = serde_json::from_value(event).map_err(|error| {
        EventError(format!(
            "this is neither an execution's change of status nor a scheduled event, the two that this function deals with: {error}"
        ))
    })?;
    let swept = match occasion {
        Occasion::Minute(_) => {
            let (now, until) = ((runs.clock)(), Instant::now() + SWEEP);
            // Neither waits for the other, or is kept from its turn by the other's trouble.
            let (swept, queued) = tokio::join!(
                sweep_due(runs, now, until),
                queue_missed(&runs.store, sweep.queue.as_ref(), now, until)
            );
            match (swept, queued) {
                (Ok(swept), Ok(queued)) => Ok(Swept { queued, ..swept }),
                (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error.to_string()),
                (Err(runs), Err(deliveries)) => Err(format!("{runs}; {deliveries}")),
            }
        }
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
            ..Swept::default()
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
