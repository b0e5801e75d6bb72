//! A lane for each endpoint: how much goes to it at once and how fast. One that is slow holds up nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use webhooks::EndpointId;
use webhooks::endpoint::Limits;

/// The lanes of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes(Arc<Mutex<HashMap<EndpointId, Arc<Lane>>>>);

/// One endpoint's lane.
#[derive(Debug)]
pub(crate) struct Lane {
    limits: Limits,
    places: Arc<Semaphore>,
    /// When the next attempt may begin.
    next: Mutex<Instant>,
}

impl Lanes {
    /// The lane of an endpoint that has these limits now. Attempts that began under others end under them.
    pub(crate) fn lane(&self, endpoint: &EndpointId, limits: Limits) -> Arc<Lane> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match lanes.get(endpoint) {
            Some(lane) if lane.limits == limits => Arc::clone(lane),
            _ => {
                let lane = Arc::new(Lane::new(limits));
                lanes.insert(endpoint.clone(), Arc::clone(&lane));
                lane
            }
        }
    }
}

impl Lane {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            places: Arc::new(Semaphore::new(limits.concurrency as usize)),
            next: Mutex::new(Instant::now()),
        }
    }

    /// Waits for a place and for the time at which the next attempt may begin. The place is held until what is returned is dropped.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        tokio::time::sleep_until(self.turn()).await;
        Some(place)
    }

    /// The time of one attempt; the next one's is by its share of a second later.
    fn turn(&self) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = (*next).max(Instant::now());
        *next = turn + Duration::from_secs(1) / self.limits.per_second.max(1);
        turn
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn lane(per_second: u32, concurrency: u32) -> Lane {
        Lane::new(Limits {
            per_second,
            concurrency,
        })
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
