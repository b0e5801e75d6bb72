//! An assessment as a page in a file.

use std::path::Path;

use quality::report::{Page, html};
use quality::{Assessment, Content};

use crate::failure::Failure;
use crate::files::write_whole;

/// Writes the page.
pub(super) fn write(
    to: &Path,
    content: &Content,
    assessment: &Assessment,
    page: &Page,
) -> Result<(), Failure> {
    write_whole(to, html(content, assessment, page).as_bytes(), "--html")
}
