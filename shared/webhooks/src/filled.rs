//! For tests: events in which somebody wrote as much as they could.

use crate::catalogue::{Decider, EventData, RunFacts};
use crate::{ApiRoot, Line, Note, Payload, Reasons};

/// A payload with its texts replaced by this one, as long as they may be.
pub(crate) fn filled(mut payload: Payload, text: &str) -> Payload {
    let facts = |run: &mut RunFacts| {
        run.workflow = Line::from(text);
        run.topic = Line::from(text);
        run.brand = Some(Line::from(text));
    };
    let reasons: Reasons = std::iter::repeat_n(text, 20).collect();
    let line = || Line::from(text);
    match &mut payload.data {
        EventData::WorkflowCompleted(data) => {
            facts(&mut data.run);
            data.degraded = reasons;
        }
        EventData::WorkflowFailed(data) => {
            facts(&mut data.run);
            data.failure.task = Some(line());
            data.failure.error = line();
            data.failure.cause = Note::from(text);
        }
        EventData::WorkflowCancelled(data) => facts(&mut data.run),
        EventData::ContentApproved(data) => {
            facts(&mut data.run);
            data.decided_by = Decider::Person;
            data.reviewer = Some(line());
            data.note = Some(Note::from(text));
        }
        EventData::ContentReviewRequired(data) => {
            facts(&mut data.run);
            data.reasons = reasons;
        }
        EventData::ContentReviewExpired(data) => facts(&mut data.run),
        EventData::ContentRejected(data) => {
            facts(&mut data.run);
            data.reviewer = line();
            data.note = Some(Note::from(text));
        }
        EventData::ExperimentConcluded(data) => {
            data.experiment = line();
            data.metric = line();
            data.variant = Some(line());
            data.links.experiment = ApiRoot::relative().experiment(data.experiment.as_str());
        }
        EventData::EndpointDisabled(data) => {
            data.description = line();
            data.host = line();
        }
        EventData::WebhookTest(data) => data.message = line(),
    }
    payload
}
