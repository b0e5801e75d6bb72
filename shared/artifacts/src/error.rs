//! What can go wrong, and what to do about it.

use std::error::Error;
use std::io::{self, ErrorKind};

/// Why something could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// It was never written, or was removed.
    #[error("artifact {name} is not in {place}: make it again by resuming its run")]
    NotFound {
        /// Its name.
        name: String,
        /// Where it was looked for.
        place: String,
    },

    /// What is there is not what was written.
    #[error(
        "artifact {name} in {place} is damaged ({reason}): remove it and resume its run, which makes it again"
    )]
    Damaged {
        /// Its name.
        name: String,
        /// Where it is.
        place: String,
        /// How that was seen.
        reason: String,
    },

    /// It is larger than the caller takes.
    #[error("{name} in {place} has {bytes} bytes: at most {limit} are taken, so make it smaller")]
    TooLarge {
        /// Its name.
        name: String,
        /// Where it is.
        place: String,
        /// How large it is.
        bytes: u64,
        /// How large it may be.
        limit: u64,
    },

    /// A key that can't be asked for as it is written.
    #[error("{key:?} can't be read as an object's key: {reason}: store it under another key")]
    BadKey {
        /// The key, its first 200 characters.
        key: String,
        /// What is wrong with it.
        reason: String,
    },

    /// No bucket has such a name.
    #[error(
        "{0:?} is no bucket's name: expected 3 to 63 lower-case letters, digits, '-' and '.', a letter or digit first and last"
    )]
    BadBucket(String),

    /// It isn't known where the bucket is.
    #[error("bucket {bucket} needs a region: set AWS_REGION, such as eu-central-1")]
    NoRegion {
        /// The bucket.
        bucket: String,
    },

    /// The bucket is not there.
    #[error(
        "bucket {bucket} does not exist (while {doing}): create it, or check the configured name, region and account"
    )]
    NoBucket {
        /// The bucket.
        bucket: String,
        /// What was being done.
        doing: String,
    },

    /// The folder or the service did not do what was asked.
    #[error("{doing} failed in {place}: {reason}{hint}")]
    Io {
        /// What was being done.
        doing: String,
        /// Where.
        place: String,
        /// What the system said.
        reason: String,
        /// What to do about it, after a colon; empty if that isn't known.
        hint: &'static str,
        /// The kind of the system's error.
        kind: ErrorKind,
    },
}

impl ArtifactError {
    /// Reads an error of whatever is below; the system's own error lies somewhere in its chain of sources.
    pub(crate) fn io(doing: impl Into<String>, place: &str, error: &(dyn Error + 'static)) -> Self {
        let system = system_error(error);
        let kind = system.map_or(ErrorKind::Other, io::Error::kind);
        let reason = system.map_or_else(|| error.to_string(), ToString::to_string);
        Self::Io {
            doing: doing.into(),
            place: place.to_owned(),
            reason,
            hint: hint(kind),
            kind,
        }
    }

    /// Whether the same request may succeed after a pause, without anybody doing anything.
    pub fn retryable(&self) -> bool {
        matches!(
            self,
            Self::Io {
                kind: ErrorKind::TimedOut
                    | ErrorKind::Interrupted
                    | ErrorKind::ConnectionReset
                    | ErrorKind::ConnectionRefused
                    | ErrorKind::ConnectionAborted
                    | ErrorKind::BrokenPipe
                    | ErrorKind::ResourceBusy,
                ..
            }
        )
    }
}

pub(crate) fn system_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            ": make room on the disk, or name a folder on another one"
        }
        ErrorKind::PermissionDenied => {
            ": make the folder writable for this user, or name another one"
        }
        ErrorKind::ReadOnlyFilesystem => {
            ": the file system is read-only, name a folder on another one"
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            ": a file stands where a folder should be, remove it or name another folder"
        }
        ErrorKind::IsADirectory => {
            ": a folder stands where a file should be, remove it or name another file"
        }
        _ => "",
    }
}
