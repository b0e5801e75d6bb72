//! The function that authorizes requests.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::events(authorize::start, authorize::answer)
}
