//! Opening the file: once at a time, and only if it is whole and understood.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use dynoxide::Database;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::EmbeddedError;

/// The version of the file's layout, kept in SQLite's `user_version`. The items' own form has its own version (`store::SCHEMA`).
const LAYOUT: i64 = 1;

/// How long is waited for other processes, and how often is looked.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Opens the file of a folder and gives its path.
pub(super) fn open(dir: &Path) -> Result<(Database, PathBuf), EmbeddedError> {
    fs::create_dir_all(dir).map_err(|source| EmbeddedError::Io {
        path: dir.to_owned(),
        source,
    })?;
    let path = dir.join("state.db");
    // Two processes that make one file at the same time disturb each other, so they take turns. The lock goes with the process.
    let _turn = take_turn(&dir.join("state.db.lock"))?;
    let known = inspect(&path)?;
    let text = path
        .to_str()
        .ok_or_else(|| EmbeddedError::Path(path.clone()))?;
    let database = patiently(&path, || {
        Database::new(text).map_err(|error| Refusal::of(&error.to_string()))
    })?;
    if !known {
        patiently(&path, || mark(&path).map_err(Refusal::from))?;
    }
    // The only switch that the engine offers: after bulk loading it sets `synchronous = NORMAL`, and the engine's defaults otherwise.
    database
        .disable_bulk_loading()
        .map_err(|error| Refusal::of(&error.to_string()).at(&path))?;
    Ok((database, path))
}

fn take_turn(lock: &Path) -> Result<File, EmbeddedError> {
    let io = |source: io::Error| EmbeddedError::Io {
        path: lock.to_owned(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock)
        .map_err(io)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(EmbeddedError::Locked {
                    path: lock.to_owned(),
                    seconds: PATIENCE.as_secs(),
                });
            }
            // Some file systems know no locks; SQLite's own still hold.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(file);
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
    }
}

/// Looks at a file before anything writes to it. Whether it is there and has its layout's version.
fn inspect(path: &Path) -> Result<bool, EmbeddedError> {
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAGIC.len() as u64).read_to_end(&mut head),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => Err(error),
    }
    .map_err(|source| EmbeddedError::Io {
        path: path.to_owned(),
        source,
    })?;
    // SQLite makes an empty file first: a process may have been killed just then.
    if head.is_empty() {
        return Ok(false);
    }
    if head != MAGIC {
        return Err(EmbeddedError::Damaged {
            path: path.to_owned(),
            reason: "it is not a SQLite database".to_owned(),
        });
    }
    let version = patiently(path, || check(path))?;
    if version > LAYOUT {
        let reason = format!("layout {version}, this version reads up to {LAYOUT}");
        return Err(EmbeddedError::Newer {
            path: path.to_owned(),
            reason,
        });
    }
    Ok(version == LAYOUT)
}

/// The layout's version of a file whose structure is whole.
fn check(path: &Path) -> Result<i64, Refusal> {
    let file = connect(path)?;
    let version = file.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // A newer layout is reported as such, whatever else there is to say of the file.
    if version <= LAYOUT {
        let verdict: String = file.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(Refusal::Damaged(verdict));
        }
    }
    Ok(version)
}

fn mark(path: &Path) -> Result<(), rusqlite::Error> {
    connect(path)?.pragma_update(None, "user_version", LAYOUT)
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}

/// Why SQLite would not.
enum Refusal {
    Locked,
    Damaged(String),
    Newer(String),
    Disk(io::ErrorKind, String),
    Other(String),
}

impl Refusal {
    /// The engine hands on SQLite's words, and its own for a newer version.
    fn of(message: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
        let said = message.to_owned();
        if has(&["locked", "busy"]) {
            Self::Locked
        } else if has(&[
            "malformed",
            "not a database",
            "not a valid SQLite database",
            "corrupt",
        ]) {
            Self::Damaged(said)
        } else if has(&["disk is full"]) {
            Self::Disk(io::ErrorKind::StorageFull, said)
        } else if has(&["disk I/O error"]) {
            Self::Disk(io::ErrorKind::Other, said)
        } else if has(&["readonly", "unable to open"]) {
            Self::Disk(io::ErrorKind::PermissionDenied, said)
        } else if has(&["newer version"]) {
            Self::Newer(said)
        } else {
            Self::Other(said)
        }
    }

    fn at(self, path: &Path) -> EmbeddedError {
        let path = path.to_owned();
        match self {
            Self::Locked => EmbeddedError::Locked {
                path,
                seconds: PATIENCE.as_secs(),
            },
            Self::Damaged(reason) => EmbeddedError::Damaged { path, reason },
            Self::Newer(reason) => EmbeddedError::Newer { path, reason },
            Self::Disk(kind, said) => EmbeddedError::Io {
                path,
                source: io::Error::new(kind, said),
            },
            Self::Other(reason) => EmbeddedError::Other { path, reason },
        }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        let message = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(message),
            _ => Self::of(&message),
        }
    }
}

fn patiently<T>(
    path: &Path,
    mut attempt: impl FnMut() -> Result<T, Refusal>,
) -> Result<T, EmbeddedError> {
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(Refusal::Locked) if start.elapsed() < PATIENCE => sleep(PAUSE),
            Err(refusal) => return Err(refusal.at(path)),
        }
    }
}
