//! What expressions see: the brief's facts and those of the tasks that have ended.

use domain::ErrorInfo;
use serde_json::{Map, Value};

/// The most bytes that a task's facts take as JSON: what travels between tasks stays small, however long the video.
pub const MAX_FACTS: usize = 256;

/// Whether a task may end with these facts: an object (or null, for none) of at most [`MAX_FACTS`] bytes as JSON.
/// If not, the task counts as failed with this error.
pub fn check_facts(facts: &Value) -> Result<(), ErrorInfo> {
    let permanent = |cause: String| {
        Err(ErrorInfo {
            name: "Permanent".to_owned(),
            cause,
        })
    };
    match facts {
        Value::Null => Ok(()),
        Value::Object(map) if map.is_empty() => Ok(()),
        Value::Object(_) => {
            let bytes = facts.to_string().len();
            if bytes <= MAX_FACTS {
                Ok(())
            } else {
                permanent(format!(
                    "the task's facts take {bytes} bytes as JSON, {MAX_FACTS} are allowed; leave out what no expression reads"
                ))
            }
        }
        _ => permanent(
            "the task's facts are no JSON object; give {\"name\": value, …} or null".to_owned(),
        ),
    }
}

/// The facts of a task that ran once an item: those of its items, merged in the order of the items so that the last to give a name
/// wins, and over them `items`, the number of items.
pub(super) fn of_items(items: impl IntoIterator<Item = Value>) -> Value {
    let mut count = 0_u32;
    let mut merged = Map::new();
    for facts in items {
        count += 1;
        if let Value::Object(facts) = facts {
            merged.extend(facts);
        }
    }
    merged.insert("items".to_owned(), count.into());
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn facts_are_small_objects() {
        for facts in [json!(null), json!({}), json!({"scenes": 6})] {
            assert_eq!(check_facts(&facts), Ok(()), "{facts}");
        }
        for facts in [
            json!(3),
            json!("x"),
            json!([]),
            json!({"text": "x".repeat(256)}),
        ] {
            assert_eq!(
                check_facts(&facts).map_err(|error| error.name),
                Err("Permanent".to_owned()),
                "{facts}"
            );
        }
    }

    #[test]
    fn the_last_item_wins_and_the_count_stands_over_all() {
        assert_eq!(
            of_items(vec![
                json!({"a": 1, "b": 1}),
                json!(null),
                json!({"a": 2, "items": 9})
            ]),
            json!({"a": 2, "b": 1, "items": 3})
        );
        assert_eq!(of_items(Vec::new()), json!({"items": 0}));
    }
}
