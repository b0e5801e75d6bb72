//! How long to wait before each attempt.

use serde::{Deserialize, Serialize};

/// How far a wait may be from the schedule's, either way, in percent: so that what failed together isn't tried again together.
pub const JITTER_PERCENT: u64 = 20;

/// The fewest attempts that a schedule may have.
pub const MIN_ATTEMPTS: usize = 3;

/// The most attempts that a schedule may have.
pub const MAX_ATTEMPTS: usize = 20;

/// The longest wait of a schedule, before jitter: 24 h, in milliseconds.
pub const MAX_WAIT_MS: u64 = 24 * HOUR_MS;

const SECOND_MS: u64 = 1000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// Why waits make no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Too few or too many attempts.
    #[error(
        "{0} waits make {attempts} attempts: expected 2 to 19 waits, which make 3 to 20 attempts with the first",
        attempts = .0 + 1
    )]
    Attempts(usize),
    /// A wait is too short or too long.
    #[error("wait {at} is of {seconds} s: expected 1 to 86400 (24 h)")]
    Wait {
        /// Which wait, from 1.
        at: usize,
        /// How long it is.
        seconds: u64,
    },
    /// A wait is shorter than the one before.
    #[error("wait {at} is shorter than the one before it: waits must not get shorter")]
    Shorter {
        /// Which wait, from 1.
        at: usize,
    },
}

/// The waits between a delivery's attempts, written as a list of whole seconds. The first attempt is made at once.
///
/// ```
/// use webhooks::retry::Schedule;
/// assert_eq!(Schedule::default().attempts(), 8);
/// assert!(Schedule::try_from(vec![60, 30]).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u64>", into = "Vec<u64>")]
pub struct Schedule {
    waits_ms: Vec<u64>,
}

impl Default for Schedule {
    /// 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h: a receiver that is down for a day misses nothing.
    fn default() -> Self {
        Self {
            waits_ms: vec![
                5 * SECOND_MS,
                5 * MINUTE_MS,
                30 * MINUTE_MS,
                2 * HOUR_MS,
                5 * HOUR_MS,
                10 * HOUR_MS,
                10 * HOUR_MS,
            ],
        }
    }
}

impl TryFrom<Vec<u64>> for Schedule {
    type Error = ScheduleError;
    fn try_from(seconds: Vec<u64>) -> Result<Self, ScheduleError> {
        if !(MIN_ATTEMPTS..=MAX_ATTEMPTS).contains(&(seconds.len() + 1)) {
            return Err(ScheduleError::Attempts(seconds.len()));
        }
        let mut before = 0;
        for (at, &wait) in (1..).zip(&seconds) {
            if !(1..=MAX_WAIT_MS / SECOND_MS).contains(&wait) {
                return Err(ScheduleError::Wait { at, seconds: wait });
            }
            if wait < before {
                return Err(ScheduleError::Shorter { at });
            }
            before = wait;
        }
        Ok(Self {
            waits_ms: seconds.into_iter().map(|wait| wait * SECOND_MS).collect(),
        })
    }
}

impl From<Schedule> for Vec<u64> {
    fn from(schedule: Schedule) -> Self {
        let seconds = schedule.waits_ms.into_iter().map(|wait| wait / SECOND_MS);
        seconds.collect()
    }
}

impl Schedule {
    /// How often a delivery is tried.
    pub fn attempts(&self) -> usize {
        self.waits_ms.len() + 1
    }

    /// How long to wait after this many attempts, in milliseconds, with jitter from the seed; nothing if there is none left.
    pub fn wait_ms(&self, attempts: u32, seed: u64) -> Option<u64> {
        let Some(at) = (attempts as usize).checked_sub(1) else {
            return Some(0);
        };
        self.waits_ms.get(at).map(|&wait| jittered(wait, seed))
    }
}

/// A wait up to [`JITTER_PERCENT`] shorter or longer.
fn jittered(wait_ms: u64, seed: u64) -> u64 {
    let most = wait_ms * JITTER_PERCENT / 100;
    wait_ms - most + mixed(seed) % (2 * most + 1)
}

/// Spreads seeds that lie close together. SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), figure 17.
fn mixed(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_default_waits_are_those_of_the_documentation() {
        let waits: Vec<u64> = Schedule::default().into();
        assert_eq!(waits, [5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
    }

    #[test]
    fn waits_that_make_no_schedule_are_refused_with_the_place() {
        let hour = 3600;
        for (waits, expected) in [
            (vec![], ScheduleError::Attempts(0)),
            (vec![5], ScheduleError::Attempts(1)),
            (vec![5; 20], ScheduleError::Attempts(20)),
            (vec![5, 0], ScheduleError::Wait { at: 2, seconds: 0 }),
            (
                vec![5, 24 * hour + 1],
                ScheduleError::Wait {
                    at: 2,
                    seconds: 24 * hour + 1,
                },
            ),
            (vec![5, 10, 9], ScheduleError::Shorter { at: 3 }),
        ] {
            assert_eq!(Schedule::try_from(waits), Err(expected));
        }
        assert_eq!(
            Schedule::try_from(vec![1, 24 * hour]).unwrap().attempts(),
            3
        );
        assert_eq!(Schedule::try_from(vec![1; 19]).unwrap().attempts(), 20);
    }

    #[test]
    fn neighbouring_seeds_spread_over_the_whole_of_the_jitter() {
        let schedule = Schedule::default();
        let mut tenths = [0_u32; 10];
        for seed in 0..1000 {
            // The first wait is 5 s: 4 to 6 s with jitter.
            let wait = schedule.wait_ms(1, seed).unwrap();
            assert!((4000..=6000).contains(&wait), "{wait}");
            tenths[((wait - 4000) / 201) as usize] += 1;
        }
        assert!(
            tenths.iter().all(|&count| (60..=140).contains(&count)),
            "{tenths:?}"
        );
    }

    #[test]
    fn a_schedule_is_read_as_it_is_written_and_a_wrong_one_not_at_all() {
        let text = serde_json::to_string(&Schedule::default()).unwrap();
        assert_eq!(text, "[5,300,1800,7200,18000,36000,36000]");
        assert_eq!(
            serde_json::from_str::<Schedule>(&text).unwrap(),
            Schedule::default()
        );
        assert!(serde_json::from_str::<Schedule>("[5]").is_err());
    }
}
