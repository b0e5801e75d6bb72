//! The port through which executions are started and stopped, and its adapter for Step Functions.

use async_trait::async_trait;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::{DisplayErrorContext, SdkError};
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionError;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use aws_sdk_sfn::operation::stop_execution::StopExecutionError;
use aws_sdk_sfn::types::ExecutionStatus;
use domain::{ErrorInfo, Event, EventKind, RunId, Timestamp};
use serde_json::{Map, Value};
use statemachine::asl::{Announced, Events, ExecutionInput};

/// What an execution is to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The run.
    pub run: RunId,
    /// The round, from 1.
    pub round: u32,
    /// The execution's name, as the run's row has it.
    pub execution: String,
    /// The workflow's name.
    pub workflow: String,
    /// The brief's facts, which the workflow's expressions read.
    pub facts: Map<String, Value>,
}

/// Where an execution stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was never started, or is forgotten.
    Unknown,
    /// It goes on.
    Running,
    /// It is over: nothing if it succeeded, else what ended it.
    Over(Option<ErrorInfo>),
}

/// Why an execution could not be started, stopped or looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{doing}: {message}")]
pub struct ExecutionError {
    /// What was being done.
    pub doing: String,
    /// What came of it, and what to do.
    pub message: String,
    /// Whether it may work the next time.
    pub transient: bool,
}

/// Starts and stops executions.
#[async_trait]
pub trait Executions: Send + Sync {
    /// Starts an execution. To start the same one twice is to start it once.
    async fn start(&self, start: &Start) -> Result<(), ExecutionError>;

    /// Stops an execution. One that is over, or was never started, counts as stopped.
    async fn stop(&self, execution: &str, why: &str) -> Result<(), ExecutionError>;

    /// Where an execution stands.
    async fn look(&self, execution: &str) -> Result<Standing, ExecutionError>;
}

/// Executions of one Step Functions state machine (a Standard workflow, in which a name and input started twice are one execution).
#[derive(Debug, Clone)]
pub struct StepFunctions {
    client: Client,
    machine: String,
}

impl StepFunctions {
    /// Executions of the machine with this ARN. Nothing is sent.
    pub fn new(client: Client, machine: impl Into<String>) -> Self {
        Self {
            client,
            machine: machine.into(),
        }
    }

    /// The ARN of one of the machine's executions.
    fn arn(&self, execution: &str) -> String {
        let base = self.machine.replacen(":stateMachine:", ":execution:", 1);
        format!("{base}:{execution}")
    }
}

/// What the machine is given: see [`ExecutionInput`].
fn input(start: &Start) -> ExecutionInput {
    let announced = |kind| {
        let event = Event::new(
            kind,
            start.run.clone(),
            start.round,
            &start.execution,
            Timestamp(0),
        );
        Announced {
            due: store::event_partition(&event.id),
            id: event.id,
        }
    };
    ExecutionInput {
        run: start.run.to_string(),
        round: start.round,
        brief: start.facts.clone(),
        events: Events {
            completed: announced(EventKind::WorkflowCompleted),
            failed: announced(EventKind::WorkflowFailed),
        },
    }
}

fn failed<E>(doing: String, error: SdkError<E>) -> ExecutionError
where
    E: std::error::Error + aws_sdk_sfn::error::ProvideErrorMetadata + 'static,
{
    let transient = match &error {
        SdkError::ServiceError(answer) => {
            answer.raw().status().is_server_error()
                || answer
                    .err()
                    .code()
                    .is_some_and(|code| code.contains("Throttling"))
        }
        SdkError::ConstructionFailure(_) => false,
        _ => true,
    };
    ExecutionError {
        doing,
        message: DisplayErrorContext(&error).to_string(),
        transient,
    }
}

#[async_trait]
impl Executions for StepFunctions {
    async fn start(&self, start: &Start) -> Result<(), ExecutionError> {
        let doing = format!("starting execution {}", start.execution);
        let input = serde_json::to_string(&input(start)).map_err(|error| ExecutionError {
            doing: doing.clone(),
            message: error.to_string(),
            transient: false,
        })?;
        let sent = self
            .client
            .start_execution()
            .state_machine_arn(&self.machine)
            .name(&start.execution)
            .input(input)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            // The name is one run's and one moment's: whoever used it before started this very execution.
            Err(SdkError::ServiceError(answer))
                if matches!(answer.err(), StartExecutionError::ExecutionAlreadyExists(_)) =>
            {
                Ok(())
            }
            Err(error) => Err(failed(doing, error)),
        }
    }

    async fn stop(&self, execution: &str, why: &str) -> Result<(), ExecutionError> {
        let sent = self
            .client
            .stop_execution()
            .execution_arn(self.arn(execution))
            .error("Cancelled")
            .cause(why)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(answer))
                if matches!(answer.err(), StopExecutionError::ExecutionDoesNotExist(_)) =>
            {
                Ok(())
            }
            Err(error) => Err(failed(format!("stopping execution {execution}"), error)),
        }
    }

    async fn look(&self, execution: &str) -> Result<Standing, ExecutionError> {
        let sent = self
            .client
            .describe_execution()
            .execution_arn(self.arn(execution))
            .send()
            .await;
        let found = match sent {
            Ok(found) => found,
            Err(SdkError::ServiceError(answer))
                if matches!(
                    answer.err(),
                    DescribeExecutionError::ExecutionDoesNotExist(_)
                ) =>
            {
                return Ok(Standing::Unknown);
            }
            Err(error) => return Err(failed(format!("looking at execution {execution}"), error)),
        };
        Ok(match found.status() {
            ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Standing::Running,
            ExecutionStatus::Succeeded => Standing::Over(None),
            status => Standing::Over(Some(ErrorInfo {
                name: match status {
                    ExecutionStatus::TimedOut => "Timeout".to_owned(),
                    ExecutionStatus::Aborted => "Cancelled".to_owned(),
                    _ => found.error().unwrap_or("Permanent").to_owned(),
                },
                cause: found.cause().map_or_else(
                    || {
                        format!(
                            "the execution ended as {} without closing the run",
                            status.as_str()
                        )
                    },
                    ToOwned::to_owned,
                ),
            })),
        })
    }
}
