//! The function of the story task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<story::StoryTask>(Providers::for_text)
}
