//! How long requests take, by kind and by where their answer came from.

use std::sync::Arc;
use std::time::Duration;

use monitor::{Family, Monitor, Series};

use crate::{Answer, Kind, Origin};

/// Where answers come from, as operations are named: `media.l1`, `media.source`.
const PLACES: [&str; 5] = ["l1", "l2", "joined", "source", "stale"];

/// What is recorded of each kind and place.
pub(crate) struct Timing([[Arc<Series>; PLACES.len()]; Kind::ALL.len()]);

impl Timing {
    pub(crate) fn new(monitor: &Monitor) -> Self {
        let series = |kind: Kind, place| monitor.series(Family::Cache, &format!("{kind}.{place}"));
        Self(Kind::ALL.map(|kind| PLACES.map(|place| series(kind, place))))
    }

    /// Records a request. One that failed was for the source to answer.
    pub(crate) fn record<E>(&self, kind: Kind, answer: &Result<Answer, E>, took: Duration) {
        let [l1, l2, joined, source, stale] = &self.0[kind.index()];
        let series = match answer.as_ref().map(|answer| &answer.origin) {
            Ok(Origin::L1) => l1,
            Ok(Origin::L2) => l2,
            Ok(Origin::Joined) => joined,
            Ok(Origin::Stale(_)) => stale,
            Ok(Origin::Source) | Err(_) => source,
        };
        series.record(took, answer.is_err());
    }
}
