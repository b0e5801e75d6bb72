//! Results: verdicts, corrections and bandits.

use crate::common::experiment;
use experiments::Experiment;
use experiments::definition::Lift;
use experiments::results::{
    BanditResults, Decision, FixedResults, Invalid, Observations, Outcome, PathPoint, Results,
    Standing, analyse, path, totals,
};
use experiments::stats::sequential::{DEFAULT_TUNING, Tuning};
use experiments::stats::srm::{Period, check};
use experiments::stats::{Correction, Effect, Interval, Sample, Test, fixed, sequential};
use experiments::tally::{Day, Sums, Tallies, Tally};
use proptest::prelude::*;
use serde_json::{Value, json};

/// So many units, of which so many did, by each metric.
fn tally(units: i64, successes: &[(&str, f64)]) -> Tally {
    let metrics = successes.iter().map(|(metric, successes)| {
        let sums = Sums {
            sum: *successes,
            sum_squares: *successes,
            ..Sums::default()
        };
        ((*metric).to_owned(), sums)
    });
    Tally {
        units,
        apart: 0,
        metrics: metrics.collect(),
    }
}

fn results(experiment: &Experiment, tallies: &[Tally]) -> Results {
    let weights = experiment.weights();
    let units = |place: usize| tallies.get(place).map_or(0.0, |tally| tally.units as f64);
    let periods = [Period {
        units: (0..weights.len()).map(units).collect(),
        weights,
    }];
    analyse(
        experiment,
        &Observations {
            tallies,
            periods: &periods,
            days: 10.0,
            seed: 1,
        },
    )
    .unwrap()
}

fn fixed_results(experiment: &Experiment, tallies: &[Tally]) -> FixedResults {
    match results(experiment, tallies) {
        Results::Fixed(results) => results,
        Results::Bandit(_) => panic!("not a bandit"),
    }
}

fn bandit_results(experiment: &Experiment, tallies: &[Tally]) -> BanditResults {
    match results(experiment, tallies) {
        Results::Bandit(results) => results,
        Results::Fixed(_) => panic!("a bandit"),
    }
}

fn with_metrics(metrics: Value) -> Experiment {
    experiment(json!({"metrics": metrics, "planned_units": 20_000}))
}

fn goal(margin: Option<f64>) -> Value {
    json!({"key": "clicked", "kind": "proportion", "margin": margin})
}

#[test]
fn a_variation_that_is_better_by_its_goal_wins() {
    let experiment = with_metrics(json!([goal(None)]));
    let results = fixed_results(
        &experiment,
        &[
            tally(10_000, &[("clicked", 1_000.0)]),
            tally(10_000, &[("clicked", 1_250.0)]),
        ],
    );
    assert_eq!(
        results.decision,
        Decision::Winner {
            variation: "question".into()
        }
    );
    assert_eq!(results.variations[0].by, ["clicked"]);
}

#[test]
fn less_wins_where_less_is_better() {
    let metric = json!({"key": "left", "kind": "proportion", "better": "lower"});
    let experiment = with_metrics(json!([metric]));
    let results = fixed_results(
        &experiment,
        &[
            tally(10_000, &[("left", 1_250.0)]),
            tally(10_000, &[("left", 1_000.0)]),
        ],
    );
    assert_eq!(
        results.decision,
        Decision::Winner {
            variation: "question".into()
        }
    );
}

#[test]
fn a_variation_that_is_worse_loses() {
    let experiment = with_metrics(json!([goal(None)]));
    let results = fixed_results(
        &experiment,
        &[
            tally(10_000, &[("clicked", 1_250.0)]),
            tally(10_000, &[("clicked", 1_000.0)]),
        ],
    );
    assert_eq!(
        results.decision,
        Decision::Loser {
            variations: vec!["question".into()]
        }
    );
}

