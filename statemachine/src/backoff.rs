//! How long a failed attempt waits before it is tried again, and which failures are worth another try.

use std::time::Duration;

use domain::ErrorInfo;

/// The longest wait after the first failed attempt. In the states language: `IntervalSeconds`.
pub const BASE: Duration = Duration::from_secs(1);

/// By how much the longest wait grows with every further attempt. In the states language: `BackoffRate`.
pub const FACTOR: u32 = 2;

/// No wait is longer, however many attempts failed. In the states language: `MaxDelaySeconds`.
pub const CAP: Duration = Duration::from_secs(30);

/// The names of errors after which another attempt may go well. Every other name is final at once.
pub const RETRIED: [&str; 2] = ["Transient", "Timeout"];

/// How long to wait after `attempt` (from 1) has failed, where `unit` is a uniform draw from 0 (included) to 1 (excluded).
///
/// Exponential back-off with full jitter: `sleep = random_between(0, min(cap, base * 2^(attempt - 1)))`, the formula of
/// M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Step Functions waits by the same rule where a
/// `Retry` has the three constants of this module and `JitterStrategy: FULL`.
///
/// ```
/// use std::time::Duration;
/// use statemachine::backoff::backoff;
///
/// assert_eq!(backoff(1, 0.5), Duration::from_millis(500));
/// assert_eq!(backoff(3, 0.5), Duration::from_secs(2));
/// assert_eq!(backoff(60, 0.5), Duration::from_secs(15));
/// ```
pub fn backoff(attempt: u32, unit: f64) -> Duration {
    // 2^5 s is past the cap already, so a larger exponent changes nothing and can't overflow.
    let doublings = attempt.saturating_sub(1).min(16);
    let longest = BASE
        .saturating_mul(FACTOR.saturating_pow(doublings))
        .min(CAP);
    // A draw outside its range (or none at all) must not become an endless or negative wait.
    let unit = if unit.is_finite() {
        unit.clamp(0.0, 1.0)
    } else {
        1.0
    };
    longest.mul_f64(unit)
}

/// Whether another attempt may go well after this error.
pub fn is_retried(error: &ErrorInfo) -> bool {
    RETRIED.contains(&error.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_doubles_up_to_the_cap() {
        let longest: Vec<u64> = (1..=8)
            .map(|attempt| backoff(attempt, 1.0).as_secs())
            .collect();
        assert_eq!(longest, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(backoff(u32::MAX, 1.0), CAP);
        assert_eq!(backoff(0, 1.0), BASE);
    }

    #[test]
    fn full_jitter_reaches_down_to_no_wait() {
        assert_eq!(backoff(4, 0.0), Duration::ZERO);
        assert_eq!(backoff(4, f64::NAN), Duration::from_secs(8));
        assert_eq!(backoff(4, -1.0), Duration::ZERO);
    }

    #[test]
    fn only_passing_trouble_is_tried_again() {
        let named = |name: &str| ErrorInfo {
            name: name.to_owned(),
            cause: String::new(),
        };
        for name in ["Transient", "Timeout"] {
            assert!(is_retried(&named(name)), "{name}");
        }
        for name in [
            "InvalidInput",
            "Refused",
            "OverBudget",
            "Permanent",
            "Cancelled",
            "transient",
        ] {
            assert!(!is_retried(&named(name)), "{name}");
        }
    }
}
