//! The function of the compose task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<compose::ComposeTask>(Providers::none)
}
