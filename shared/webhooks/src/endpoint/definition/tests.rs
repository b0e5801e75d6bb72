#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::json;

use super::*;
use crate::catalogue::{EventType, entry};

fn endpoint(written: Value) -> Result<Endpoint, DefinitionError> {
    let mut whole = json!({ "url": "https://hooks.example.com/x" });
    whole
        .as_object_mut()
        .unwrap()
        .extend(written.as_object().unwrap().clone());
    let definition: Definition = serde_json::from_value(whole).unwrap();
    Endpoint::new(EndpointId::new(7, 7), &definition, &UrlRules::default())
}

/// The types whose examples are delivered to an endpoint.
fn delivered(written: Value) -> Vec<&'static str> {
    let endpoint = endpoint(written).unwrap();
    let kinds = EventType::ALL.into_iter();
    let wanted = kinds.filter(|kind| endpoint.matches(&entry(*kind).example));
    wanted.map(EventType::name).collect()
}

#[test]
fn a_bare_url_gets_every_event_in_the_standard_form() {
    let plain = endpoint(json!({})).unwrap();
    assert_eq!(plain.format, Format::Standard);
    assert_eq!(plain.disable_after_ms, 5 * 86_400_000);
    // But no other endpoint's test.
    assert_eq!(delivered(json!({})).len(), EventType::ALL.len() - 1);
}

#[test]
fn types_brand_and_filters_each_narrow_what_is_delivered() {
    for (written, expected) in [
        (
            json!({ "types": ["content.*"], "filters": { "decided_by": "score" } }),
            vec!["content.approved"],
        ),
        (
            json!({ "types": ["workflow.failed", "experiment.*"] }),
            vec!["workflow.failed", "experiment.concluded"],
        ),
        (
            json!({ "types": ["workflow.*"], "brand": "Meadow" }),
            vec![
                "workflow.completed",
                "workflow.failed",
                "workflow.cancelled",
            ],
        ),
        (
            json!({ "types": ["workflow.*"], "brand": "meadow" }),
            vec![],
        ),
        (
            json!({ "types": ["endpoint.disabled"], "brand": "Meadow" }),
            vec![],
        ),
        (
            json!({ "filters": { "failure.error": "Refused" } }),
            vec!["workflow.failed"],
        ),
        (
            json!({ "filters": { "failure.error": "Refused", "round": 2 } }),
            vec![],
        ),
        (
            json!({ "types": ["workflow.*"], "filters": { "round": 1, "brand": "Meadow" } }),
            vec![
                "workflow.completed",
                "workflow.failed",
                "workflow.cancelled",
            ],
        ),
        (
            json!({ "filters": { "last_status": 503 } }),
            vec!["endpoint.disabled"],
        ),
    ] {
        assert_eq!(delivered(written.clone()), expected, "{written}");
    }
}

#[test]
fn a_test_goes_to_its_endpoint_alone_and_a_disabled_endpoint_hears_nothing_of_it() {
    let narrow = json!({ "types": ["content.rejected"], "brand": "Other" });
    for (kind, here, elsewhere) in [
        (EventType::WebhookTest, true, false),
        (EventType::EndpointDisabled, false, true),
    ] {
        let mut payload = entry(kind).example;
        let written = if kind == EventType::WebhookTest {
            narrow.clone()
        } else {
            json!({})
        };
        let mut endpoint = endpoint(written).unwrap();
        assert_eq!(endpoint.matches(&payload), elsewhere, "{kind}");
        match &mut payload.data {
            EventData::WebhookTest(data) => endpoint.id = data.endpoint.clone(),
            EventData::EndpointDisabled(data) => endpoint.id = data.endpoint.clone(),
            other => panic!("{other:?}"),
        }
        assert_eq!(endpoint.matches(&payload), here, "{kind}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_place() {
    let error = endpoint(json!({
        "url": "http://localhost/x",
        "description": "x".repeat(201),
        "format": "teams",
        "types": ["content.*", "content.lost"],
        "brand": "",
        "filters": { "colour": "red", "round": "1", "decided_by": "nobody", "note": 1.5, "score": 80 },
        "retry_waits_s": [5],
        "disable_after_s": 59,
        "per_second": 0,
        "concurrency": 101,
    }))
    .unwrap_err();
    let fields: Vec<&str> = error
        .0
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "url",
            "description",
            "brand",
            "format",
            "types[1]",
            "filters.colour",
            "filters.decided_by",
            "filters.note",
            "filters.round",
            "filters.score",
            "retry_waits_s",
            "disable_after_s",
            "per_second",
            "concurrency",
        ]
    );
    for (problem, told) in error.0.iter().zip([
        "https://",
        "200 characters",
        "leave it out",
        "slack",
        "content.approved",
        "decided_by",
        "person",
        "a text",
        "a whole number",
        "topic",
        "3 to 20 attempts",
        "an hour",
        "1 to 1000",
        "1 to 100",
    ]) {
        assert!(problem.message.contains(told), "{problem}");
    }
}

#[test]
fn a_filter_on_a_field_of_types_that_are_not_subscribed_to_is_refused() {
    let error = endpoint(json!({ "types": ["workflow.*"], "filters": { "decided_by": "person" } }))
        .unwrap_err();
    assert_eq!(error.0.len(), 1);
    assert!(
        error.to_string().contains("filters.decided_by")
            && error.to_string().contains("failure.task"),
        "{error}"
    );
}

#[test]
fn empty_and_endless_lists_are_refused() {
    let many: serde_json::Map<String, Value> =
        (0..21).map(|n| (format!("f{n}"), json!(n))).collect();
    for (written, field) in [
        (json!({ "types": [] }), "types"),
        (json!({ "types": vec!["*"; 21] }), "types"),
        (json!({ "filters": many }), "filters"),
        (
            json!({ "filters": { "topic": "x".repeat(1001) } }),
            "filters.topic",
        ),
    ] {
        let error = endpoint(written).unwrap_err();
        assert_eq!(
            error.0.first().map(|problem| problem.field.as_str()),
            Some(field)
        );
    }
}

#[test]
fn a_definition_is_stored_and_read_back_to_the_same_endpoint() {
    let written = json!({
        "url": "https://hooks.example.com/x", "format": "slack", "types": ["content.*"],
        "filters": { "round": 1 }, "retry_waits_s": [1, 2, 3], "per_second": 3
    });
    let definition: Definition = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(&definition).unwrap(), written);
    assert!(serde_json::from_value::<Definition>(json!({ "url": "x", "secret": "y" })).is_err());
}
