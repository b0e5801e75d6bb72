//! What people are shown of an event: a title, a few facts, and where to look.

use crate::catalogue::{
    Conclusion, ContentApproved, ContentRejected, ContentReviewExpired, ContentReviewRequired,
    Decider, DisabledReason, EndpointDisabled, EventData, ExperimentConcluded, RunFacts,
    WorkflowCancelled, WorkflowCompleted, WorkflowFailed,
};
use crate::{Link, Payload, Reasons};

/// An event for people. The title and the labels are ours; the facts may be anybody's, and must be escaped.
pub(super) struct Shown {
    pub title: &'static str,
    pub facts: Vec<(&'static str, String)>,
    pub links: Vec<(&'static str, Link)>,
}

/// What is shown of an event.
pub(super) fn shown(payload: &Payload) -> Shown {
    match &payload.data {
        EventData::WorkflowCompleted(data) => completed(data),
        EventData::WorkflowFailed(data) => failed(data),
        EventData::WorkflowCancelled(data) => cancelled(data),
        EventData::ContentApproved(data) => approved(data),
        EventData::ContentReviewRequired(data) => review_required(data),
        EventData::ContentReviewExpired(data) => review_expired(data),
        EventData::ContentRejected(data) => rejected(data),
        EventData::ExperimentConcluded(data) => concluded(data),
        EventData::EndpointDisabled(data) => disabled(data),
        EventData::WebhookTest(data) => Shown {
            title: "Webhook test",
            facts: vec![("Message", data.message.to_string())],
            links: vec![("Endpoint", data.links.endpoint.clone())],
        },
    }
}

fn of_run(title: &'static str, run: &RunFacts, run_link: &Link) -> Shown {
    let mut facts = vec![("Topic", run.topic.to_string())];
    facts.extend(run.brand.as_ref().map(|brand| ("Brand", brand.to_string())));
    facts.push(("Round", run.round.to_string()));
    Shown {
        title,
        facts,
        links: vec![("Run", run_link.clone())],
    }
}

impl Shown {
    fn fact(mut self, label: &'static str, value: impl ToString) -> Self {
        self.facts.push((label, value.to_string()));
        self
    }

    fn fact_if(self, label: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.fact(label, value),
            None => self,
        }
    }

    fn reasons(self, label: &'static str, reasons: &Reasons) -> Self {
        let all: Vec<&str> = reasons.as_slice().iter().map(crate::Line::as_str).collect();
        self.fact_if(label, (!all.is_empty()).then(|| all.join("; ")))
    }

    fn link(mut self, label: &'static str, link: &Link) -> Self {
        self.links.push((label, link.clone()));
        self
    }
}

fn dollars(cost_usd: f64) -> String {
    format!("${cost_usd:.3}")
}

fn points(score: f64) -> String {
    format!("{score:.1} of 100")
}

fn completed(data: &WorkflowCompleted) -> Shown {
    of_run("Video made", &data.run, &data.links.run)
        .reasons("Less than asked for", &data.degraded)
        .fact("Cost", dollars(data.cost_usd))
        .link("Video", &data.links.video)
}

fn failed(data: &WorkflowFailed) -> Shown {
    of_run("Run failed", &data.run, &data.links.run)
        .fact_if("Task", data.failure.task.as_ref())
        .fact("Error", &data.failure.error)
        .fact("Cause", &data.failure.cause)
}

fn cancelled(data: &WorkflowCancelled) -> Shown {
    of_run("Run cancelled", &data.run, &data.links.run).fact("Cost", dollars(data.cost_usd))
}

fn approved(data: &ContentApproved) -> Shown {
    let by = match data.decided_by {
        Decider::Score => "its score".to_owned(),
        Decider::Person => data
            .reviewer
            .as_ref()
            .map_or_else(|| "a person".to_owned(), ToString::to_string),
    };
    of_run("Video approved", &data.run, &data.links.run)
        .fact("Score", points(data.score))
        .fact("Approved by", by)
        .fact_if("Note", data.note.as_ref())
        .link("Video", &data.links.video)
}

fn review_required(data: &ContentReviewRequired) -> Shown {
    of_run("Video waits for review", &data.run, &data.links.run)
        .fact("Score", points(data.score))
        .reasons("Why", &data.reasons)
        .fact_if("Until", data.expires_at.map(String::from))
        .link("Video", &data.links.video)
        .link("Review", &data.links.review)
}

fn review_expired(data: &ContentReviewExpired) -> Shown {
    of_run("Review expired", &data.run, &data.links.run)
        .fact("Score", points(data.score))
        .fact("Waited since", String::from(data.waiting_since))
        .link("Video", &data.links.video)
}

fn rejected(data: &ContentRejected) -> Shown {
    of_run("Video rejected", &data.run, &data.links.run)
        .fact("Score", points(data.score))
        .fact("Rejected by", &data.reviewer)
        .fact_if("Note", data.note.as_ref())
        .link("Video", &data.links.video)
}

fn concluded(data: &ExperimentConcluded) -> Shown {
    let verdict = match data.verdict {
        Conclusion::Winner => "a variant is better",
        Conclusion::Loser => "the control is better",
        Conclusion::NoDifference => "no difference",
        Conclusion::Invalid => "the data can't be relied on",
        Conclusion::Undecided => "ended before it was decided",
    };
    let shown = Shown {
        title: "Experiment concluded",
        facts: vec![("Experiment", data.experiment.to_string())],
        links: vec![("Experiment", data.links.experiment.clone())],
    };
    shown
        .fact("Verdict", verdict)
        .fact("Metric", &data.metric)
        .fact_if("Variant", data.variant.as_ref())
}

fn disabled(data: &EndpointDisabled) -> Shown {
    let reason = match data.reason {
        DisabledReason::Gone => "it answered 410 Gone",
        DisabledReason::Failing => "it failed for days",
        DisabledReason::Asked => "somebody disabled it",
    };
    let description = (!data.description.as_str().is_empty()).then_some(&data.description);
    let shown = Shown {
        title: "Webhook endpoint disabled",
        facts: vec![("Host", data.host.to_string())],
        links: vec![("Endpoint", data.links.endpoint.clone())],
    };
    shown
        .fact_if("Purpose", description)
        .fact("Why", reason)
        .fact_if("Failing since", data.failing_since.map(String::from))
        .fact_if("Last status", data.last_status)
}
