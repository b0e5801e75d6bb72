//! A kept value and what is known of it.

use bytes::Bytes;
use domain::{ContentKey, Timestamp};

use crate::{Policy, Tag};

/// How far a writer's clock may be ahead of a reader's. What was made later than that is not believed: a clock is wrong, and so may be the
/// times at which the value expires.
const SKEW_MS: u64 = 60_000;

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// The value.
    Value(Bytes),
    /// The source has no such thing.
    Nothing,
    /// The value was too large and lies among the artifacts.
    Elsewhere(ContentKey),
}

/// A kept value. Times are the wall clock's, so that they hold across processes and while a machine sleeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) body: Body,
    pub(crate) made_at: Timestamp,
    /// Until when it answers requests.
    pub(crate) fresh_until: Timestamp,
    /// Until when it stands in for a source that fails.
    pub(crate) stale_until: Timestamp,
    /// How long the source took, in milliseconds.
    pub(crate) source_ms: u32,
    /// What the source cost, in billionths of a dollar.
    pub(crate) price_nanos: u64,
    /// What it hangs on, each with the version that it had before the source was asked.
    pub(crate) tags: Vec<(Tag, u64)>,
}

impl Entry {
    /// An entry made now under a policy. `spread` decides how much of its time to live jitter takes.
    pub(crate) fn new(body: Body, now: Timestamp, policy: &Policy, spread: u64) -> Self {
        let ttl = match body {
            Body::Nothing => policy.negative_ttl_ms,
            Body::Value(_) | Body::Elsewhere(_) => policy.ttl_ms,
        };
        let jitter = ttl * u64::from(policy.jitter_percent) / 100;
        let fresh_until = now.0 + ttl - spread % (jitter + 1);
        Self {
            body,
            made_at: now,
            fresh_until: Timestamp(fresh_until),
            stale_until: Timestamp(fresh_until + policy.stale_ms),
            source_ms: 0,
            price_nanos: 0,
            tags: Vec::new(),
        }
    }

    /// Whether it answers requests at `now`. A policy that became shorter since it was written holds for it too.
    pub(crate) fn is_fresh(&self, now: Timestamp, policy: &Policy) -> bool {
        let latest = self.made_at.0.saturating_add(policy.ttl_ms);
        now.0 < self.fresh_until.0.min(latest) && self.is_believed(now)
    }

    /// Whether it may stand in for a source that fails at `now`.
    pub(crate) fn may_stand_in(&self, now: Timestamp, policy: &Policy) -> bool {
        let latest = self
            .made_at
            .0
            .saturating_add(policy.ttl_ms)
            .saturating_add(policy.stale_ms);
        policy.stale_ms > 0 && now.0 < self.stale_until.0.min(latest) && self.is_believed(now)
    }

    fn is_believed(&self, now: Timestamp) -> bool {
        self.made_at.0 <= now.0.saturating_add(SKEW_MS)
    }

    /// How many bytes it holds, with what is written of it.
    pub(crate) fn weight(&self) -> u64 {
        let body = match &self.body {
            Body::Value(bytes) => bytes.len(),
            Body::Nothing => 0,
            Body::Elsewhere(_) => 64,
        };
        (body + self.tags.len() * 24 + 192) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    fn value() -> Body {
        Body::Value(Bytes::from_static(b"v"))
    }

    #[test]
    fn jitter_shortens_a_time_to_live_and_never_lengthens_it() {
        let policy = Policy::of(Kind::Metadata);
        let lives: Vec<u64> = (0..1000)
            .map(|n| Entry::new(value(), NOW, &policy, n * 7919).fresh_until.0 - NOW.0)
            .collect();
        let most = policy.ttl_ms;
        assert!(
            lives
                .iter()
                .all(|life| (most * 9 / 10..=most).contains(life))
        );
        let spread = lives.iter().max().unwrap_or(&0) - lives.iter().min().unwrap_or(&0);
        assert!(spread > most / 20, "{spread}");
    }

    #[test]
    fn a_shorter_policy_holds_for_what_was_written_under_a_longer_one() {
        let long = Policy::of(Kind::Media);
        let entry = Entry::new(value(), NOW, &long, 0);
        let later = Timestamp(NOW.0 + 7_200_000);
        assert!(entry.is_fresh(later, &long));
        let short = Policy {
            ttl_ms: 3_600_000,
            ..long
        };
        assert!(!entry.is_fresh(later, &short));
    }

    #[test]
    fn what_was_made_in_the_future_is_not_believed() {
        let policy = Policy::of(Kind::Metadata);
        let entry = Entry::new(value(), NOW, &policy, 0);
        let back = |ms| Timestamp(NOW.0 - ms);
        assert!(entry.is_fresh(back(1_000), &policy));
        assert!(!entry.is_fresh(back(61_000), &policy));
        assert!(!entry.may_stand_in(back(61_000), &policy));
    }

    #[test]
    fn nothing_is_remembered_for_as_long_as_the_policy_says() {
        let policy = Policy {
            jitter_percent: 0,
            ..Policy::of(Kind::Metadata)
        };
        let entry = Entry::new(Body::Nothing, NOW, &policy, 5);
        assert_eq!(entry.fresh_until.0 - NOW.0, policy.negative_ttl_ms);
    }
}
