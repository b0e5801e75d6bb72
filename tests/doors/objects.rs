//! Briefs that are put into the bucket.

use domain::{RunId, RunState};
use serde_json::{Value, json};

use crate::support::{BUCKET, Doors, NOW, example};

const BRIEF: &str =
    "topic: Why bees dance\nkey_points:\n  - Dancing bees show the way to flowers.\n";

#[tokio::test]
async fn an_object_starts_one_run_however_often_its_event_comes() {
    let doors = Doors::open().await;
    let event = doors.put("briefs/bees.yaml", BRIEF).await;
    let (first, second) = tokio::join!(doors.take(event.clone()), doors.take(event.clone()));
    first.unwrap();
    second.unwrap();
    doors.wait(60_000);
    doors.take(event).await.unwrap();

    let run = doors.only_run().await;
    assert_eq!(run.topic, "Why bees dance");
    assert_eq!(run.state, RunState::Running);
    // Its id tells when the object was written.
    assert!(run.id >= RunId::new(NOW.0, 0) && run.id < RunId::new(NOW.0 + 1, 0));
    let started = doors.executions.started();
    assert_eq!(started.len(), 1);
    assert_eq!(started[0].execution, run.execution);
    assert_eq!(started[0].facts["target_seconds"], 30);
    // The brief stays where it was put.
    assert_eq!(doors.object("briefs/bees.yaml").await.unwrap(), BRIEF);
}

#[tokio::test]
async fn what_is_written_again_is_another_run_and_the_first_writings_event_none() {
    let doors = Doors::open().await;
    let first = doors.put("briefs/bees.yaml", "topic: [").await;
    doors.wait(1000);
    let second = doors.put("briefs/bees.yaml", BRIEF).await;
    // Events may come out of order.
    doors.take(second).await.unwrap();
    doors.take(first).await.unwrap();
    assert_eq!(doors.only_run().await.topic, "Why bees dance");
    assert_eq!(doors.object("briefs/bees.yaml").await.unwrap(), BRIEF);
    assert_eq!(doors.object("failed/bees.yaml").await, None);

    doors.wait(1000);
    let third = doors.put("briefs/bees.yaml", BRIEF).await;
    doors.take(third).await.unwrap();
    assert_eq!(doors.listed().await.len(), 2);
}

#[tokio::test]
async fn what_can_not_be_made_is_moved_aside_with_the_reason_and_starts_nothing() {
    let missing = "topic: A\nbrand:\n  logo: {asset: ast_01m83xj880000000000000001a}\n";
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("a.yaml", b"topic: [".into(), "not YAML"),
        ("b.json", b"{\"topic\": \"A\"".into(), "not JSON"),
        (
            "c.yml",
            b"topic: A\ncolour: red\n".into(),
            "line 2, column 1",
        ),
        ("d.json", b"\xff\xfe\x00{".into(), "UTF-8"),
        ("e.yaml", b"".into(), "topic"),
        (
            "deep/f.yaml",
            b"topic: A\nsource_file: /etc/passwd\n".into(),
            "source_text",
        ),
        (
            "g h+i.yaml",
            b"topic: A\nbrand: {logo: 's3://other/logo.png'}\n".into(),
            "/v1/assets",
        ),
        (
            "j.yaml",
            b"topic: A\nbrand: {font: 'https://example.com/a.ttf'}\n".into(),
            "/v1/assets",
        ),
        ("k.yaml", missing.into(), "nothing was uploaded"),
        ("l.txt", BRIEF.into(), "name it .json, .yaml or .yml"),
    ];
    let doors = Doors::open().await;
    for (name, bytes, says) in cases {
        let key = format!("briefs/{name}");
        let mut event = doors.put(&key, bytes.clone()).await;
        let encoded = key.replace('+', "%2B").replace(' ', "+");
        event["Records"][0]["s3"]["object"]["key"] = json!(encoded);
        doors.take(event.clone()).await.unwrap();

        let aside = format!("failed/{name}");
        let moved = doors.object(&aside).await.unwrap();
        assert_eq!(moved, String::from_utf8_lossy(&bytes), "{name}");
        assert_eq!(doors.object(&key).await, None, "{name}");
        let reason = doors.object(&format!("{aside}.reason.json")).await.unwrap();
        let reason: Value = serde_json::from_str(&reason).unwrap();
        assert_eq!(reason["source"], format!("s3://{BUCKET}/{key}"));
        assert!(
            reason["error"].as_str().unwrap().contains(says),
            "{name}: {reason}"
        );
        assert!(
            reason["next"].as_str().unwrap().contains("briefs/"),
            "{reason}"
        );
        // The event of what was moved comes once more.
        doors.take(event).await.unwrap();
    }
    assert!(doors.listed().await.is_empty());
    assert!(doors.executions.started().is_empty());
}

