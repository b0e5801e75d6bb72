//! A lane for each endpoint: how much goes to it at once and how fast. One that is slow holds up nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use webhooks::EndpointId;
use webhooks::endpoint::Limits;

/// The longest that somebody who found no place is told to wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// The lanes of this process.
#[derive(Debug, Clone)]
pub(crate) struct Lanes {
    lanes: Arc<Mutex<HashMap<EndpointId, Arc<Lane>>>>,
    /// How many processes share what an endpoint wants.
    workers: u32,
}

/// One endpoint's lane.
#[derive(Debug)]
pub(crate) struct Lane {
    limits: Limits,
    places: Arc<Semaphore>,
    /// The time between two attempts.
    between: Duration,
    turns: Mutex<Turns>,
}

#[derive(Debug)]
struct Turns {
    /// When the next attempt may begin.
    next: Instant,
    /// When the next of those who found no place should come back.
    back: Instant,
}

/// What came of entering a lane.
#[derive(Debug)]
pub(crate) enum Entered {
    /// An attempt may begin. The place is held until this is dropped.
    Place(OwnedSemaphorePermit),
    /// There is none soon: come back after this. Those who are sent away come back as fast as the endpoint wants them, not all at once.
    Full {
        /// How long to stay away.
        wait: Duration,
    },
}

impl Default for Lanes {
    fn default() -> Self {
        Self::shared_by(1)
    }
}

impl Lanes {
    /// Lanes of one of so many processes: each has its share of what endpoints want at most, and at least one place.
    pub(crate) fn shared_by(workers: u32) -> Self {
        Self {
            lanes: Arc::default(),
            workers: workers.max(1),
        }
    }

    /// The lane of an endpoint that has these limits now. Attempts that began under others end under them.
    pub(crate) fn lane(&self, endpoint: &EndpointId, limits: Limits) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        match lanes.get(endpoint) {
            Some(lane) if lane.limits == limits => Arc::clone(lane),
            _ => {
                let lane = Arc::new(Lane::new(limits, self.workers));
                lanes.insert(endpoint.clone(), Arc::clone(&lane));
                lane
            }
        }
    }

    /// The lane of an endpoint by the limits that it was last known to have: the usual ones if it isn't known yet.
    pub(crate) fn known(&self, endpoint: &EndpointId) -> Arc<Lane> {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lanes.get(endpoint).cloned();
        drop(lanes);
        known.unwrap_or_else(|| self.lane(endpoint, Limits::default()))
    }
}

impl Lane {
    fn new(limits: Limits, workers: u32) -> Self {
        let now = Instant::now();
        Self {
            limits,
            places: Arc::new(Semaphore::new(
                (limits.concurrency / workers).max(1) as usize
            )),
            between: Duration::from_secs(1) * workers / limits.per_second.max(1),
            turns: Mutex::new(Turns {
                next: now,
                back: now,
            }),
        }
    }

    /// Waits for a place and for the time at which the next attempt may begin. The place is held until what is returned is dropped.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        tokio::time::sleep_until(self.turn()).await;
        Some(place)
    }

    /// The same, if it doesn't take longer than `patience`.
    pub(crate) async fn enter_within(&self, patience: Duration) -> Entered {
        match tokio::time::timeout(patience, self.enter()).await {
            Ok(Some(place)) => Entered::Place(place),
            Ok(None) | Err(_) => Entered::Full {
                wait: self.stay_away(patience),
            },
        }
    }

    /// The time of one attempt; the next one's is by its share of a second later.
    fn turn(&self) -> Instant {
        let mut turns = self.turns();
        let turn = turns.next.max(Instant::now());
        turns.next = turn + self.between;
        turn
    }

    fn stay_away(&self, at_least: Duration) -> Duration {
        let now = Instant::now();
        let mut turns = self.turns();
        let back = turns.back.max(now + at_least);
        turns.back = back + self.between;
        back.duration_since(now).min(LONGEST_WAIT)
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn lane(per_second: u32, concurrency: u32) -> Lane {
        let limits = Limits {
            per_second,
            concurrency,
        };
        Lane::new(limits, 1)
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_are_spaced_as_the_endpoint_wants_them() {
        let lane = lane(10, 100);
        let begun = Instant::now();
        for _ in 0..21 {
            drop(lane.enter().await.unwrap());
        }
        assert_eq!(begun.elapsed().as_millis().div_ceil(10), 200);
        // What was not used isn't saved up.
        tokio::time::sleep(Duration::from_mins(1)).await;
        let begun = Instant::now();
        for _ in 0..3 {
            drop(lane.enter().await.unwrap());
        }
        assert_eq!(begun.elapsed().as_millis().div_ceil(10), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_enter_at_once_than_may() {
        let lane = lane(1000, 2);
        let (first, _second) = (lane.enter().await.unwrap(), lane.enter().await.unwrap());
        let third = tokio::time::timeout(Duration::from_mins(1), lane.enter());
        assert!(third.await.is_err());
        drop(first);
        assert!(lane.enter().await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_place_comes_back_as_fast_as_the_endpoint_wants() {
        let lane = lane(2, 1);
        let patience = Duration::from_secs(5);
        let Entered::Place(_place) = lane.enter_within(patience).await else {
            panic!("the lane was empty")
        };
        let wait = async || match lane.enter_within(patience).await {
            Entered::Full { wait } => wait.as_millis(),
            Entered::Place(_) => panic!("the only place is taken"),
        };
        // Who gives up first is nobody's to say.
        let mut waits: [_; 3] = tokio::join!(wait(), wait(), wait()).into();
        waits.sort_unstable();
        assert_eq!(waits, [5000, 5500, 6000]);
    }

    #[tokio::test(start_paused = true)]
    async fn workers_share_what_an_endpoint_wants() {
        let limits = Limits {
            per_second: 20,
            concurrency: 9,
        };
        let lane = Lanes::shared_by(4).lane(&EndpointId::new(1, 1), limits);
        let begun = Instant::now();
        let held = (lane.enter().await, lane.enter().await);
        assert_eq!(begun.elapsed().as_millis() / 10, 20, "5 a second");
        let third = lane.enter_within(Duration::from_secs(1)).await;
        assert!(matches!(third, Entered::Full { .. }), "2 of 9 at once");
        drop(held);
        // Nobody's share is nothing.
        let limits = Limits {
            concurrency: 1,
            ..limits
        };
        let lane = Lanes::shared_by(4).lane(&EndpointId::new(1, 1), limits);
        assert!(lane.enter().await.is_some());
    }

    #[test]
    fn a_lane_lasts_as_long_as_its_limits() {
        let (lanes, endpoint) = (Lanes::default(), EndpointId::new(1, 1));
        let first = lanes.lane(&endpoint, Limits::default());
        assert!(Arc::ptr_eq(
            &first,
            &lanes.lane(&endpoint, Limits::default())
        ));
        let wider = Limits {
            concurrency: 9,
            ..Limits::default()
        };
        assert!(!Arc::ptr_eq(&first, &lanes.lane(&endpoint, wider)));
    }
}
