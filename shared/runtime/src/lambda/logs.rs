//! Logs of a deployed function: JSON lines on standard output, which Lambda keeps.

use tracing_subscriber::EnvFilter;

use crate::ConfigError;

/// Starts logging. `REELWRIGHT_LOG` filters; unset means warnings and errors.
pub(super) fn start() -> Result<(), ConfigError> {
    let filter = match std::env::var("REELWRIGHT_LOG") {
        Err(_) => EnvFilter::new("warn"),
        Ok(text) => EnvFilter::try_new(&text).map_err(|error| ConfigError {
            variable: "REELWRIGHT_LOG".to_owned(),
            value: text,
            expected: format!("expected a filter such as debug or runtime=trace ({error})"),
        })?,
    };
    // Whoever set up logging first keeps it.
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(true)
        .without_time()
        .try_init();
    Ok(())
}
