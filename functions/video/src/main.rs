//! The function of the video task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<video::VideoTask>(Providers::for_pictures)
}
