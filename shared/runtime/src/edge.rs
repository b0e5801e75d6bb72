//! The edge at which a brief's files become stored blobs: behind it, nothing reads a path.

use std::path::{Path, PathBuf};

use artifacts::{ArtifactError, Artifacts};
use domain::{ArtifactRef, Asset, Brief, BriefError, Look, MediaType};

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
    #[error("{field} names {named}: {cause}")]
    Unusable {
        /// The brief's field.
        field: &'static str,
        /// The path as it was resolved, or the uploaded asset.
        named: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A brief from elsewhere names a file of this machine, or a blob.
    #[error("{field} can't name a file here: {instead}")]
    NoPaths {
        /// The brief's field.
        field: &'static str,
        /// What to do instead.
        instead: &'static str,
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

/// Where the files are that a brief names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files<'a> {
    /// On this machine: paths are relative to this folder.
    Beside(&'a Path),
    /// Uploaded before: a brief that comes from elsewhere names no path of this machine.
    Uploaded,
}

/// Stores a brief with all that it names: the source file's text goes into the brief, font and logo become blobs.
pub async fn store_brief(
    mut brief: Brief,
    files: Files<'_>,
    artifacts: &Artifacts,
) -> Result<(Brief, ArtifactRef), EdgeError> {
    if let Some(path) = brief.source_file.take() {
        let Files::Beside(base) = files else {
            return Err(EdgeError::NoPaths {
                field: "source_file",
                instead: "put the text into source_text",
            });
        };
        let path = base.join(path);
        let bytes = read(&path, "source_file")?;
        let text = String::from_utf8(bytes).map_err(|error| EdgeError::Unusable {
            field: "source_file",
            named: path.display().to_string(),
            cause: format!(
                "it is not UTF-8 text (byte {} is the first that isn't); save it as UTF-8 plain text",
                error.utf8_error().valid_up_to()
            ),
        })?;
        brief.source_text = Some(text);
        brief.check()?;
    }
    if let Some(font) = brief.brand.font.take() {
        brief.brand.font = Some(stored(font, "brand.font", files, artifacts, font_type).await?);
    }
    if let Some(logo) = brief.brand.logo.take() {
        brief.brand.logo = Some(stored(logo, "brand.logo", files, artifacts, logo_type).await?);
    }
    let json = serde_json::to_vec(&brief).map_err(|error| BriefError::Wrong(error.to_string()))?;
    let stored = artifacts.put(json.into(), MediaType::Json).await?;
    Ok((brief, stored))
}

/// Stores the files that a script's looks name.
pub(crate) async fn store_look(
    mut look: Look,
    files: Files<'_>,
    artifacts: &Artifacts,
) -> Result<Look, EdgeError> {
    if let Some(font) = look.font.take() {
        look.font = Some(stored(font, "look.font", files, artifacts, font_type).await?);
    }
    if let Some(logo) = look.logo.take() {
        look.logo = Some(stored(logo, "look.logo", files, artifacts, logo_type).await?);
    }
    Ok(look)
}

fn font_type(bytes: &[u8]) -> Result<MediaType, String> {
    providers::check_font(bytes).map_err(|cause| cause.to_string())?;
    Ok(MediaType::Font)
}

fn logo_type(bytes: &[u8]) -> Result<MediaType, String> {
    providers::check_logo(bytes).map_err(|cause| cause.to_string())?;
    Ok(if bytes.starts_with(b"\x89PNG") {
        MediaType::Png
    } else {
        MediaType::Svg
    })
}

/// Makes a blob of what a field names, if `take` finds it good.
async fn stored(
    asset: Asset,
    field: &'static str,
    files: Files<'_>,
    artifacts: &Artifacts,
    take: impl FnOnce(&[u8]) -> Result<MediaType, String> + Send + 'static,
) -> Result<Asset, EdgeError> {
    const INSTEAD: &str = "upload it by POST /v1/assets, then name it as {\"asset\": \"ast_...\"}";
    let (named, bytes) = match (asset, files) {
        // Only the edge makes these, so this brief has been here before.
        (Asset::Stored(stored), Files::Beside(_)) => return Ok(Asset::Stored(stored)),
        (Asset::Path(path), Files::Beside(base)) => {
            let path = base.join(path);
            (path.display().to_string(), read(&path, field)?)
        }
        (Asset::Stored(_) | Asset::Path(_), Files::Uploaded) => {
            return Err(EdgeError::NoPaths {
                field,
                instead: INSTEAD,
            });
        }
        (Asset::Uploaded { asset }, Files::Uploaded) => {
            let bytes = artifacts.take_upload(&asset, LARGEST_FILE).await?;
            let bytes = bytes.ok_or_else(|| EdgeError::Unusable {
                field,
                named: asset.to_string(),
                cause: "nothing was uploaded for it, or so long ago that it is gone; upload it, then send the brief".to_owned(),
            })?;
            (asset.to_string(), bytes.to_vec())
        }
        (Asset::Uploaded { asset }, Files::Beside(_)) => {
            return Err(EdgeError::Unusable {
                field,
                named: asset.to_string(),
                cause: "uploaded assets belong to the HTTP API; name a file here".to_owned(),
            });
        }
    };
    // Drawing a logo may take a second: nobody else's request waits for it.
    let taken = tokio::task::spawn_blocking(move || (take(&bytes), bytes)).await;
    let unusable = |cause| EdgeError::Unusable {
        field,
        named,
        cause,
    };
    let (media_type, bytes) = match taken {
        Ok((Ok(media_type), bytes)) => (media_type, bytes),
        Ok((Err(cause), _)) => return Err(unusable(cause)),
        Err(error) => return Err(unusable(format!("it could not be looked at: {error}"))),
    };
    Ok(Asset::Stored(
        artifacts.put(bytes.into(), media_type).await?,
    ))
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
            named: path.display().to_string(),
            cause: "it is no file; name one".to_owned(),
        });
    }
    let length = found.len();
    if length > LARGEST_FILE {
        return Err(EdgeError::Unusable {
            field,
            named: path.display().to_string(),
            cause: format!("it has {length} bytes; at most {LARGEST_FILE} are taken"),
        });
    }
    std::fs::read(path).map_err(unreadable)
}
