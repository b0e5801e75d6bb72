//! A brief with variants in the deployed system: the rule that tells of a control's end begins the others.

use domain::{RunId, TaskStatus};
use reqwest::Method;
use serde_json::{Value, json};

use crate::deployed::cloud;
use crate::gateway::Caller;

/// What a task of a run made, and how.
async fn made(run: &RunId, task: &str) -> (TaskStatus, String) {
    let rows = cloud().store().await.tasks(run, 1).await.unwrap();
    let mut rows = rows.into_iter();
    let row = rows.find(|row| row.task.as_str() == task).unwrap();
    (row.status, row.end.unwrap().output.key.to_string())
}

#[tokio::test]
async fn a_brief_with_two_hooks_becomes_two_videos_and_an_experiment() {
    let caller = Caller::with(cloud(), "read,submit");
    let _shared = cloud().shared().await;
    let brief = json!({
        "topic": "Why bread rises, opened twice",
        "target_seconds": 5,
        "aspect": "1:1",
        "brand": {"quality": {"approve": 0.1, "review": 0}},
        "key_points": ["Yeast breathes out carbon dioxide."],
        "variants": {"of": "hook", "count": 2}
    });
    let control = caller
        .json(Method::POST, "/v1/runs", Some(&brief.to_string()), 201)
        .await;
    let runs: Vec<RunId> = serde_json::from_value(control["variant"]["runs"].clone()).unwrap();
    assert_eq!(runs.len(), 2, "{control}");
    for run in &runs {
        let ended = cloud().ended(run).await;
        assert!(ended.state.is_made(), "{ended:?}\n{}", cloud().logs());
    }
    let [first, second] = [&runs[0], &runs[1]];
    for task in ["story", "script"] {
        let (status, output) = made(second, task).await;
        assert_eq!(status, TaskStatus::Cached, "{task}");
        assert_eq!(output, made(first, task).await.1);
    }
    for task in ["hook", "compose"] {
        let (status, output) = made(second, task).await;
        assert_eq!(status, TaskStatus::Succeeded, "{task}");
        assert_ne!(output, made(first, task).await.1);
    }
    let key = control["variant"]["experiment"].as_str().unwrap();
    let path = format!("/v1/experiments/{key}");
    let draft: Value = caller.json(Method::GET, &path, None, 200).await;
    assert_eq!(draft["state"], "draft");
    assert_eq!(draft["runs"], json!({"hook-1": first, "hook-2": second}));
}
