//! docs/webhooks.md and docs/webhooks-events.json say what the code does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use webhooks::catalogue::{document, entries};
use webhooks::endpoint::{Definition, Endpoint, UrlRules};
use webhooks::{EndpointId, MAX_PAYLOAD_BYTES};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn page() -> String {
    read(&format!("{DOCS}/webhooks.md"))
}

#[test]
fn the_committed_catalogue_is_the_present_one() {
    let committed = read(&format!("{DOCS}/webhooks-events.json"));
    let present = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    assert!(
        committed == present,
        "docs/webhooks-events.json is out of date: write it anew with \
         `cargo run -p webhooks --example catalogue > docs/webhooks-events.json` and commit it"
    );
}

#[test]
fn the_page_lists_every_event_as_the_catalogue_has_it() {
    let mut rows = String::new();
    for entry in entries() {
        writeln!(
            rows,
            "| `{}` | {} | {} |",
            entry.kind, entry.version, entry.description
        )
        .unwrap();
    }
    assert!(
        page().ends_with(&rows),
        "docs/webhooks.md must end in these rows:\n{rows}"
    );
}

#[test]
fn the_page_tells_the_defaults_that_an_endpoint_has() {
    let definition = Definition {
        url: "https://hooks.example.com/".to_owned(),
        ..Definition::default()
    };
    let endpoint = Endpoint::new(EndpointId::new(1, 1), &definition, &UrlRules::default()).unwrap();
    let page = page();
    let waits = Vec::<u64>::from(endpoint.schedule.clone());
    for (field, default) in [
        ("retry_waits_s", format!("{waits:?}")),
        (
            "disable_after_s",
            (endpoint.disable_after_ms / 1000).to_string(),
        ),
        ("per_second", endpoint.limits.per_second.to_string()),
        ("concurrency", endpoint.limits.concurrency.to_string()),
        ("format", endpoint.format.to_string()),
    ] {
        let row = format!("| `{field}` | `{default}` |");
        assert!(page.contains(&row), "{row}");
    }
    assert_eq!(MAX_PAYLOAD_BYTES, 20_000);
    assert!(page.contains("fewer than 20,000 bytes"));
}

/// The one block of a language.
fn block(language: &str) -> String {
    let page = page();
    let start = format!("```{language}\n");
    let (_, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {language}"));
    rest.split("```").next().unwrap().to_owned()
}

/// A message as a receiver got it, when, and whether it is genuine.
struct Case {
    what: &'static str,
    secret: String,
    id: String,
    sent: String,
    signatures: String,
    body: String,
    now: i64,
    genuine: bool,
}

fn cases() -> Vec<Case> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/data/webhooks/standard-webhooks-vectors.json"
    );
    let vectors: Value = serde_json::from_str(&read(path)).unwrap();
    let other_key = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let mut cases = Vec::new();
    for name in ["official_lib_vector", "made_by_hand"] {
        let vector = &vectors[name];
        let text = |field: &str| vector[field].as_str().unwrap().to_owned();
        let sent = vector["timestamp"].as_i64().unwrap();
        let case = |what, genuine, change: &dyn Fn(&mut Case)| {
            let mut case = Case {
                what,
                secret: text("secret"),
                id: text("id"),
                sent: sent.to_string(),
                signatures: text("signature"),
                body: text("payload"),
                now: sent,
                genuine,
            };
            change(&mut case);
            case
        };
        cases.extend([
            case("as it was signed", true, &|_| ()),
            case("five minutes late", true, &|case| case.now += 300),
            case("five minutes early", true, &|case| case.now -= 300),
            case("after another signature", true, &|case| {
                case.signatures = format!("{wrong} v1a,x {}", case.signatures);
            }),
            case("too late", false, &|case| case.now += 301),
            case("too early", false, &|case| case.now -= 301),
            case("with another time", false, &|case| {
                case.sent = (sent + 1).to_string();
            }),
            case("with a time that is none", false, &|case| {
                case.sent.push('x');
            }),
            case("with another id", false, &|case| case.id.push('x')),
            case("with another body", false, &|case| case.body.push(' ')),
            case("with another secret", false, &|case| {
                other_key.clone_into(&mut case.secret);
            }),
            case("with a wrong signature", false, &|case| {
                wrong.clone_into(&mut case.signatures);
            }),
            case("with another version's signature", false, &|case| {
                case.signatures = case.signatures.replace("v1,", "v2,");
            }),
        ]);
    }
    cases
}

/// What a program answers to an input.
fn run(program: &str, arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}: install it by scripts/test-tools.sh"));
    // A program that refuses before it has read everything closes its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// What a block's `verify` says to all cases, asked by a driver that reads them from its input as JSON.
fn ask(program: &str, arguments: &[&str], language: &str, driver: &str) {
    let cases = cases();
    let input: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "secret": case.secret,
                "headers": {
                    "webhook-id": case.id,
                    "webhook-timestamp": case.sent,
                    "webhook-signature": case.signatures,
                },
                "body": case.body,
                "now": case.now,
            })
        })
        .collect();
    let code = format!("{}\n{driver}", block(language));
    let arguments = [arguments, &[code.as_str()]].concat();
    let told = run(
        program,
        &arguments,
        &[],
        &serde_json::to_vec(&input).unwrap(),
    );
    let told: Vec<bool> = serde_json::from_str(&told).unwrap();
    assert_eq!(told.len(), cases.len());
    for (case, told) in cases.iter().zip(told) {
        assert_eq!(told, case.genuine, "{language}: {}", case.what);
    }
}

#[test]
fn the_pages_python_tells_genuine_messages_from_others() {
    let driver = "import json, sys\n\
        print(json.dumps([verify(c['secret'], c['headers'], c['body'].encode(), c['now']) for c in json.load(sys.stdin)]))";
    ask("python3", &["-c"], "python", driver);
}

#[test]
fn the_pages_javascript_tells_genuine_messages_from_others() {
    let driver = r#"import { readFileSync } from "node:fs";
        const cases = JSON.parse(readFileSync(0, "utf8"));
        console.log(JSON.stringify(cases.map((c) => verify(c.secret, c.headers, Buffer.from(c.body), c.now))));"#;
    ask("node", &["--input-type=module", "-e"], "javascript", driver);
}

#[test]
fn the_pages_shell_tells_genuine_messages_from_others() {
    let code = format!(
        "{}\nif verify \"$1\" \"$2\" \"$3\" \"$4\" /dev/stdin; then echo true; else echo false; fi",
        block("sh")
    );
    for case in cases() {
        let arguments = [
            "-c",
            &code,
            "sh",
            &case.secret,
            &case.id,
            &case.sent,
            &case.signatures,
        ];
        let now = case.now.to_string();
        let told = run("sh", &arguments, &[("NOW", &now)], case.body.as_bytes());
        assert_eq!(told.trim(), case.genuine.to_string(), "{}", case.what);
    }
}