#[test]
fn a_winner_by_its_goal_that_harms_a_guardrail_loses() {
    let guardrail = json!({"key": "watched", "kind": "proportion", "role": "guardrail"});
    let experiment = with_metrics(json!([goal(None), guardrail]));
    let control = tally(10_000, &[("clicked", 1_000.0), ("watched", 5_000.0)]);
    let harmful = tally(10_000, &[("clicked", 1_250.0), ("watched", 4_500.0)]);
    let results = fixed_results(&experiment, &[control.clone(), harmful]);
    assert_eq!(
        results.decision,
        Decision::Loser {
            variations: vec!["question".into()]
        }
    );
    assert_eq!(results.variations[0].by, ["watched"]);

    let harmless = tally(10_000, &[("clicked", 1_250.0), ("watched", 4_990.0)]);
    assert_eq!(
        fixed_results(&experiment, &[control, harmless]).variations[0].standing,
        Standing::Winner
    );
}

#[test]
fn a_guardrail_with_a_margin_has_to_rule_harm_beyond_it_out_before_anybody_wins() {
    let metrics = |margin: f64| json!([goal(None), {"key": "watched", "kind": "proportion", "role": "guardrail", "margin": margin}]);
    let tallies = [
        tally(10_000, &[("clicked", 1_000.0), ("watched", 5_000.0)]),
        tally(10_000, &[("clicked", 1_250.0), ("watched", 4_990.0)]),
    ];
    let strict = fixed_results(&with_metrics(metrics(0.01)), &tallies);
    assert_eq!(strict.variations[0].standing, Standing::KeepRunning);
    assert_eq!(strict.variations[0].by, ["watched"]);
    let lenient = fixed_results(&with_metrics(metrics(0.1)), &tallies);
    assert_eq!(lenient.variations[0].standing, Standing::Winner);
}

#[test]
fn differences_within_the_margin_are_none() {
    let experiment = with_metrics(json!([goal(Some(0.1))]));
    let tallies = [
        tally(200_000, &[("clicked", 20_000.0)]),
        tally(200_000, &[("clicked", 20_100.0)]),
    ];
    let results = fixed_results(&experiment, &tallies);
    assert_eq!(
        results.decision,
        Decision::NoDifference {
            variations: vec!["question".into()]
        }
    );
}

#[test]
fn an_undecided_experiment_says_how_long_it_will_take_and_then_is_decided() {
    let experiment = with_metrics(json!([goal(None)]));
    let at = |factor: f64| {
        let units = 4_000.0 * factor;
        let control = tally(units as i64, &[("clicked", (units * 0.10).round())]);
        fixed_results(
            &experiment,
            &[
                control,
                tally(units as i64, &[("clicked", (units * 0.11).round())]),
            ],
        )
    };
    let Decision::KeepRunning { remaining } = at(1.0).decision else {
        panic!("8,000 units can't decide on 10%");
    };
    let (more, days) = (remaining.units.unwrap(), remaining.days.unwrap());
    assert!(
        (days / 10.0 - more / 8_000.0).abs() < 1e-3,
        "{days} days for {more} units"
    );
    assert_eq!(remaining.planned_units, Some(12_000.0));
    let factor = 1.0 + more / 8_000.0;
    assert!(matches!(
        at(factor * 0.98).decision,
        Decision::KeepRunning { .. }
    ));
    assert!(matches!(
        at(factor * 1.02).decision,
        Decision::Winner { .. }
    ));
}

#[test]
fn a_fixed_test_decides_once_the_planned_units_are_in() {
    let experiment = experiment(json!({"test": "fixed", "planned_units": 20_000}));
    let at = |units: i64| {
        let clicked = |share: f64| tally(units, &[("clicked", units as f64 * share)]);
        fixed_results(&experiment, &[clicked(0.10), clicked(0.15)]).decision
    };
    let Decision::KeepRunning { remaining } = at(9_000) else {
        panic!("a fixed test was looked at before its end");
    };
    assert_eq!(remaining.planned_units, Some(2_000.0));
    assert!(matches!(at(10_000), Decision::Winner { .. }));
}

#[test]
fn too_few_units_decide_nothing() {
    let experiment = with_metrics(json!([goal(None)]));
    let results = fixed_results(
        &experiment,
        &[
            tally(90, &[("clicked", 1.0)]),
            tally(90, &[("clicked", 80.0)]),
        ],
    );
    assert!(matches!(results.decision, Decision::KeepRunning { .. }));
    let nobody = fixed_results(&experiment, &[]);
    assert!(matches!(nobody.decision, Decision::KeepRunning { .. }));
    assert!(matches!(
        nobody.comparisons[0].outcome,
        Outcome::Undefined(_)
    ));
}

