//! SDKs that are pointed at the features give every unit what the API gives it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use experiments::condition::{Attributes, SavedGroups};
use experiments::{Experiment, Origin, StickyBuckets, Unit};
use serde_json::{Value, json};

use crate::lifecycle::{change, running, server, steer};
use crate::server::Server;

const EXPERIMENTS: usize = 20;
const LETTERS: &[u8] = b"0123456789ABCDEFGHIJ";

fn installed(path: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/sdk-tools")
        .join(path);
    assert!(
        path.exists(),
        "{} is missing: scripts/sdk-tools.sh installs the SDKs",
        path.display()
    );
    path
}

/// An SDK as a process, which answers for all units each time it is asked.
struct Sdk {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Sdk {
    fn start(language: &str, server: &Server, client: &str, units: &Path, mode: &str) -> Self {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/sdk");
        let mut command = if language == "javascript" {
            installed("node_modules/@growthbook/growthbook");
            let mut node = Command::new("node");
            node.arg(scripts.join("allocate.mjs"));
            node
        } else {
            let mut python = Command::new(installed("venv/bin/python"));
            python.arg(scripts.join("allocate.py"));
            python
        };
        let mut process = command
            .args([server.base(), client])
            .arg(units)
            .arg(mode)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            ask: process.stdin.take().unwrap(),
            answer: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn answers(&mut self) -> Vec<String> {
        writeln!(self.ask, "go").unwrap();
        let mut answers = Vec::new();
        loop {
            let mut line = String::new();
            assert!(
                self.answer.read_line(&mut line).unwrap() > 0,
                "the SDK ended"
            );
            if line == ".\n" {
                return answers;
            }
            answers.push(line.trim_end().to_owned());
        }
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Twenty experiments that use all that allocation knows.
fn definitions() -> Vec<Value> {
    let definition = |number: usize| {
        let arms = 2 + number % 4;
        let variations: Vec<_> = (0..arms)
            .map(|arm| json!({"key": format!("v{arm}")}))
            .collect();
        let mut definition = json!({
            "key": format!("e{number:02}"),
            "variations": variations,
            "hash_version": 1 + number % 2,
            "metrics": [{"key": "m", "kind": "proportion"}]
        });
        let more = match number % 10 {
            1 => json!({"coverage": 0.4}),
            2 => json!({"condition": {"country": {"$in": ["NL", "DE"]}, "age": {"$gte": 18}}}),
            3 => json!({"hash_attribute": "company", "seed": "firms"}),
            4 => json!({"namespace": ["hooks", 0.0, 0.5]}),
            5 => json!({"namespace": ["hooks", 0.5, 1.0]}),
            6 => json!({"condition": {"$not": {"premium": true}}, "coverage": 0.9}),
            7 => json!({"forced": {"unit-3": "v1", "unit-8": "v0"}}),
            8 => {
                json!({"filters": [{"seed": "layer", "ranges": [[0.2, 0.7]], "hashVersion": 2, "attribute": "id"}]})
            }
            _ => json!({}),
        };
        let fields = definition.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        if number.is_multiple_of(3) {
            let mut weights = vec![0.1 / (arms - 1) as f64; arms];
            weights[0] = 0.9;
            definition["weights"] = json!(weights);
        }
        definition
    };
    (0..EXPERIMENTS).map(definition).collect()
}

fn unit(number: usize) -> Attributes {
    let country = ["NL", "DE", "US", "FR", "ö"][number % 5];
    let unit = json!({
        "id": format!("unit-{number}"),
        "company": format!("firm {}", number % 977),
        "country": country,
        "age": number % 90,
        "premium": number.is_multiple_of(3)
    });
    unit.as_object().unwrap().clone()
}

/// What the API's own code gives, in the form in which the SDKs answer; what was given is kept.
fn expected(
    experiments: &[Experiment],
    unit: &Attributes,
    kept: &mut StickyBuckets,
    sticky: bool,
) -> String {
    let groups = SavedGroups::default();
    let mut letters = Vec::new();
    for experiment in experiments {
        let rule = experiment.rule().unwrap();
        let documents = kept.clone();
        let asked = Unit {
            attributes: unit,
            groups: &groups,
            sticky: sticky.then_some(&documents),
        };
        letters.push(match rule.assign(asked) {
            Ok(given) if given.origin != Origin::Forced => {
                if sticky {
                    kept.insert(rule.sticky_document(&given, kept).unwrap());
                }
                LETTERS[given.variation]
            }
            _ => b'-',
        });
    }
    String::from_utf8(letters).unwrap()
}

/// What the served API gives.
async fn asked(server: &Server, key: &str, unit: &Attributes) -> String {
    let mut letters = Vec::new();
    for number in 0..EXPERIMENTS {
        let name = format!("e{number:02}");
        let given = steer(
            server,
            key,
            &name,
            "assignments",
            &json!({"attributes": unit}),
        )
        .await;
        let place: usize = given["variation"].as_str().unwrap()[1..].parse().unwrap();
        let taken = given["in_experiment"] == true;
        letters.push(if taken { LETTERS[place] } else { b'-' });
    }
    String::from_utf8(letters).unwrap()
}

/// Their definitions as they stand.
async fn experiments(server: &Server, key: &str) -> Vec<Experiment> {
    let mut experiments = Vec::new();
    for number in 0..EXPERIMENTS {
        let path = format!("/v1/experiments/e{number:02}");
        let mut shown = server.get(key, &path).await.json();
        let fields = shown.as_object_mut().unwrap();
        for more in ["weights_history", "created_at", "started_at", "updated_at"] {
            fields.remove(more);
        }
        experiments.push(Experiment::new(serde_json::from_value(shown).unwrap()).unwrap());
    }
    experiments
}

/// Compares `units` units, `sample` of which are asked for through the served API.
async fn agree(language: &str, mode: &str, units: usize, sample: usize) {
    let (server, key) = server();
    for definition in definitions() {
        running(&server, &key, &definition).await;
    }
    let keys: Value = serde_json::from_str(&server.run(&["keys", "list", "--json"])).unwrap();
    let client = keys["keys"][0]["id"].as_str().unwrap().to_owned();
    let all: Vec<Attributes> = (0..units).map(unit).collect();
    let file = server.home().join("units.jsonl");
    let lines: Vec<_> = all.iter().map(|unit| json!(unit).to_string()).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let mut sdk = Sdk::start(language, &server, &client, &file, mode);
    let sticky = mode == "sticky";
    let mut kept = vec![StickyBuckets::default(); units];
    let mut before: Vec<String> = Vec::new();
    for round in 0..=usize::from(sticky) {
        if round == 1 {
            for number in 0..EXPERIMENTS {
                let arms = 2 + number % 4;
                let mut weights = vec![0.0; arms];
                weights[arms - 1] = 1.0;
                let fields = json!({"weights": weights, "coverage": 0.5});
                let changed = change(&server, &key, &format!("e{number:02}"), &fields).await;
                assert_eq!(changed.status, 200, "{}", changed.text());
            }
        }
        let experiments = experiments(&server, &key).await;
        let answers = sdk.answers();
        assert_eq!(answers.len(), units);
        let mut given = Vec::new();
        for (number, answer) in answers.iter().enumerate() {
            let wanted = expected(&experiments, &all[number], &mut kept[number], sticky);
            assert_eq!(*answer, wanted, "unit {number}, round {round}");
            if number < sample {
                let served = asked(&server, &key, &all[number]).await;
                assert_eq!(served, wanted, "unit {number}, round {round}");
            }
            given.push(wanted);
        }
        // They aren't all left out, nor all given the same; and who was given something keeps it.
        let taken = given.concat();
        let parts = taken.bytes().filter(|letter| *letter != b'-').count();
        assert!(parts > taken.len() / 3 && taken.contains('1'), "{parts}");
        if round == 1 {
            for (before, after) in before.iter().zip(&given) {
                let moved = |(before, after): (char, char)| before != '-' && before != after;
                let moved = before.chars().zip(after.chars()).any(moved);
                assert!(!moved, "{before} became {after}");
            }
        }
        before = given;
    }
}

#[tokio::test]
async fn the_sdk_for_javascript_gives_5_000_units_what_20_experiments_give_them() {
    agree("javascript", "plain", 5_000, 20).await;
}

#[tokio::test]
async fn the_sdk_for_python_gives_5_000_units_what_20_experiments_give_them() {
    agree("python", "plain", 5_000, 20).await;
}

#[tokio::test]
async fn the_sdk_for_javascript_moves_nobody_whom_a_change_of_weights_does_not_move() {
    agree("javascript", "sticky", 2_000, 20).await;
}

#[tokio::test]
async fn the_sdk_for_python_moves_nobody_whom_a_change_of_weights_does_not_move() {
    agree("python", "sticky", 2_000, 20).await;
}

#[tokio::test]
#[ignore = "takes minutes: make soak runs it"]
async fn both_sdks_give_100_000_units_what_20_experiments_give_them() {
    for language in ["javascript", "python"] {
        for mode in ["plain", "sticky"] {
            agree(language, mode, 100_000, 200).await;
            println!("{language}, {mode}: 100,000 units over 20 experiments agree");
        }
    }
}
