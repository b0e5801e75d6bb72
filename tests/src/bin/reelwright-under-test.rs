//! The `reelwright` command, built with the suite so that it is always the one tested.

use std::process::ExitCode;

fn main() -> ExitCode {
    reelwright::cli::run()
}
