//! What the routes show.

use std::collections::BTreeMap;

use domain::Timestamp;
use runtime::http::schema::one_of;
use serde::Serialize;
use serde_json::Value;
use store::{Attempt, DeliveryRecord, EndpointRecord};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder};
use webhooks::Format;
use webhooks::catalogue::DisabledReason;
use webhooks::retry::Outcome;

/// An endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointView {
    /// Its id.
    id: String,
    /// Where messages are sent. Where the URL is the secret (Slack, Discord) it is not shown in full.
    url: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The form of messages.
    format: String,
    /// Which events it is sent.
    types: Vec<String>,
    /// Only events of this brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    /// Only events whose data has these values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    filters: BTreeMap<String, Value>,
    /// Why nothing is sent to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = reason)]
    disabled: Option<DisabledReason>,
    /// Since when every attempt has failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    failing_since: Option<String>,
    /// Until when nothing is sent to it, because it has too much to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    slowed_until: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// An endpoint with its new secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecretView {
    /// The endpoint.
    pub(crate) endpoint: EndpointView,
    /// What messages are signed with.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub(crate) secret: String,
}

/// A delivery: one event on its way to one endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its id.
    id: String,
    /// The message's id: the `webhook-id` of every attempt.
    message: String,
    /// To which endpoint.
    endpoint: String,
    /// The event's type.
    #[serde(rename = "type")]
    kind: String,
    /// Where it stands: waiting, delivered, exhausted or stopped.
    state: String,
    /// How often it was tried since it was made, or replayed.
    attempts: u32,
    /// When it is tried next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    next_at: Option<String>,
    /// When the event happened.
    #[schema(format = DateTime)]
    created_at: String,
    /// The attempts, the oldest first.
    log: Vec<AttemptView>,
}

/// An attempt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttemptView {
    /// When it began.
    #[schema(format = DateTime)]
    at: String,
    /// How long it took, in milliseconds.
    took_ms: u64,
    /// What it came to: answered, `timed_out`, unreachable, or refused (the address may not be called).
    outcome: &'static str,
    /// The answer's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The beginning of the answer, or what kept the receiver from answering.
    said: String,
}

fn reason() -> Object {
    let reasons = one_of([
        DisabledReason::Gone,
        DisabledReason::Failing,
        DisabledReason::Asked,
    ]);
    ObjectBuilder::from(reasons)
        .description(Some(
            "Why nothing is sent to it: it said 410, failed too long, or somebody asked for it",
        ))
        .build()
}

impl From<EndpointRecord> for EndpointView {
    fn from(endpoint: EndpointRecord) -> Self {
        let definition = endpoint.definition;
        let format = definition
            .format
            .unwrap_or_else(|| Format::default().name().to_owned());
        let signed = Format::parse(&format).is_ok_and(Format::is_signed);
        Self {
            id: endpoint.id.to_string(),
            url: if signed {
                definition.url
            } else {
                without_path(&definition.url)
            },
            description: definition.description,
            format,
            types: definition.types.unwrap_or_else(|| vec!["*".to_owned()]),
            brand: definition.brand,
            filters: definition.filters,
            disabled: endpoint.state.disabled,
            failing_since: endpoint.state.failing_since.map(Timestamp::rfc3339),
            slowed_until: endpoint.state.slowed_until.map(Timestamp::rfc3339),
            created_at: endpoint.created_at.rfc3339(),
            updated_at: endpoint.updated_at.rfc3339(),
        }
    }
}

impl EndpointView {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where messages are sent, without what is secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which events it is sent.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// How it does, in a word.
    pub const fn state(&self) -> &'static str {
        match (self.disabled, &self.failing_since) {
            (Some(_), _) => "disabled",
            (None, Some(_)) => "failing",
            (None, None) => "good",
        }
    }
}

/// Scheme and host.
fn without_path(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    format!("{scheme}://{host}/...")
}

impl From<DeliveryRecord> for DeliveryView {
    fn from(delivery: DeliveryRecord) -> Self {
        Self {
            id: delivery.id.to_string(),
            message: delivery.message.to_string(),
            endpoint: delivery.endpoint.to_string(),
            kind: delivery.kind,
            state: delivery.state.name().to_owned(),
            attempts: delivery.attempts,
            next_at: delivery.next_at.map(Timestamp::rfc3339),
            created_at: delivery.created_at.rfc3339(),
            log: delivery.log.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        let (outcome, status) = match attempt.outcome {
            Outcome::Answered { status, .. } => ("answered", Some(status)),
            Outcome::TimedOut => ("timed_out", None),
            Outcome::Unreachable => ("unreachable", None),
            Outcome::Refused => ("refused", None),
        };
        Self {
            at: attempt.at.rfc3339(),
            took_ms: attempt.took_ms,
            outcome,
            status,
            said: attempt.said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_that_is_a_secret_only_the_host_is_shown() {
        assert_eq!(
            without_path("https://hooks.slack.com/services/T0/B0/secret"),
            "https://hooks.slack.com/..."
        );
        assert_eq!(
            without_path("https://example.com?key=secret"),
            "https://example.com/..."
        );
    }
}
