//! The example events: one for each function, of the run that all of them speak of.

use std::path::Path;

use domain::RunId;
use serde_json::Value;

use crate::support::{NOW, example};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn event(function: &str) -> Value {
    let file = root().join(format!("examples/events/{function}.json"));
    let text = std::fs::read_to_string(&file);
    example(&text.unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

#[test]
fn every_function_has_an_example_event() {
    let functions = std::fs::read_dir(root().join("functions")).unwrap();
    let mut names: Vec<_> = functions
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 11, "{names:?}");
    for name in names {
        assert!(event(&name).is_object(), "{name}");
    }
}

#[test]
fn the_tasks_examples_are_of_one_execution_of_one_run() {
    let run = RunId::new(NOW.0, 42);
    let execution = runtime::execution_name(&run, 1, NOW);
    for task in [
        "story", "script", "hook", "audio", "images", "video", "compose",
    ] {
        let event = event(task);
        assert_eq!(event["run"], run.as_str(), "{task}");
        assert_eq!(event["execution"], execution, "{task}");
        assert_eq!(event["task"], task);
        let of_an_item = ["audio", "images", "video"].contains(&task);
        assert_eq!(event["item"].is_u64(), of_an_item, "{task}");
    }
    assert_eq!(event("sweep-ended")["detail"]["name"], execution);
}
