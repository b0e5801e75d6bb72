//! `cargo lambda watch` serves every function, and `cargo lambda invoke` with its example event is answered.

use std::collections::BTreeSet;
use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use domain::{RunId, Timestamp};
use runtime::{Files, new_run, store_brief};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::deployed::cloud;
use crate::support::SMALL;
use crate::template::{functions, template};
use crate::tools::{bin, of_no_crate, root, tool};

/// How long cargo-lambda's server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// The run that the example events tell of, and when its execution was started.
const RUN: &str = "01m83xj880000000000000001a";
const STARTED: Timestamp = Timestamp(1_795_428_000_000);

/// `cargo lambda watch`, which ends with the test, and takes its functions with it.
struct Watch {
    process: Child,
    port: u16,
    /// What it and its functions say.
    log: NamedTempFile,
}

impl Watch {
    /// Starts it with the deployed system's configuration. It starts each function when that is first asked.
    async fn start() -> Self {
        let port = free_port();
        let log = NamedTempFile::new().unwrap();
        let said = File::options().append(true).open(log.path()).unwrap();
        let process = cargo_lambda("watch", port)
            .arg("--ignore-changes")
            .envs(cloud().variables())
            .envs([
                (
                    "REELWRIGHT_STATE_MACHINE",
                    cloud().output("StateMachineArn"),
                ),
                (
                    "REELWRIGHT_INTAKE_FAILURES",
                    cloud().output("IntakeFailuresUrl"),
                ),
                (
                    "REELWRIGHT_DELIVERY_QUEUE",
                    cloud().output("DeliveryQueueUrl"),
                ),
                (
                    "REELWRIGHT_DELIVERY_QUEUE_ASIDE",
                    cloud().output("DeliveryQueueAsideUrl"),
                ),
                ("REELWRIGHT_LINK_SECRET", "signs links to review pages here"),
                (
                    "REELWRIGHT_WEBHOOK_SECRET",
                    "seals what subscribers verify by",
                ),
            ])
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .spawn()
            .unwrap();
        let watch = Self { process, port, log };
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                since.elapsed() < PATIENCE,
                "cargo lambda watch does not start: {}",
                watch.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        watch
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// `cargo lambda invoke` with more arguments.
    fn ask(&self, function: &str, with: &[&str]) -> Output {
        let mut invoke = cargo_lambda("invoke", self.port);
        invoke.arg(function).args(with).output().unwrap()
    }

    /// What a function answers.
    fn invoke(&self, function: &str, with: &[&str]) -> Value {
        let answer = self.ask(function, with);
        let text = String::from_utf8_lossy(&answer.stdout);
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{function}: {error}: {answer:?}\n{}", self.said()))
    }

    /// What a function answers to an example event.
    fn answer(&self, function: &str, event: &str) -> Value {
        let event = format!("examples/events/{event}");
        self.invoke(function, &["--data-file", &event])
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Killed, it would leave its functions behind.
        let id = self.process.id().to_string();
        let told = Command::new("kill").args(["-INT", &id]).status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// `cargo lambda` with the installed tools.
fn cargo_lambda(command: &str, port: u16) -> Command {
    let mut path = bin().into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut cargo = Command::new(tool("cargo-lambda"));
    of_no_crate(&mut cargo)
        .args(["lambda", command, "--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &port.to_string()])
        .env("PATH", path)
        .current_dir(root());
    cargo
}

fn example(event: &str) -> Value {
    let file = root().join("examples/events").join(event);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[tokio::test]
async fn every_function_answers_its_example_event() {
    let _shared = cloud().shared().await;
    let brief = serde_json::from_str(SMALL).unwrap();
    let artifacts = cloud().artifacts();
    let (brief, stored) = store_brief(brief, Files::Uploaded, &artifacts)
        .await
        .unwrap();
    let run = new_run(RunId::parse(RUN).unwrap(), &brief, stored, STARTED);
    cloud().store().await.put_run(&run, None).await.unwrap();

    let watch = Watch::start().await;
    let mut asked = BTreeSet::new();
    let mut answer = |function: &'static str, event: &str| {
        asked.insert(function.to_owned());
        watch.answer(function, event)
    };

    // In the order in which the tasks need each other.
    let mut facts = Value::Null;
    for task in [
        "story", "script", "hook", "audio", "images", "video", "compose", "score",
    ] {
        let event = format!("{task}.json");
        let told = answer(task, &event);
        assert!(told["facts"].is_object(), "{task}: {told}");
        if task == "script" {
            facts = told["facts"].clone();
        }
        // The example is of one item; compose needs them all.
        let mut other = example(&event);
        let items = match (other.get("item"), task) {
            (None, _) => 0,
            (_, "video") => facts["clips"].as_u64().unwrap(),
            _ => facts["scenes"].as_u64().unwrap(),
        };
        for item in 0..items {
            other["item"] = json!(item);
            watch.invoke(task, &["--data-ascii", &other.to_string()]);
        }
    }
    for (function, event, wanted) in [
        (
            "authorize",
            "authorize.json",
            json!({ "isAuthorized": false }),
        ),
        (
            "intake",
            "intake-sqs.json",
            json!({ "batchItemFailures": [] }),
        ),
    ] {
        assert_eq!(answer(function, event), wanted, "{function}");
    }
    for api in ["runs", "review", "subscribe", "assign"] {
        assert_eq!(
            answer(api, &format!("{api}.json"))["statusCode"],
            200,
            "{api}"
        );
    }
    for function in ["dispatch", "deliver"] {
        assert!(
            answer(function, &format!("{function}.json")).is_object(),
            "{function}"
        );
    }
    answer("sweep", "sweep.json");
    answer("sweep", "sweep-ended.json");
    let deployed: BTreeSet<String> = functions(template()).into_keys().collect();
    assert_eq!(asked, deployed, "this test leaves a function out");

    // What fails is told of once.
    let refused = watch.ask("story", &["--data-ascii", "{}"]);
    assert!(!refused.status.success(), "{refused:?}");
    let said = watch.said();
    let lines = said.lines().filter(|line| line.contains("InvalidInput"));
    assert_eq!(lines.count(), 1, "{said}");
}
