//! An example of every event, for the catalogue's document and for those who try a receiver.

use domain::{RunId, Timestamp};

use super::{
    Conclusion, ContentApproved, ContentRejected, ContentReviewExpired, ContentReviewRequired,
    Decider, DisabledReason, EndpointDisabled, EndpointLinks, EventData, EventType,
    ExperimentConcluded, ExperimentLinks, Failure, MadeLinks, ReviewLinks, RunFacts, RunLinks,
    WebhookTest, WorkflowCancelled, WorkflowCompleted, WorkflowFailed,
};
use crate::{ApiRoot, EndpointId, Line, Link, Moment, Note, Payload};

/// 2026-11-23T10:00:00Z, in milliseconds since 1970.
const MOMENT: u64 = 1_795_428_000_000;
const DAY_MS: u64 = 86_400_000;

/// The example of a type. It is the same each time.
pub(super) fn example(kind: EventType) -> Payload {
    let of = Example::new();
    let data: EventData = match kind {
        EventType::WorkflowCompleted => WorkflowCompleted {
            run: of.run(),
            degraded: ["the voice of the brief was not to be had: the embedded one speaks"]
                .into_iter()
                .collect(),
            cost_usd: 0.042,
            links: of.made(),
        }
        .into(),
        EventType::WorkflowFailed => WorkflowFailed {
            run: of.run(),
            failure: Failure {
                task: Some(Line::from("images")),
                error: Line::from("Refused"),
                cause: Note::from("the provider refused the picture of scene 3: change its words, then redrive the run"),
            },
            cost_usd: 0.017,
            links: of.run_only(),
        }
        .into(),
        EventType::WorkflowCancelled => WorkflowCancelled {
            run: of.run(),
            cost_usd: 0.008,
            links: of.run_only(),
        }
        .into(),
        EventType::ContentApproved => ContentApproved {
            run: of.run(),
            score: 88.4,
            decided_by: Decider::Score,
            reviewer: None,
            note: None,
            links: of.made(),
        }
        .into(),
        EventType::ContentReviewRequired => ContentReviewRequired {
            run: of.run(),
            score: 78.1,
            reasons: ["the total is below 85"].into_iter().collect(),
            expires_at: Some(Moment(Timestamp(MOMENT + 3 * DAY_MS))),
            links: of.review(),
        }
        .into(),
        EventType::ContentReviewExpired => ContentReviewExpired {
            run: of.run(),
            score: 78.1,
            waiting_since: Moment(Timestamp(MOMENT - 3 * DAY_MS)),
            links: of.made(),
        }
        .into(),
        EventType::ContentRejected => ContentRejected {
            run: of.run(),
            score: 78.1,
            reviewer: Line::from("Mara"),
            note: Some(Note::from("the second claim needs a source")),
            links: of.made(),
        }
        .into(),
        EventType::ExperimentConcluded => ExperimentConcluded {
            experiment: Line::from("hook-question"),
            verdict: Conclusion::Winner,
            metric: Line::from("completion"),
            variant: Some(Line::from("question")),
            run: Some(of.run.clone()),
            links: ExperimentLinks {
                experiment: of.root.experiment("hook-question"),
            },
        }
        .into(),
        EventType::EndpointDisabled => EndpointDisabled {
            endpoint: of.endpoint.clone(),
            description: Line::from("the newsroom's board"),
            host: Line::from("hooks.example.com"),
            reason: DisabledReason::Failing,
            failing_since: Some(Moment(Timestamp(MOMENT - 5 * DAY_MS))),
            last_status: Some(503),
            links: of.endpoint_only(),
        }
        .into(),
        EventType::WebhookTest => WebhookTest {
            endpoint: of.endpoint.clone(),
            message: Line::from("This endpoint receives Reelwright's events."),
            links: of.endpoint_only(),
        }
        .into(),
    };
    Payload {
        at: Timestamp(MOMENT),
        data,
    }
}

/// What the examples have in common.
struct Example {
    root: ApiRoot,
    run: RunId,
    endpoint: EndpointId,
}

impl Example {
    fn new() -> Self {
        Self {
            root: ApiRoot::relative(),
            run: RunId::new(MOMENT - 90_000, 0x0013_57b9_df02_468a_ce13),
            endpoint: EndpointId::new(MOMENT - 9 * DAY_MS, 0x00ec_a864_20fd_b975_3102),
        }
    }

    fn run(&self) -> RunFacts {
        RunFacts {
            run: self.run.clone(),
            round: 1,
            workflow: Line::from("short-video"),
            topic: Line::from("Why bees dance"),
            brand: Some(Line::from("Meadow")),
        }
    }

    fn link(&self) -> Link {
        self.root.run(&self.run)
    }

    fn run_only(&self) -> RunLinks {
        RunLinks { run: self.link() }
    }

    fn made(&self) -> MadeLinks {
        MadeLinks {
            run: self.link(),
            video: self.root.video(&self.run),
        }
    }

    fn review(&self) -> ReviewLinks {
        ReviewLinks {
            run: self.link(),
            video: self.root.video(&self.run),
            review: self.root.review(&self.run),
        }
    }

    fn endpoint_only(&self) -> EndpointLinks {
        EndpointLinks {
            endpoint: self.root.endpoint(&self.endpoint),
        }
    }
}
