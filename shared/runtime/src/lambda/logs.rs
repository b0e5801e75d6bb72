//! Logs of a deployed function: JSON lines on standard output, which Lambda keeps.

use tracing_subscriber::EnvFilter;

use crate::ConfigError;

/// The runtime tells of each event that failed, which the entry points have told of already, with more. What panics is on standard error.
const TOLD_ALREADY: &str = "lambda_runtime::layers::panic=off";

/// Starts logging. `REELWRIGHT_LOG` filters; unset means warnings and errors.
pub(super) fn start() -> Result<(), ConfigError> {
    let asked = std::env::var("REELWRIGHT_LOG").unwrap_or_else(|_| "warn".to_owned());
    let filter =
        EnvFilter::try_new(format!("{TOLD_ALREADY},{asked}")).map_err(|error| ConfigError {
            variable: "REELWRIGHT_LOG".to_owned(),
            value: asked,
            expected: format!("expected a filter such as debug or runtime=trace ({error})"),
        })?;
    // Whoever set up logging first keeps it.
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(true)
        .without_time()
        .try_init();
    Ok(())
}
