//! Printing, for readers that may leave: `| head -1` closes the pipe, and that is no reason to break off.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use crate::failure::Failure;

/// Prints an answer to standard output. A reader that has left has had enough; any other trouble is a failure.
pub(crate) fn answer(text: impl Display) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::other(format!(
            "the answer can't be written to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Tells a person something on standard error, with a line feed. Where nobody can be told, the work goes on.
pub(crate) fn tell(line: impl Display) {
    // There is nowhere left to say that it can't be said.
    let _ = writeln!(std::io::stderr(), "{line}");
}
