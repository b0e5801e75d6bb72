//! What EventBridge sends.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// Why the function is called.
#[derive(Debug, Deserialize)]
#[serde(tag = "detail-type", content = "detail")]
pub(crate) enum Occasion {
    /// An execution of the state machine ended.
    #[serde(rename = "Step Functions Execution Status Change")]
    Ended(Execution),
    /// A minute has gone by.
    #[serde(rename = "Scheduled Event")]
    Minute(IgnoredAny),
}

/// The execution that ended.
#[derive(Debug, Deserialize)]
pub(crate) struct Execution {
    /// Its name, which tells its run.
    pub name: String,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_example_events_are_read() {
        let ended = include_str!("../../../examples/events/sweep-ended.json");
        let minute = include_str!("../../../examples/events/sweep.json");
        assert!(matches!(
            serde_json::from_str(ended).unwrap(),
            Occasion::Ended(execution) if execution.name.starts_with("01m83xj880")
        ));
        assert!(matches!(
            serde_json::from_str(minute).unwrap(),
            Occasion::Minute(_)
        ));
    }

    #[test]
    fn what_is_no_such_event_is_refused_by_its_name() {
        let other = r#"{"detail-type": "EC2 Instance State-change Notification", "detail": {}}"#;
        let error = serde_json::from_str::<Occasion>(other).unwrap_err();
        assert!(error.to_string().contains("EC2 Instance"), "{error}");
    }
}
