//! Handing a blob out to a file of the user's.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use domain::ArtifactRef;

use crate::{ArtifactError, Artifacts};

impl Artifacts {
    /// Copies a blob to a file, replacing what is there, and making the folder if it is missing. The file is there whole and on the
    /// disk when this returns, or it is as it was before.
    pub async fn copy_to(&self, reference: &ArtifactRef, to: &Path) -> Result<(), ArtifactError> {
        let bytes = self.get(reference).await?;
        let to = to.to_owned();
        let place = to.parent().unwrap_or(Path::new("")).display().to_string();
        let doing = format!("writing {}", to.display());
        let written = tokio::task::spawn_blocking(move || place_file(&bytes, &to)).await;
        written
            .unwrap_or_else(|error| Err(io::Error::other(error)))
            .map_err(|error| ArtifactError::io(doing, &place, &error))
    }
}

fn place_file(bytes: &Bytes, to: &Path) -> io::Result<()> {
    let folder = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    if to.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let side = beside(folder, to)?;
    let done = write_whole(bytes, &side).and_then(|()| fs::rename(&side, to));
    if done.is_err() {
        // What is told is why the copy failed, not whether tidying up did.
        let _ = fs::remove_file(&side);
    }
    done?;
    // Not every file system can sync a folder; the file itself is safe.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn write_whole(bytes: &[u8], at: &Path) -> io::Result<()> {
    let mut file = File::create(at)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A hidden name that no other copy uses at the same time, in the same folder so that renaming it is one step.
fn beside(folder: &Path, to: &Path) -> io::Result<PathBuf> {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let name = to
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let count = COPIES.fetch_add(1, Ordering::Relaxed);
    Ok(folder.join(format!(
        ".{}.{}-{count}.part",
        name.display(),
        std::process::id()
    )))
}
