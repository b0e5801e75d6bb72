//! Reading and writing what a person named, with messages that name it.

use std::io::{Read, Write};
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

/// Writes a file. It is gathered beside its place and renamed into it, so that no half of one is left behind. `option` is the one that named
/// the file.
pub(crate) fn write_whole(to: &Path, bytes: &[u8], option: &str) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| {
        Failure::input(format!(
            "can't write the page to {}: {error}; name another file with {option}",
            to.display()
        ))
    };
    let Some(name) = to.file_name().filter(|_| !to.is_dir()) else {
        return Err(unwritable(std::io::ErrorKind::IsADirectory.into()));
    };
    let side = to.with_file_name(format!(
        ".{}.{}.part",
        name.to_string_lossy(),
        std::process::id()
    ));
    let written = std::fs::File::create(&side)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&side, to));
    if written.is_err() {
        // What is told is why the page isn't there, not whether tidying up failed.
        let _ = std::fs::remove_file(&side);
    }
    written.map_err(unwritable)
}
