//! What a subscriber writes of an endpoint, and what is left of it once it is checked.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::filter::Filters;
use super::limits::{CONCURRENCY, Limits, PER_SECOND};
use super::pattern::TypePattern;
use super::url::{EndpointUrl, UrlRules};
use crate::catalogue::EventData;
use crate::retry::{DEFAULT_DISABLE_AFTER_MS, DISABLE_AFTER_MS, Schedule};
use crate::{EndpointId, Format, Payload};

/// The most characters of a description and a brand's name.
const MAX_TEXT: usize = 200;
/// The most patterns of types.
const MAX_PATTERNS: usize = 20;

/// An endpoint as its owner writes it, and as it is stored: [`Endpoint::new`] checks it. What is left out has its default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Where messages are sent.
    pub url: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The form of messages: `standard`, `slack` or `discord`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Which events are wanted: names, families (`content.*`) or all (`*`), which is the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
    /// Only events of this brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Only events whose data has these values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, Value>,
    /// The waits between attempts, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_waits_s: Option<Vec<u64>>,
    /// How long it may fail before it is disabled, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_after_s: Option<u64>,
    /// The most attempts a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<u32>,
    /// The most attempts at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
}

/// One thing wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, such as `types[2]` or `filters.brand`.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    pub(super) fn new(field: impl Into<String>, message: impl fmt::Display) -> Self {
        Self {
            field: field.into(),
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// Everything that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this endpoint can't be used: {}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("; "))]
pub struct DefinitionError(pub Vec<Problem>);

/// An endpoint that can be used.
///
/// ```
/// use webhooks::EndpointId;
/// use webhooks::endpoint::{Definition, Endpoint, UrlRules};
///
/// let definition = Definition {
///     url: "https://hooks.example.com/reelwright".to_owned(),
///     types: Some(vec!["content.*".to_owned()]),
///     ..Definition::default()
/// };
/// let endpoint = Endpoint::new(EndpointId::new(1, 2), &definition, &UrlRules::default())?;
/// assert_eq!(endpoint.schedule.attempts(), 8);
/// # Ok::<(), webhooks::endpoint::DefinitionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where messages are sent.
    pub url: EndpointUrl,
    /// What it is for; may be empty.
    pub description: String,
    /// The form of messages.
    pub format: Format,
    /// Which events are wanted.
    pub types: Vec<TypePattern>,
    /// Only events of this brand.
    pub brand: Option<String>,
    /// Only events whose data has these values.
    pub filters: Filters,
    /// The waits between attempts.
    pub schedule: Schedule,
    /// How long it may fail before it is disabled, in milliseconds.
    pub disable_after_ms: u64,
    /// The most that is sent to it.
    pub limits: Limits,
}

impl Endpoint {
    /// Checks a definition: an error lists everything that is wrong with it.
    pub fn new(
        id: EndpointId,
        definition: &Definition,
        rules: &UrlRules,
    ) -> Result<Self, DefinitionError> {
        let mut problems = Vec::new();
        let url = EndpointUrl::parse(&definition.url, rules)
            .map_err(|error| problems.push(Problem::new("url", error)));
        let description = short_text(
            "description",
            definition.description.as_deref(),
            &mut problems,
        );
        let brand = short_text("brand", definition.brand.as_deref(), &mut problems);
        if brand.as_deref() == Some("") {
            problems.push(Problem::new(
                "brand",
                "it is empty: leave it out to have the events of all brands",
            ));
        }
        let format = definition.format.as_deref().map(Format::parse).transpose();
        let format = format.map_err(|error| problems.push(Problem::new("format", error)));
        let types = types(definition.types.as_deref(), &mut problems);
        let filters = Filters::check(&definition.filters, &types, &mut problems);
        let schedule = match &definition.retry_waits_s {
            None => Ok(Schedule::default()),
            Some(waits) => Schedule::try_from(waits.clone())
                .map_err(|error| problems.push(Problem::new("retry_waits_s", error))),
        };
        let disable_after_ms = disable_after_ms(definition.disable_after_s, &mut problems);
        let limits = limits(definition, &mut problems);
        match (url, format, schedule) {
            (Ok(url), Ok(format), Ok(schedule)) if problems.is_empty() => Ok(Self {
                id,
                url,
                description: description.unwrap_or_default(),
                format: format.unwrap_or_default(),
                types,
                brand,
                filters,
                schedule,
                disable_after_ms,
                limits,
            }),
            _ => Err(DefinitionError(problems)),
        }
    }

