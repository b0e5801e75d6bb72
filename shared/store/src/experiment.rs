//! Experiments: what was written of them, where they are, and the weights that stood.

use domain::Timestamp;
use experiments::definition::{ChangeError, State};
use experiments::results::Decision;
use experiments::{Definition, DefinitionError, Experiment};
use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Reader, json, number, text};
use crate::content::ContentTest;
use crate::cursor::ExperimentsCursor;
use crate::keys::{self, EXPERIMENTS, META};
use crate::outbox::Announcement;
use crate::request::{Change, Order, Transacted};
use crate::{Page, Store, StoreError};

/// An experiment as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentRecord {
    /// What its owner wrote, with its state.
    pub definition: Definition,
    /// The weights since it was started, the oldest first: units are held against those that stood when they were first seen.
    pub stretches: Vec<Stretch>,
    /// How it ended, once it has.
    pub concluded: Option<Concluded>,
    /// The runs that it compares, where it compares variants of a brief.
    pub content: Option<ContentTest>,
    /// How often it was changed. A change names the version that it was made from.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A time through which the weights were the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// Since when.
    pub from: Timestamp,
    /// The variations' weights, in the definition's order.
    pub weights: Vec<f64>,
}

/// How an experiment ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Concluded {
    /// When.
    pub at: Timestamp,
    /// What its results said then; nothing of a bandit, which has no verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl ExperimentRecord {
    /// A new one, which is in the state that its definition says.
    pub fn new(definition: Definition, now: Timestamp) -> Result<Self, DefinitionError> {
        let experiment = Experiment::new(definition)?;
        let mut record = Self {
            definition: experiment.definition().clone(),
            stretches: Vec::new(),
            concluded: None,
            content: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        record.note_weights(&experiment, now);
        Ok(record)
    }

    /// It with another definition, if it may be changed so.
    pub fn changed(&self, next: Definition, now: Timestamp) -> Result<Self, ChangeError> {
        let experiment = self.experiment()?.change(next)?;
        let mut changed = Self {
            definition: experiment.definition().clone(),
            updated_at: now,
            ..self.clone()
        };
        changed.note_weights(&experiment, now);
        Ok(changed)
    }

    /// Checked, with its rule.
    pub fn experiment(&self) -> Result<Experiment, DefinitionError> {
        Experiment::new(self.definition.clone())
    }

    /// When it was started first, if it was.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.stretches.first().map(|stretch| stretch.from)
    }

    /// The number of the stretch that a time lies in: what is before the first counts to it.
    pub(crate) fn stretch_at(&self, at_ms: i64) -> usize {
        let begun = |stretch: &&Stretch| i64::try_from(stretch.from.0).is_ok_and(|at| at <= at_ms);
        self.stretches
            .iter()
            .take_while(begun)
            .count()
            .saturating_sub(1)
    }

    fn note_weights(&mut self, experiment: &Experiment, now: Timestamp) {
        let weights = experiment.weights();
        let same = self.stretches.last().map(|stretch| &stretch.weights) == Some(&weights);
        if matches!(self.definition.state, State::Running | State::Paused) && !same {
            self.stretches.push(Stretch { from: now, weights });
        }
    }
}

/// The longest key of an experiment, in bytes.
const LONGEST_KEY: usize = 100;

const IS_THIS_VERSION: &str = "#version = :version";

const SET: &str = "SET #definition = :definition, #stretches = :stretches, #concluded = :concluded, #version = :next, \
                   #updated_at = :updated_at";

