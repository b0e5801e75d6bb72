//! Kills, pauses and rivals: nothing that was done is done again, and the video is the same.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use runtime::{JournalEntry, JournalEvent};
use serde_json::Value;

use crate::support::{SMALL, Sandbox};

/// Starts `make` of the small brief and lets it go on.
fn start(sandbox: &Sandbox) -> Child {
    let brief = sandbox.write("brief.json", SMALL);
    let out = sandbox.out();
    sandbox
        .command()
        .args([
            "make",
            brief.to_str().unwrap(),
            "--json",
            "--out",
            out.to_str().unwrap(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn video(made: &Value) -> Vec<u8> {
    std::fs::read(PathBuf::from(made["folder"].as_str().unwrap()).join("final.mp4")).unwrap()
}

/// The id of the one run in a sandbox, once it is there.
fn the_run(sandbox: &Sandbox) -> Option<String> {
    let runs = sandbox.run(&["list", "--json"]).json();
    runs["runs"]
        .as_array()
        .unwrap()
        .first()
        .map(|run| run["id"].as_str().unwrap().to_owned())
}

fn resume(sandbox: &Sandbox, run: &str) -> Value {
    let out = sandbox.out();
    sandbox
        .run(&["resume", run, "--json", "--out", out.to_str().unwrap()])
        .json()
}

/// No task began after it had succeeded: read from the journal that tasks append to, in its order.
fn nothing_done_again(journal: &[JournalEntry]) {
    let mut made = BTreeSet::new();
    for entry in journal {
        let task = (entry.run.clone(), entry.task.clone(), entry.item);
        match entry.event {
            JournalEvent::Began => assert!(
                !made.contains(&task),
                "{task:?} ran again after it had succeeded"
            ),
            JournalEvent::Made => assert!(made.insert(task.clone()), "{task:?} was made twice"),
            JournalEvent::Cached | JournalEvent::Failed => {}
        }
    }
}

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill")
            .args([name, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Stops a process at a moment at which it isn't writing to the store: stopped within a write it would keep the store to itself, and
/// what is asked here is what a stopped worker's lease does.
fn pause(child: &Child, sandbox: &Sandbox) {
    let store = rusqlite::Connection::open(sandbox.home().join("state.db")).unwrap();
    store.busy_timeout(Duration::ZERO).unwrap();
    until("the process stops between two writes", || {
        signal(child, "-STOP");
        let free = store.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        if !free {
            signal(child, "-CONT");
        }
        free
    });
}

/// Waits until something holds, within a time far over what it takes.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(1), "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Kills a run at each of these shares of an undisturbed run's time, and resumes it.
fn kill_at(shares: impl Iterator<Item = f64>) {
    let calm = Sandbox::new();
    let begun = Instant::now();
    let undisturbed = video(&calm.make(&calm.write("brief.json", SMALL)).json());
    let took = begun.elapsed();
    for share in shares {
        let sandbox = Sandbox::new();
        let mut child = start(&sandbox);
        std::thread::sleep(took.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
        let made = match the_run(&sandbox) {
            Some(run) => resume(&sandbox, &run),
            // Killed before there was a run: nothing is lost, it starts from the brief.
            None => sandbox.make(&sandbox.path("brief.json")).json(),
        };
        assert!(
            video(&made) == undisturbed,
            "killed at {share:.2}: another video"
        );
        nothing_done_again(&sandbox.journal());
        let left: Vec<_> = std::fs::read_dir(sandbox.out())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left.len(), 1, "killed at {share:.2}: {left:?}");
        println!(
            "killed at {:>4.0}% of {took:.1?}: resumed to the same video",
            share * 100.0
        );
    }
}

#[test]
fn a_run_killed_at_four_moments_is_resumed_to_the_same_video() {
    kill_at([0.2, 0.45, 0.7, 0.9].into_iter());
}

/// The golden ratio's multiples modulo one spread evenly and hit no rhythm of the work (Weyl).
#[test]
#[ignore = "long: make soak"]
fn a_run_killed_at_twenty_moments_is_resumed_to_the_same_video() {
    kill_at((1..=20).map(|kill| (f64::from(kill) * 0.618_033_988_75).fract()));
}

#[test]
fn a_worker_paused_past_its_lease_changes_nothing_when_it_goes_on() {
    let calm = Sandbox::new();
    let undisturbed = video(&calm.make(&calm.write("brief.json", SMALL)).json());

    let sandbox = Sandbox::new().with("REELWRIGHT_LEASE_SECONDS", "1");
    let mut paused = start(&sandbox);
    until("the first scene's sound is made", || {
        sandbox
            .journal()
            .iter()
            .any(|entry| entry.task == "audio" && entry.event == JournalEvent::Made)
    });
    pause(&paused, &sandbox);
    let run = the_run(&sandbox).unwrap();
    let out = sandbox.out();
    // While the lease lasts the run is not to be had: a stopped process isn't a dead one.
    let mut made = None;
    until("the lease ends", || {
        let answer = sandbox.run(&["resume", &run, "--json", "--out", out.to_str().unwrap()]);
        if answer.code() == 0 {
            made = Some(answer.json());
        } else {
            assert!(
                answer.stderr().contains("is being worked on"),
                "{}",
                answer.stderr()
            );
        }
        made.is_some()
    });
    assert!(video(made.as_ref().unwrap()) == undisturbed);
    let shown = sandbox.run(&["show", &run, "--json"]).json();

    signal(&paused, "-CONT");
    assert!(
        !paused.wait().unwrap().success(),
        "a worker that lost its lease can't have succeeded"
    );
    assert_eq!(
        sandbox.run(&["show", &run, "--json"]).json(),
        shown,
        "the late worker changed the run"
    );
    assert!(
        video(made.as_ref().unwrap()) == undisturbed,
        "the late worker changed the video"
    );
}

#[test]
fn of_two_processes_resuming_one_run_the_second_is_refused() {
    let sandbox = Sandbox::new();
    let mut first = start(&sandbox);
    until("the run is there", || the_run(&sandbox).is_some());
    pause(&first, &sandbox);
    let run = the_run(&sandbox).unwrap();
    let message = sandbox.run(&["resume", &run]).refusal();
    assert!(message.contains("is being worked on"), "{message}");
    signal(&first, "-CONT");
    assert!(first.wait().unwrap().success());
}

#[test]
fn a_run_stopped_by_ctrl_c_is_cancelled_and_can_be_resumed() {
    let sandbox = Sandbox::new();
    let mut child = start(&sandbox);
    until("the story is made", || {
        sandbox
            .journal()
            .iter()
            .any(|entry| entry.event == JournalEvent::Made)
    });
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let run = the_run(&sandbox).unwrap();
    let shown = sandbox.run(&["show", &run, "--json"]).json();
    assert_eq!(shown["run"]["state"], "cancelled");
    resume(&sandbox, &run);
    nothing_done_again(&sandbox.journal());
    assert_eq!(
        sandbox.run(&["show", &run, "--json"]).json()["run"]["state"],
        "approved"
    );
}
