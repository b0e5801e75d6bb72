//! Runs: writing a new one, reading one.

use domain::{ErrorInfo, Run, RunId, TaskName};

use crate::attributes::{Attributes, Reader, json, money, number, text, texts, word};
use crate::budget::FAMILY_USD;
use crate::experiment::{ExperimentRecord, experiment_item};
use crate::idempotency::{IS_FREE, Idempotency, Started};
use crate::keys::{self, META, MONTHS};
use crate::request::Transacted;
use crate::watch::watch_item;
use crate::{Store, StoreError};

/// The version of the items' form. Items of a newer version are refused, not guessed at.
pub const SCHEMA: u32 = 1;

/// How many characters of the topic are kept: it is there for lists, the whole of it stands in the brief.
const TOPIC_SHOWN: usize = 200;

impl Store {
    /// Writes a new run, lists it under its month and its brand, and has it looked after: in one transaction. An id that is there
    /// already is refused by [`StoreError::Exists`]. With an idempotency key, a request that came before is answered by its run, and
    /// one that asks for something else by [`StoreError::Conflict`].
    pub async fn put_run(
        &self,
        run: &Run,
        once: Option<&Idempotency>,
    ) -> Result<Started, StoreError> {
        self.put_runs(run, &[], None, once).await
    }

    /// Writes the run of a control, those of the other variants of its brief, and the experiment that compares them: all of it or nothing,
    /// in one transaction, under the rules of [`Self::put_run`]. The family is known by its control.
    pub async fn put_family(
        &self,
        control: &Run,
        others: &[Run],
        experiment: &ExperimentRecord,
        once: Option<&Idempotency>,
    ) -> Result<Started, StoreError> {
        self.put_runs(control, others, Some(experiment), once).await
    }

    async fn put_runs(
        &self,
        run: &Run,
        others: &[Run],
        experiment: Option<&ExperimentRecord>,
        once: Option<&Idempotency>,
    ) -> Result<Started, StoreError> {
        let doing = format!("writing run {}", run.id);
        self.mark_month(run, &doing).await?;
        let new = "attribute_not_exists(#pk)";
        let mut operations = Vec::new();
        // It comes first, so that its refusal does: a repeated request meets the run it wrote too.
        if let Some(once) = once {
            let now = vec![("now", number(run.created_at.seconds()))];
            operations.push(self.put_if(&doing, once.item(&run.id), IS_FREE, now)?);
        }
        for run in std::iter::once(run).chain(others) {
            operations.push(self.put_if(&doing, meta_item(run)?, new, Vec::new())?);
            operations.push(self.put(&doing, watch_item(&run.id, run.created_at))?);
            if let Some(item) = brand_item(run) {
                operations.push(self.put(&doing, item)?);
            }
        }
        if let Some(experiment) = experiment {
            let item = experiment_item(experiment);
            operations.push(self.put_if(&doing, item, new, Vec::new())?);
        }
        match (self.transact(&doing, operations).await?, once) {
            (Transacted::Done, _) => Ok(Started::New),
            (Transacted::Refused { at: 0, item }, Some(once)) => {
                let item = item.ok_or_else(|| StoreError::Exists(run.id.clone()))?;
                once.repeated(&item)
            }
            (Transacted::Refused { .. }, _) => Err(StoreError::Exists(run.id.clone())),
        }
    }

    /// Reads a run, its latest state.
    pub async fn run(&self, id: &RunId) -> Result<Run, StoreError> {
        let doing = format!("reading run {id}");
        let meta = self
            .get(&doing, &keys::run(id), META)
            .await?
            .ok_or_else(|| StoreError::NotFound(id.clone()))?;
        run_of(&meta)
    }

    /// Notes that a month has runs, so that listing them knows where to look: once a month and process, however many runs are written.
    async fn mark_month(&self, run: &Run, doing: &str) -> Result<(), StoreError> {
        let month = keys::month(run.created_at);
        if *self.noted_month() == month {
            return Ok(());
        }
        self.client()
            .put_item()
            .table_name(self.table())
            .item("pk", text(MONTHS))
            .item("sk", text(&month))
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?;
        *self.noted_month() = month;
        Ok(())
    }
}

