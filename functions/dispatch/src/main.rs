//! The function that makes deliveries of events.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::events(dispatch::start, dispatch::answer)
}
