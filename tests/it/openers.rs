//! A brand's videos don't all open alike.

use domain::{HookForm, Opener};
use serde_json::{Value, json};

use crate::support::Sandbox;

fn draft(topic: &str, points: &[&str]) -> String {
    json!({
        "topic": topic,
        "brand": { "name": "Acme", "quality": { "approve": 0.1, "review": 0 } },
        "target_seconds": 8,
        "aspect": "1:1",
        "draft": true,
        "key_points": points,
    })
    .to_string()
}

fn opener(made: &Value) -> Opener {
    Opener {
        form: HookForm::Statement,
        says: made["lines"][0].as_str().unwrap().to_owned(),
    }
}

#[test]
fn the_videos_of_a_brand_open_differently_and_the_same_brief_again_is_the_same_video() {
    let sandbox = Sandbox::new();
    let make = |name: &str, brief: &str| sandbox.make(&sandbox.write(name, brief)).json();
    let bread = draft(
        "Bread",
        &[
            "Yeast eats sugar and breathes out gas.",
            "Kneading builds gluten.",
        ],
    );
    let salt = draft(
        "Salt",
        &[
            "Salt draws water out of meat.",
            "Salt keeps fish for months.",
        ],
    );
    let first = make("bread.json", &bread);
    let second = make("salt.json", &salt);
    let says = second["lines"][0].as_str().unwrap();
    let line = domain::Line {
        text: says.to_owned(),
        source: domain::LineSource::Phrase,
    };
    assert!(
        !opener(&first).is_like(std::slice::from_ref(&line)),
        "{first} {second}"
    );
    // Without the other one before it, the second video opens with what its source offers best.
    let alone = Sandbox::new();
    let alone = alone.make(&alone.write("salt.json", &salt)).json();
    assert!(
        opener(&first).is_like(&[domain::Line {
            text: alone["lines"][0].as_str().unwrap().to_owned(),
            ..line
        }]),
        "{alone}"
    );
    // The very same brief sees what it saw before: its own opening and the later one's are none of its business.
    let again = make("bread.json", &bread);
    assert_eq!(again["lines"], first["lines"]);
    for row in again["tasks"].as_array().unwrap() {
        assert!(row["task"] == "score" || row["status"] == "cached", "{row}");
    }
}