    /// Whether an event is to be delivered to this endpoint. A test goes to the endpoint that is tried, whatever that subscribes to; that an
    /// endpoint was disabled is told to the others only.
    pub fn matches(&self, payload: &Payload) -> bool {
        match &payload.data {
            EventData::WebhookTest(data) => return data.endpoint == self.id,
            EventData::EndpointDisabled(data) if data.endpoint == self.id => return false,
            _ => {}
        }
        let wanted = self
            .types
            .iter()
            .any(|pattern| pattern.matches(payload.event_type()));
        let branded = self
            .brand
            .as_deref()
            .is_none_or(|brand| payload.data.brand() == Some(brand));
        // Most endpoints have no filters, and then the event needn't be made into JSON.
        wanted
            && branded
            && (self.filters.is_empty()
                || serde_json::to_value(&payload.data)
                    .is_ok_and(|data| self.filters.match_data(&data)))
    }
}

fn short_text(field: &str, text: Option<&str>, problems: &mut Vec<Problem>) -> Option<String> {
    let text = text?;
    if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        problems.push(Problem::new(
            field,
            format!("expected at most {MAX_TEXT} characters on one line"),
        ));
    }
    Some(text.to_owned())
}

fn types(written: Option<&[String]>, problems: &mut Vec<Problem>) -> Vec<TypePattern> {
    let Some(written) = written else {
        return vec![TypePattern::All];
    };
    if written.is_empty() || written.len() > MAX_PATTERNS {
        problems.push(Problem::new(
            "types",
            format!(
                "{} entries: expected 1 to {MAX_PATTERNS}, or \"*\" for all events",
                written.len()
            ),
        ));
        return vec![TypePattern::All];
    }
    let mut types = Vec::new();
    for (at, text) in written.iter().enumerate() {
        match TypePattern::parse(text) {
            Ok(pattern) => types.push(pattern),
            Err(error) => problems.push(Problem::new(format!("types[{at}]"), error)),
        }
    }
    types
}

fn disable_after_ms(seconds: Option<u64>, problems: &mut Vec<Problem>) -> u64 {
    let ms = seconds.map_or(DEFAULT_DISABLE_AFTER_MS, |seconds| {
        seconds.saturating_mul(1000)
    });
    if !DISABLE_AFTER_MS.contains(&ms) {
        problems.push(Problem::new(
            "disable_after_s",
            format!(
                "expected {} to {} (an hour to thirty days)",
                DISABLE_AFTER_MS.start() / 1000,
                DISABLE_AFTER_MS.end() / 1000
            ),
        ));
    }
    ms
}

fn limits(definition: &Definition, problems: &mut Vec<Problem>) -> Limits {
    let default = Limits::default();
    let limits = Limits {
        per_second: definition.per_second.unwrap_or(default.per_second),
        concurrency: definition.concurrency.unwrap_or(default.concurrency),
    };
    for (field, value, range) in [
        ("per_second", limits.per_second, PER_SECOND),
        ("concurrency", limits.concurrency, CONCURRENCY),
    ] {
        if !range.contains(&value) {
            let (least, most) = (range.start(), range.end());
            problems.push(Problem::new(
                field,
                format!("{value}: expected {least} to {most}"),
            ));
        }
    }
    limits
}

#[cfg(test)]
mod tests;
