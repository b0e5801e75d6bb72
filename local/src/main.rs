//! The `reelwright` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    reelwright::cli::run()
}
