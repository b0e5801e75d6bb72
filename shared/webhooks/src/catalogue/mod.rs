//! The events that subscribers can be told of: one list, from which names, data, schemas and examples come.

mod content;
mod document;
mod endpoints;
mod examples;
mod experiments;
mod runs;

use std::fmt;

use domain::EventKind;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use content::{
    ContentApproved, ContentRejected, ContentReviewExpired, ContentReviewRequired, Decider,
};
pub use document::{EventEntry, document, entries, entry};
pub use endpoints::{DisabledReason, EndpointDisabled, EndpointLinks, WebhookTest};
pub use experiments::{Conclusion, ExperimentConcluded, ExperimentLinks};
pub use runs::{
    Failure, MadeLinks, ReviewLinks, RunFacts, RunLinks, WorkflowCancelled, WorkflowCompleted,
    WorkflowFailed,
};

/// An event's name that the catalogue doesn't have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no event: expected one of {names}", names = EventType::ALL.map(EventType::name).join(", "))]
pub struct UnknownEvent(pub(crate) String);

macro_rules! catalogue {
    ($($kind:ident = $name:literal, version $version:literal: $about:literal;)*) => {
        /// The types of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventType {
            $(
                #[doc = $about]
                #[serde(rename = $name)]
                $kind,
            )*
        }

        impl EventType {
            /// All types, in the catalogue's order.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// The name that subscribers know it by.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// The version of its data. Fields may be added to a version; none is taken away, and none changes its meaning.
            pub const fn version(self) -> u32 {
                match self {
                    $(Self::$kind => $version,)*
                }
            }

            /// What it tells, in a sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$kind => $about,)*
                }
            }

            /// The JSON schema of its data.
            pub(crate) fn data_schema(self) -> Schema {
                match self {
                    $(Self::$kind => schema_of::<$kind>(),)*
                }
            }
        }

        /// What an event tells: one kind of data for each type.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum EventData {
            $(
                #[doc = $about]
                $kind($kind),
            )*
        }

        impl EventData {
            /// Its type.
            pub fn event_type(&self) -> EventType {
                match self {
                    $(Self::$kind(_) => EventType::$kind,)*
                }
            }

            /// Reads the data of a type.
            pub(crate) fn read(kind: EventType, data: Value) -> Result<Self, serde_json::Error> {
                match kind {
                    $(EventType::$kind => serde_json::from_value(data).map(Self::$kind),)*
                }
            }
        }

        $(
            impl From<$kind> for EventData {
                fn from(data: $kind) -> Self {
                    Self::$kind(data)
                }
            }
        )*
    };
}

catalogue! {
    WorkflowCompleted = "workflow.completed", version 1: "A round was composed: its video can be fetched, and is not judged yet.";
    WorkflowFailed = "workflow.failed", version 1: "A task failed for good. What succeeded is kept, and the run can be redriven.";
    WorkflowCancelled = "workflow.cancelled", version 1: "Somebody stopped a run.";
    ContentApproved = "content.approved", version 1: "A video was approved, by its score or by a person.";
    ContentReviewRequired = "content.review_required", version 1: "A video waits for a person to approve it, reject it or ask for another round.";
    ContentReviewExpired = "content.review_expired", version 1: "A video waited for a person longer than it should.";
    ContentRejected = "content.rejected", version 1: "A person decided against a video.";
    ExperimentConcluded = "experiment.concluded", version 1: "An experiment has its verdict.";
    EndpointDisabled = "endpoint.disabled", version 1: "Nothing more is sent to an endpoint. Told to the others.";
    WebhookTest = "webhook.test", version 1: "Somebody tries whether an endpoint receives. Sent to that endpoint only, whatever it subscribes to.";
}

impl EventType {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| UnknownEvent(text.chars().take(80).collect()))
    }
}

impl From<EventKind> for EventType {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::WorkflowCompleted => Self::WorkflowCompleted,
            EventKind::WorkflowFailed => Self::WorkflowFailed,
            EventKind::WorkflowCancelled => Self::WorkflowCancelled,
            EventKind::ContentApproved => Self::ContentApproved,
            EventKind::ContentReviewRequired => Self::ContentReviewRequired,
            EventKind::ContentRejected => Self::ContentRejected,
            EventKind::ContentReviewExpired => Self::ContentReviewExpired,
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl EventData {
    /// The run that it tells of, if it tells of one.
    pub fn run(&self) -> Option<&RunFacts> {
        match self {
            Self::WorkflowCompleted(data) => Some(&data.run),
            Self::WorkflowFailed(data) => Some(&data.run),
            Self::WorkflowCancelled(data) => Some(&data.run),
            Self::ContentApproved(data) => Some(&data.run),
            Self::ContentReviewRequired(data) => Some(&data.run),
            Self::ContentReviewExpired(data) => Some(&data.run),
            Self::ContentRejected(data) => Some(&data.run),
            Self::ExperimentConcluded(_) | Self::EndpointDisabled(_) | Self::WebhookTest(_) => None,
        }
    }

    /// The brand that it belongs to, if it belongs to one.
    pub fn brand(&self) -> Option<&str> {
        self.run()?.brand.as_ref().map(crate::Line::as_str)
    }
}

/// A schema that stands alone, of what is written.
fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        })
        .into_generator()
        .into_root_schema_for::<T>()
}

/// The schema of a run's id: the type is `domain`'s, which describes no API.
fn run_id_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{26}$" })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn an_event_of_the_outbox_has_the_same_name_here() {
        for kind in [
            EventKind::WorkflowCompleted,
            EventKind::WorkflowFailed,
            EventKind::WorkflowCancelled,
            EventKind::ContentApproved,
            EventKind::ContentReviewRequired,
            EventKind::ContentRejected,
            EventKind::ContentReviewExpired,
        ] {
            assert_eq!(EventType::from(kind).name(), kind.name());
        }
    }

    #[test]
    fn every_name_is_read_as_it_is_written_and_no_other() {
        for kind in EventType::ALL {
            assert_eq!(EventType::parse(kind.name()), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        let error = EventType::parse("workflow.exploded").unwrap_err();
        assert!(error.to_string().contains("workflow.completed"), "{error}");
    }
}
