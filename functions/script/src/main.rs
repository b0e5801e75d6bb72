//! The function of the script task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<script::ScriptTask>(Providers::for_text)
}
