//! What a queue is answered about a batch of its messages.

use serde::Serialize;

/// Which messages of a batch the queue is to deliver again; it forgets the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// Those that could not be dealt with.
    pub batch_item_failures: Vec<ItemFailure>,
}

/// A message that could not be dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// Its id.
    pub item_identifier: String,
}

impl FromIterator<String> for BatchAnswer {
    /// An answer that names the messages of these ids.
    fn from_iter<I: IntoIterator<Item = String>>(ids: I) -> Self {
        let failed = ids
            .into_iter()
            .map(|item_identifier| ItemFailure { item_identifier });
        Self {
            batch_item_failures: failed.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_answer_names_messages_as_lambda_wants_it() {
        let answer: BatchAnswer = ["1".to_owned()].into_iter().collect();
        assert_eq!(
            json!(answer),
            json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] })
        );
    }
}
