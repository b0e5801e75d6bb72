//! What a person decides, and what becomes of a review that nobody decides.

use domain::quality::{Action, Decided, Decision, Feedback, Suggestion, Target};
use domain::{Run, RunId, RunState, Timestamp};
use serde::Deserialize;
use store::StoreError;

use crate::gate::{again, document, feedback_of};
use crate::{RunError, Runs};

/// The part of an assessment that feedback is made from.
#[derive(Deserialize)]
struct Assessed {
    assessment: Judged,
}

#[derive(Deserialize)]
struct Judged {
    advice: Advice,
}

#[derive(Deserialize)]
struct Advice {
    suggestions: Vec<Suggestion>,
}

impl Runs {
    /// Writes what a person decided on a run that waits for one. Another round is started at once: it hears what the score suggests,
    /// and the person's note. A second decision is refused by [`StoreError::NotWaiting`].
    pub async fn decide(
        &self,
        id: &RunId,
        decision: Decision,
        by: &str,
        note: Option<String>,
    ) -> Result<Run, RunError> {
        let run = self.store.run(id).await?;
        let now = (self.clock)();
        let decided = Decided {
            decision,
            round: run.round,
            by: by.to_owned(),
            at: now,
            note,
        };
        if decision != Decision::Regenerate {
            self.store.decide_review(&run, &decided, None).await?;
            return Ok(self.store.run(id).await?);
        }
        if run.state != RunState::InReview {
            return Err(StoreError::NotWaiting {
                run: id.clone(),
                state: run.state,
                decided: run.decided,
            }
            .into());
        }
        if run.edited.is_some() {
            return Err(RunError::Edited(run.id));
        }
        // Before anything changes: a run whose brief is lost can't go on.
        let facts = self.facts_of(&run).await?;
        let feedback = self.feedback(&run, decided.note.clone()).await?;
        let again = again(&self.artifacts, &run, &feedback, now).await?;
        self.store
            .decide_review(&run, &decided, Some(&again))
            .await?;
        let run = self.store.run(id).await?;
        self.set_going(&run, facts).await?;
        Ok(run)
    }

    /// What a round that a person asks for hears: it opens differently at least, and where nothing else is known to be wrong it is told
    /// differently.
    async fn feedback(&self, run: &Run, note: Option<String>) -> Result<Feedback, RunError> {
        let mut suggestions = match run.shown_score() {
            None => Vec::new(),
            Some(score) => {
                let assessed: Assessed =
                    document(&self.artifacts, run, "the assessment", &score.assessment).await?;
                assessed.assessment.advice.suggestions
            }
        };
        let mut wants = vec![Action::OtherHook { avoid: Vec::new() }];
        if suggestions.is_empty() {
            wants.push(Action::TellDifferently);
        }
        for action in wants {
            if suggestions
                .iter()
                .any(|known| known.action.is_like(&action))
            {
                continue;
            }
            suggestions.extend(action.targets().iter().map(|&task: &Target| Suggestion {
                task,
                scene: None,
                action: action.clone(),
                instruction: action.instruction(),
                gain: 0.0,
            }));
        }
        let before = feedback_of(&self.artifacts, run).await?;
        let made_by = before.and_then(|feedback| feedback.that_made(run.shown_round()));
        let feedback = Feedback {
            of_round: run.round,
            suggestions,
            note,
            earlier: Vec::new(),
        };
        // What is suggested is about the round that is shown, so it comes on top of what that was made by.
        Ok(feedback.after(made_by))
    }

    /// Ends a review that has waited for its whole time, or looks at it again when it has.
    pub(crate) async fn expire_if_due(&self, run: &Run, now: Timestamp) -> Result<(), RunError> {
        match self.store.review(run).await? {
            Some(review) if now < review.due_at => {
                Ok(self.store.watch_again(&run.id, review.due_at).await?)
            }
            _ => match self.store.expire_review(run, now).await {
                // Somebody decided, between our look and now.
                Ok(()) | Err(StoreError::NotWaiting { .. }) => Ok(()),
                Err(error) => Err(error.into()),
            },
        }
    }
}
