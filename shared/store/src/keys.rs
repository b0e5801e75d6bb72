//! The keys of the items.

use std::fmt;

use domain::{ContentKey, KeyId, RunId, TaskName, Timestamp, Varied};
use webhooks::{DeliveryId, EndpointId};

use crate::UnitId;

/// Names one row of work: a task of a round, or one of its items.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TaskId {
    /// Of which run.
    pub run: RunId,
    /// Of which round, from 1.
    pub round: u32,
    /// Which task.
    pub task: TaskName,
    /// Which of its items, for tasks that run once an item.
    pub item: Option<u32>,
}

impl TaskId {
    /// The row of a task, or of one of its items.
    pub fn new(run: &RunId, round: u32, task: &TaskName, item: Option<u32>) -> Self {
        Self {
            run: run.clone(),
            round,
            task: task.clone(),
            item,
        }
    }

    /// Numbers are padded, so that rows sort as people count.
    pub(crate) fn sk(&self) -> String {
        let Self {
            round, task, item, ..
        } = self;
        match item {
            Some(item) => format!("TASK#{round:04}#{task}#{item:04}"),
            None => format!("TASK#{round:04}#{task}"),
        }
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}", self.task)?;
        if let Some(item) = self.item {
            write!(f, "[{item}]")?;
        }
        write!(f, " of round {} of run {}", self.round, self.run)
    }
}

pub(crate) const META: &str = "META";
pub(crate) const MONTHS: &str = "MONTHS";
pub(crate) const WATCH: &str = "WATCH";
pub(crate) const KEYS: &str = "KEYS";
pub(crate) const REVIEWS: &str = "REVIEWS";
pub(crate) const ENDPOINTS: &str = "ENDPOINTS";
pub(crate) const EXPERIMENTS: &str = "EXPERIMENTS";

/// A brand's name is part of a key of at most 2,048 bytes; longer ones stand there by their digest.
const BRAND_LIMIT_BYTES: usize = 1_000;

/// How many partitions an index that many writers share is spread over.
pub const SHARDS: u32 = 8;

pub(crate) fn run(run: &RunId) -> String {
    format!("RUN#{run}")
}

/// Behind every task of a run.
pub(crate) const LAST_TASK: &str = "TASK$";

pub(crate) fn tasks_of_round(round: u32) -> String {
    format!("TASK#{round:04}#")
}

pub(crate) fn event(id: &str) -> String {
    format!("EVENT#{id}")
}

pub(crate) fn brand(name: &str) -> String {
    format!("BRAND#{}", short(name))
}

/// The counts of judged rounds: a brand's, or all.
pub(crate) fn round_counts(brand: Option<&str>) -> String {
    match brand {
        Some(name) => format!("STAT#rounds#{}", short(name)),
        None => "STAT#rounds".to_owned(),
    }
}

/// A brand's name as a part of a key.
fn short(name: &str) -> String {
    if name.len() <= BRAND_LIMIT_BYTES {
        name.to_owned()
    } else {
        ContentKey::of_bytes(name.as_bytes()).as_str().to_owned()
    }
}

pub(crate) fn review(round: u32) -> String {
    format!("REVIEW#{round:04}")
}

pub(crate) fn brand_run(created_at: Timestamp, run: &RunId) -> String {
    format!("RUN#{}#{run}", created_at.rfc3339())
}

/// What the places begin with of what won for a brand. They come behind its runs.
pub(crate) const WINNERS: &str = "WON#";

pub(crate) fn brand_winner(of: Varied) -> String {
    format!("{WINNERS}{}", of.name())
}

/// `yyyy-mm` of a time in UTC.
pub(crate) fn month(at: Timestamp) -> String {
    at.rfc3339().chars().take(7).collect()
}

pub(crate) fn runs_of_month(month: &str) -> String {
    format!("RUNS#{month}")
}

pub(crate) fn due(shard: u32) -> String {
    format!("{DUE}{shard}")
}

/// What the partitions begin with that events and deliveries wait in.
const DUE: &str = "DUE#";
const SEND: &str = "SEND#";

/// Whether what stands in this partition of the index waits to be dispatched or sent.
pub(crate) fn is_to_send(partition: &str) -> bool {
    partition.starts_with(DUE) || partition.starts_with(SEND)
}

