//! The function that posts deliveries.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::events(deliver::start, deliver::answer)
}
