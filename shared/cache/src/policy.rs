//! How each kind is kept.

use crate::Kind;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The longest that anything may be kept.
const LONGEST_MS: u64 = 366 * DAY;

/// The largest value that may lie in a level itself: an item of DynamoDB holds 400 KB, with its names and numbers.
const LARGEST_INLINE: usize = 380 * 1024;

/// How one kind is kept. Durations are milliseconds, sizes bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long a value is fresh.
    pub ttl_ms: u64,
    /// By how many percent a time to live is shortened at most, differently for each value, so that what was made together does not expire
    /// together. 0 to 50.
    pub jitter_percent: u8,
    /// How long it is remembered that the source has nothing; 0 if that is not remembered.
    pub negative_ttl_ms: u64,
    /// How long after its time to live a value may stand in for a source that fails.
    pub stale_ms: u64,
    /// How long the process believes its own copy before it looks in the shared level again: so much later it may notice what other
    /// processes invalidated.
    pub l1_ms: u64,
    /// Whether a fresh copy in the process is believed for longer than that while the shared level does not answer.
    pub outlasts_outage: bool,
    /// The largest value that lies in the levels themselves. A larger one goes to the artifacts, and the levels keep a reference.
    pub inline_bytes: usize,
    /// What asking the source typically takes. A level that would cost more than it saves is not asked.
    pub source_ms: u64,
    /// How long one process may keep others waiting while it asks the source.
    pub lease_ms: u64,
    /// How long a request waits for another's before it asks the source itself.
    pub wait_ms: u64,
}

/// Why a policy can't be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the policy of {kind} has {field} {value}: expected {expected}")]
pub struct PolicyError {
    /// Whose policy.
    pub kind: Kind,
    /// Which field.
    pub field: &'static str,
    /// What it holds.
    pub value: u64,
    /// What it may hold.
    pub expected: String,
}

impl Policy {
    /// The policy that a kind has unless another is set.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            // A repeated answer of a model costs money, so it is waited for, and an old one is better than none.
            Kind::LlmResponse => Self {
                ttl_ms: DAY,
                jitter_percent: 10,
                negative_ttl_ms: 0,
                stale_ms: DAY,
                l1_ms: 5 * MINUTE,
                outlasts_outage: true,
                inline_bytes: 256 * 1024,
                source_ms: 3 * SECOND,
                lease_ms: 15 * SECOND,
                wait_ms: 30 * SECOND,
            },
            Kind::Media => Self {
                ttl_ms: 7 * DAY,
                jitter_percent: 10,
                negative_ttl_ms: 0,
                stale_ms: DAY,
                l1_ms: 5 * MINUTE,
                outlasts_outage: true,
                inline_bytes: 64 * 1024,
                source_ms: 5 * SECOND,
                lease_ms: 30 * SECOND,
                wait_ms: 60 * SECOND,
            },
            Kind::Metadata => Self {
                ttl_ms: HOUR,
                jitter_percent: 10,
                negative_ttl_ms: MINUTE,
                stale_ms: DAY,
                l1_ms: MINUTE,
                outlasts_outage: true,
                inline_bytes: 256 * 1024,
                source_ms: 200,
                lease_ms: SECOND,
                wait_ms: 2 * SECOND,
            },
            // A revoked key dies within a minute: revoking removes it from the shared level (or says that it could not), copies in processes
            // are short-lived, nothing stale is served, and nothing is believed for longer because the shared level is silent.
            Kind::Session => Self {
                ttl_ms: 30 * MINUTE,
                jitter_percent: 10,
                negative_ttl_ms: 5 * SECOND,
                stale_ms: 0,
                l1_ms: 30 * SECOND,
                outlasts_outage: false,
                inline_bytes: 16 * 1024,
                source_ms: 20,
                lease_ms: 250,
                wait_ms: 500,
            },
            Kind::ApiResponse => Self {
                ttl_ms: 5 * MINUTE,
                jitter_percent: 20,
                negative_ttl_ms: 5 * SECOND,
                stale_ms: 5 * MINUTE,
                l1_ms: 5 * SECOND,
                outlasts_outage: false,
                inline_bytes: 256 * 1024,
                source_ms: 30,
                lease_ms: 500,
                wait_ms: SECOND,
            },
        }
    }

    fn check(&self, kind: Kind) -> Result<(), PolicyError> {
        let limits = [
            ("ttl_ms", self.ttl_ms, SECOND, LONGEST_MS),
            ("jitter_percent", u64::from(self.jitter_percent), 0, 50),
            ("negative_ttl_ms", self.negative_ttl_ms, 0, self.ttl_ms),
            ("stale_ms", self.stale_ms, 0, LONGEST_MS),
            ("l1_ms", self.l1_ms, 0, self.ttl_ms),
            (
                "inline_bytes",
                self.inline_bytes as u64,
                0,
                LARGEST_INLINE as u64,
            ),
            ("source_ms", self.source_ms, 1, HOUR),
            ("lease_ms", self.lease_ms, 10, 5 * MINUTE),
            ("wait_ms", self.wait_ms, self.lease_ms, 10 * MINUTE),
        ];
        for (field, value, least, most) in limits {
            if !(least..=most).contains(&value) {
                return Err(PolicyError {
                    kind,
                    field,
                    value,
                    expected: format!("a number from {least} to {most}"),
                });
            }
        }
        Ok(())
    }
}

/// The policy of every kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies([Policy; Kind::ALL.len()]);

impl Default for Policies {
    fn default() -> Self {
        Self(Kind::ALL.map(Policy::of))
    }
}

impl Policies {
    /// Sets the policy of one kind.
    pub fn with(mut self, kind: Kind, policy: Policy) -> Result<Self, PolicyError> {
        policy.check(kind)?;
        self.0[kind.index()] = policy;
        Ok(self)
    }

    /// The policy of a kind.
    pub fn of(&self, kind: Kind) -> &Policy {
        &self.0[kind.index()]
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_policies_that_kinds_come_with_can_be_followed() {
        for kind in Kind::ALL {
            assert_eq!(Policy::of(kind).check(kind), Ok(()));
            assert!(
                Policies::default()
                    .with(kind, Policy::of(kind))
                    .is_ok_and(|all| all == Policies::default())
            );
        }
    }

    #[test]
    fn a_time_to_live_of_nothing_or_of_a_century_is_refused_with_what_is_possible() {
        for ttl_ms in [0, 100 * LONGEST_MS] {
            let policy = Policy {
                ttl_ms,
                ..Policy::of(Kind::Metadata)
            };
            let error = Policies::default().with(Kind::Metadata, policy);
            let text = error.unwrap_err().to_string();
            assert!(
                text.contains("metadata has ttl_ms") && text.contains("from 1000 to"),
                "{text}"
            );
        }
    }

    #[test]
    fn nobody_waits_for_less_than_the_lease_that_keeps_them_waiting() {
        let policy = Policy {
            wait_ms: 10,
            ..Policy::of(Kind::Media)
        };
        assert_eq!(
            policy.check(Kind::Media).map_err(|error| error.field),
            Err("wait_ms")
        );
    }
}