/// The partition of the index of what is due that an event goes to: `DUE#0` to `DUE#7`, the same for the same id.
pub fn event_partition(id: &str) -> String {
    due(shard(id))
}

pub(crate) fn to_send(shard: u32) -> String {
    format!("{SEND}{shard}")
}

pub(crate) fn endpoint(id: &EndpointId) -> String {
    format!("ENDPOINT#{id}")
}

pub(crate) fn delivery(id: &DeliveryId) -> String {
    format!("DELIVERY#{id}")
}

/// What the places of an endpoint's deliveries begin with, beside it.
pub(crate) const DELIVERIES: &str = "DELIVERY#";

/// What comes after the places of all of an endpoint's deliveries.
pub(crate) const AFTER_DELIVERIES: &str = "DELIVERY$";

/// What the places of deliveries of events from `since` on begin with, or come after.
pub(crate) fn deliveries_since(since: Timestamp) -> String {
    format!("{DELIVERIES}{}", since.rfc3339())
}

pub(crate) fn delivery_place(created_at: Timestamp, id: &DeliveryId) -> String {
    format!("{DELIVERIES}{}#{id}", created_at.rfc3339())
}

pub(crate) fn experiment(key: &str) -> String {
    format!("EXPERIMENT#{key}")
}

/// One shard of an experiment's tallies. A bucket version has its own: its units were shared out anew.
pub(crate) fn tallies(experiment: &str, bucket_version: u32, shard: u32) -> String {
    format!("TALLY#{experiment}#{bucket_version}#{shard}")
}

pub(crate) fn unit(unit: &UnitId) -> String {
    format!("UNIT#{unit}")
}

/// What a unit's places in an experiment begin with, one a bucket version.
pub(crate) fn unit_places(experiment: &str) -> String {
    format!("IN#{experiment}#")
}

pub(crate) fn unit_place(experiment: &str, bucket_version: u32) -> String {
    format!("{}{bucket_version}", unit_places(experiment))
}

/// An event of a unit. Ids come from outside, with any characters, so they stand there by their digest.
pub(crate) fn unit_event(experiment: &str, id: &str) -> String {
    let digest = ContentKey::of_bytes(id.as_bytes());
    format!("EVENT#{experiment}#{}", digest.as_str())
}

pub(crate) fn watched(shard: u32) -> String {
    format!("WATCH#{shard}")
}

pub(crate) fn idempotency(digest: &str) -> String {
    format!("IDEM#{digest}")
}

pub(crate) fn api_key(id: &KeyId) -> String {
    format!("KEY#{id}")
}

/// The shard of an id: 0 to 7, evenly spread.
pub(crate) fn shard(id: &str) -> u32 {
    let digest = ContentKey::of_bytes(id.as_bytes());
    digest
        .as_str()
        .chars()
        .next()
        .and_then(|digit| digit.to_digit(16))
        .unwrap_or(0)
        % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(round: u32, name: &str, item: Option<u32>) -> TaskId {
        #[expect(clippy::unwrap_used, reason = "the names are right")]
        TaskId::new(
            &RunId::new(0, 0),
            round,
            &TaskName::parse(name).unwrap(),
            item,
        )
    }

    #[test]
    fn rows_sort_as_people_count() {
        assert!(id(1, "audio", Some(9)).sk() < id(1, "audio", Some(10)).sk());
        assert!(id(9, "video", None).sk() < id(10, "audio", None).sk());
        assert!(id(1, "audio", Some(2)).sk().starts_with(&tasks_of_round(1)));
        assert!(!id(10, "audio", None).sk().starts_with(&tasks_of_round(1)));
    }

    #[test]
    fn ids_spread_over_the_shards() {
        let mut counts = [0_u32; SHARDS as usize];
        for number in 0..8000 {
            counts[shard(&format!("evt_{number}")) as usize] += 1;
        }
        assert!(
            counts.iter().all(|&count| (850..1150).contains(&count)),
            "{counts:?}"
        );
    }

    #[test]
    fn a_month_is_read_from_the_time() {
        assert_eq!(month(Timestamp(1_795_392_000_000)), "2026-11");
    }
}
