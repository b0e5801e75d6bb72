//! A real Redis on a free port.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A server hangs by its standard input, so that it ends with this process, however that ends.
const HANGING: &str =
    "redis-server \"$@\" </dev/null & server=$!; exec >/dev/null; cat; kill $server; wait";

/// A server, stopped when this is dropped.
pub(crate) struct Redis {
    shell: Child,
    port: u16,
    _home: TempDir,
}

impl Redis {
    pub(crate) fn start() -> Self {
        // Another program may take a free port before the server does.
        (0..20)
            .find_map(|_| Self::start_on(free_port()))
            .expect("redis-server found no port that it could listen on")
    }

    fn start_on(port: u16) -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh")
            .args(["-c", HANGING, "redis", "--port", &port.to_string()])
            .args(["--save", "", "--dir"])
            .arg(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(shell.stdout.take().unwrap());
        let mut said = String::new();
        while lines.read_line(&mut said).unwrap() > 0 {
            if said.contains("eady to accept connections") {
                // What it says later must not fill the pipe.
                std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
                return Some(Self {
                    shell,
                    port,
                    _home: home,
                });
            }
        }
        let ended = shell.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(
            said.contains("bind"),
            "redis-server can't be started: run scripts/test-tools.sh, or install Debian's redis-server: {said}{told}"
        );
        None
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Whether it holds a key that matches a glob pattern.
    pub(crate) fn holds(&self, pattern: &str) -> bool {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "KEYS {pattern}\r\n").unwrap();
        let mut count = String::new();
        BufReader::new(stream).read_line(&mut count).unwrap();
        let count: u32 = count.trim_start_matches('*').trim().parse().unwrap();
        count > 0
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