/// Refuses what a newer version of this program wrote.
pub(crate) fn check_schema(meta: &Attributes) -> Result<(), StoreError> {
    let reader = Reader(meta);
    let found: u32 = reader.number("schema")?;
    if found <= SCHEMA {
        return Ok(());
    }
    Err(StoreError::NewerSchema {
        item: reader.text("pk")?.replace("RUN#", "run "),
        found,
        supported: SCHEMA,
    })
}

fn keyed(pk: String, sk: impl Into<String>) -> Attributes {
    Attributes::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn meta_item(run: &Run) -> Result<Attributes, StoreError> {
    let mut item = keyed(keys::run(&run.id), META);
    let created_at = run.created_at.rfc3339();
    let fields = [
        (
            "gsi1pk",
            text(keys::runs_of_month(&keys::month(run.created_at))),
        ),
        ("gsi1sk", text(created_at)),
        ("schema", number(SCHEMA)),
        ("id", text(run.id.as_str())),
        ("workflow", text(&run.workflow)),
        ("brief", json(&run.brief)),
        (
            "topic",
            text(run.topic.chars().take(TOPIC_SHOWN).collect::<String>()),
        ),
        ("state", word(&run.state)),
        ("round", number(run.round)),
        ("execution", text(&run.execution)),
        ("created_at", number(run.created_at.0)),
        ("updated_at", number(run.updated_at.0)),
        ("cost_usd", money("the run's cost", run.cost_usd)?),
        ("degraded", texts(&run.degraded)),
    ];
    item.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    if let Some(brand) = &run.brand {
        item.insert("brand".to_owned(), text(brand));
    }
    if let Some(most) = run.max_cost_usd {
        let most = money("the most that the run may cost", most)?;
        item.insert("max_cost_usd".to_owned(), most);
    }
    if let Some(parent) = &run.parent {
        item.insert("parent".to_owned(), text(parent.as_str()));
    }
    if let Some(variant) = &run.variant {
        item.insert("variant".to_owned(), json(variant));
        if run.parent.is_none() {
            item.insert(FAMILY_USD.to_owned(), money("the family's cost", 0.0)?);
        }
    }
    if !run.seen.is_empty() {
        item.insert("seen".to_owned(), json(&run.seen));
    }
    if let Some(won) = &run.won {
        item.insert("won".to_owned(), json(won));
    }
    if let Some(failure) = &run.failure {
        item.insert("failure".to_owned(), json(failure));
    }
    Ok(item)
}

fn brand_item(run: &Run) -> Option<Attributes> {
    let name = run.brand.as_deref()?;
    let mut item = keyed(keys::brand(name), keys::brand_run(run.created_at, &run.id));
    item.insert("run".to_owned(), text(run.id.as_str()));
    item.insert("created_at".to_owned(), number(run.created_at.0));
    item.insert("brief".to_owned(), text(run.brief.key.as_str()));
    item.insert("topic".to_owned(), text(&run.topic));
    Some(item)
}

/// The run of an item, unless a newer version wrote it.
pub(crate) fn run_of(meta: &Attributes) -> Result<Run, StoreError> {
    check_schema(meta)?;
    read_run(meta)
}

fn read_run(meta: &Attributes) -> Result<Run, StoreError> {
    let reader = Reader(meta);
    Ok(Run {
        id: reader.parsed("id")?,
        workflow: reader.text("workflow")?.to_owned(),
        brief: reader.json("brief")?,
        topic: reader.text("topic")?.to_owned(),
        brand: reader.maybe_text("brand")?.map(ToOwned::to_owned),
        state: reader.word("state")?,
        round: reader.number("round")?,
        execution: reader.text("execution")?.to_owned(),
        created_at: domain::Timestamp(reader.number("created_at")?),
        updated_at: domain::Timestamp(reader.number("updated_at")?),
        failure: reader.maybe_json::<(TaskName, ErrorInfo)>("failure")?,
        degraded: reader.texts("degraded")?,
        rounds: reader.maybe_json("rounds")?.unwrap_or_default(),
        chosen_round: reader.maybe_number("chosen_round")?,
        feedback: reader.maybe_json("feedback")?,
        decided: reader.maybe_json("decided")?,
        edited: reader.maybe_json("edited")?,
        cost_usd: reader.number("cost_usd")?,
        max_cost_usd: reader.maybe_number("max_cost_usd")?,
        parent: reader.maybe_parsed("parent")?,
        variant: reader.maybe_json("variant")?,
        won: reader.maybe_json("won")?,
        seen: reader.maybe_json("seen")?.unwrap_or_default(),
    })
}
