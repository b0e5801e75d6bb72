//! What follows from an attempt, for the delivery and for its endpoint.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::retry_after::MAX_RETRY_AFTER_MS;
use super::{Outcome, Schedule, Verdict};
use crate::catalogue::DisabledReason;

/// How long an endpoint may fail before it is disabled, if nothing else is said: five days, in milliseconds.
pub const DEFAULT_DISABLE_AFTER_MS: u64 = 5 * DAY_MS;

/// The shortest and the longest that an endpoint may be allowed to fail: an hour and thirty days, in milliseconds.
pub const DISABLE_AFTER_MS: std::ops::RangeInclusive<u64> = HOUR_MS..=30 * DAY_MS;

/// The longest that an endpoint is left alone because it has too much to do, unless it asks for more itself: 10 min, in milliseconds.
pub const MAX_PAUSE_MS: u64 = 600_000;

/// The first such pause; each further one is twice as long.
const FIRST_PAUSE_MS: u64 = 10_000;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// What is known of a delivery when an attempt has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// How often it was tried, with the attempt that has just ended.
    pub attempts: u32,
    /// When its endpoint wants it to be tried.
    pub schedule: &'a Schedule,
}

/// How an endpoint does, over all its deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointState {
    /// Since when every attempt has failed; absent if the last one arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// Until when nothing is sent to it, because it has too much to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowed_until: Option<Timestamp>,
    /// How often in a row it said so.
    #[serde(default)]
    pub slowed_times: u32,
    /// Why nothing is sent to it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<DisabledReason>,
}

impl EndpointState {
    /// When something may be sent to it next; nothing if it is disabled. What is put off by this has used up no attempt.
    pub fn ready_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.disabled.is_some() {
            return None;
        }
        let most = Timestamp(now.0.saturating_add(MAX_RETRY_AFTER_MS));
        Some(
            self.slowed_until
                .map_or(now, |until| until.clamp(now, most)),
        )
    }
}

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It arrived.
    Delivered,
    /// It is tried again at this time.
    Again(Timestamp),
    /// It was tried as often as the schedule says. It can be replayed.
    Exhausted,
    /// Its endpoint is disabled. It can be replayed when that is enabled again.
    Stopped(DisabledReason),
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// For the delivery.
    pub delivery: Fate,
    /// For its endpoint.
    pub endpoint: EndpointState,
}

impl Next {
    /// Whether this attempt disabled the endpoint, so that the others are told.
    pub fn disables(&self, before: &EndpointState) -> Option<DisabledReason> {
        match before.disabled {
            None => self.endpoint.disabled,
            Some(_) => None,
        }
    }
}

/// What follows from an attempt that ended at `now`. `disable_after_ms` is how long the endpoint may fail; the seed moves the next attempt
/// within its jitter.
///
/// ```
/// use domain::Timestamp;
/// use webhooks::retry::{DEFAULT_DISABLE_AFTER_MS, Delivery, EndpointState, Fate, Outcome, Schedule, after};
///
/// let schedule = Schedule::default();
/// let delivery = Delivery { attempts: 1, schedule: &schedule };
/// let now = Timestamp(1_795_428_000_000);
/// let next = after(&Outcome::answered(500), &delivery, &EndpointState::default(), DEFAULT_DISABLE_AFTER_MS, now, 7);
/// let Fate::Again(at) = next.delivery else { panic!() };
/// assert!((4000..=6000).contains(&at.since(now)));
/// assert_eq!(next.endpoint.failing_since, Some(now));
/// ```
pub fn after(
    outcome: &Outcome,
    delivery: &Delivery<'_>,
    endpoint: &EndpointState,
    disable_after_ms: u64,
    now: Timestamp,
    seed: u64,
) -> Next {
    let verdict = outcome.verdict();
    if verdict == Verdict::Delivered {
        // An attempt that was on its way when the endpoint was disabled doesn't enable it again.
        let endpoint = EndpointState {
            disabled: endpoint.disabled,
            ..EndpointState::default()
        };
        return Next {
            delivery: Fate::Delivered,
            endpoint,
        };
    }
    let endpoint = failed(verdict, outcome, endpoint, disable_after_ms, now);
    let delivery = if let Some(reason) = endpoint.disabled {
        Fate::Stopped(reason)
    } else if let Some(wait) = delivery.schedule.wait_ms(delivery.attempts, seed) {
        let scheduled = Timestamp(now.0.saturating_add(wait));
        let asked = outcome.retry_after().map_or(now, |after| after.at(now));
        let ready = endpoint.ready_at(now).unwrap_or(now);
        Fate::Again(scheduled.max(asked).max(ready))
    } else {
        Fate::Exhausted
    };
    Next { delivery, endpoint }
}

/// The endpoint after one more failure.
fn failed(
    verdict: Verdict,
    outcome: &Outcome,
    before: &EndpointState,
    disable_after_ms: u64,
    now: Timestamp,
) -> EndpointState {
    // Attempts may end out of order: the earliest failure counts.
    let since = before.failing_since.map_or(now, |since| since.min(now));
    let mut state = EndpointState {
        failing_since: Some(since),
        ..*before
    };
    if verdict == Verdict::TooMuch {
        let doubled = FIRST_PAUSE_MS.saturating_mul(1 << before.slowed_times.min(16));
        let pause = Timestamp(now.0.saturating_add(doubled.min(MAX_PAUSE_MS)));
        let until = outcome.retry_after().map_or(pause, |after| after.at(now));
        state.slowed_until = Some(
            before
                .slowed_until
                .map_or(until, |slowed| slowed.max(until)),
        );
        state.slowed_times = before.slowed_times.saturating_add(1);
    }
    if state.disabled.is_none() {
        if verdict == Verdict::Gone {
            state.disabled = Some(DisabledReason::Gone);
        } else if now.since(since) >= disable_after_ms {
            state.disabled = Some(DisabledReason::Failing);
        }
    }
    state
}

#[cfg(test)]
mod tests;
