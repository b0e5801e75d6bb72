//! A log that tasks append to as they run: what was really done, whatever the table says.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{ContentKey, RunId, Timestamp};
use serde::{Deserialize, Serialize};

/// What happened to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalEvent {
    /// Its work began (not merely an answer from what was there).
    Began,
    /// Its output was made and its row completed.
    Made,
    /// It was answered from what had been made before.
    Cached,
    /// Its work failed.
    Failed,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When.
    pub at: Timestamp,
    /// In which run.
    pub run: RunId,
    /// Which task.
    pub task: String,
    /// Which of its items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Digest of everything that went in.
    pub key: ContentKey,
    /// What happened.
    pub event: JournalEvent,
}

/// Where entries go: a file of JSON lines, or nowhere.
#[derive(Debug, Clone, Default)]
pub struct Journal(Option<Arc<Mutex<File>>>);

impl Journal {
    /// Appends to a file, which is made if it isn't there.
    pub fn file(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self(Some(Arc::new(Mutex::new(file)))))
    }

    /// Appends one entry in one write, so that lines of several processes don't mix. A line that can't be written is logged: the
    /// journal is a witness, not a part of the run.
    pub fn write(&self, entry: &JournalEntry) {
        let Some(file) = &self.0 else { return };
        let Ok(mut line) = serde_json::to_vec(entry) else {
            return;
        };
        line.push(b'\n');
        let written = file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(&line);
        if let Err(error) = written {
            tracing::warn!(%error, "the journal can't be written");
        }
    }

    /// Reads a journal. A last line that was torn by a kill is passed over.
    pub fn read(path: &Path) -> std::io::Result<Vec<JournalEntry>> {
        let text = std::fs::read_to_string(path)?;
        Ok(text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect())
    }
}
