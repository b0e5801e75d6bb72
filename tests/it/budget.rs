//! What a run may cost: money is put aside before a call, by any number of workers, and never more than the limit.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;

use domain::{
    ArtifactRef, ContentKey, MediaType, Run, RunId, RunState, Timestamp, Variants, Varied,
};
use reelwright::embedded::Embedded;
use runtime::Family;
use store::{Ending, Reservation, Started, Store, StoreError, Tables};

use crate::support::{SMALL, Sandbox};

const NOW: Timestamp = Timestamp(1_795_428_000_000);

async fn store() -> Store {
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    store.create_tables().await.unwrap();
    store
}

async fn running(store: &Store) -> RunId {
    let brief = ArtifactRef {
        key: ContentKey::of_bytes(b"brief"),
        media_type: MediaType::Json,
        bytes: 5,
    };
    let run = Run::begun(
        RunId::new(NOW.0, 7),
        "short-video",
        "first".to_owned(),
        brief,
        "bees".to_owned(),
        NOW,
    );
    store.put_run(&run, None).await.unwrap();
    run.id
}

async fn cost(store: &Store, run: &RunId) -> f64 {
    store.run(run).await.unwrap().cost_usd
}

#[tokio::test]
async fn many_callers_together_never_pass_the_limit_and_use_it_up() {
    let store = store().await;
    let run = running(&store).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (store, run) = (store.clone(), run.clone());
        asking.spawn(async move { store.reserve(&run, "first", 0.1, Some(1.0)).await });
    }
    let mut reserved = 0;
    for answer in asking.join_all().await {
        match answer.unwrap() {
            Reservation::Reserved => reserved += 1,
            Reservation::OverBudget { spent_usd } => assert!(spent_usd > 0.9, "{spent_usd}"),
            Reservation::NotRunning { .. } => panic!("the run runs"),
        }
    }
    assert_eq!(reserved, 10, "ten dimes make a dollar");
    assert!((cost(&store, &run).await - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn what_was_not_spent_is_there_for_the_next_call() {
    let store = store().await;
    let run = running(&store).await;
    let reserve = |usd| store.reserve(&run, "first", usd, Some(0.3));
    assert_eq!(reserve(0.2).await.unwrap(), Reservation::Reserved);
    assert!(matches!(
        reserve(0.2).await.unwrap(),
        Reservation::OverBudget { spent_usd } if (spent_usd - 0.2).abs() < 1e-12
    ));
    store.settle(&run, 0.2, 0.1).await.unwrap();
    assert_eq!(reserve(0.2).await.unwrap(), Reservation::Reserved);
    assert!((cost(&store, &run).await - 0.3).abs() < 1e-12);
    assert!(matches!(
        store.settle(&run, 0.2, f64::NAN).await,
        Err(StoreError::Invalid { .. })
    ));
}

#[tokio::test]
async fn without_a_limit_anything_goes_as_long_as_the_run_runs() {
    let store = store().await;
    let run = running(&store).await;
    assert_eq!(
        store.reserve(&run, "first", 500.0, None).await.unwrap(),
        Reservation::Reserved
    );
    let other = store.reserve(&run, "second", 1.0, None).await.unwrap();
    assert!(
        matches!(&other, Reservation::NotRunning { execution, .. } if execution == "first"),
        "{other:?}"
    );
    let ending = Ending {
        state: RunState::Cancelled,
        failure: None,
        degraded: Vec::new(),
    };
    store.close_run(&run, "first", &ending, NOW).await.unwrap();
    let late = store.reserve(&run, "first", 1.0, None).await.unwrap();
    assert!(
        matches!(
            late,
            Reservation::NotRunning {
                state: RunState::Cancelled,
                ..
            }
        ),
        "{late:?}"
    );
    // What was put aside before still becomes what was spent.
    store.settle(&run, 500.0, 20.0).await.unwrap();
    assert!((cost(&store, &run).await - 20.0).abs() < 1e-9);
    let nobody = RunId::new(0, 0);
    assert!(matches!(
        store.reserve(&nobody, "first", 1.0, None).await,
        Err(StoreError::NotFound(_))
    ));
}

/// A brief with a limit, written where a model can be asked to write from it.
fn limited(sandbox: &Sandbox, usd: &str) -> PathBuf {
    let brief = SMALL.replacen('{', &format!("{{\"max_cost_usd\": {usd},"), 1);
    sandbox.write("brief.json", brief)
}

/// A sandbox whose writer is a model behind `address`, at a dollar a million tokens sent and ten received.
fn with_model(address: SocketAddr) -> Sandbox {
    Sandbox::new()
        .with("REELWRIGHT_TEXT", "openai")
        .with("REELWRIGHT_TEXT_URL", &format!("http://{address}/v1"))
        .with("REELWRIGHT_TEXT_MODEL", "small")
        .with("REELWRIGHT_TEXT_USD_PER_MILLION_IN", "1")
        .with("REELWRIGHT_TEXT_USD_PER_MILLION_OUT", "10")
        .with("REELWRIGHT_TEXT_MAX_TOKENS", "1000")
        .with("REELWRIGHT_SPEECH", "none")
}

#[test]
fn a_run_that_cannot_afford_its_writer_fails_before_it_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sandbox = with_model(listener.local_addr().unwrap());
    let answer = sandbox.make(&limited(&sandbox, "0.01"));
    let told = answer.stdout() + &answer.stderr();
    assert_eq!(answer.code(), 1, "{told}");
    // A thousand tokens received cost a cent, and what is sent comes on top.
    for part in ["OverBudget", "$0.0000 of the run's $0.0100", "max_cost_usd"] {
        assert!(told.contains(part), "{part:?} is not in: {told}");
    }
    nobody_asks(&listener);
}

#[test]
fn what_was_spent_in_vain_is_on_the_run() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sandbox = with_model(listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        for _ in 0..2 {
            answer_nonsense(&mut asked(&listener));
        }
    });
    let answer = sandbox.make(&limited(&sandbox, "1"));
    let told = answer.stdout() + &answer.stderr();
    assert_eq!(answer.code(), 1, "{told}");
    assert!(told.contains("Permanent"), "{told}");
    server.join().unwrap();
    assert!(
        (only_cost(&sandbox) - 0.004).abs() < 1e-9,
        "two answers at 0.2 cents"
    );
}

