//! The function of the hook task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<hook::HookTask>(Providers::for_text)
}
