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

/// Runs a function that answers events whose sources wait for nothing: queues, buckets, rules. `start` sets it up once; `answer` deals with each
/// event.
pub fn events<S, E, A>(
    start: impl AsyncFnOnce(Config) -> Result<S, StartError>,
    answer: impl AsyncFn(&S, E) -> Result<A, EventError>,
) -> ExitCode
where
    E: DeserializeOwned,
    A: Serialize,
{
    answering(Kept::AfterAMinute, start, answer)
}

/// Runs a function that lets requests in: an API waits for its answers. Otherwise as [`events`].
pub fn authorizer<S, E, A>(
    start: impl AsyncFnOnce(Config) -> Result<S, StartError>,
    answer: impl AsyncFn(&S, E) -> Result<A, EventError>,
) -> ExitCode
where
    E: DeserializeOwned,
    A: Serialize,
{
    answering(Kept::BesideTheNext, start, answer)
}

fn answering<S, E, A>(
    kept: Kept,
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
        let invocations = Invocations::new(&config, kept).await?;
        let (state, answer, invocations) = (&state, &answer, &invocations);
        let handler = service_fn(|event: LambdaEvent<E>| async move {
            let answered = invocations
                .run(Box::pin(answer(state, event.payload)))
                .await;
            answered
                .inspect_err(|error| tracing::error!(%error, "the event could not be dealt with"))
        });
        Box::pin(lambda_runtime::run(handler))
            .await
            .map_err(FunctionError::Lambda)
    })
}