#[test]
fn units_that_are_not_shared_out_by_the_weights_make_a_result_invalid() {
    let experiment = with_metrics(json!([goal(None)]));
    let results = fixed_results(
        &experiment,
        &[
            tally(10_000, &[("clicked", 1_000.0)]),
            tally(10_900, &[("clicked", 1_500.0)]),
        ],
    );
    assert!(
        matches!(results.decision, Decision::Invalid { reason: Invalid::SampleRatioMismatch { p_value } } if p_value < 0.001)
    );
}

#[test]
fn units_are_held_to_the_weights_that_stood_when_they_came() {
    let before = Period {
        units: vec![500.0, 500.0, 0.0],
        weights: vec![0.5, 0.5, 0.0],
    };
    let after = Period {
        units: vec![90.0, 10.0, 2.0],
        weights: vec![0.9, 0.1, 0.0],
    };
    let together = check(&[before.clone(), after.clone()]).unwrap();
    assert!(!together.mismatch());
    assert!((together.degrees_of_freedom - 2.0).abs() < f64::EPSILON);
    assert_eq!(together.unexpected, [2]);
    let mixed_up = check(&[Period {
        weights: after.weights,
        ..before
    }])
    .unwrap();
    assert!(mixed_up.mismatch());
}

#[test]
fn the_best_of_several_winners_is_chosen_and_the_family_is_corrected() {
    let variations = json!([{"key": "control"}, {"key": "b"}, {"key": "c"}, {"key": "d"}]);
    let experiment = experiment(json!({"variations": variations, "metrics": [goal(None)]}));
    let clicked = |successes: f64| tally(10_000, &[("clicked", successes)]);
    let tallies = [
        clicked(1_000.0),
        clicked(1_250.0),
        clicked(1_300.0),
        clicked(1_040.0),
    ];
    let results = fixed_results(&experiment, &tallies);
    assert_eq!(
        results.decision,
        Decision::Winner {
            variation: "c".into()
        }
    );
    let p_values: Vec<_> = results
        .comparisons
        .iter()
        .map(|comparison| match comparison.outcome {
            Outcome::Measured(measured) => {
                let tuning = Tuning::at(DEFAULT_TUNING, 0.05);
                let test = sequential::test(&measured.absolute, tuning, 0.05);
                (test.p_value, measured.corrected.p_value)
            }
            Outcome::Undefined(undefined) => panic!("{undefined}"),
        })
        .collect();
    assert!(
        (p_values[1].1 / p_values[1].0 - 3.0).abs() < 1e-9,
        "Holm raises the least of three threefold"
    );
}

#[test]
fn a_bandit_moves_weights_to_what_pays_and_has_no_interval() {
    let experiment = experiment(json!({"bandit": {"floor": 0.05}}));
    let tallies = [
        tally(1_000, &[("clicked", 100.0)]),
        tally(1_000, &[("clicked", 150.0)]),
    ];
    let results = bandit_results(&experiment, &tallies);
    assert!(
        results.arms[1].weight > 0.9 && results.arms[0].weight >= 0.05,
        "{results:?}"
    );
    assert_eq!(results, bandit_results(&experiment, &tallies));
    let written = serde_json::to_string(&results.arms).unwrap();
    assert!(
        !written.contains("interval") && !written.contains("p_value"),
        "{written}"
    );
    let mut tallies = Tallies::new();
    for variation in ["control", "question"] {
        let tally = tally(1_000, &[("clicked", 100.0)]);
        tallies.insert((Some(variation.into()), Day(0)), tally);
    }
    assert!(path(&experiment, &tallies).is_empty());

    let cold = bandit_results(
        &experiment,
        &[
            tally(99, &[("clicked", 1.0)]),
            tally(500, &[("clicked", 400.0)]),
        ],
    );
    assert!((cold.arms[0].weight - 0.5).abs() < 1e-12);
}

