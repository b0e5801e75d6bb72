//! `cargo lambda invoke` with the example events: each function answers its own.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::{RunId, Timestamp};
use runtime::{Files, new_run, store_brief};
use serde_json::{Value, json};

use crate::deployed::cloud;
use crate::support::SMALL;
use crate::tools::{bin, built, output, root, tool};

/// How long cargo-lambda's server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// The run that the example events tell of, and when its execution was started.
const RUN: &str = "01m83xj880000000000000001a";
const STARTED: Timestamp = Timestamp(1_795_428_000_000);

/// Processes that end with the test.
struct Running(Vec<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        for process in &mut self.0 {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
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
    cargo
        .args(["lambda", command, "--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &port.to_string()])
        .env("PATH", path)
        .current_dir(root());
    cargo
}

/// A function's process, as Lambda would start it, with the deployed system's configuration.
fn start(function: &str, port: u16) -> Child {
    Command::new(built().join(function))
        .envs(cloud().variables())
        .env(
            "REELWRIGHT_STATE_MACHINE",
            cloud().output("StateMachineArn"),
        )
        .env("REELWRIGHT_LINK_SECRET", "signs links to review pages here")
        .env(
            "REELWRIGHT_WEBHOOK_SECRET",
            "seals what subscribers verify by",
        )
        .env(
            "REELWRIGHT_INTAKE_FAILURES",
            cloud().output("IntakeFailuresUrl"),
        )
        .env(
            "REELWRIGHT_DELIVERY_QUEUE",
            cloud().output("DeliveryQueueUrl"),
        )
        .env(
            "REELWRIGHT_DELIVERY_QUEUE_ASIDE",
            cloud().output("DeliveryQueueAsideUrl"),
        )
        .env(
            "AWS_LAMBDA_RUNTIME_API",
            format!("http://127.0.0.1:{port}/.rt/{function}"),
        )
        .env("AWS_LAMBDA_FUNCTION_NAME", function)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "/none")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "none")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn example(event: &str) -> Value {
    let file = root().join("examples/events").join(event);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn invoke(function: &str, port: u16, with: &[&str]) -> Value {
    let text = output(cargo_lambda("invoke", port).arg(function).args(with));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{function}: {error}: {text}"))
}

/// What a function answers to an example event.
fn answer(function: &str, event: &str, port: u16) -> Value {
    let event = format!("examples/events/{event}");
    invoke(function, port, &["--data-file", &event])
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

    let port = free_port();
    let server = cargo_lambda("watch", port)
        .arg("--only-lambda-apis")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut running = Running(vec![server]);
    let since = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            since.elapsed() < PATIENCE,
            "cargo lambda watch does not start"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // In the order in which the tasks need each other.
    let mut facts = Value::Null;
    for task in [
        "story", "script", "hook", "audio", "images", "video", "compose", "score",
    ] {
        running.0.push(start(task, port));
        let event = format!("{task}.json");
        let told = answer(task, &event, port);
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
            invoke(task, port, &["--data-ascii", &other.to_string()]);
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
        running.0.push(start(function, port));
        assert_eq!(answer(function, event, port), wanted, "{function}");
    }
    for api in ["runs", "review", "subscribe", "assign"] {
        running.0.push(start(api, port));
        let event = format!("{api}.json");
        assert_eq!(answer(api, &event, port)["statusCode"], 200, "{api}");
    }
    for function in ["dispatch", "deliver"] {
        running.0.push(start(function, port));
        let event = format!("{function}.json");
        assert!(answer(function, &event, port).is_object(), "{function}");
    }
    running.0.push(start("sweep", port));
    answer("sweep", "sweep.json", port);
    answer("sweep", "sweep-ended.json", port);
}
