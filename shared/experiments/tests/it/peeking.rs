//! Looking every day: what it does to a fixed test, and what a confidence sequence makes of it.
//!
//! Experiments without a difference and with one are simulated and looked at daily; the figures are held to those that were computed
//! with gbstats (`peeking-simulation.json`: conversion of 10%, 1,000 users a variation a day, 20,000 experiments).

use std::path::Path;

use crate::common::experiment;
use experiments::definition::Lift;
use experiments::results::{Decision, Observations, Results, analyse};
use experiments::stats::sequential::{DEFAULT_TUNING, Tuning};
use experiments::stats::{Effect, Sample, fixed, sequential};
use experiments::tally::{Sums, Tally};
use serde_json::{Value, json};

const ALPHA: f64 = 0.05;
const USERS_A_DAY: u32 = 1_000;
const DAYS: usize = 30;

fn reference() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/experiments/peeking-simulation.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// SplitMix64: the same simulation at every run.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A day's conversions: a binomial, drawn from the table of its distribution.
struct Conversions(Vec<f64>);

impl Conversions {
    fn at(rate: f64, users: u32) -> Self {
        let trials = f64::from(users);
        let mut chance = (1.0 - rate).powf(trials);
        let table = (0..=users).scan(0.0, |sum, k| {
            *sum += chance;
            chance *= (trials - f64::from(k)) / (f64::from(k) + 1.0) * rate / (1.0 - rate);
            Some(*sum)
        });
        Self(table.collect())
    }

    fn draw(&self, random: &mut Random) -> f64 {
        let point = random.unit();
        self.0.partition_point(|sum| *sum <= point) as f64
    }
}

/// In which share of experiments something was found.
#[derive(Debug, Default)]
struct Found {
    fixed_at_the_end: f64,
    fixed_any_day: f64,
    sequential_any_day: f64,
    /// By an interval that at some day didn't hold the difference that there is.
    missed: f64,
}

/// Simulates experiments whose variation converts `lift` more often than the control.
fn simulate(experiments: u32, lift: f64, tuning: Tuning, seed: u64) -> Found {
    let (control, treatment) = (
        Conversions::at(0.1, USERS_A_DAY),
        Conversions::at(0.1 * (1.0 + lift), USERS_A_DAY),
    );
    let truth = 0.1 * lift;
    let mut random = Random(seed);
    let mut found = Found::default();
    for _ in 0..experiments {
        let (mut a, mut b, mut users) = (0.0, 0.0, 0.0);
        let (mut fixed_now, mut fixed_any, mut sequential_any, mut missed) =
            (false, false, false, false);
        for _ in 0..DAYS {
            a += control.draw(&mut random);
            b += treatment.draw(&mut random);
            users += f64::from(USERS_A_DAY);
            let (a, b) = (Sample::proportion(users, a), Sample::proportion(users, b));
            let effect = Effect::between(&a, &b, Lift::Absolute).unwrap();
            let always_valid = sequential::test(&effect, tuning, ALPHA);
            fixed_now = fixed::p_value(&effect) < ALPHA;
            fixed_any |= fixed_now;
            sequential_any |= always_valid.p_value < ALPHA;
            missed |= !always_valid.interval.contains(truth);
        }
        for (count, found) in [
            (&mut found.fixed_at_the_end, fixed_now),
            (&mut found.fixed_any_day, fixed_any),
            (&mut found.sequential_any_day, sequential_any),
            (&mut found.missed, missed),
        ] {
            *count += f64::from(u8::from(found)) / f64::from(experiments);
        }
    }
    found
}

/// Two simulations differ by chance: by five standard errors, of so many experiments each, never.
#[track_caller]
fn assert_rate(actual: f64, expected: &Value, experiments: u32) {
    let expected = expected.as_f64().unwrap();
    let variance = expected * (1.0 - expected) * (1.0 / f64::from(experiments) + 1.0 / 20_000.0);
    assert!(
        (actual - expected).abs() < 5.0 * variance.sqrt(),
        "{actual} isn't {expected}"
    );
}

#[test]
fn looking_daily_at_a_fixed_test_finds_differences_that_are_not_there_and_a_sequence_does_not() {
    let experiments = 20_000;
    let found = simulate(experiments, 0.0, Tuning::at(DEFAULT_TUNING, ALPHA), 1);
    println!("{experiments} experiments without a difference, looked at on {DAYS} days: {found:?}");
    let expected = &reference()["fpr"]["30"];
    assert_rate(
        found.fixed_at_the_end,
        &expected["fixed_end_only"],
        experiments,
    );
    assert_rate(
        found.fixed_any_day,
        &expected["fixed_peek_daily"],
        experiments,
    );
    assert_rate(
        found.sequential_any_day,
        &expected["sequential_peek_daily"],
        experiments,
    );
    assert!(found.sequential_any_day <= ALPHA);
}

#[test]
fn a_difference_of_ten_percent_is_found_and_stays_inside_the_interval_on_all_days() {
    let experiments = 4_000;
    for (tuning, key) in [
        (DEFAULT_TUNING, "gb_seq_N5000"),
        (60_000.0, "gb_seq_N60000"),
    ] {
        let found = simulate(experiments, 0.1, Tuning::at(tuning, ALPHA), 2);
        println!("{experiments} experiments with 10% more, tuned for {tuning}: {found:?}");
        let expected = &reference()["comparison"]["plus10pct"]["30"];
        assert_rate(found.fixed_at_the_end, &expected["fixed_end"], experiments);
        assert_rate(found.sequential_any_day, &expected[key], experiments);
        assert!(found.missed <= ALPHA, "{}", found.missed);
    }
}

/// A tally of units of which so many converted.
fn tally(users: f64, converted: f64) -> Tally {
    let sums = Sums {
        sum: converted,
        sum_squares: converted,
        ..Sums::default()
    };
    Tally {
        units: users as i64,
        apart: 0,
        metrics: [("clicked".to_owned(), sums)].into(),
    }
}

/// In how many of so many experiments without a difference a verdict falls, looked at daily.
fn decided(experiments: u32, rate: f64, users_a_day: u32, seed: u64) -> u32 {
    let experiment = experiment(json!({}));
    let conversions = Conversions::at(rate, users_a_day);
    let mut random = Random(seed);
    let is_decided = |_: &u32| {
        let (mut a, mut b) = (0.0, 0.0);
        (1..=DAYS).any(|day| {
            a += conversions.draw(&mut random);
            b += conversions.draw(&mut random);
            let users = f64::from(users_a_day) * day as f64;
            let tallies = [tally(users, a), tally(users, b)];
            let observations = Observations {
                tallies: &tallies,
                periods: &[],
                days: day as f64,
                seed: 0,
            };
            match analyse(&experiment, &observations).unwrap() {
                Results::Fixed(results) => {
                    !matches!(results.decision, Decision::KeepRunning { .. })
                }
                Results::Bandit(_) => panic!("not a bandit"),
            }
        })
    };
    (0..experiments).filter(is_decided).count() as u32
}

#[test]
fn verdicts_looked_at_daily_are_wrong_in_at_most_one_of_twenty_experiments() {
    let experiments = 2_000;
    // Down to where a variation converts a unit every other day.
    for (rate, users_a_day) in [(0.1, 1_000), (0.02, 100), (0.005, 100)] {
        let wrong = decided(experiments, rate, users_a_day, 3);
        println!("at {rate} of {users_a_day} a day, {wrong} of {experiments} were decided");
        assert!(
            f64::from(wrong) <= ALPHA * f64::from(experiments),
            "{wrong}"
        );
    }
}
