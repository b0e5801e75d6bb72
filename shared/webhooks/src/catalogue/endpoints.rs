//! What is told of endpoints themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EndpointId, Line, Link, Moment};

/// Why an endpoint was disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum DisabledReason {
    /// It answered 410 Gone.
    Gone,
    /// It failed for days, without one success.
    Failing,
    /// Somebody disabled it.
    Asked,
}

/// Where an endpoint is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct EndpointLinks {
    /// The endpoint.
    pub endpoint: Link,
}

/// An endpoint was disabled. Its URL isn't told: with some receivers it is a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct EndpointDisabled {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// What it is for, as its owner wrote it; may be empty.
    pub description: Line,
    /// Its host.
    pub host: Line,
    /// Why.
    pub reason: DisabledReason,
    /// Since when it failed; absent if it didn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Moment")]
    pub failing_since: Option<Moment>,
    /// The status of its last answer; absent if it gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16", range(min = 100, max = 999))]
    pub last_status: Option<u16>,
    /// Where to look.
    pub links: EndpointLinks,
}

/// Somebody tries an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct WebhookTest {
    /// The endpoint that is tried.
    pub endpoint: EndpointId,
    /// A greeting.
    pub message: Line,
    /// Where to look.
    pub links: EndpointLinks,
}
