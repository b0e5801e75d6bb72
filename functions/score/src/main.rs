//! The function of the gate.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::gate::<score::ScoreTask>(Providers::for_judging)
}
