//! The function of the HTTP API of webhooks.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::http(subscribe::start)
}
