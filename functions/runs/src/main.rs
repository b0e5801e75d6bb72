//! The function of the HTTP API of runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::http(runs::start)
}
