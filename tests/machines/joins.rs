//! Joins on the table, whoever comes first.

use serde_json::{Map, json};
use statemachine::{Strategy, Workflow};

use crate::cloud::Cloud;
use crate::interpreter::{Answer, Interpreter};
use crate::table::Act;

/// C waits for B, and its items come from B's facts. Neither series nor parallel.
const GRAPH: &str = "
name: n
tasks:
  A: {}
  B: {}
  C: {after: [A, B], for_each: $states.input.tasks.B.n}
  D: {after: [B]}
";

/// Runs the graph by joins; A and B take so many milliseconds.
async fn run(a: u64, b: u64) -> (Cloud<'static>, Vec<String>) {
    let workflow = Workflow::parse(GRAPH).unwrap();
    let functions = move |task: &str, _, _| {
        let act = Act::Succeeds {
            facts: json!({"n": 2, "unread": true}),
            cached: false,
        };
        let after = match task {
            "A" => a,
            "B" => b,
            _ => 1,
        };
        (act, after)
    };
    let mut cloud = Cloud::new(Box::new(functions)).await;
    let mut interpreter = Interpreter::start();
    let ended = cloud
        .execute(&mut interpreter, &workflow, Strategy::Joins, &Map::new())
        .await;
    assert_eq!(ended.status, "SUCCEEDED", "{}", ended.cause);
    assert_eq!(cloud.attempts_by_task()["C"], json!([1, 1]));
    let both = cloud
        .attempts
        .iter()
        .filter(|attempt| ["A", "B"].contains(&attempt.task.as_str()));
    let both = both.map(|attempt| attempt.ended).max().unwrap();
    let after = |task: &str| {
        let mut attempts = cloud.attempts.iter();
        attempts.all(|attempt| attempt.task != task || attempt.started >= both)
    };
    assert!(after("C"), "{:#?}", cloud.attempts);
    (cloud, ended.entered)
}

fn answer_to<'a>(cloud: &'a Cloud<'_>, state: &str) -> &'a Answer {
    let mut requests = cloud.requests.iter();
    let request = requests.find(|(call, _)| call.state == state);
    &request
        .unwrap_or_else(|| panic!("{state} asked for nothing"))
        .1
}

#[tokio::test]
async fn who_comes_to_a_join_too_soon_is_woken_by_the_last() {
    let (cloud, entered) = run(1, 5).await;
    assert!(matches!(answer_to(&cloud, "C waits"), Answer::Result(..)));
    assert_eq!(
        entered.iter().filter(|state| *state == "B wakes C").count(),
        1
    );
    let item = cloud
        .item(&format!("EXEC#{}", cloud.run.execution), "JOIN#C")
        .await
        .unwrap();
    assert!(
        item["token"]
            .as_s()
            .unwrap()
            .starts_with(&cloud.run.execution)
    );
    assert!(item["pending"].as_m().unwrap().is_empty());
    assert_eq!(
        item["facts"].as_m().unwrap()["B"].as_s().unwrap(),
        r#"{"B":{"n":2}}"#
    );
}

#[tokio::test]
async fn who_comes_to_a_join_last_goes_straight_on() {
    let (cloud, entered) = run(5, 1).await;
    let refused = "DynamoDb.ConditionalCheckFailedException";
    assert!(matches!(answer_to(&cloud, "C waits"), Answer::Error(name, ..) if name == refused));
    assert!(!entered.iter().any(|state| state == "B wakes C"));
    let item = cloud
        .item(&format!("EXEC#{}", cloud.run.execution), "JOIN#C")
        .await
        .unwrap();
    assert!(!item.contains_key("token"));
    assert!(item["pending"].as_m().unwrap().is_empty());
    // A week after the execution began.
    assert_eq!(item["expires_at"].as_n().unwrap(), "1796032800");
}
