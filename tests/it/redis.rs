//! A real Redis on a free port.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A server, stopped when this is dropped.
pub(crate) struct Redis {
    child: Child,
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
        let mut child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--save", "", "--dir"])
            .arg(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("redis-server can't be started ({error}): run scripts/test-tools.sh, or install Debian's redis-server")
            });
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while lines.read_line(&mut said).unwrap() > 0 {
            if said.contains("eady to accept connections") {
                // What it says later must not fill the pipe.
                std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
                return Some(Self {
                    child,
                    port,
                    _home: home,
                });
            }
        }
        child.wait().unwrap();
        assert!(said.contains("bind"), "redis-server ended: {said}");
        None
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
