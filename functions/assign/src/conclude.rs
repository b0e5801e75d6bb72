//! Ending an experiment: its verdict, written with the event that announces it.

use domain::ContentKey;
use experiments::Definition;
use experiments::definition::{Role, State};
use experiments::results::{Decision, Results};
use store::{Announcement, Concluded, ExperimentRecord};
use webhooks::catalogue::{Conclusion, ExperimentConcluded, ExperimentLinks};
use webhooks::{Line, MessageId, Payload};

use crate::content::winner;
use crate::experiments::over;
use crate::{AssignError, Experiments};

impl Experiments {
    /// Ends an experiment with what its results say now. Everybody gets the variation `named` from now on; where none is, the winner by the
    /// results (of a bandit the likeliest best), or the control if there is none. Where runs are compared, the winner's is marked, and its brand
    /// remembers it.
    pub async fn conclude(
        &self,
        key: &str,
        named: Option<String>,
    ) -> Result<ExperimentRecord, AssignError> {
        let record = self.get(key).await?;
        if record.definition.state == State::Concluded {
            return Err(over(key));
        }
        let found = self.results_of(record).await?;
        let verdict = Verdict::of(&found.record.definition, &found.results);
        let next = Definition {
            state: State::Concluded,
            winner: named.or_else(|| verdict.best.clone()),
            ..found.record.definition.clone()
        };
        let mut changed = found.record.changed(next, found.at)?;
        changed.concluded = Some(Concluded {
            at: found.at,
            decision: match found.results {
                Results::Fixed(results) => Some(results.decision),
                Results::Bandit(_) => None,
            },
        });
        let announcement = self.announcement(&changed, verdict)?;
        let store = &self.store;
        let written = match winner(&changed) {
            None => {
                store
                    .change_experiment(&changed, Some(&announcement))
                    .await?
            }
            Some((test, winner)) => {
                store
                    .conclude_content(&changed, &announcement, test, &winner)
                    .await?
            }
        };
        written.ok_or_else(|| AssignError::Raced(key.to_owned()))
    }

    /// That it is over. It has the same id however often that is tried.
    fn announcement(
        &self,
        record: &ExperimentRecord,
        verdict: Verdict,
    ) -> Result<Announcement, AssignError> {
        let key = &record.definition.key;
        let id = ContentKey::of(&[
            key.as_bytes(),
            &record.created_at.0.to_le_bytes(),
            b"experiment.concluded",
        ]);
        let data = ExperimentConcluded {
            experiment: Line::from(key.clone()),
            verdict: verdict.conclusion,
            metric: Line::from(verdict.metric),
            variant: verdict
                .best
                .filter(|_| verdict.conclusion == Conclusion::Winner)
                .map(Line::from),
            run: winner(record).map(|(_, winner)| winner.run),
            links: ExperimentLinks {
                experiment: self.root.experiment(key),
            },
        };
        Ok(Announcement {
            id: MessageId::parse(&format!("evt_{}", id.as_str().split_at(32).0))?,
            payload: Payload {
                at: record.updated_at,
                data: data.into(),
            },
        })
    }
}

/// What the results come to.
struct Verdict {
    conclusion: Conclusion,
    /// The metric that decided.
    metric: String,
    /// The variation that is the best, if one is.
    best: Option<String>,
}

