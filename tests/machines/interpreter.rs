//! The interpreter: a Node process that is given machines and asks back for each service call that a Task makes.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A service call of a Task.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Call {
    asks: u64,
    /// When, in milliseconds of the interpreter's clock, from the beginning of the execution.
    pub(crate) at: u64,
    /// The state that makes it.
    pub(crate) state: String,
    /// Of which service.
    pub(crate) resource: String,
    /// As they were evaluated.
    pub(crate) arguments: Value,
}

/// What comes of a service call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// It goes well, after so many milliseconds.
    Result(Value, u64),
    /// It fails by an error's name and cause, after so many milliseconds.
    Error(String, String, u64),
    /// It never comes to an end.
    Hangs,
}

/// Whoever carries out service calls.
pub(crate) trait Services {
    async fn call(&mut self, call: &Call) -> Answer;
}

/// How an execution ended.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ended {
    /// SUCCEEDED, FAILED, or STUCK where everything waited for something that never came.
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) error: String,
    #[serde(default)]
    pub(crate) cause: String,
    /// The states, as often as they were entered.
    pub(crate) entered: Vec<String>,
}

impl Ended {
    /// State transitions as Step Functions counts them: one for the start and one for each state entered.
    pub(crate) fn transitions(&self) -> u64 {
        self.entered.len() as u64 + 1
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Validated(Option<String>),
    Ended(Ended),
    Broken(String),
    #[serde(untagged)]
    Call(Call),
}

pub(crate) struct Interpreter {
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// Ends with this.
    _process: Child,
}

impl Interpreter {
    pub(crate) fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interpreter");
        let missing = "run scripts/test-tools.sh, which installs what the tests need";
        let packages: PathBuf = folder.join("node_modules");
        assert!(
            packages.is_dir(),
            "{} is missing: {missing}",
            packages.display()
        );
        let mut process = Command::new("node")
            .arg("--no-warnings")
            .arg(folder.join("interpreter.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("node can't be started: {error}; {missing}"));
        Self {
            stdin: process.stdin.take().unwrap(),
            lines: BufReader::new(process.stdout.take().unwrap()).lines(),
            _process: process,
        }
    }

    /// What npm's asl-validator finds wrong with a machine.
    pub(crate) async fn validate(&mut self, machine: &Value) -> Option<String> {
        self.say(&json!({"validate": machine})).await;
        match self.hear().await {
            Told::Validated(finding) => finding,
            _ => panic!("the interpreter was asked to validate"),
        }
    }

    /// Runs a machine to its end.
    pub(crate) async fn run(
        &mut self,
        machine: &Value,
        name: &str,
        input: &Value,
        services: &mut impl Services,
    ) -> Ended {
        let run = json!({"machine": machine, "name": name, "input": input});
        self.say(&json!({"run": run})).await;
        loop {
            match self.hear().await {
                Told::Call(call) => {
                    let answer = services.call(&call).await;
                    self.answer(&call, answer).await;
                }
                Told::Ended(ended) => return ended,
                Told::Broken(why) => panic!("the interpreter broke: {why}"),
                Told::Validated(_) => panic!("nothing was to be validated"),
            }
        }
    }

    async fn answer(&mut self, call: &Call, answer: Answer) {
        let asks = call.asks;
        let line = match answer {
            Answer::Result(result, after) => {
                json!({"answers": asks, "after": after, "result": result})
            }
            Answer::Error(name, cause, after) => {
                json!({"answers": asks, "after": after, "error": {"name": name, "cause": cause}})
            }
            Answer::Hangs => json!({"answers": asks, "hangs": true}),
        };
        self.say(&line).await;
    }

    async fn say(&mut self, what: &Value) {
        self.stdin
            .write_all(format!("{what}\n").as_bytes())
            .await
            .unwrap();
    }

    async fn hear(&mut self) -> Told {
        let line = self.lines.next_line().await.unwrap();
        let line = line.unwrap_or_else(|| panic!("the interpreter is gone; it said why above"));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}
