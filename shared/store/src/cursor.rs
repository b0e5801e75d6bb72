//! Where a list goes on: opaque to whoever holds it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::attributes::json_text;

/// The last item of a page of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunsCursor {
    /// The month it stands in.
    pub(crate) month: String,
    /// Its place in the month.
    pub(crate) created_at: String,
    /// The run's key.
    pub(crate) pk: String,
}

impl RunsCursor {
    pub(crate) fn encode(&self) -> String {
        json_text(self)
            .bytes()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
    }

    pub(crate) fn decode(text: &str) -> Result<Self, StoreError> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|c| c.to_digit(16).map(|digit| digit as u8))
            .collect();
        let bytes: Option<Vec<u8>> = digits.filter(|digits| digits.len() % 2 == 0).map(|digits| {
            digits
                .chunks_exact(2)
                .map(|pair| pair[0] << 4 | pair[1])
                .collect()
        });
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| StoreError::Invalid {
                what: format!("cursor {:?}", text.chars().take(40).collect::<String>()),
                reason: "it was not given out by this list: start without a cursor".to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_out_and_back() {
        let cursor = RunsCursor {
            month: "2026-11".into(),
            created_at: "2026-11-23T10:00:00.000Z".into(),
            pk: "RUN#é".into(),
        };
        assert_eq!(RunsCursor::decode(&cursor.encode()), Ok(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "zz", "abc", "7b7d", "é"] {
            assert!(
                matches!(RunsCursor::decode(text), Err(StoreError::Invalid { .. })),
                "{text}"
            );
        }
    }
}
