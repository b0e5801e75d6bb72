//! MiniStack, which emulates AWS, on loopback and in a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::tools::{root, tool};

/// How long the emulator may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// The emulator. It ends when this process does, and takes its folder with it: see emulator.py.
pub(crate) struct Emulator {
    // Its standard input is the string by which the emulator hangs.
    process: Child,
    folder: PathBuf,
    port: u16,
}

impl Emulator {
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("reelwright-cloud-")
            .tempdir()
            .unwrap()
            .keep();
        // Checked first, so that whoever lacks it is told how to get it.
        tool("ministack");
        let mut process = Command::new(tool("python"))
            .arg(root().join("tests/cloud/emulator.py"))
            .arg(&folder)
            .env_clear()
            .envs(inherited())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        said.read_line(&mut port).unwrap();
        let port = port.trim().parse().unwrap();
        let mut emulator = Self {
            process,
            folder,
            port,
        };
        emulator.await_start();
        emulator
    }

    fn await_start(&mut self) {
        let since = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.process.try_wait().unwrap();
            assert!(
                ended.is_none() && since.elapsed() < PATIENCE,
                "the emulator did not start ({ended:?}):\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Where it keeps everything.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of all its services.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("emulator.log")).unwrap_or_default()
    }
}

/// What the emulator and the functions it runs may know of this process's environment: where programs and the voice are. Functions
/// are given their configuration by the template alone.
fn inherited() -> impl Iterator<Item = (String, String)> {
    std::env::vars()
        .filter(|(name, _)| matches!(name.as_str(), "PATH" | "HOME" | "REELWRIGHT_VOICES"))
}
