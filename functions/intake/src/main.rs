//! The function that takes in briefs.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::events(intake::start, intake::answer)
}
