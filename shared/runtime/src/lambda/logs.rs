//! Logs of a deployed function: JSON lines on standard output, which Lambda keeps.

use tracing_subscriber::EnvFilter;

/// Starts logging. `REELWRIGHT_LOG` filters; unset means warnings and errors.
pub(super) fn start() {
    let filter =
        EnvFilter::try_from_env("REELWRIGHT_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Whoever set up logging first keeps it.
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(true)
        .without_time()
        .try_init();
}
