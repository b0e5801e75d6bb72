//! A place to run the command in: an empty home, an empty output folder, and what came back.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use runtime::{Journal, JournalEntry};
use serde_json::Value;
use tempfile::TempDir;

/// An empty place with a home and an output folder of its own.
pub(crate) struct Sandbox {
    dir: TempDir,
    settings: Vec<(String, String)>,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            settings: Vec::new(),
        }
    }

    /// Sets a variable for every command run here.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.path("out")
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The command with no configuration but this sandbox's.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelwright-under-test"));
        for (name, _) in std::env::vars()
            .filter(|(name, _)| name.starts_with("REELWRIGHT_") && name != "REELWRIGHT_VOICES")
        {
            command.env_remove(name);
        }
        command
            .env("REELWRIGHT_HOME", self.home())
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        for (name, value) in &self.settings {
            command.env(name, value);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        Answer(self.command().args(arguments).output().unwrap())
    }

    /// `make BRIEF --json` into this sandbox's output folder.
    pub(crate) fn make(&self, brief: &Path) -> Answer {
        let out = self.out();
        self.run(&[
            "make",
            brief.to_str().unwrap(),
            "--json",
            "--out",
            out.to_str().unwrap(),
        ])
    }

    /// What tasks really did here.
    pub(crate) fn journal(&self) -> Vec<JournalEntry> {
        Journal::read(&self.home().join("journal.jsonl")).unwrap_or_default()
    }
}

/// What a command answered.
pub(crate) struct Answer(pub(crate) Output);

impl Answer {
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().unwrap_or(-1)
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// The JSON document of a command that succeeded.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code(), 0, "{}{}", self.stdout(), self.stderr());
        serde_json::from_slice(&self.0.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout()))
    }

    /// The message of a command that refused its input: exit code 2, one line that says `error:`, and nothing printed.
    pub(crate) fn refusal(&self) -> String {
        assert_eq!(self.code(), 2, "{}{}", self.stdout(), self.stderr());
        assert_eq!(self.stdout(), "");
        let message = self.stderr();
        assert!(message.starts_with("error: "), "{message}");
        assert!(!message.contains("panicked"), "{message}");
        message
    }
}

/// A small brief: a few seconds, so that a run is quick. Its first round is good enough, whatever it scores.
pub(crate) const SMALL: &str = r#"{
    "topic": "Why bread rises",
    "brand": {"quality": {"approve": 0.1, "review": 0}},
    "target_seconds": 14,
    "aspect": "1:1",
    "key_points": [
        "Yeast eats the sugar in flour and breathes out carbon dioxide.",
        "Kneading builds gluten, which holds the gas in small bubbles.",
        "In the oven the bubbles grow by about a third before the crust sets."
    ]
}"#;
