//! A server process of its own for each test, and requests to it.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a run, or a server, may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(2);

/// Settings under which every run fails soon, because nobody writes its story.
pub(crate) const NOBODY_WRITES: [(&str, &str); 3] = [
    ("REELWRIGHT_TEXT", "openai"),
    ("REELWRIGHT_TEXT_URL", "http://127.0.0.1:9/v1"),
    ("REELWRIGHT_TEXT_MODEL", "none"),
];

/// An empty home, and the server over it.
pub(crate) struct Server {
    home: TempDir,
    settings: Vec<(&'static str, String)>,
    process: Option<Child>,
    base: String,
    client: Client,
}

impl Server {
    /// A server that listens.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// A server that listens, with these variables set.
    pub(crate) fn start_with(settings: &[(&'static str, &str)]) -> Self {
        // The client wants a TLS stack, though nothing here uses it. Another test may have named it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut server = Self {
            home: tempfile::tempdir().unwrap(),
            settings: Vec::new(),
            process: None,
            base: String::new(),
            client: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        };
        server.start_again_with(settings);
        server
    }

    /// Starts the server again over the same home; the variables set before are forgotten.
    pub(crate) fn start_again_with(&mut self, settings: &[(&'static str, &str)]) {
        self.settings = settings
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let mut process = self
            .command()
            .args(["serve", "--addr", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let told = BufReader::new(process.stdout.take().unwrap()).read_line(&mut line);
        self.process = Some(process);
        told.unwrap();
        self.base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("the server says {line:?}: {}", self.end("-KILL").1))
            .to_owned();
    }

    /// The command with no configuration but this server's.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelwright-under-test"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("REELWRIGHT_")) {
            command.env_remove(name);
        }
        command
            .env("REELWRIGHT_HOME", self.home.path().join("home"))
            .env("REELWRIGHT_SPEECH", "none")
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        for (name, value) in &self.settings {
            command.env(name, value);
        }
        command
    }

    /// What a command prints that succeeds.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A new key with these scopes.
    pub(crate) fn key(&self, scopes: &str) -> String {
        let secret = self.run(&["keys", "add", "a test", "--scopes", scopes]);
        secret.trim().to_owned()
    }

    /// Sends the process a signal, such as `-TERM`, and waits for its end: its exit code, and what it said.
    pub(crate) fn end(&mut self, signal: &str) -> (Option<i32>, String) {
        let mut process = self.process.take().unwrap();
        let sent = Command::new("kill")
            .args([signal, &process.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let code = process.wait().unwrap().code();
        let mut said = String::new();
        let mut errors = process.stderr.take().unwrap();
        errors.read_to_string(&mut said).unwrap();
        (code, said)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.home.path().join("home")
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A request without a key. A path that begins with `http` is a whole address.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        self.client.request(method, address)
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        let request = self.request(Method::GET, path).bearer_auth(key);
        Answer::of(request).await
    }

    pub(crate) async fn post(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(key);
        Answer::of(request.json(body)).await
    }

    /// Starts a run of a small brief and gives its id.
    pub(crate) async fn submit(&self, key: &str) -> String {
        let answer = self.post(key, "/v1/runs", &small()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// The run, once it is in one of these states.
    pub(crate) async fn run_once(&self, key: &str, id: &str, states: &[&str]) -> Value {
        self.until(key, id, |run| {
            states.iter().any(|state| run["state"] == *state)
        })
        .await
    }

    /// The run, once it is as wished.
    pub(crate) async fn until(&self, key: &str, id: &str, wish: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let run = self.get(key, &format!("/v1/runs/{id}")).await.json();
            if wish(&run) {
                return run;
            }
            assert!(begun.elapsed() < PATIENCE, "still {run}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    response: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response: Response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            response: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.get(name)?.to_str().ok()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The problem that a refusal tells, which has this status.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let problem = self.json();
        assert_eq!(problem["status"], status);
        problem
    }

    /// The fields that a refusal names.
    #[track_caller]
    pub(crate) fn fields(&self, status: u16) -> Vec<String> {
        let problem = self.problem(status);
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let field = |error: &Value| error["field"].as_str().unwrap().to_owned();
        errors.iter().map(field).collect()
    }
}

/// A brief of a few seconds, so that a run is quick.
pub(crate) fn small() -> Value {
    json!({
        "topic": "Why bread rises",
        "target_seconds": 8,
        "aspect": "1:1",
        "brand": { "quality": { "approve": 0.1, "review": 0 } },
        "key_points": ["Yeast eats the sugar in flour and breathes out carbon dioxide."]
    })
}

/// A brief that takes long enough to be interrupted.
pub(crate) fn long() -> Value {
    let points: Vec<_> = (1..=20)
        .map(|number| {
            format!(
                "In the year {} the bakers of the town made {number} thousand loaves a day.",
                1900 + number
            )
        })
        .collect();
    json!({ "topic": "A century of bread", "target_seconds": 120, "key_points": points })
}