#[test]
fn the_path_ends_where_the_results_are() {
    let experiment = with_metrics(json!([goal(None)]));
    let mut tallies = Tallies::new();
    for day in 0..5_i32 {
        for (variation, successes) in [("control", 100.0), ("question", 130.0)] {
            tallies.insert(
                (Some(variation.into()), Day(day)),
                tally(1_000, &[("clicked", successes)]),
            );
        }
    }
    let path = path(&experiment, &tallies);
    let results = fixed_results(&experiment, &totals(&experiment, &tallies));
    let Outcome::Measured(measured) = results.comparisons[0].outcome else {
        panic!("measured")
    };
    let width = |point: &PathPoint| {
        let Interval(low, high) = point.interval.unwrap();
        high - low
    };
    assert_eq!(path.len(), 5);
    assert_eq!(path[4].interval, measured.interval);
    assert!(
        path.windows(2)
            .all(|days| width(&days[0]) > width(&days[1]))
    );
}

#[test]
fn a_secondary_metric_has_no_say() {
    let never = json!({"key": "never", "kind": "mean", "role": "secondary"});
    let experiment = with_metrics(json!([goal(None), never]));
    let clicked = |successes: f64| tally(10_000, &[("clicked", successes)]);
    let results = fixed_results(&experiment, &[clicked(1_000.0), clicked(1_250.0)]);
    assert_eq!(results.variations[0].standing, Standing::Winner);
}

#[test]
fn a_verdict_is_told_before_relative_lift_can_be() {
    let experiment = with_metrics(json!([goal(None)]));
    let clicked = |successes: f64| tally(1_000, &[("clicked", successes)]);
    let results = fixed_results(&experiment, &[clicked(2.0), clicked(200.0)]);
    let Outcome::Measured(measured) = results.comparisons[0].outcome else {
        panic!("measured")
    };
    assert_eq!(measured.interval, None);
    assert_eq!(results.variations[0].standing, Standing::Winner);
}

#[test]
fn results_survive_being_written() {
    let experiment =
        with_metrics(json!([goal(None), {"key": "none", "kind": "mean", "role": "secondary"}]));
    let results = results(
        &experiment,
        &[
            tally(10_000, &[("clicked", 1_000.0)]),
            tally(10_000, &[("clicked", 1_100.0)]),
        ],
    );
    let written = serde_json::to_string(&results).unwrap();
    assert_eq!(serde_json::from_str::<Results>(&written).unwrap(), results);
}

/// A test at an alpha.
type Method<'a> = &'a dyn Fn(&Effect, f64) -> Test;

/// Effects of so many comparisons.
fn effects() -> impl Strategy<Value = Vec<Effect>> {
    let effect = (200_u32..5_000, 0.02..0.5_f64, 0.5..2.0_f64).prop_map(|(units, rate, factor)| {
        let units = f64::from(units);
        let treatment =
            Sample::proportion(units, (units * (rate * factor).min(0.98)).round().max(1.0));
        let control = Sample::proportion(units, (units * rate).round().max(1.0));
        Effect::between(&control, &treatment, Lift::Absolute).unwrap()
    });
    prop::collection::vec(effect, 1..12)
}

proptest! {
    #[test]
    fn corrected_intervals_leave_nothing_out_but_what_the_corrected_p_value_does(
        effects in effects(), alpha in 0.01..0.2_f64, planned in 100.0..50_000.0_f64,
    ) {
        let tuning = Tuning::at(planned, alpha);
        let always_valid = |effect: &Effect, alpha| sequential::test(effect, tuning, alpha);
        let tests: [Method; 2] = [&always_valid, &fixed::test];
        let corrections = [
            Correction::None, Correction::Bonferroni, Correction::Holm, Correction::BenjaminiHochberg, Correction::BenjaminiYekutieli,
        ];
        for test in tests {
            let p_values: Vec<_> = effects.iter().map(|effect| test(effect, alpha).p_value).collect();
            for correction in corrections {
                for (effect, corrected) in effects.iter().zip(correction.apply(&p_values, alpha)) {
                    let Interval(low, high) = test(effect, corrected.alpha).interval;
                    // On the edge the last digits decide.
                    let edge = low.abs().min(high.abs()) < 1e-7 * effect.standard_error;
                    prop_assert!(edge || corrected.significant != (low..=high).contains(&0.0), "{correction:?} {corrected:?} {low} {high}");
                    prop_assert_eq!(corrected.significant, corrected.p_value <= alpha);
                }
            }
        }
    }
}
