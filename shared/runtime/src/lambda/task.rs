//! The entry point of a task's function.

use std::process::ExitCode;
use std::time::{Duration, UNIX_EPOCH};

use cache::Cache;
use domain::{RunId, RunState, TaskName, Timestamp};
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use providers::{ProviderError, Providers, ProvidersConfig};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::invocations::{Invocations, Kept};
use super::{FunctionError, serve};
use crate::{Ask, Config, RunError, Runs, Services, StartError, Task, TaskError, attempt};

/// So long before Lambda would end the attempt, it ends itself, so that its row says why.
const MARGIN_MS: u64 = 1_500;

/// The longest that Lambda lets an attempt take: 15 minutes.
const LONGEST_MS: u64 = 15 * 60 * 1000;

/// What the state machine asks for.
#[derive(Debug, Deserialize)]
struct Invocation {
    run: RunId,
    round: u32,
    execution: String,
    task: TaskName,
    item: Option<u32>,
    stands_in_for: Option<TaskName>,
}

/// What the state machine is told.
#[derive(Debug, Serialize)]
struct Told {
    facts: Value,
}

/// Runs a task's function. `choose` gets the providers that the task needs, so that a function links no others.
pub fn task<T: Task>(
    choose: impl AsyncFnOnce(&ProvidersConfig, &Cache) -> Result<Providers, ProviderError>,
) -> ExitCode {
    serve(async {
        let config = Config::from_process().map_err(StartError::Config)?;
        let services = Services::deployed(&config, choose).await?;
        let invocations = Invocations::new(&config, Kept::AfterEach).await?;
        let invocations = &invocations;
        let handler = service_fn(|event: LambdaEvent<Value>| {
            let services = services.clone();
            Box::pin(async move {
                let asked = event.payload.clone();
                let told = invocations.run(handle::<T>(services, event)).await;
                tell_of_failure(&asked, told)
            })
        });
        Box::pin(lambda_runtime::run(handler))
            .await
            .map_err(FunctionError::Lambda)
    })
}

/// Runs the function of a workflow's gate: its task, and then the end of the round that it judged.
pub fn gate<T: Task>(
    choose: impl AsyncFnOnce(&ProvidersConfig, &Cache) -> Result<Providers, ProviderError>,
) -> ExitCode {
    serve(async {
        let config = Config::from_process().map_err(StartError::Config)?;
        let services = Services::deployed(&config, choose).await?;
        let runs = Runs::deployed(&config, &crate::sdk_config().await?)?;
        let invocations = Invocations::new(&config, Kept::AfterEach).await?;
        let invocations = &invocations;
        let handler = service_fn(|event: LambdaEvent<Value>| {
            let (services, runs) = (services.clone(), runs.clone());
            Box::pin(async move {
                let asked = event.payload.clone();
                let told = invocations.run(judge::<T>(services, &runs, event)).await;
                tell_of_failure(&asked, told)
            })
        });
        Box::pin(lambda_runtime::run(handler))
            .await
            .map_err(FunctionError::Lambda)
    })
}

/// Tells of an attempt that failed, with what it was asked for.
fn tell_of_failure(asked: &Value, answered: Result<Told, TaskError>) -> Result<Told, TaskError> {
    answered.inspect_err(|error| {
        let (run, task) = (asked["run"].as_str(), asked["task"].as_str());
        let item = asked["item"].as_u64();
        tracing::warn!(run, task, item, name = error.name(), %error, "the attempt failed");
    })
}

/// The gate's task, and the end of its round.
async fn judge<T: Task>(
    services: Services,
    runs: &Runs,
    event: LambdaEvent<Value>,
) -> Result<Told, TaskError> {
    let ends: Ending = serde_json::from_value(event.payload.clone()).map_err(unread)?;
    let told = handle::<T>(services, event).await?;
    runs.end_round(&ends.run, &ends.execution).await?;
    Ok(told)
}

/// Which round a gate ends.
#[derive(Debug, Deserialize)]
struct Ending {
    run: RunId,
    execution: String,
}

fn unread(error: serde_json::Error) -> TaskError {
    TaskError::InvalidInput(format!(
        "the invocation is no {{run, round, execution, task, item}}: {error}"
    ))
}

async fn handle<T: Task>(
    mut services: Services,
    event: LambdaEvent<Value>,
) -> Result<Told, TaskError> {
    let asked: Invocation = serde_json::from_value(event.payload).map_err(unread)?;
    if asked.task.as_str() != T::NAME {
        return Err(TaskError::InvalidInput(format!(
            "this is the function of {}, and was asked for {}",
            T::NAME,
            asked.task
        )));
    }
    // Each invocation is a worker of its own: a late twin of a killed one holds another name.
    services.worker = format!("lambda/{}", event.context.request_id);
    let deadline = deadline(event.context.deadline);
    let ask = Ask {
        run: asked.run,
        round: asked.round,
        execution: asked.execution,
        task: asked.task,
        item: asked.item,
        dead_owner: None,
        stands_in_for: asked.stands_in_for,
        patient_until: Some(deadline),
    };
    let stop = Box::pin(async {
        tokio::select! {
            why = cancelled(&services, &ask) => why,
            why = out_of_time(deadline) => why,
        }
    });
    let answered = attempt::<T>(&services, &ask, stop).await?;
    Ok(Told {
        facts: answered.facts,
    })
}

/// Completes once the run is no longer this execution's, or no longer running.
async fn cancelled(services: &Services, ask: &Ask) -> TaskError {
    loop {
        tokio::time::sleep(Duration::from_millis(services.lease_ms / 3)).await;
        match services.store.run(&ask.run).await {
            Ok(run) if run.state == RunState::Running && run.execution == ask.execution => {}
            Ok(_) => {
                return TaskError::Cancelled(
                    "the run was cancelled, or is another execution's, while the task ran"
                        .to_owned(),
                );
            }
            Err(error) => tracing::warn!(run = %ask.run, %error, "the run can't be looked at"),
        }
    }
}

/// When an attempt ends itself. A moment that is past already says nothing: `cargo lambda watch` names one, and has no limit.
fn deadline(named: u64) -> Timestamp {
    let now = UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() as u64;
    if named <= now {
        Timestamp(now + LONGEST_MS)
    } else {
        Timestamp(named - MARGIN_MS)
    }
}

async fn out_of_time(deadline: Timestamp) -> TaskError {
    let now = UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() as u64;
    tokio::time::sleep(Duration::from_millis(deadline.0.saturating_sub(now))).await;
    TaskError::Transient(
        "the function's time was nearly up: give it more time or more memory in infra/template.yaml"
            .to_owned(),
    )
}

impl From<RunError> for TaskError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Store(error) => error.into(),
            RunError::Execution(error) if error.transient => Self::Transient(error.to_string()),
            other => Self::Permanent(other.to_string()),
        }
    }
}

impl From<TaskError> for Diagnostic {
    fn from(error: TaskError) -> Self {
        Self {
            error_type: error.name().to_owned(),
            error_message: error.to_string(),
        }
    }
}
