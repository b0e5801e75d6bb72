//! The edge at which a brief's files become stored blobs: behind it, nothing reads a path.

use std::path::{Path, PathBuf};

use artifacts::{ArtifactError, Artifacts};
use domain::{ArtifactRef, Asset, Brief, BriefError, MediaType};

/// Why a brief's files can't be taken in.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// A file can't be read.
    #[error(
        "{field} names {path}, which can't be read: {cause}; paths are relative to the brief's own folder"
    )]
    Unreadable {
        /// The brief's field.
        field: &'static str,
        /// The path as it was resolved.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file holds something else than expected.
    #[error("{field} names {path}: {cause}")]
    Unusable {
        /// The brief's field.
        field: &'static str,
        /// The path as it was resolved.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The brief with the file's text in it isn't a good one.
    #[error(transparent)]
    Brief(#[from] BriefError),
    /// The blob can't be stored.
    #[error(transparent)]
    Artifacts(#[from] ArtifactError),
}

/// The largest font or logo taken, in bytes.
const LARGEST_FILE: u64 = 20_000_000;

/// Stores a brief with all that it names: the source file's text goes into the brief, font and logo become blobs.
/// Paths are relative to `base`.
pub async fn store_brief(
    mut brief: Brief,
    base: &Path,
    artifacts: &Artifacts,
) -> Result<(Brief, ArtifactRef), EdgeError> {
    if let Some(path) = brief.source_file.take() {
        let path = base.join(path);
        let bytes = read(&path, "source_file")?;
        let text = String::from_utf8(bytes).map_err(|error| EdgeError::Unusable {
            field: "source_file",
            path: path.clone(),
            cause: format!(
                "it is not UTF-8 text (byte {} is the first that isn't); save it as UTF-8 plain text",
                error.utf8_error().valid_up_to()
            ),
        })?;
        brief.source_text = Some(text);
        brief.check()?;
    }
    if let Some(Asset::Path(path)) = &brief.brand.font {
        let path = base.join(path);
        let bytes = read(&path, "brand.font")?;
        providers::check_font(&bytes).map_err(|cause| EdgeError::Unusable {
            field: "brand.font",
            path,
            cause: cause.to_string(),
        })?;
        brief.brand.font = Some(Asset::Stored(
            artifacts.put(bytes.into(), MediaType::Font).await?,
        ));
    }
    if let Some(Asset::Path(path)) = &brief.brand.logo {
        let path = base.join(path);
        let bytes = read(&path, "brand.logo")?;
        providers::check_logo(&bytes).map_err(|cause| EdgeError::Unusable {
            field: "brand.logo",
            path,
            cause: cause.to_string(),
        })?;
        let media_type = if bytes.starts_with(b"\x89PNG") {
            MediaType::Png
        } else {
            MediaType::Svg
        };
        brief.brand.logo = Some(Asset::Stored(
            artifacts.put(bytes.into(), media_type).await?,
        ));
    }
    let json = serde_json::to_vec(&brief).map_err(|error| BriefError::Wrong(error.to_string()))?;
    let stored = artifacts.put(json.into(), MediaType::Json).await?;
    Ok((brief, stored))
}

fn read(path: &Path, field: &'static str) -> Result<Vec<u8>, EdgeError> {
    let unreadable = |cause| EdgeError::Unreadable {
        field,
        path: path.to_owned(),
        cause,
    };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    // A device or a pipe may never end.
    if !found.is_file() {
        return Err(EdgeError::Unusable {
            field,
            path: path.to_owned(),
            cause: "it is no file; name one".to_owned(),
        });
    }
    let length = found.len();
    if length > LARGEST_FILE {
        return Err(EdgeError::Unusable {
            field,
            path: path.to_owned(),
            cause: format!("it has {length} bytes; at most {LARGEST_FILE} are taken"),
        });
    }
    std::fs::read(path).map_err(unreadable)
}