impl Verdict {
    fn of(definition: &Definition, results: &Results) -> Self {
        let mut goals = definition.metrics.iter();
        let goal = goals.find(|metric| metric.role == Role::Goal);
        let goal = goal.map(|metric| metric.key.clone()).unwrap_or_default();
        let results = match results {
            Results::Bandit(bandit) => {
                let mut arms: Vec<_> = bandit.arms.iter().collect();
                arms.sort_by(|a, b| b.chance_to_be_best.total_cmp(&a.chance_to_be_best));
                return Self {
                    conclusion: Conclusion::Undecided,
                    metric: bandit.metric.clone(),
                    best: arms.first().map(|arm| arm.variation.clone()),
                };
            }
            Results::Fixed(results) => results,
        };
        let (conclusion, best) = match &results.decision {
            Decision::Winner { variation } => (Conclusion::Winner, Some(variation)),
            Decision::Loser { .. } => (Conclusion::Loser, None),
            Decision::NoDifference { .. } => (Conclusion::NoDifference, None),
            Decision::KeepRunning { .. } => (Conclusion::Undecided, None),
            Decision::Invalid { .. } => (Conclusion::Invalid, None),
        };
        let mut standings = results.variations.iter();
        let by = standings.find(|standing| Some(&standing.variation) == best);
        let by = by.and_then(|standing| standing.by.first());
        Self {
            conclusion,
            metric: by.cloned().unwrap_or(goal),
            best: best.cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use experiments::Experiment;
    use experiments::results::{Observations, analyse};
    use experiments::stats::srm::Period;
    use experiments::tally::{Sums, Tally};
    use serde_json::json;

    use super::*;

    /// What is concluded of two variations of a thousand units each, by how many of them clicked and watched.
    fn verdict(kind: &str, units: [u32; 2], clicked: [u32; 2], watched: [u32; 2]) -> Verdict {
        let mut definition = json!({
            "key": "t",
            "state": "running",
            "variations": [{"key": "a"}, {"key": "b"}],
            "planned_units": 2000,
            "metrics": [
                {"key": "clicked", "kind": "proportion", "margin": 0.5},
                {"key": "watched", "kind": "proportion", "margin": 0.5},
            ],
        });
        if kind == "bandit" {
            definition["bandit"] = json!({"metric": "watched"});
        }
        let definition: Definition = serde_json::from_value(definition).expect("it is one");
        let experiment = Experiment::new(definition).expect("it is right");
        let sums = |count: u32| Sums {
            sum: f64::from(count),
            sum_squares: f64::from(count),
            ..Sums::default()
        };
        let tallies = [0, 1].map(|at| Tally {
            units: i64::from(units[at]),
            apart: 0,
            metrics: [
                ("clicked".to_owned(), sums(clicked[at])),
                ("watched".to_owned(), sums(watched[at])),
            ]
            .into(),
        });
        let period = Period {
            units: units.map(f64::from).to_vec(),
            weights: experiment.weights(),
        };
        let seen = Observations {
            tallies: &tallies,
            periods: &[period],
            days: 1.0,
            seed: 1,
        };
        let results = analyse(&experiment, &seen).expect("the periods are right");
        Verdict::of(experiment.definition(), &results)
    }

    #[test]
    fn a_verdict_names_what_it_came_to_the_metric_that_decided_and_the_best() {
        use Conclusion::{Invalid, Loser, NoDifference, Undecided, Winner};
        const EVEN: [u32; 2] = [1_000, 1_000];
        for (kind, units, clicked, watched, conclusion, metric, best) in [
            (
                "fixed",
                EVEN,
                [400, 800],
                [400, 400],
                Winner,
                "clicked",
                Some("b"),
            ),
            (
                "fixed",
                EVEN,
                [500, 500],
                [200, 700],
                Winner,
                "watched",
                Some("b"),
            ),
            (
                "fixed",
                EVEN,
                [800, 200],
                [500, 500],
                Loser,
                "clicked",
                None,
            ),
            (
                "fixed",
                EVEN,
                [500, 500],
                [500, 500],
                NoDifference,
                "clicked",
                None,
            ),
            (
                "fixed",
                [50, 50],
                [10, 11],
                [10, 11],
                Undecided,
                "clicked",
                None,
            ),
            (
                "fixed",
                [1_000, 400],
                [500, 200],
                [500, 200],
                Invalid,
                "clicked",
                None,
            ),
            (
                "bandit",
                EVEN,
                [500, 500],
                [200, 700],
                Undecided,
                "watched",
                Some("b"),
            ),
            (
                "bandit",
                EVEN,
                [500, 500],
                [700, 200],
                Undecided,
                "watched",
                Some("a"),
            ),
        ] {
            let found = verdict(kind, units, clicked, watched);
            assert_eq!(
                (
                    found.conclusion,
                    found.metric.as_str(),
                    found.best.as_deref()
                ),
                (conclusion, metric, best),
                "{kind} {units:?} {clicked:?} {watched:?}"
            );
        }
    }
}
