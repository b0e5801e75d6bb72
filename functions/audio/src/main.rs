//! The function of the audio task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<audio::AudioTask>(Providers::for_speech)
}
