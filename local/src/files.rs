//! Reading what a person named, with messages that name it.

use std::io::Read;
use std::path::{Display, Path};

use crate::failure::Failure;

/// The largest file read: well over the largest brief allowed, well under what would fill the memory.
const LARGEST: u64 = 64_000_000;

/// A path as a message names it.
pub(crate) fn name(path: &Path) -> Display<'_> {
    if path == Path::new("-") {
        Path::new("standard input").display()
    } else {
        path.display()
    }
}

/// Reads a text file; `-` is standard input.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::input(format!("can't read {}: {error}", name(path)));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
    } else {
        std::fs::File::open(path)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::input(format!(
            "{} has more than {LARGEST} bytes: that is no text of ours",
            name(path)
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!(
            "{} is not UTF-8 text (byte {at} is the first that isn't): save it as UTF-8",
            name(path)
        ))
    })
}
