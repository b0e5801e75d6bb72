//! Many briefs at once: none is made twice whatever happens in between, and all together cost no more than they may.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use runtime::JournalEvent;
use serde_json::{Value, json};

use crate::model::{Model, USD};
use crate::support::{Answer, SMALL, Sandbox};

/// So many small briefs, no two of which are alike.
fn briefs(count: usize) -> String {
    let brief = |number: usize| {
        let mut brief: Value = serde_json::from_str(SMALL).unwrap();
        brief["topic"] = json!(format!("Why bread rises, part {number}"));
        brief["seed"] = json!(number);
        brief["draft"] = json!(true);
        format!("{brief}\n")
    };
    (0..count).map(brief).collect()
}

fn arguments(file: &Path, out: &Path, more: &[&str]) -> Vec<String> {
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    let fixed = ["batch", file, "--json", "--out", out];
    let all = fixed.iter().chain(more);
    all.map(|&argument| argument.to_owned()).collect()
}

fn batch(sandbox: &Sandbox, file: &Path, more: &[&str]) -> Answer {
    let arguments = arguments(file, &sandbox.out(), more);
    Answer(sandbox.command().args(arguments).output().unwrap())
}

fn states(table: &Value) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for row in table["rows"].as_array().unwrap() {
        *states
            .entry(row["state"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    states
}

/// How often each piece of each run was made.
fn made(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    for entry in sandbox.journal() {
        if entry.event == JournalEvent::Made {
            let piece = format!("{} {} {:?}", entry.run, entry.task, entry.item);
            *made.entry(piece).or_default() += 1;
        }
    }
    made
}

fn files(table: &Value) -> BTreeSet<PathBuf> {
    let rows = table["rows"].as_array().unwrap().iter();
    rows.map(|row| PathBuf::from(row["file"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_batch_that_is_killed_goes_on_where_it_was_and_makes_nothing_twice() {
    const COUNT: usize = 6;
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let file = sandbox.write("week.jsonl", briefs(COUNT));
    for enough in [2, 4] {
        let mut command = sandbox.command();
        let mut child = command
            .args(arguments(&file, &sandbox.out(), &["--parallel", "3"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let composed = || {
            let made = made(&sandbox);
            made.keys()
                .filter(|piece| piece.contains("compose"))
                .count()
        };
        while composed() < enough && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_mins(2), "nothing is made");
            std::thread::sleep(Duration::from_millis(20));
        }
        // Where it was done before, there is nothing to kill, and all below holds as well.
        let _ = child.kill();
        child.wait().unwrap();
    }
    let table = batch(&sandbox, &file, &[]).json();
    assert_eq!(table["made"], COUNT);
    assert!(files(&table).iter().all(|file| file.is_file()));
    assert_eq!(files(&table).len(), COUNT, "a video each");
    let runs = sandbox.run(&["list", "--json"]).json();
    assert_eq!(runs["runs"].as_array().unwrap().len(), COUNT);
    let pieces = made(&sandbox);
    assert!(pieces.values().all(|&times| times == 1), "{pieces:?}");

    let before = sandbox.journal().len();
    let again = batch(&sandbox, &file, &[]).json();
    assert_eq!(sandbox.journal().len(), before, "nothing was done");
    assert_eq!(files(&again), files(&table));
    // Under another name it is another batch; two rows that are alike are two videos.
    let more = sandbox.write("week.jsonl", briefs(1) + &briefs(1));
    let named = batch(&sandbox, &more, &["--name", "next"]).json();
    assert_eq!(files(&named).len(), 2);
    assert!(files(&named).is_disjoint(&files(&table)));
}

#[test]
fn a_table_makes_a_video_of_each_row() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let table = "\u{feff}topic,key_points,target_seconds,aspect,brand.name,brand.palette.accent\n\
        Why bread rises,\"Yeast eats the sugar in flour.|Kneading builds gluten, which holds the gas.\",8,1:1,Crumb,#ff8800\n\
        \n\
        Why tea is hot,\"Water boils at 100 degrees.\nLeaves give their taste to hot water.\",8,16:9,,\n";
    let file = sandbox.write("week.csv", table);
    let answer = batch(&sandbox, &file, &["--draft"]).json();
    assert_eq!(answer["made"], 2);
    let lines: Vec<&Value> = (answer["rows"].as_array().unwrap().iter())
        .map(|row| &row["line"])
        .collect();
    assert_eq!(lines, [2, 4]);
    let run = answer["rows"][1]["run"].as_str().unwrap();
    let script = sandbox.run(&["script", run, "--json"]).json();
    assert_eq!(script["look"]["aspect"], "16:9");
    let run = answer["rows"][0]["run"].as_str().unwrap();
    let script = sandbox.run(&["script", run, "--json"]).json();
    assert_eq!(script["look"]["palette"]["accent"], "#ff8800");
}

#[test]
fn all_together_cost_no_more_than_the_budget_and_a_larger_one_makes_the_rest() {
    let model = Model::start();
    let sandbox = model.sandbox();
    let file = sandbox.write("week.jsonl", briefs(4));
    let most = |sandbox: &Sandbox, usd: &str| {
        let answer = batch(sandbox, &file, &["--parallel", "4", "--budget", usd]);
        let table: Value = serde_json::from_slice(&answer.0.stdout).unwrap();
        let spent: f64 = table["cost_usd"].as_f64().unwrap();
        assert!(spent <= usd.parse::<f64>().unwrap(), "{table}");
        (answer.code(), table)
    };
    // A round costs some three dollars at most, and 0.3 in the end: what is left over pays for the next.
    let (code, table) = most(&sandbox, "3.6");
    assert_eq!(code, 1);
    let some = states(&table);
    assert!(
        some["over_budget"] >= 1 && some["in_review"] >= 1,
        "{table}"
    );
    let (code, table) = most(&sandbox, "40");
    assert_eq!((code, table["made"].as_u64()), (0, Some(4)), "{table}");
    let asked = model.asked().len();
    let cost = table["cost_usd"].as_f64().unwrap();
    assert!(
        (cost - asked as f64 * USD).abs() < 1e-6,
        "{asked} answers cost {cost}"
    );
}

#[test]
fn nothing_is_begun_where_a_row_cannot_be_made() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let lines = briefs(1)
        + "{\"topic\": \"x\", \"target_seconds\": 1}\n\n{\"topc\": \"x\"}\n{\"topic\": \"x\", \"variants\": {\"of\": \"hook\", \"count\": 2}}\n";
    let refused = batch(&sandbox, &sandbox.write("week.jsonl", lines), &[]).refusal();
    for told in [
        "nothing is begun",
        "line 2: ",
        "line 4: ",
        "topic",
        "line 5: variants",
    ] {
        assert!(refused.contains(told), "{told:?} is not in {refused}");
    }
    for (name, text, told) in [
        ("a.csv", "topic,colour\nBees,red\n", "line 2: "),
        ("a.csv", "topic,topic\nBees,Bees\n", "twice"),
        (
            "a.csv",
            "topic,audience\nBees\n",
            "found record with 1 fields",
        ),
        ("a.csv", "topic\n", "no brief in it"),
        ("a.jsonl", "", "no brief in it"),
        ("a.txt", "topic\nBees", ".csv file"),
    ] {
        let refused = batch(&sandbox, &sandbox.write(name, text), &[]).refusal();
        assert!(refused.contains(told), "{text:?}: {refused}");
    }
    let runs = sandbox.run(&["list", "--json"]).json();
    assert_eq!(runs["runs"], json!([]));
}

#[test]
fn a_row_that_fails_stops_no_other_and_is_tried_again() {
    let model = Model::saying(|_, _| Some("nonsense".to_owned()));
    let sandbox = model.sandbox();
    let file = sandbox.write("week.jsonl", briefs(2));
    let answer = batch(&sandbox, &file, &[]);
    assert_eq!(answer.code(), 1);
    let table: Value = serde_json::from_slice(&answer.0.stdout).unwrap();
    assert_eq!(states(&table)["failed"], 2);
    assert!(
        answer.stderr().contains("begin the batch again"),
        "{}",
        answer.stderr()
    );

    let better = Model::start();
    let mut command = sandbox.command();
    command.env("REELWRIGHT_TEXT_URL", better.url());
    let again = Answer(
        command
            .args(arguments(&file, &sandbox.out(), &[]))
            .output()
            .unwrap(),
    );
    assert_eq!(again.json()["made"], 2);
    let runs = sandbox.run(&["list", "--json"]).json();
    assert_eq!(runs["runs"].as_array().unwrap().len(), 2, "the same runs");
}

#[test]
fn two_processes_do_not_work_on_one_batch() {
    let silent = Model::saying(|_, _| None);
    let sandbox = silent.sandbox();
    let file = sandbox.write("week.jsonl", briefs(1));
    let mut first = sandbox
        .command()
        .args(arguments(&file, &sandbox.out(), &[]))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    // Once the model is asked, the first one is at it, and stays there: nobody answers.
    while silent.asked().is_empty() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody asks");
        std::thread::sleep(Duration::from_millis(20));
    }
    let refused = batch(&sandbox, &file, &[]).refusal();
    assert!(refused.contains("another process"), "{refused}");
    first.kill().unwrap();
    first.wait().unwrap();
}
