//! Entry points of deployed functions: a `main.rs` names its handler and hands over to one of these.
//!
//! Large futures are boxed: with what the runtime wraps around them they nest deeper than the compiler follows.

mod batch;
mod events;
mod http;
mod invocations;
mod logs;
mod task;

use std::process::ExitCode;

pub use batch::{BatchAnswer, ItemFailure};
pub use events::{EventError, authorizer, events};
pub use http::http;
pub use task::{gate, task};

use crate::StartError;

/// What Lambda tells every function. Without them `lambda_runtime` panics.
const OF_LAMBDA: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// Runs a function until Lambda ends its process. What keeps it from starting is told in its log, and ends the process.
fn serve(work: impl Future<Output = Result<(), FunctionError>>) -> ExitCode {
    if let Err(error) = logs::start() {
        // There is no log yet to tell it in.
        eprintln!("the function can't start: {error}");
        return ExitCode::FAILURE;
    }
    if let Some(variable) = OF_LAMBDA
        .iter()
        .find(|name| std::env::var_os(name).is_none())
    {
        tracing::error!(
            "the function can't start: {variable} is not set, so Lambda did not start it; to try it here, see \"Functions on your machine\" in CONTRIBUTING.md"
        );
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Err(FunctionError::Lambda(error.into())),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the function can't go on");
            ExitCode::FAILURE
        }
    }
}

/// Why a function ended.
#[derive(Debug, thiserror::Error)]
enum FunctionError {
    #[error("the function can't start: {0}")]
    Start(#[from] StartError),
    #[error("Lambda's runtime interface: {0}")]
    Lambda(#[from] lambda_runtime::Error),
}
