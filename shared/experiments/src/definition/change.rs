//! Changing an experiment: what may change once units have been seen, and what would make its results worthless.

use thiserror::Error;

use super::{Definition, DefinitionError, Experiment, State};

/// A change that can't be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ChangeError {
    /// The experiment is over.
    #[error("experiment {0:?} is concluded and can't be changed; create another one")]
    Concluded(String),
    /// A state that doesn't follow.
    #[error("experiment {key:?} is {from:?} and can't become {to:?}")]
    State {
        /// The experiment.
        key: String,
        /// Its state.
        from: State,
        /// The state it was to have.
        to: State,
    },
    /// What units were given or are judged by would change under way.
    #[error(
        "experiment {key:?} was started, so these can't be changed: {}; create another one",
        fields.join(", ")
    )]
    Fixed {
        /// The experiment.
        key: String,
        /// The fields.
        fields: Vec<&'static str>,
    },
    /// What it would become can't be used.
    #[error(transparent)]
    Invalid(#[from] DefinitionError),
}

impl State {
    /// Whether an experiment in this state may get into another.
    pub fn can_become(self, next: Self) -> bool {
        use State::{Concluded, Draft, Paused, Running};
        self == next
            || matches!(
                (self, next),
                (Draft | Paused, Running) | (Running, Paused) | (Running | Paused, Concluded)
            )
    }
}

impl Experiment {
    /// The experiment with another definition of the same key.
    ///
    /// A draft may change altogether. Once started, who takes part may change (weights, coverage, condition, namespace, filters,
    /// forced units, bucket versions), and how variations look; not what they are, how units are hashed, or how it is judged.
    pub fn change(&self, next: Definition) -> Result<Self, ChangeError> {
        let now = &self.definition;
        let key = || now.key.clone();
        if now.state == State::Concluded {
            return Err(ChangeError::Concluded(key()));
        }
        if !now.state.can_become(next.state) {
            let (from, to) = (now.state, next.state);
            return Err(ChangeError::State {
                key: key(),
                from,
                to,
            });
        }
        let mut fields = Vec::new();
        if now.key != next.key {
            fields.push("key");
        }
        if now.state != State::Draft {
            fields.extend(fixed(now, &next));
        }
        if !fields.is_empty() {
            return Err(ChangeError::Fixed { key: key(), fields });
        }
        Ok(Self::new(next)?)
    }
}

/// The fields that differ and mustn't.
fn fixed<'a>(now: &'a Definition, next: &'a Definition) -> impl Iterator<Item = &'static str> {
    let keys =
        |definition: &'a Definition| definition.variations.iter().map(|variation| &variation.key);
    let differ = [
        ("variations", !keys(now).eq(keys(next))),
        ("hash_attribute", now.hash_attribute != next.hash_attribute),
        (
            "fallback_attribute",
            now.fallback_attribute != next.fallback_attribute,
        ),
        ("hash_version", now.hash_version != next.hash_version),
        ("seed", now.seed != next.seed),
        ("metrics", now.metrics != next.metrics),
        ("planned_units", now.planned_units != next.planned_units),
        ("alpha", now.alpha.to_bits() != next.alpha.to_bits()),
        ("test", now.test != next.test),
        ("correction", now.correction != next.correction),
        ("bandit", now.bandit != next.bandit),
        // A bucket version that was used before would find what units were given then.
        ("bucket_version", next.bucket_version < now.bucket_version),
    ];
    differ
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(field, _)| field)
}
