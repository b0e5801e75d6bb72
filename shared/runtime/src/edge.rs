//! The edge at which a brief's files become stored blobs: behind it, nothing reads a path.

use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use artifacts::{ArtifactError, Artifacts};
use bytes::Bytes;
use domain::{ArtifactRef, Asset, Brief, BriefError, Look, MediaType, Recording, UserPicture};
use media::Purpose;
use tokio::sync::Semaphore;

/// Why a brief's files can't be taken in.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// A file can't be read.
    #[error(
        "{field} names {path}, which can't be read: {cause}; paths are relative to the brief's own folder"
    )]
    Unreadable {
        /// The brief's field.
        field: String,
        /// The path as it was resolved.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file holds something else than expected.
    #[error("{field} names {named}: {cause}")]
    Unusable {
        /// The brief's field.
        field: String,
        /// The path as it was resolved, or the uploaded asset.
        named: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A brief from elsewhere names a file of this machine, or a blob.
    #[error("{field} can't name a file here: {instead}")]
    NoPaths {
        /// The brief's field.
        field: String,
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

/// The largest font, logo, picture or upload taken, in bytes. Music beside a brief may be as long as it likes: no more is read of it than is used.
const LARGEST_FILE: u64 = 20_000_000;

/// Reading a picture may take a quarter of a gigabyte: a process reads one after the other.
static ONE_PICTURE: Semaphore = Semaphore::const_new(1);

/// Where the files are that a brief names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files<'a> {
    /// On this machine: paths are relative to this folder.
    Beside(&'a Path),
    /// Uploaded before: a brief that comes from elsewhere names no path of this machine.
    Uploaded,
}

/// Stores a brief with all that it names: the source file's text goes into the brief, font, logo, pictures and music become blobs.
pub async fn store_brief(
    mut brief: Brief,
    files: Files<'_>,
    artifacts: &Artifacts,
) -> Result<(Brief, ArtifactRef), EdgeError> {
    if let Some(path) = brief.source_file.take() {
        let Files::Beside(base) = files else {
            return Err(EdgeError::NoPaths {
                field: "source_file".to_owned(),
                instead: "put the text into source_text",
            });
        };
        let path = base.join(path);
        let bytes = read(&path, "source_file")?;
        let text = String::from_utf8(bytes.into()).map_err(|error| EdgeError::Unusable {
            field: "source_file".to_owned(),
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
    for (at, picture) in brief.pictures.iter_mut().enumerate() {
        store_picture(picture, &format!("pictures[{at}].file"), files, artifacts).await?;
    }
    if let Some(music) = brief.music.take() {
        brief.music = Some(stored_music(music, "music", files, artifacts).await?);
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
    if let Some(music) = look.music.take() {
        look.music = Some(stored_music(music, "look.music", files, artifacts).await?);
    }
    Ok(look)
}

/// Stores the file that a picture names.
pub(crate) async fn store_picture(
    picture: &mut UserPicture,
    field: &str,
    files: Files<'_>,
    artifacts: &Artifacts,
) -> Result<(), EdgeError> {
    let take = |content: Content| {
        let taken = photo::take(&content.whole()?).map_err(|cause| cause.to_string())?;
        Ok((taken.png.into(), MediaType::Png))
    };
    // It is never closed.
    let _turn = ONE_PICTURE.acquire().await;
    picture.file = stored_as(picture.file.clone(), field, files, artifacts, take).await?;
    Ok(())
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
    field: &str,
    files: Files<'_>,
    artifacts: &Artifacts,
    take: impl FnOnce(&[u8]) -> Result<MediaType, String> + Send + 'static,
) -> Result<Asset, EdgeError> {
    let take = move |content: Content| {
        let bytes = content.whole()?;
        let media_type = take(&bytes)?;
        Ok((bytes, media_type))
    };
    stored_as(asset, field, files, artifacts, take).await
}

/// Stores the file that a recording names.
pub(crate) async fn store_recording(
    recording: &mut Recording,
    field: &str,
    files: Files<'_>,
    artifacts: &Artifacts,
) -> Result<(), EdgeError> {
    let take = |content: Content| {
        let taken = content.sound(Purpose::Recording)?;
        Ok((taken, MediaType::Wav))
    };
    recording.file = stored_as(recording.file.clone(), field, files, artifacts, take).await?;
    Ok(())
}

/// Reads the recording of a whole script, a file of this machine, as a WAV.
pub(crate) async fn read_take(path: &Path, named_by: &str) -> Result<Bytes, EdgeError> {
    let unusable = |cause| EdgeError::Unusable {
        field: named_by.to_owned(),
        named: path.display().to_string(),
        cause,
    };
    let content = Content::File(open(path, named_by).map_err(|error| match error {
        // It stands beside no brief.
        EdgeError::Unreadable { cause, .. } => unusable(format!("it can't be read: {cause}")),
        other => other,
    })?);
    let read = tokio::task::spawn_blocking(move || content.sound(Purpose::Take)).await;
    read.map_err(|error| unusable(format!("it could not be looked at: {error}")))?
        .map_err(unusable)
}

/// Makes a blob of the part of a music file that a video can use.
async fn stored_music(
    asset: Asset,
    field: &str,
    files: Files<'_>,
    artifacts: &Artifacts,
) -> Result<Asset, EdgeError> {
    let take = |content: Content| {
        let taken = content.sound(Purpose::Music)?;
        Ok((taken, MediaType::Wav))
    };
    stored_as(asset, field, files, artifacts, take).await
}

/// Makes a blob of what `take` makes of what a field names.
async fn stored_as(
    asset: Asset,
    field: &str,
    files: Files<'_>,
    artifacts: &Artifacts,
    take: impl FnOnce(Content) -> Result<(Bytes, MediaType), String> + Send + 'static,
) -> Result<Asset, EdgeError> {
    const INSTEAD: &str = "upload it by POST /v1/assets, then name it as {\"asset\": \"ast_...\"}";
    let (named, content) = match (asset, files) {
        // Only the edge makes these, so this brief has been here before.
        (Asset::Stored(stored), Files::Beside(_)) => return Ok(Asset::Stored(stored)),
        (Asset::Path(path), Files::Beside(base)) => {
            let path = base.join(path);
            let file = open(&path, field)?;
            (path.display().to_string(), Content::File(file))
        }
        (Asset::Stored(_) | Asset::Path(_), Files::Uploaded) => {
            return Err(EdgeError::NoPaths {
                field: field.to_owned(),
                instead: INSTEAD,
            });
        }
        (Asset::Uploaded { asset }, Files::Uploaded) => {
            let bytes = artifacts.take_upload(&asset, LARGEST_FILE).await?;
            let bytes = bytes.ok_or_else(|| EdgeError::Unusable {
                field: field.to_owned(),
                named: asset.to_string(),
                cause: "nothing was uploaded for it, or so long ago that it is gone; upload it, then send the brief".to_owned(),
            })?;
            (asset.to_string(), Content::Upload(bytes))
        }
        (Asset::Uploaded { asset }, Files::Beside(_)) => {
            return Err(EdgeError::Unusable {
                field: field.to_owned(),
                named: asset.to_string(),
                cause: "uploaded assets belong to the HTTP API; name a file here".to_owned(),
            });
        }
    };
    // Drawing a logo or reading music may take a second: nobody else's request waits for it.
    let taken = tokio::task::spawn_blocking(move || take(content)).await;
    let unusable = |cause| EdgeError::Unusable {
        field: field.to_owned(),
        named,
        cause,
    };
    let (bytes, media_type) = match taken {
        Ok(Ok(taken)) => taken,
        Ok(Err(cause)) => return Err(unusable(cause)),
        Err(error) => return Err(unusable(format!("it could not be looked at: {error}"))),
    };
    Ok(Asset::Stored(artifacts.put(bytes, media_type).await?))
}

/// What a field names, found.
enum Content {
    File(File),
    Upload(Bytes),
}

impl Content {
    /// It as sound.
    fn sound(self, purpose: Purpose) -> Result<Bytes, String> {
        let taken = match self {
            Self::File(file) => media::take_sound(file, purpose),
            Self::Upload(bytes) => media::take_sound(Cursor::new(bytes), purpose),
        };
        Ok(taken.map_err(|cause| cause.to_string())?.into())
    }

    /// All of it, unless it is too large.
    fn whole(self) -> Result<Bytes, String> {
        let mut file = match self {
            Self::Upload(bytes) => return Ok(bytes),
            Self::File(file) => file,
        };
        let unreadable = |error: std::io::Error| format!("it can't be read: {error}");
        let length = file.metadata().map_err(unreadable)?.len();
        if length > LARGEST_FILE {
            return Err(format!(
                "it has {length} bytes; at most {LARGEST_FILE} are taken"
            ));
        }
        let mut bytes = Vec::with_capacity(length as usize);
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(bytes.into())
    }
}

/// Reads a whole file.
fn read(path: &Path, field: &str) -> Result<Bytes, EdgeError> {
    let content = Content::File(open(path, field)?);
    content.whole().map_err(|cause| EdgeError::Unusable {
        field: field.to_owned(),
        named: path.display().to_string(),
        cause,
    })
}

/// Opens a file that has an end: a device or a pipe may have none.
fn open(path: &Path, field: &str) -> Result<File, EdgeError> {
    let unreadable = |cause| EdgeError::Unreadable {
        field: field.to_owned(),
        path: path.to_owned(),
        cause,
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(EdgeError::Unusable {
            field: field.to_owned(),
            named: path.display().to_string(),
            cause: "it is no file; name one".to_owned(),
        });
    }
    File::open(path).map_err(unreadable)
}
