//! The function of the HTTP API of quality.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::http(review::start)
}
