//! Briefs that are sent to the queue.

use serde_json::{Value, json};

use crate::support::{Doors, NOW, example};

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:reelwright-intake";

/// The event of messages, each of an id and a body.
fn event_of(messages: &[(&str, &str)]) -> Value {
    let one = example(include_str!("../../examples/events/intake-sqs.json"));
    let records = messages.iter().map(|(id, body)| {
        let mut record = one["Records"][0].clone();
        record["messageId"] = json!(id);
        record["body"] = json!(body);
        record
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

#[tokio::test]
async fn the_example_message_starts_one_run_however_often_it_is_received() {
    let doors = Doors::open().await;
    let event = example(include_str!("../../examples/events/intake-sqs.json"));
    for _ in 0..3 {
        let answered = doors.take(event.clone()).await.unwrap();
        assert_eq!(
            serde_json::to_value(answered).unwrap(),
            json!({ "batchItemFailures": [] })
        );
        doors.wait(400_000);
    }
    let run = doors.only_run().await;
    assert_eq!(run.topic, "Why bees dance");
    assert_eq!(run.created_at, NOW);
    assert_eq!(doors.executions.started().len(), 1);
}

#[tokio::test]
async fn a_message_that_holds_no_brief_goes_to_the_queue_of_failures_and_the_others_to_work() {
    let doors = Doors::open().await;
    let wrong = "topic: Bees\ntarget_secnds: 20\n";
    let path = r#"{"topic": "Bees", "source_file": "../../etc/passwd"}"#;
    let event = event_of(&[
        ("m1", "topic: In YAML"),
        ("m2", wrong),
        ("m3", path),
        ("m4", r#"{"topic": "In JSON"}"#),
        ("m5", "topic: In YAML"),
    ]);
    let answered = doors.take(event).await.unwrap();
    assert!(answered.batch_item_failures.is_empty());

    let mut topics: Vec<_> = doors
        .listed()
        .await
        .into_iter()
        .map(|run| run.topic)
        .collect();
    topics.sort();
    // Two messages are two runs, whatever they say.
    assert_eq!(topics, ["In JSON", "In YAML", "In YAML"]);
    let failures = doors.queue.messages();
    assert_eq!(failures.len(), 2);
    let (body, source, reason) = &failures[0];
    assert_eq!(body, wrong);
    assert_eq!(source, &format!("{QUEUE}/m2"));
    assert!(
        reason.contains("line 2, column 1") && reason.contains("target_seconds"),
        "{reason}"
    );
    let (body, _, reason) = &failures[1];
    assert_eq!(body, path);
    assert!(reason.contains("source_text"), "{reason}");
}

#[tokio::test]
async fn what_fails_for_another_reason_is_received_again_message_by_message() {
    let doors = Doors::open().await;
    doors.executions.set_down(true);
    let event = event_of(&[
        ("m1", "topic: Bees"),
        ("m2", "topic: ["),
        ("m3", "topic: Wasps"),
    ]);
    let answered = doors.take(event).await.unwrap();
    assert_eq!(
        serde_json::to_value(answered).unwrap(),
        json!({ "batchItemFailures": [{ "itemIdentifier": "m1" }, { "itemIdentifier": "m3" }] })
    );
    assert_eq!(doors.queue.messages().len(), 1);

    doors.executions.set_down(false);
    let again = event_of(&[("m1", "topic: Bees"), ("m3", "topic: Wasps")]);
    assert!(
        doors
            .take(again)
            .await
            .unwrap()
            .batch_item_failures
            .is_empty()
    );
    assert_eq!(doors.listed().await.len(), 2);
    assert_eq!(doors.executions.started().len(), 2);
}

#[tokio::test]
async fn a_failure_that_can_not_be_put_aside_stays_in_its_queue() {
    let doors = Doors::open().await;
    doors.queue.set_down();
    let answered = doors.take(event_of(&[("m1", "topic: [")])).await.unwrap();
    assert_eq!(answered.batch_item_failures[0].item_identifier, "m1");
}

#[tokio::test]
async fn a_message_that_leaves_no_room_for_the_reason_stays_in_its_queue() {
    let doors = Doors::open().await;
    let longest = format!("topic: [{}", "a".repeat(1_048_576 - 8));
    let answered = doors.take(event_of(&[("m1", &longest)])).await.unwrap();
    assert_eq!(answered.batch_item_failures.len(), 1);
    let shorter = &longest[..1_048_576 - 300];
    let answered = doors.take(event_of(&[("m1", shorter)])).await.unwrap();
    assert!(answered.batch_item_failures.is_empty());
    let (body, source, reason) = doors.queue.messages().remove(0);
    let sent = body.len() + source.len() + reason.len() + "sourcereasonStringString".len();
    assert!(sent <= 1_048_576, "{sent}");
}

#[tokio::test]
async fn an_event_of_bucket_and_queue_at_once_is_refused() {
    let doors = Doors::open().await;
    let mut event = event_of(&[("m1", "topic: Bees")]);
    let object = doors.put("briefs/a.yaml", "topic: A").await;
    event["Records"]
        .as_array_mut()
        .unwrap()
        .push(object["Records"][0].clone());
    let error = doors.take(event).await.unwrap_err().to_string();
    assert!(error.contains("one kind at a time"), "{error}");
    assert!(doors.listed().await.is_empty());
}
