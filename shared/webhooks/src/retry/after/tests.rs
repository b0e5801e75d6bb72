#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;
use crate::retry::{JITTER_PERCENT, MAX_WAIT_MS, RetryAfter};

const NOW: Timestamp = Timestamp(1_795_428_000_000);

fn later(ms: u64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

fn after_default(
    outcome: Outcome,
    attempts: u32,
    endpoint: &EndpointState,
    now: Timestamp,
) -> Next {
    let schedule = Schedule::default();
    let delivery = Delivery {
        attempts,
        schedule: &schedule,
    };
    after(
        &outcome,
        &delivery,
        endpoint,
        DEFAULT_DISABLE_AFTER_MS,
        now,
        3,
    )
}

fn asked(status: u16, value: &str) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: RetryAfter::parse(value),
    }
}

#[test]
fn a_delivery_is_tried_eight_times_over_the_documented_waits_and_then_exhausted() {
    let nominal = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];
    let mut state = EndpointState::default();
    let mut now = NOW;
    for (attempts, seconds) in (1..).zip(nominal) {
        let next = after_default(Outcome::answered(500), attempts, &state, now);
        let Fate::Again(at) = next.delivery else {
            panic!("attempt {attempts}: {next:?}");
        };
        let wait = at.since(now);
        assert!(
            (seconds * 800..=seconds * 1200).contains(&wait),
            "attempt {attempts}: {wait} ms"
        );
        (state, now) = (next.endpoint, at);
    }
    let next = after_default(Outcome::TimedOut, 8, &state, now);
    assert_eq!(next.delivery, Fate::Exhausted);
    // It failed for 28 h by then, which disables nothing.
    assert_eq!(next.endpoint.disabled, None);
    assert_eq!(next.endpoint.failing_since, Some(NOW));
}

#[test]
fn failures_without_a_success_between_disable_after_five_days_and_a_success_starts_anew() {
    let failing = EndpointState {
        failing_since: Some(NOW),
        ..EndpointState::default()
    };
    let before = after_default(
        Outcome::Unreachable,
        1,
        &failing,
        later(DEFAULT_DISABLE_AFTER_MS - 1),
    );
    assert!(matches!(before.delivery, Fate::Again(_)), "{before:?}");
    let then = after_default(
        Outcome::Unreachable,
        1,
        &failing,
        later(DEFAULT_DISABLE_AFTER_MS),
    );
    assert_eq!(then.delivery, Fate::Stopped(DisabledReason::Failing));
    assert_eq!(then.disables(&failing), Some(DisabledReason::Failing));
    assert_eq!(then.disables(&then.endpoint), None);

    let success = after_default(
        Outcome::answered(204),
        3,
        &failing,
        later(DEFAULT_DISABLE_AFTER_MS),
    );
    assert_eq!(success.delivery, Fate::Delivered);
    assert_eq!(success.endpoint, EndpointState::default());
}

#[test]
fn gone_disables_at_once_and_what_still_arrives_does_not_enable_again() {
    let gone = after_default(Outcome::answered(410), 1, &EndpointState::default(), NOW);
    assert_eq!(gone.delivery, Fate::Stopped(DisabledReason::Gone));
    let arrived = after_default(Outcome::answered(200), 1, &gone.endpoint, NOW);
    assert_eq!(arrived.delivery, Fate::Delivered);
    assert_eq!(arrived.endpoint.disabled, Some(DisabledReason::Gone));
    assert_eq!(arrived.endpoint.ready_at(NOW), None);
}

#[test]
fn too_much_slows_the_endpoint_twice_as_long_each_time_until_something_arrives() {
    for status in [429, 502, 504] {
        let mut state = EndpointState::default();
        for seconds in [10, 20, 40, 80, 160, 320, 600, 600] {
            // Each refusal comes when the pause before it has ended.
            let now = state.slowed_until.unwrap_or(NOW);
            state = after_default(Outcome::answered(status), 1, &state, now).endpoint;
            assert_eq!(
                state.slowed_until.unwrap().since(now),
                seconds * 1000,
                "{status}"
            );
            assert_eq!(state.ready_at(now), state.slowed_until);
        }
        let state = after_default(Outcome::answered(200), 1, &state, NOW).endpoint;
        assert_eq!(state.ready_at(NOW), Some(NOW));
    }
    let other = after_default(Outcome::answered(503), 1, &EndpointState::default(), NOW);
    assert_eq!(other.endpoint.slowed_until, None);
}

