//! A process that a test runs beside it, and what it tells line by line.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long a line may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Program {
    process: Child,
    out: Receiver<String>,
    errors: Receiver<String>,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self {
            out: lines(process.stdout.take().unwrap()),
            errors: lines(process.stderr.take().unwrap()),
            process,
        }
    }

    /// A server in Python that verifies by the official library.
    pub(crate) fn python(arguments: &[&str]) -> Self {
        let python = installed("../target/hook-tools/venv/bin/python");
        let script = installed("hooks/receivers/receiver.py");
        Self::start(Command::new(python).arg(script).args(arguments))
    }

    /// The same in node.
    pub(crate) fn node(arguments: &[&str]) -> Self {
        installed("hooks/receivers/node_modules");
        let script = installed("hooks/receivers/receiver.mjs");
        Self::start(Command::new("node").arg(script).args(arguments))
    }

    /// The next line of its standard output.
    pub(crate) fn line(&self) -> String {
        self.out.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let said: Vec<String> = self.errors.try_iter().collect();
            panic!("nothing was told: {}", said.join("\n"))
        })
    }

    /// The next line, which is JSON.
    pub(crate) fn told(&self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    /// The next line of its standard error.
    pub(crate) fn said(&self) -> String {
        self.errors.recv_timeout(PATIENCE).unwrap()
    }

    /// Sends it what Ctrl-C sends, and waits for its end.
    pub(crate) fn interrupt(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn installed(path: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    assert!(
        path.exists(),
        "{} is missing: run scripts/test-tools.sh, which installs what the tests need",
        path.display()
    );
    path
}

/// Lines as they come, so that waiting for one can end.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            // A test that has ended listens no more.
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    told
}
