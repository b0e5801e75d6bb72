//! The function of the images task.

use std::process::ExitCode;

use providers::Providers;

fn main() -> ExitCode {
    runtime::lambda::task::<images::ImagesTask>(Providers::for_pictures)
}
