//! `reelwright experiment`.

use std::path::Path;

use serde_json::{Value, json};

use crate::lifecycle::definition;
use crate::server::Server;

fn reference() -> Value {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data/experiments/statistics-reference.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Every number that the reference has and the answer has, too, is the same.
fn compare(wanted: &Value, found: &Value, place: &str, compared: &mut usize) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, wanted) in wanted {
                if let Some(found) = found.get(name) {
                    compare(wanted, found, &format!("{place}/{name}"), compared);
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            assert_eq!(wanted.len(), found.len(), "{place}");
            for (at, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                compare(wanted, found, &format!("{place}/{at}"), compared);
            }
        }
        (Value::Number(wanted), Value::Number(found)) => {
            let (wanted, found) = (wanted.as_f64().unwrap(), found.as_f64().unwrap());
            let off = (wanted - found).abs();
            let borne = if place.ends_with("p_value") {
                1e-6
            } else {
                1e-6 * wanted.abs().max(1.0)
            };
            assert!(off <= borne, "{place}: {wanted} against {found}");
            *compared += 1;
        }
        _ => {}
    }
}

/// The answers taken away: what is left is the question.
fn questions(reference: &Value) -> Value {
    let mut asked = reference.clone();
    for dataset in asked["datasets"].as_array_mut().unwrap() {
        *dataset =
            json!({"name": dataset["name"], "kind": dataset["kind"], "input": dataset["input"]});
    }
    for (list, kept) in [
        ("srm", &["users", "weights"][..]),
        ("multiple_comparisons", &["p"]),
        (
            "sample_size",
            &[
                "kind",
                "baseline",
                "relative_mde",
                "cohen_d",
                "alpha",
                "power",
            ],
        ),
    ] {
        for entry in asked[list].as_array_mut().unwrap() {
            entry
                .as_object_mut()
                .unwrap()
                .retain(|name, _| kept.contains(&name.as_str()));
        }
    }
    asked
}

#[test]
fn given_totals_are_analysed_without_a_store_as_the_reference_has_it() {
    let server = Server::start();
    let reference = reference();
    let file = server.home().join("totals.json");
    std::fs::write(&file, questions(&reference).to_string()).unwrap();
    let answer = server.run(&["experiment", "analyze", file.to_str().unwrap()]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let mut compared = 0;
    compare(&reference, &answer, "", &mut compared);
    // Without the answers, the inputs alone are some 60 numbers.
    assert!(compared > 250, "{compared}");
    for wrong in ["{}", "{\"srm\": [{\"users\": [1]}]}", "no json"] {
        std::fs::write(&file, wrong).unwrap();
        let refused = server
            .command()
            .args(["experiment", "analyze", file.to_str().unwrap()])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains("totals.json"), "{said}");
    }
}

#[tokio::test]
async fn an_experiment_is_managed_and_drawn_by_the_command() {
    let server = Server::start();
    let key = server.key("submit");
    let file = server.home().join("hooks.json");
    std::fs::write(&file, definition("hooks").to_string()).unwrap();
    let run = |arguments: &[&str]| {
        let mut all = vec!["experiment"];
        all.extend(arguments);
        server.run(&all)
    };
    run(&["create", file.to_str().unwrap()]);
    assert!(run(&["list"]).contains("a draft"));
    assert_eq!(run(&["start", "hooks"]), "hooks is running\n");
    // Three days of 300 units each, of which the questions are watched by far more.
    for day in 20..23 {
        let mut events = Vec::new();
        for number in 0..250 {
            let unit = format!("u{day}-{number}");
            let variation = ["statement", "question"][number % 2];
            let at = format!("2026-11-{day}T10:00:00.000Z");
            let seen = json!({"id": format!("e{unit}"), "type": "exposure", "unit": unit, "variation": variation, "at": at});
            events.push(seen);
            if number % 4 == 1 || number % 10 == 0 {
                let did = json!({"id": format!("c{unit}"), "type": "conversion", "unit": unit, "event": "watched", "at": at});
                events.push(did);
            }
        }
        let body = json!({ "events": events });
        let sent = server
            .post(&key, "/v1/experiments/hooks/events", &body)
            .await;
        assert_eq!(sent.json()["taken"], events.len(), "{}", sent.text());
    }
    let status = run(&["status", "hooks"]);
    assert!(
        status.contains("question wins") && status.contains("●"),
        "{status}"
    );
    let lines = |day: &str| status.lines().filter(|line| line.starts_with(day)).count();
    let days = ["2026-11-20", "2026-11-21", "2026-11-22"];
    assert_eq!(days.map(lines), [1, 1, 1], "{status}");
    let page = server.home().join("report.html");
    let shown = run(&["results", "hooks", "--report", page.to_str().unwrap()]);
    assert!(
        shown.contains("watched") && shown.contains("375"),
        "{shown}"
    );
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("<polygon class=\"band\"") && page.contains("2026-11-22"));
    assert!(
        !page.contains("<script") && !page.contains("src="),
        "{page}"
    );
    let told: Value = serde_json::from_str(&run(&["results", "hooks", "--json"])).unwrap();
    assert_eq!(told["units"]["question"], 375);
    run(&["weights", "hooks", "0.2", "0.8"]);
    run(&["pause", "hooks"]);
    let ended = run(&["conclude", "hooks", "--winner", "question"]);
    assert_eq!(ended, "hooks is concluded: everybody gets question\n");

    let planned = run(&["plan", "--baseline", "0.1", "--lift", "0.1", "--json"]);
    let planned: Value = serde_json::from_str(&planned).unwrap();
    assert_eq!(planned["units_fixed"], 29497.0);
    let sequential = planned["units_sequential"].as_f64().unwrap();
    assert!(sequential > 29_497.0 && sequential < 100_000.0, "{planned}");
    let shown = run(&["plan", "--baseline", "0.1", "--units", "29497"]);
    assert!(shown.contains("10.0"), "{shown}");
}
