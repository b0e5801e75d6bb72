//! A task's row: its attributes, and the record they make.

use domain::{ErrorInfo, TaskEnd, TaskRecord, TaskStatus, Timestamp};

use crate::attributes::{Attributes, Reader, json, json_text, money, number, text, texts, word};
use crate::expression::Values;
use crate::{StoreError, TaskId, keys};

/// What identifies a row and never changes.
pub(crate) fn identity(id: &TaskId) -> Values<'static> {
    let mut values = vec![
        ("task", text(id.task.as_str())),
        ("round", number(id.round)),
    ];
    values.extend(id.item.map(|item| ("item", number(item))));
    values
}

/// The part of an update that sets the identity: whichever request comes first makes the row.
pub(crate) fn set_identity(id: &TaskId) -> &'static str {
    if id.item.is_some() {
        "SET #task = :task, #round = :round, #item = :item"
    } else {
        "SET #task = :task, #round = :round"
    }
}

/// The part of an update that forgets what an earlier attempt made.
pub(crate) const FORGET_END: &str =
    "#ended_at, #content_key, #output, #facts, #degraded, #cost_usd, #work_ms";

/// A row that nobody has begun.
pub(crate) fn pending_item(id: &TaskId) -> Attributes {
    let mut fields = identity(id);
    fields.extend([
        ("pk", text(keys::run(&id.run))),
        ("sk", text(id.sk())),
        ("status", word(&TaskStatus::Pending)),
        ("attempt", number(0_u32)),
    ]);
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What a finished task leaves. `facts` stay JSON text, so that what is read is what was written to the last digit.
pub(crate) fn end_values(end: &TaskEnd) -> Result<Values<'static>, StoreError> {
    Ok(vec![
        ("content_key", text(end.content_key.as_str())),
        ("output", json(&end.output)),
        ("facts", text(json_text(&end.facts))),
        ("degraded", texts(&end.degraded)),
        ("cost_usd", money("the task's cost", end.cost_usd)?),
        ("work_ms", number(end.work_ms)),
    ])
}

pub(crate) fn read_record(item: &Attributes) -> Result<TaskRecord, StoreError> {
    let reader = Reader(item);
    let lease = match (
        reader.maybe_text("lease_owner")?,
        reader.maybe_number("lease_until")?,
    ) {
        (Some(owner), Some(until)) => Some((owner.to_owned(), Timestamp(until))),
        _ => None,
    };
    Ok(TaskRecord {
        task: reader.parsed("task")?,
        item: reader.maybe_number("item")?,
        round: reader.number("round")?,
        status: reader.word("status")?,
        attempt: reader.number("attempt")?,
        lease,
        started_at: reader.maybe_number("started_at")?.map(Timestamp),
        ended_at: reader.maybe_number("ended_at")?.map(Timestamp),
        end: read_end(&reader)?,
        error: reader.maybe_json::<ErrorInfo>("error")?,
    })
}

fn read_end(reader: &Reader<'_>) -> Result<Option<TaskEnd>, StoreError> {
    if reader.maybe_text("content_key")?.is_none() {
        return Ok(None);
    }
    Ok(Some(TaskEnd {
        content_key: reader.parsed("content_key")?,
        output: reader.json("output")?,
        facts: reader.json("facts")?,
        degraded: reader.texts("degraded")?,
        cost_usd: reader.number("cost_usd")?,
        work_ms: reader.number("work_ms")?,
    }))
}
