//! The function that looks after runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::events(sweep::start, sweep::answer)
}