impl Store {
    /// Writes a new experiment. One of this key that is there already is refused.
    pub async fn put_experiment(&self, experiment: &ExperimentRecord) -> Result<(), StoreError> {
        let key = &experiment.definition.key;
        let doing = format!("writing the experiment {key:?}");
        let absent = "attribute_not_exists(#pk)";
        let operation = self.put_if(&doing, experiment_item(experiment), absent, Vec::new())?;
        match self.transact(&doing, vec![operation]).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { .. } => Err(StoreError::ExperimentExists(key.clone())),
        }
    }

    /// Reads an experiment, its latest state.
    pub async fn experiment(&self, key: &str) -> Result<ExperimentRecord, StoreError> {
        self.maybe_experiment(key)
            .await?
            .ok_or_else(|| StoreError::NoExperiment(key.chars().take(100).collect()))
    }

    pub(crate) async fn maybe_experiment(
        &self,
        key: &str,
    ) -> Result<Option<ExperimentRecord>, StoreError> {
        // The table refuses keys that are too long, and no experiment has one.
        if key.len() > LONGEST_KEY {
            return Ok(None);
        }
        let doing = format!("reading the experiment {key:?}");
        let item = self.get(&doing, &keys::experiment(key), META).await?;
        item.as_ref().map(read_experiment).transpose()
    }

    /// Lists experiments, newest first: at most `limit` a page, from where `cursor` left off. Read from an index, which may lag a
    /// little behind.
    pub async fn list_experiments(
        &self,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<ExperimentRecord>, StoreError> {
        let start = cursor
            .map(ExperimentsCursor::decode)
            .transpose()?
            .map(ExperimentsCursor::start);
        let (found, more) = self
            .page(
                EXPERIMENTS,
                Order::NewestFirst,
                limit,
                start,
                "listing the experiments",
            )
            .await?;
        let items = found
            .iter()
            .map(read_experiment)
            .collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|last| ExperimentsCursor {
            created_at: last.created_at,
            experiment: last.definition.key.clone(),
        });
        Ok(Page {
            items,
            next: next.map(|cursor| cursor.encode()),
        })
    }

    /// Writes what has changed of an experiment since it was read, and with it what is announced of that, if anything is. Nothing is
    /// written, and the answer is `None`, if somebody else changed it meanwhile: read it again then.
    pub async fn change_experiment(
        &self,
        experiment: &ExperimentRecord,
        announcement: Option<&Announcement>,
    ) -> Result<Option<ExperimentRecord>, StoreError> {
        let (change, changed) = change_of(experiment);
        let written = self.change_and_tell(change, announcement).await?;
        Ok(written.then_some(changed))
    }
}

/// The change that writes what has changed of an experiment since it was read, and the experiment as it then is.
pub(crate) fn change_of(experiment: &ExperimentRecord) -> (Change<'static>, ExperimentRecord) {
    let key = &experiment.definition.key;
    let next = experiment.version.saturating_add(1);
    let change = Change {
        doing: format!("changing the experiment {key:?}"),
        pk: keys::experiment(key),
        sk: META.to_owned(),
        update: SET.into(),
        condition: IS_THIS_VERSION.into(),
        values: vec![
            ("definition", json(&experiment.definition)),
            ("stretches", json(&experiment.stretches)),
            ("concluded", json(&experiment.concluded)),
            ("version", number(experiment.version)),
            ("next", number(next)),
            ("updated_at", number(experiment.updated_at.0)),
        ],
    };
    let changed = ExperimentRecord {
        version: next,
        ..experiment.clone()
    };
    (change, changed)
}

pub(crate) fn experiment_item(experiment: &ExperimentRecord) -> Attributes {
    let key = &experiment.definition.key;
    [
        ("content", json(&experiment.content)),
        ("pk", text(keys::experiment(key))),
        ("sk", text(META)),
        ("gsi1pk", text(EXPERIMENTS)),
        ("gsi1sk", text(experiment.created_at.rfc3339())),
        ("key", text(key)),
        ("definition", json(&experiment.definition)),
        ("stretches", json(&experiment.stretches)),
        ("concluded", json(&experiment.concluded)),
        ("version", number(experiment.version)),
        ("created_at", number(experiment.created_at.0)),
        ("updated_at", number(experiment.updated_at.0)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn read_experiment(item: &Attributes) -> Result<ExperimentRecord, StoreError> {
    let reader = Reader(item);
    Ok(ExperimentRecord {
        definition: reader.json("definition")?,
        stretches: reader.json("stretches")?,
        concluded: reader.json("concluded")?,
        content: reader.maybe_json("content")?.flatten(),
        version: reader.number("version")?,
        created_at: Timestamp(reader.number("created_at")?),
        updated_at: Timestamp(reader.number("updated_at")?),
    })
}
