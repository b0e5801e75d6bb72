//! The function of the HTTP API of experiments.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::http(assign::start)
}
