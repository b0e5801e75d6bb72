//! The runs of a brief whose variants are compared, and the experiment that compares them.
//!
//! The other variants begin when the first round of the control is over: then all that they have in common with it is made, and answered
//! by its content key.

use domain::{Run, RunId, RunState, Variants};
use experiments::definition::{Metric, MetricKind, Variation};
use experiments::{Definition, DefinitionError};
use serde_json::json;
use store::{ContentTest, ExperimentRecord};

use crate::{RunError, Runs, execution_name};

/// What an experiment on content is judged by unless its owner changes that: the share of viewers who watched.
const WATCHED: &str = "watched";

/// A brief's runs and their experiment: written together, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The run of the control.
    pub control: Run,
    /// The runs of the other variants, in their order.
    pub others: Vec<Run>,
    /// The experiment that compares them: a draft.
    pub experiment: ExperimentRecord,
}

impl Family {
    /// The family of a new run. Ids and names follow from the run's own, so that a family is known by its control.
    pub fn of(mut control: Run, variants: &Variants) -> Result<Self, DefinitionError> {
        let now = control.created_at;
        let id = |number: u32| {
            let parts = [
                control.id.as_str().as_bytes(),
                b"variant",
                &number.to_le_bytes(),
            ];
            RunId::of_message(now.0, &parts)
        };
        let mut runs = vec![control.id.clone()];
        runs.extend((2..=variants.count()).map(id));
        let key = format!("{}-{}", variants.of.name(), control.id);
        let variant = |number| variants.variant(number, &runs, &key);
        control.variant = Some(variant(1));
        let others: Vec<Run> = (2..)
            .zip(runs.iter().skip(1))
            .map(|(number, id)| Run {
                id: id.clone(),
                execution: execution_name(id, 1, now),
                parent: Some(control.id.clone()),
                variant: Some(variant(number)),
                ..control.clone()
            })
            .collect();
        let mut experiment = ExperimentRecord::new(definition(&key, &control, &others), now)?;
        experiment.content = Some(ContentTest {
            of: variants.of,
            brand: control.brand.clone(),
            runs: arms(&control, &others)
                .map(|(key, run)| (key, run.id.clone()))
                .collect(),
        });
        Ok(Self {
            control,
            others,
            experiment,
        })
    }
}

/// The runs with their keys among the experiment's variations.
fn arms<'a>(control: &'a Run, others: &'a [Run]) -> impl Iterator<Item = (String, &'a Run)> {
    let key = |run: &'a Run| Some((run.variant.as_ref()?.key(), run));
    std::iter::once(control).chain(others).filter_map(key)
}

/// The experiment as its owner may still change it: equal weights, each variation's value naming its run.
fn definition(key: &str, control: &Run, others: &[Run]) -> Definition {
    let variations = arms(control, others).map(|(key, run)| Variation {
        key,
        name: run
            .variant
            .as_ref()
            .and_then(|variant| variant.voice.clone()),
        value: Some(json!({ "run": run.id })),
    });
    let metric = Metric::new(WATCHED, MetricKind::Proportion);
    Definition {
        name: (!control.topic.is_empty()).then(|| control.topic.clone()),
        ..Definition::new(key, variations.collect(), vec![metric])
    }
}

/// What a variant is to do whose execution nobody works on.
pub(crate) enum Turn {
    /// Its control isn't through its first round: it waits.
    Later,
    /// It begins, or goes on.
    Now,
    /// Its control was cancelled before it began.
    Never,
}

/// Whether a control is at its first round, so that the others wait.
fn is_at_first(control: &Run) -> bool {
    control.state == RunState::Running && control.round == 1
}

impl Runs {
    /// Whether it is a run's turn.
    pub(crate) async fn turn(&self, run: &Run) -> Result<Turn, RunError> {
        let Some(parent) = &run.parent else {
            return Ok(Turn::Now);
        };
        // Its rows are written when it begins.
        let begun = run.round > 1 || !self.store.tasks(&run.id, run.round).await?.is_empty();
        if begun {
            return Ok(Turn::Now);
        }
        let control = self.store.run(parent).await?;
        Ok(if is_at_first(&control) {
            Turn::Later
        } else if control.state == RunState::Cancelled {
            Turn::Never
        } else {
            Turn::Now
        })
    }

    /// Has the other variants of a control begin, once it is through its first round. Repeating it changes nothing; a run that has none
    /// is left alone.
    pub async fn begin_others(&self, control: &RunId) -> Result<(), RunError> {
        let control = self.store.run(control).await?;
        if control.others().is_empty() || is_at_first(&control) {
            return Ok(());
        }
        for other in control.others() {
            let run = self.store.run(other).await?;
            if run.state == RunState::Running {
                self.see_to(&run).await?;
            }
        }
        Ok(())
    }
}
