//! A real Redis, started for one test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use cache::{CacheUrl, Redis, RedisOptions};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

use super::{PATIENCE, clock};

/// A server on a free port, stopped when this is dropped.
pub(crate) struct RedisServer {
    child: Child,
    arguments: Vec<String>,
    pub(crate) port: u16,
    roots: Option<Vec<u8>>,
    _home: TempDir,
}

impl RedisServer {
    /// A server without TLS, with these more arguments.
    pub(crate) fn plain(more: &[&str]) -> Self {
        Self::start_anywhere(more, false)
    }

    /// A server with TLS only, its certificate made for this test, with these more arguments.
    pub(crate) fn tls(more: &[&str]) -> Self {
        Self::start_anywhere(more, true)
    }

    /// Who signed its certificate.
    pub(crate) fn roots(&self) -> Option<Vec<u8>> {
        self.roots.clone()
    }

    fn start_anywhere(more: &[&str], with_tls: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let roots = with_tls.then(|| certificates(home.path()));
        // Another program may take a free port before the server does.
        for _ in 0..20 {
            let port = free_port();
            let mut arguments: Vec<String> = ["--save", "", "--appendonly", "no", "--dir"]
                .map(ToOwned::to_owned)
                .to_vec();
            arguments.push(home.path().display().to_string());
            let file = |name: &str| home.path().join(name).display().to_string();
            if with_tls {
                let flags = [
                    ("--port", "0".to_owned()),
                    ("--tls-port", port.to_string()),
                    ("--tls-cert-file", file("server.pem")),
                    ("--tls-key-file", file("server.key")),
                    ("--tls-ca-cert-file", file("ca.pem")),
                    ("--tls-auth-clients", "no".to_owned()),
                ];
                arguments.extend(
                    flags
                        .into_iter()
                        .flat_map(|(name, value)| [name.to_owned(), value]),
                );
            } else {
                arguments.extend(["--port".to_owned(), port.to_string()]);
            }
            arguments.extend(more.iter().map(|text| (*text).to_owned()));
            if let Some(child) = start(&arguments) {
                return Self {
                    child,
                    arguments,
                    port,
                    roots,
                    _home: home,
                };
            }
        }
        panic!("redis-server found no port that it could listen on");
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.roots.is_some() {
            "rediss"
        } else {
            "redis"
        };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// The shared level that it is, with all the time that it needs.
    pub(crate) fn level(&self) -> Redis {
        self.level_within(Some(PATIENCE), &self.url())
    }

    /// The shared level at an address that leads to it, with a limit or that which it comes with.
    pub(crate) fn level_within(&self, limit: Option<Duration>, url: &str) -> Redis {
        let options = RedisOptions {
            limit,
            roots: self.roots(),
            ..RedisOptions::default()
        };
        Redis::new(&CacheUrl::parse(url).unwrap(), options, clock()).unwrap()
    }

    /// Sends a command and gives the server's answer.
    pub(crate) fn command<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).unwrap();
        let mut command = redis::Cmd::new();
        command.arg(words);
        command
            .query(&mut client.get_connection().unwrap())
            .unwrap()
    }

    /// All its keys.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.command(&["KEYS", "*"])
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, empty, on its port.
    pub(crate) fn restart(&mut self) {
        self.child = start(&self.arguments).expect("its port is still free");
    }

    /// Stops it as it is: the system goes on accepting connections for it, and nothing is answered.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Starts a server and waits until it says that it listens; nothing if it ends instead.
fn start(arguments: &[String]) -> Option<Child> {
    let mut child = Command::new("redis-server")
        .args(arguments)
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("redis-server can't be started ({error}): run scripts/test-tools.sh, or install Debian's redis-server")
        });
    let mut said = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    while lines.read_line(&mut said).unwrap() > 0 {
        if said.contains("eady to accept connections") {
            // What it says later must not fill the pipe.
            std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
            return Some(child);
        }
    }
    child.wait().unwrap();
    assert!(said.contains("bind"), "redis-server ended: {said}");
    None
}

/// Makes an authority and a server's certificate signed by it; gives the authority's.
fn certificates(home: &Path) -> Vec<u8> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let server = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    std::fs::write(home.join("ca.pem"), authority.pem()).unwrap();
    std::fs::write(home.join("server.pem"), server.pem()).unwrap();
    std::fs::write(home.join("server.key"), key.serialize_pem()).unwrap();
    authority.pem().into_bytes()
}