#[tokio::test]
async fn the_reason_names_each_field_with_its_place() {
    let doors = Doors::open().await;
    let event = doors
        .put("briefs/a.yaml", "topic: A\ntarget_seconds: 4\ntone: loud\n")
        .await;
    doors.take(event).await.unwrap();
    let reason = example(&doors.object("failed/a.yaml.reason.json").await.unwrap());
    let places: Vec<_> = reason["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["field"].as_str().unwrap(), problem["line"].as_u64()))
        .collect();
    assert_eq!(places.len(), 2, "{reason}");
    assert!(places.contains(&("tone", Some(3))), "{reason}");
    assert!(places.contains(&("target_seconds", Some(2))), "{reason}");
}

#[tokio::test]
async fn an_object_larger_than_any_brief_is_moved_without_being_read() {
    let doors = Doors::open().await;
    let event = doors.put("briefs/large.json", vec![b' '; 20_000_000]).await;
    doors.take(event).await.unwrap();
    assert_eq!(doors.object("briefs/large.json").await, None);
    let moved = doors.runs.artifacts.find_raw("failed/large.json").await;
    assert_eq!(moved.unwrap().unwrap().bytes, 20_000_000);
    let reason = doors.object("failed/large.json.reason.json").await.unwrap();
    assert!(reason.contains("19.1 MB"), "{reason}");
    assert!(doors.listed().await.is_empty());
}

#[tokio::test]
async fn a_key_that_can_not_be_asked_for_is_told_of_and_left() {
    let doors = Doors::open().await;
    for (key, shown) in [
        ("briefs//a.yaml", "%2Fa%2Eyaml"),
        ("briefs/../a.yaml", "%2E%2E%2Fa%2Eyaml"),
    ] {
        doors.take(doors.event_of(key, "1")).await.unwrap();
        let reason = format!("failed/{shown}.reason.json");
        let reason = doors.object(&reason).await.unwrap();
        assert!(reason.contains("by another name"), "{reason}");
    }
    assert!(doors.listed().await.is_empty());
}

#[tokio::test]
async fn a_start_that_fails_is_an_error_and_the_next_event_goes_on_with_the_same_run() {
    let doors = Doors::open().await;
    let event = doors.put("briefs/bees.yaml", BRIEF).await;
    doors.executions.set_down(true);
    let error = doors.take(event.clone()).await.unwrap_err().to_string();
    assert!(
        error.contains("tried again") && error.contains("nobody answers"),
        "{error}"
    );
    let run = doors.only_run().await;
    assert!(doors.executions.started().is_empty());
    assert_eq!(doors.object("briefs/bees.yaml").await.unwrap(), BRIEF);

    doors.executions.set_down(false);
    doors.wait(60_000);
    doors.take(event).await.unwrap();
    assert_eq!(doors.only_run().await.id, run.id);
    let started = doors.executions.started();
    assert_eq!(started.len(), 1);
    assert_eq!(started[0].execution, run.execution);
}

#[tokio::test]
async fn what_is_no_brief_at_all_is_passed_over_or_refused() {
    let doors = Doors::open().await;
    // A folder as consoles make it, an object that is gone, a test of S3's.
    doors.take(doors.event_of("briefs/", "1")).await.unwrap();
    doors
        .take(doors.event_of("briefs/campaign/", "1"))
        .await
        .unwrap();
    doors
        .take(doors.event_of("briefs/gone.yaml", "1"))
        .await
        .unwrap();
    let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET });
    doors.take(test).await.unwrap();

    let blob = doors.take(doors.event_of("blobs/a.yaml", "1")).await;
    assert!(blob.unwrap_err().to_string().contains("\"blobs/a.yaml\""));
    let mut event = doors.put("briefs/bees.yaml", BRIEF).await;
    event["Records"][0]["s3"]["bucket"]["name"] = json!("somebody-elses");
    let other = doors.take(event).await.unwrap_err().to_string();
    assert!(
        other.contains("somebody-elses") && other.contains(BUCKET),
        "{other}"
    );
    assert!(doors.take(json!({ "hello": 1 })).await.is_err());
    assert!(doors.listed().await.is_empty());
}
