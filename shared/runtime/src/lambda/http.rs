//! The entry point of functions that answer HTTP.

use std::process::ExitCode;

use axum::Router;
use lambda_http::{Request, service_fn};
use tower::ServiceExt;

use super::invocations::{Invocations, Kept};
use super::{FunctionError, serve};
use crate::{Config, StartError, figures};

/// Runs a function that answers HTTP behind API Gateway. `start` makes its router, to which the caller that the authorizer let in is
/// made known.
pub fn http(start: impl AsyncFnOnce(Config) -> Result<Router, StartError>) -> ExitCode {
    serve(async {
        let config = Config::from_process().map_err(StartError::Config)?;
        let router = Box::pin(start(config.clone())).await?;
        let router = crate::http::behind_gateway(router, figures::of_this_process().clone());
        let invocations = Invocations::new(&config, Kept::BesideTheNext).await?;
        let invocations = &invocations;
        let handler = service_fn(|request: Request| {
            let router = router.clone();
            invocations.run(router.oneshot(request))
        });
        Box::pin(lambda_http::run(handler))
            .await
            .map_err(FunctionError::Lambda)
    })
}
