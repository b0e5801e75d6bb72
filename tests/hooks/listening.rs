//! `reelwright webhooks listen`.

use std::net::TcpListener;
use std::process::Command;

use serde_json::{Value, json};
use store::DeliveryState;
use webhooks::endpoint::Definition;
use webhooks::{EndpointId, Secret, Secrets};

use crate::program::Program;
use crate::world::{World, real_time};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reelwright-under-test"));
    command.args(["webhooks", "listen"]).args(arguments);
    command
}

/// A receiver, and a world with a subscriber there.
async fn listening(arguments: &[&str]) -> (Program, World, EndpointId) {
    let world = World::at(real_time()).await;
    let secret = world.secret.reveal();
    let mut all = vec!["0", "--secret", &secret];
    all.extend(arguments);
    let receiver = Program::start(&mut command(&all));
    let said = receiver.said();
    let url = said.strip_prefix("listening on ").unwrap();
    let url = url.split(',').next().unwrap();
    let endpoint = world
        .subscribe_with(Definition {
            url: format!("{url}/any/path"),
            retry_waits_s: Some(vec![1, 1]),
            ..Definition::default()
        })
        .await;
    (receiver, world, endpoint)
}

#[tokio::test]
async fn a_message_is_printed_with_its_signatures_verdict_and_taken() {
    let (receiver, world, endpoint) = listening(&["--json"]).await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered, "{delivery:?}");
    let told = receiver.told();
    assert_eq!(told["genuine"], true);
    assert_eq!(told["type"], "workflow.cancelled");
    assert_eq!(told["id"], delivery.message.as_str());
    assert_eq!(told["timestamp"], world.now().seconds().to_string());
    assert_eq!(told["answered"], 204);
    assert_eq!(told["payload"]["data"]["topic"], "Why bees dance ✓ naïve");
    assert_eq!(receiver.interrupt(), Some(0));
}

#[tokio::test]
async fn a_message_of_another_secret_or_time_is_refused_with_the_reason() {
    let (receiver, world, endpoint) = listening(&["--json"]).await;
    let url = world.endpoint(&endpoint).await.definition.url;
    world.store.delete_endpoint(&endpoint).await.unwrap();
    let other = Secrets::new(Secret::mint(&[9; 32]));
    let endpoint = world.subscribe_signed(&url, &other).await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    let told = receiver.told();
    assert_eq!(
        (&told["genuine"], &told["answered"]),
        (&json!(false), &json!(400))
    );
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    let why = told["why_not"].as_str().unwrap();
    assert!(why.contains("no signature is right"), "{why}");
    assert_eq!(delivery.log[0].said, why);
}

#[tokio::test]
async fn chosen_answers_are_given_in_turn_and_a_message_that_comes_again_is_known() {
    let (receiver, world, endpoint) = listening(&["--json", "--answer", "500,503,204"]).await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    for _ in 0..2 {
        world.wait_for(&endpoint).await;
        world.deliver().await;
    }
    let came: Vec<Value> = (0..3).map(|_| receiver.told()).collect();
    let answers: Vec<_> = came
        .iter()
        .map(|one| (&one["answered"], &one["times"]))
        .collect();
    let [first, second, third] = [500, 503, 204].map(Value::from);
    let [once, twice, thrice] = [1, 2, 3].map(Value::from);
    assert_eq!(
        answers,
        [(&first, &once), (&second, &twice), (&third, &thrice)]
    );
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_person_reads_it_in_lines() {
    let (receiver, world, _) = listening(&[]).await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    let first = receiver.line();
    assert!(
        first.ends_with("  workflow.cancelled  the signature holds"),
        "{first}"
    );
    let second = receiver.line();
    assert!(second.starts_with("  webhook-id evt_"), "{second}");
    assert!(second.ends_with(", answered with 204"), "{second}");
    assert_eq!(receiver.line(), "  {");
    assert_eq!(receiver.line(), "    \"type\": \"workflow.cancelled\",");
}

#[test]
fn a_port_or_secret_or_answer_that_cannot_be_used_is_refused_and_no_secret_is_repeated() {
    let secret = Secret::mint(&[7; 32]).reveal();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    for (arguments, told) in [
        (
            vec!["65536", "--secret", &secret],
            "65536 is not in 0..=65535",
        ),
        (vec!["http", "--secret", &secret], "invalid value 'http'"),
        (vec![&taken, "--secret", &secret], "in use"),
        (vec!["0"], "--secret <SECRET>"),
        (vec!["0", "--secret", "c2VjcmV0c2VjcmV0"], "expected whsec_"),
        (
            vec!["0", "--secret", "whsec_c2hvcnQ="],
            "has 5 bytes: expected 24 to 64",
        ),
        (vec!["0", "--secret", "whsec_?c2VjcmV0"], "is not base 64"),
        (
            vec!["0", "--secret", &secret, "--answer", "99"],
            "99 is not in 200..=599",
        ),
    ] {
        let output = command(&arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(told), "{said}");
        let given = arguments.get(2).copied().unwrap_or("whsec_");
        assert!(
            !said.contains(given.trim_start_matches("whsec_")) || given == "whsec_",
            "{said}"
        );
    }
}
