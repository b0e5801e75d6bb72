//! The official libraries of Standard Webhooks verify what arrives, each in a server of its own language.

use serde_json::{Value, json};
use webhooks::{OVERLAP_MS, Secret, Secrets};

use crate::program::Program;
use crate::world::{World, real_time};

/// Three deliveries to one receiver that knows the old and the new secret: before a rotation, an hour after it, and when the old secret's
/// time is over.
async fn through_a_rotation(receiver: Program, [old, new]: [Secret; 2]) {
    // The libraries look at the clock.
    let now = real_time();
    let world = World::at(now).await;
    let url = format!("http://127.0.0.1:{}/hook", receiver.line());
    let before = Secrets::new(old);
    let rotated = |ago: u64| {
        let at = domain::Timestamp(now.0 - ago);
        before.rotate(new.clone(), at).unwrap()
    };
    for (secrets, genuine) in [
        (before.clone(), [true, false]),
        (rotated(3_600_000), [true, true]),
        (rotated(OVERLAP_MS), [false, true]),
    ] {
        let endpoint = world.subscribe_signed(&url, &secrets).await;
        world.happen().await;
        world.dispatch().await;
        world.deliver().await;
        let told = receiver.told();
        let complaints = told["complaints"].as_array().unwrap();
        assert_eq!(
            complaints.iter().map(Value::is_null).collect::<Vec<_>>(),
            genuine,
            "{told}"
        );
        for complaint in complaints.iter().filter_map(Value::as_str) {
            assert_eq!(complaint, "No matching signature found");
        }
        assert_eq!(told["read"]["type"], "workflow.cancelled");
        assert_eq!(told["read"]["data"]["topic"], "Why bees dance ✓ naïve");
        world.store.delete_endpoint(&endpoint).await.unwrap();
    }
}

fn secrets() -> [Secret; 2] {
    [Secret::mint(&[1; 32]), Secret::mint(&[2; 32])]
}

#[tokio::test]
async fn the_official_library_of_python_verifies_deliveries_through_a_rotation() {
    let [old, new] = secrets().map(|secret| secret.reveal());
    through_a_rotation(Program::python(&[&old, &new]), secrets()).await;
}

#[tokio::test]
async fn the_official_library_of_node_verifies_deliveries_through_a_rotation() {
    let [old, new] = secrets().map(|secret| secret.reveal());
    through_a_rotation(Program::node(&[&old, &new]), secrets()).await;
}

#[tokio::test]
async fn the_official_libraries_refuse_what_was_sent_ten_minutes_ago() {
    let [secret, _] = secrets();
    let known = secret.reveal();
    for receiver in [Program::python(&[&known]), Program::node(&[&known])] {
        let world = World::at(domain::Timestamp(real_time().0 - 600_000)).await;
        let url = format!("http://127.0.0.1:{}/hook", receiver.line());
        let secrets = Secrets::new(secret.clone());
        world.subscribe_signed(&url, &secrets).await;
        world.happen().await;
        world.dispatch().await;
        world.deliver().await;
        let told = receiver.told();
        assert_eq!(told["complaints"], json!(["Message timestamp too old"]));
    }
}
