//! An assessment as a page in a file.

use std::io::Write;
use std::path::Path;

use quality::report::{Page, html};
use quality::{Assessment, Content};

use crate::failure::Failure;

/// Writes the page. It is gathered beside its place and renamed into it, so that no half of one is left behind.
pub(super) fn write(
    to: &Path,
    content: &Content,
    assessment: &Assessment,
    page: &Page,
) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| {
        Failure::input(format!(
            "can't write the page to {}: {error}; name another file with --html",
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
            file.write_all(html(content, assessment, page).as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&side, to));
    if written.is_err() {
        // What is told is why the page isn't there, not whether tidying up failed.
        let _ = std::fs::remove_file(&side);
    }
    written.map_err(unwritable)
}
