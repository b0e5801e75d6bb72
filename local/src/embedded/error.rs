//! What can go wrong when the store's file is opened, and what to do about it.

use std::path::PathBuf;

/// Why the embedded store could not be opened. Whatever it is, the file was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The folder or a file in it can't be made, read or written.
    #[error(
        "the store in {path} can't be opened: {source}: make the folder writable and room on its disk, or set REELWRIGHT_HOME to another one"
    )]
    Io {
        /// The folder or the file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// The file is not, or is no longer, a store.
    #[error(
        "the store {path} is damaged: {reason}: move it aside to start with an empty one, or put back a copy of it; finished videos are not in it"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How that was seen.
        reason: String,
    },

    /// The file was written by a later version of this program.
    #[error(
        "the store {path} was written by a newer version of reelwright ({reason}): update reelwright, or set REELWRIGHT_HOME to another folder"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Which version it has and which are understood.
        reason: String,
    },

    /// Other processes keep it to themselves.
    #[error(
        "the store {path} has been locked by another process for {seconds} s: wait for it to end, or stop it"
    )]
    Locked {
        /// The file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },

    /// A path that SQLite can't be given.
    #[error(
        "the store {0} can't be opened: its path is not valid UTF-8: set REELWRIGHT_HOME to a folder whose name is"
    )]
    Path(PathBuf),

    /// Anything else that SQLite reports.
    #[error(
        "the store {path} can't be opened: {reason}: if this goes on, move it aside to start with an empty one"
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// What it said.
        reason: String,
    },

    /// What has expired can't be removed.
    #[error("what has expired can't be removed from {place}: {reason}")]
    Expired {
        /// The file, or what else the store is known by.
        place: String,
        /// What was said.
        reason: String,
    },

    /// A store in memory could not be made.
    #[error("a store in memory can't be made: {0}")]
    Memory(String),
}
