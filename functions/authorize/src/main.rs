//! The function that authorizes requests.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::lambda::authorizer(authorize::start, authorize::answer)
}
