//! Experiments on content: which of their runs can be compared, and which one won.

use domain::{RunState, Won};
use experiments::Definition;
use store::{BrandWinner, ContentTest, ExperimentRecord};

use crate::{AssignError, Experiments};

impl Experiments {
    /// The definition with which an experiment starts. One that compares runs starts with those whose videos may be shown: while one of them
    /// is being made or waits for a person it can't start, and those that came to nothing are left out.
    pub(crate) async fn to_start(
        &self,
        record: &ExperimentRecord,
    ) -> Result<Definition, AssignError> {
        let mut definition = record.definition.clone();
        let Some(test) = &record.content else {
            return Ok(definition);
        };
        let key = &definition.key;
        let mut out = Vec::new();
        for variation in &definition.variations {
            // One that its owner has added shows something else.
            let Some(id) = test.runs.get(&variation.key) else {
                continue;
            };
            let run = self.store.run(id).await?;
            match run.state {
                RunState::Approved | RunState::Succeeded => {}
                RunState::Running | RunState::InReview => {
                    return Err(AssignError::Unmade {
                        key: key.clone(),
                        variation: variation.key.clone(),
                        run: run.id,
                        state: run.state.name(),
                    });
                }
                RunState::Rejected | RunState::Expired | RunState::Failed | RunState::Cancelled => {
                    out.push(variation.key.clone());
                }
            }
        }
        if out.is_empty() {
            return Ok(definition);
        }
        if definition.variations.len() < out.len() + 2 {
            return Err(AssignError::NothingToCompare {
                key: key.clone(),
                out: out.join(", "),
            });
        }
        let stays: Vec<bool> = definition
            .variations
            .iter()
            .map(|variation| !out.contains(&variation.key))
            .collect();
        definition.weights = definition
            .weights
            .and_then(|weights| shared_anew(&weights, &stays));
        let mut stays = stays.into_iter();
        definition
            .variations
            .retain(|_| stays.next().unwrap_or(true));
        Ok(definition)
    }
}

/// The weights of those that stay, in their proportions; none, which is equal ones, where nothing is left of them.
fn shared_anew(weights: &[f64], stays: &[bool]) -> Option<Vec<f64>> {
    let kept = weights.iter().zip(stays).filter(|(_, stays)| **stays);
    let kept: Vec<f64> = kept.map(|(weight, _)| *weight).collect();
    let sum: f64 = kept.iter().sum();
    (sum > 0.0).then(|| kept.iter().map(|weight| weight / sum).collect())
}

/// What won, by an experiment that is concluded: nothing where it compares no runs, names no winner, or its winner shows something else.
pub(crate) fn winner(record: &ExperimentRecord) -> Option<(&ContentTest, BrandWinner)> {
    let test = record.content.as_ref()?;
    let variation = record.definition.winner.as_ref()?;
    let run = test.runs.get(variation)?;
    let won = Won {
        experiment: record.definition.key.clone(),
        variation: variation.clone(),
        at: record.updated_at,
    };
    let winner = BrandWinner {
        of: test.of,
        run: run.clone(),
        won,
    };
    Some((test, winner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_those_that_stay_keep_their_proportions() {
        let stays = [true, false, true];
        assert_eq!(shared_anew(&[0.2, 0.5, 0.3], &stays), Some(vec![0.4, 0.6]));
        assert_eq!(shared_anew(&[0.0, 1.0, 0.0], &stays), None);
    }
}