#[tokio::test]
async fn a_run_that_is_cancelled_while_a_model_thinks_asks_it_nothing_more() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sandbox = with_model(listener.local_addr().unwrap());
    let brief = limited(&sandbox, "1");
    let mut command = sandbox.command();
    let command = command.arg("make").arg(&brief);
    let mut make = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stream = asked(&listener);
    let listed = sandbox.run(&["list", "--json"]).json();
    let id: RunId = listed["runs"][0]["id"].as_str().unwrap().parse().unwrap();
    let embedded = Embedded::open(&sandbox.home()).unwrap();
    let store = Store::new(embedded.client(), Tables::default());
    let execution = store.run(&id).await.unwrap().execution;
    let ending = Ending {
        state: RunState::Cancelled,
        failure: None,
        degraded: Vec::new(),
    };
    store
        .close_run(&id, &execution, &ending, NOW)
        .await
        .unwrap();
    answer_nonsense(&mut stream);
    assert!(!make.wait().unwrap().success());
    // Nonsense is sent back once, but not for a run that is cancelled.
    nobody_asks(&listener);
    assert!((only_cost(&sandbox) - 0.002).abs() < 1e-9, "one answer");
}

/// Waits until the model is asked something, and reads it.
fn asked(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    read_request(&mut stream);
    stream
}

/// Fails if somebody has asked since.
fn nobody_asks(listener: &TcpListener) {
    listener.set_nonblocking(true).unwrap();
    let nobody = listener.accept().unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock, "it was asked");
}

