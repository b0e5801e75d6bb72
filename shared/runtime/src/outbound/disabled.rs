//! That nothing more is sent to an endpoint, told to the others.

use domain::{ContentKey, Timestamp};
use store::{Announcement, EndpointRecord};
use webhooks::catalogue::{DisabledReason, EndpointDisabled, EndpointLinks};
use webhooks::endpoint::EndpointUrl;
use webhooks::retry::Outcome;
use webhooks::{ApiRoot, Line, MessageId, Moment, Payload, WebhookIdError};

/// What is announced when an endpoint, as it was read, is disabled. It has the same id however often that is tried.
pub fn disabled(
    endpoint: &EndpointRecord,
    url: &EndpointUrl,
    reason: DisabledReason,
    last: Option<&Outcome>,
    root: &ApiRoot,
    now: Timestamp,
) -> Result<Announcement, WebhookIdError> {
    let key = ContentKey::of(&[
        endpoint.id.as_str().as_bytes(),
        &endpoint.version.to_le_bytes(),
        b"endpoint.disabled",
    ]);
    let failing_since = endpoint.state.failing_since;
    let data = EndpointDisabled {
        endpoint: endpoint.id.clone(),
        description: Line::from(endpoint.definition.description.clone().unwrap_or_default()),
        host: Line::from(url.host()),
        reason,
        failing_since: failing_since
            .filter(|_| reason == DisabledReason::Failing)
            .map(Moment),
        last_status: match last {
            Some(Outcome::Answered { status, .. }) => Some(*status),
            _ => None,
        },
        links: EndpointLinks {
            endpoint: root.endpoint(&endpoint.id),
        },
    };
    Ok(Announcement {
        id: MessageId::parse(&format!("evt_{}", key.as_str().split_at(32).0))?,
        payload: Payload {
            at: now,
            data: data.into(),
        },
    })
}
