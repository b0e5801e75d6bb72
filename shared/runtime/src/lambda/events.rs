//! The entry point of functions that answer events: queues, buckets, rules, the authorizer.

use std::process::ExitCode;

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::invocations::{Invocations, Kept};
use super::{FunctionError, serve};
use crate::{Config, StartError};

/// Why an event could not be dealt with: the invocation fails, and its source sends the event again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct EventError(pub String);

impl From<EventError> for Diagnostic {
    fn from(error: EventError) -> Self {
        Self {
            error_type: "EventError".to_owned(),
            error_message: error.0,
        }
    }
}

/// Runs a function that answers events. `start` sets it up once; `answer` deals with each event.
pub fn events<S, E, A>(
    start: impl AsyncFnOnce(Config) -> Result<S, StartError>,
    answer: impl AsyncFn(&S, E) -> Result<A, EventError>,
) -> ExitCode
where
    E: DeserializeOwned,
    A: Serialize,
{
    serve(async {
        let config = Config::from_process().map_err(StartError::Config)?;
        let state = Box::pin(start(config.clone())).await?;
        let invocations = Invocations::new(&config, Kept::MINUTE).await?;
        let (state, answer, invocations) = (&state, &answer, &invocations);
        let handler = service_fn(|event: LambdaEvent<E>| async move {
            let answered = Box::pin(answer(state, event.payload)).await;
            if let Err(error) = &answered {
                tracing::error!(%error, "the event could not be dealt with");
            }
            invocations.end().await;
            answered
        });
        Box::pin(lambda_runtime::run(handler))
            .await
            .map_err(FunctionError::Lambda)
    })
}