/// What no script can be made of, for 0.2 cents.
fn answer_nonsense(stream: &mut TcpStream) {
    let usage = r#"{"prompt_tokens": 1000, "completion_tokens": 100}"#;
    let body = format!(
        r#"{{"choices": [{{"message": {{"content": "a poem"}}, "finish_reason": "stop"}}], "usage": {usage}}}"#
    );
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
}

/// What the sandbox's only run has cost.
fn only_cost(sandbox: &Sandbox) -> f64 {
    let listed = sandbox.run(&["list", "--json"]).json();
    listed["runs"][0]["cost_usd"].as_f64().unwrap()
}

/// Reads a request to its end.
fn read_request(stream: &mut TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
}

/// A control and two other variants of its brief, all running.
async fn family(store: &Store) -> Vec<RunId> {
    let control = store.run(&running(store).await).await.unwrap();
    let control = Run {
        id: RunId::new(NOW.0, 8),
        ..control
    };
    let variants = Variants {
        of: Varied::Hook,
        count: Some(3),
        voices: Vec::new(),
    };
    let family = Family::of(control, &variants).unwrap();
    let others = family.others.clone();
    let written = store.put_family(&family.control, &others, &family.experiment, None);
    assert_eq!(written.await.unwrap(), Started::New);
    let runs = family.control.variant.unwrap().runs;
    assert_eq!(runs.len(), 3);
    runs
}

#[tokio::test]
async fn the_variants_of_a_brief_stay_within_one_limit_together() {
    let store = store().await;
    let runs = family(&store).await;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..45 {
        let (store, control, run) = (store.clone(), runs[0].clone(), runs[number % 3].clone());
        let execution = store.run(&run).await.unwrap().execution;
        asking.spawn(async move {
            store
                .reserve_shared(&control, &run, &execution, 0.1, 1.0)
                .await
        });
    }
    let mut reserved = 0;
    for answer in asking.join_all().await {
        match answer.unwrap() {
            Reservation::Reserved => reserved += 1,
            Reservation::OverBudget { spent_usd } => assert!(spent_usd > 0.9, "{spent_usd}"),
            Reservation::NotRunning { .. } => panic!("all of them run"),
        }
    }
    assert_eq!(reserved, 10, "ten dimes make a dollar, whoever spends them");
    let mut own = 0.0;
    for run in &runs {
        own += cost(&store, run).await;
    }
    assert!((own - 1.0).abs() < 1e-9, "each run tells its own: {own}");
}

#[tokio::test]
async fn what_one_variant_did_not_spend_is_there_for_the_others() {
    let store = store().await;
    let runs = family(&store).await;
    let (control, first, second) = (&runs[0], &runs[1], &runs[2]);
    let execution = async |run: &RunId| store.run(run).await.unwrap().execution;
    let reserve = async |run: &RunId| {
        let execution = execution(run).await;
        let reserved = store.reserve_shared(control, run, &execution, 0.2, 0.3);
        reserved.await.unwrap()
    };
    assert_eq!(reserve(first).await, Reservation::Reserved);
    for run in [control, second] {
        assert!(matches!(
            reserve(run).await,
            Reservation::OverBudget { spent_usd } if (spent_usd - 0.2).abs() < 1e-12
        ));
    }
    store.settle_shared(control, first, 0.2, 0.1).await.unwrap();
    assert_eq!(reserve(control).await, Reservation::Reserved);
    store
        .settle_shared(control, control, 0.2, 0.0)
        .await
        .unwrap();
    assert_eq!(reserve(second).await, Reservation::Reserved);
    assert!((cost(&store, first).await - 0.1).abs() < 1e-12);
    assert!(cost(&store, control).await.abs() < 1e-12);
    let late = store.reserve_shared(control, first, "another", 0.0, 9.0);
    assert!(matches!(
        late.await.unwrap(),
        Reservation::NotRunning { .. }
    ));
}