#[test]
fn retry_after_moves_the_delivery_later_and_never_sooner() {
    let state = EndpointState::default();
    for (outcome, least, most) in [
        (asked(503, "120"), 120_000, 120_000),
        (
            asked(503, "Mon, 23 Nov 2026 10:02:00 GMT"),
            120_000,
            120_000,
        ),
        (asked(503, "0"), 4000, 6000),
        (asked(503, "nonsense"), 4000, 6000),
        (asked(429, "nonsense"), 10_000, 10_000),
        (asked(429, "3"), 4000, 6000),
        (
            asked(500, "999999999"),
            MAX_RETRY_AFTER_MS,
            MAX_RETRY_AFTER_MS,
        ),
        (asked(302, "60"), 60_000, 60_000),
    ] {
        let next = after_default(outcome, 1, &state, NOW);
        let Fate::Again(at) = next.delivery else {
            panic!("{outcome:?}: {next:?}");
        };
        assert!(
            (least..=most).contains(&at.since(NOW)),
            "{outcome:?}: {at:?}"
        );
    }
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let retry_after = prop_oneof![
        any::<u64>().prop_map(RetryAfter::Seconds),
        any::<u64>().prop_map(|at| RetryAfter::At(Timestamp(at))),
        (0..100_000_u64).prop_map(|wait| RetryAfter::At(later(wait * 1000))),
    ];
    prop_oneof![
        (any::<u16>(), proptest::option::of(retry_after.clone())).prop_map(
            |(status, retry_after)| Outcome::Answered {
                status,
                retry_after
            }
        ),
        (
            proptest::sample::select(vec![200, 301, 410, 429, 500, 502, 503, 504]),
            proptest::option::of(retry_after)
        )
            .prop_map(|(status, retry_after)| Outcome::Answered {
                status,
                retry_after
            }),
        Just(Outcome::TimedOut),
        Just(Outcome::Unreachable),
        Just(Outcome::Refused),
    ]
}

fn schedules() -> impl Strategy<Value = Schedule> {
    proptest::collection::vec(1..=86_400_u64, 2..=19).prop_map(|mut waits| {
        waits.sort_unstable();
        Schedule::try_from(waits).unwrap()
    })
}

fn states() -> impl Strategy<Value = EndpointState> {
    let times = || proptest::option::of(any::<u64>().prop_map(Timestamp));
    let reasons = proptest::option::of(proptest::sample::select(vec![
        DisabledReason::Gone,
        DisabledReason::Failing,
        DisabledReason::Asked,
    ]));
    (times(), times(), any::<u32>(), reasons).prop_map(
        |(failing_since, slowed_until, slowed_times, disabled)| EndpointState {
            failing_since,
            slowed_until,
            slowed_times,
            disabled,
        },
    )
}

proptest! {
    #[test]
    fn the_next_attempt_is_always_in_the_future_and_within_the_bounds(
        outcome in outcomes(),
        schedule in schedules(),
        state in states(),
        attempts in 0..40_u32,
        now in any::<u64>(),
        seed in any::<u64>(),
    ) {
        let delivery = Delivery { attempts, schedule: &schedule };
        let now = Timestamp(now);
        let next = after(&outcome, &delivery, &state, DEFAULT_DISABLE_AFTER_MS, now, seed);
        match next.delivery {
            Fate::Again(at) => {
                let longest = (MAX_WAIT_MS + MAX_WAIT_MS * JITTER_PERCENT / 100).max(MAX_RETRY_AFTER_MS);
                prop_assert!(at >= now && at.since(now) <= longest);
                prop_assert!((attempts as usize) < schedule.attempts());
                prop_assert_eq!(next.endpoint.disabled, None);
            }
            Fate::Exhausted => prop_assert!(attempts as usize >= schedule.attempts()),
            Fate::Stopped(reason) => prop_assert_eq!(next.endpoint.disabled, Some(reason)),
            Fate::Delivered => prop_assert_eq!(outcome.verdict(), Verdict::Delivered),
        }
        // Who is disabled stays so, with the reason, until somebody enables it.
        if let Some(reason) = state.disabled {
            prop_assert_eq!(next.endpoint.disabled, Some(reason));
        }
        // What failed is never forgotten, and failing never begins later than now.
        if outcome.verdict() != Verdict::Delivered {
            prop_assert!(next.endpoint.failing_since.unwrap() <= now);
        }
    }

    #[test]
    fn a_delivery_that_only_fails_ends_after_exactly_the_attempts_of_its_schedule(
        schedule in schedules(),
        failures in proptest::collection::vec(
            outcomes().prop_filter("one that fails", |outcome| {
                matches!(outcome.verdict(), Verdict::Failed | Verdict::TooMuch)
            }),
            20,
        ),
        seed in any::<u64>(),
    ) {
        let mut state = EndpointState::default();
        let mut now = NOW;
        let mut ends = 0;
        for (attempts, outcome) in (1..).zip(&failures) {
            let delivery = Delivery { attempts, schedule: &schedule };
            let next = after(outcome, &delivery, &state, u64::MAX, now, seed);
            state = next.endpoint;
            match next.delivery {
                Fate::Again(at) => {
                    let nominal = Vec::<u64>::from(schedule.clone())[attempts as usize - 1] * 1000;
                    prop_assert!(at.since(now) >= nominal - nominal * JITTER_PERCENT / 100);
                    prop_assert!(at > now);
                    now = at;
                }
                Fate::Exhausted => {
                    ends = attempts;
                    break;
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert_eq!(ends as usize, schedule.attempts());
    }

    #[test]
    fn asking_for_more_time_never_brings_the_next_attempt_nearer(
        status in proptest::sample::select(vec![301_u16, 404, 429, 500, 502, 503, 504]),
        schedule in schedules(),
        less in 0..200_000_u64,
        more in 0..200_000_u64,
        seed in any::<u64>(),
    ) {
        let delivery = Delivery { attempts: 1, schedule: &schedule };
        let at = |seconds| {
            let outcome = Outcome::Answered { status, retry_after: Some(RetryAfter::Seconds(seconds)) };
            match after(&outcome, &delivery, &EndpointState::default(), u64::MAX, NOW, seed).delivery {
                Fate::Again(at) => at,
                other => panic!("{other:?}"),
            }
        };
        prop_assert!(at(less) <= at(less + more));
    }
}
