//! The entry point of functions that answer HTTP.

use std::process::ExitCode;

use axum::Router;

use super::{FunctionError, serve};
use crate::{Config, StartError};

/// Runs a function that answers HTTP behind API Gateway. `start` makes its router, to which the caller that the authorizer let in is
/// made known.
pub fn http(start: impl AsyncFnOnce(Config) -> Result<Router, StartError>) -> ExitCode {
    serve(async {
        let config = Config::from_process().map_err(StartError::Config)?;
        let router = crate::http::behind_gateway(Box::pin(start(config)).await?);
        Box::pin(lambda_http::run(router))
            .await
            .map_err(FunctionError::Lambda)
    })
}
