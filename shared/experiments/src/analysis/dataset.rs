//! Two variations, by every method.

use serde_json::{Map, Value, json};

use super::input::{Proportions, Totals, read};
use super::render::{belief, fixed_test, sequential_test, z_test};
use super::{Settings, members};
use crate::definition::{Better, Lift};
use crate::stats::proportions::{Share, chi_square, fisher, newcombe, pooled_z, unpooled_z};
use crate::stats::{Belief, Effect, Sample, fixed, theta};

/// What one data set is answered.
pub(super) fn answer(entry: &Value, settings: &Settings) -> Result<Map<String, Value>, String> {
    let totals: Totals = read(entry)?;
    totals.check()?;
    let (a, b, textbook) = match &totals {
        Totals::Proportion(totals) => {
            let samples = (
                Sample::proportion(totals.n_a, totals.x_a),
                Sample::proportion(totals.n_b, totals.x_b),
            );
            (samples.0, samples.1, shares(totals, settings.alpha))
        }
        Totals::Mean(totals) => {
            let sums = totals.sums();
            let (a, b) = (
                Sample::mean(totals.n_a, &sums.0),
                Sample::mean(totals.n_b, &sums.1),
            );
            (a, b, means(&a, &b, settings.alpha))
        }
        Totals::Ratio(totals) => {
            let sums = totals.sums();
            let (a, b) = (
                Sample::ratio(totals.n_a, &sums.0),
                Sample::ratio(totals.n_b, &sums.1),
            );
            (a, b, means(&a, &b, settings.alpha))
        }
    };
    let mut answers =
        members(json!({"gbstats": both_lifts(&a, &b, settings), "scipy_statsmodels": textbook}));
    if let Totals::Mean(totals) = &totals
        && totals.cuped.is_some()
    {
        let sums = totals.sums();
        let theta = theta((totals.n_a, &sums.0), (totals.n_b, &sums.1));
        let a = Sample::adjusted(totals.n_a, &sums.0, theta);
        let b = Sample::adjusted(totals.n_b, &sums.1, theta);
        let mut adjusted = both_lifts(&a, &b, settings);
        adjusted.insert("theta".into(), theta.into());
        answers.insert("gbstats_cuped".into(), adjusted.into());
    }
    Ok(answers)
}

fn both_lifts(a: &Sample, b: &Sample, settings: &Settings) -> Map<String, Value> {
    let lifts = [("relative", Lift::Relative), ("absolute", Lift::Absolute)];
    let answers = lifts.into_iter().flat_map(|(name, lift)| {
        let effect = Effect::between(a, b, lift);
        let belief_in = Belief::between(a, b, lift, Better::Higher, settings.alpha);
        [
            (
                format!("fixed_two_sided_{name}"),
                fixed_test(effect, settings),
            ),
            (
                format!("sequential_{name}"),
                sequential_test(effect, settings),
            ),
            (format!("bayes_flat_{name}"), belief(belief_in)),
        ]
    });
    answers.collect()
}

/// The textbook's tests of two shares.
fn shares(totals: &Proportions, alpha: f64) -> Value {
    let a = Share {
        successes: totals.x_a,
        units: totals.n_a,
    };
    let b = Share {
        successes: totals.x_b,
        units: totals.n_b,
    };
    let (unpooled, wald) = unpooled_z(a, b, alpha);
    let (chi2, p) = chi_square(a, b);
    json!({
        "ztest_pooled": z_test(pooled_z(a, b)),
        "z_unpooled": z_test(unpooled),
        "diff_wald_ci95": wald.interval,
        "diff_newcombe_ci95": newcombe(a, b, alpha),
        "wilson_ci95_a": a.wilson(alpha),
        "wilson_ci95_b": b.wilson(alpha),
        "chi2_2x2_no_correction": {"chi2": chi2, "p": p},
        "fisher_exact_p": fisher(a, b),
    })
}

/// The textbook's test of two means; without variance there is none.
fn means(a: &Sample, b: &Sample, alpha: f64) -> Value {
    let Ok(effect) = Effect::of_any_baseline(a, b, Lift::Absolute) else {
        return json!({"welch": null});
    };
    let test = fixed::test(&effect, alpha);
    json!({"welch": {
        "t": effect.estimate / effect.standard_error,
        "p_two_sided": test.p_value,
        "dof": effect.degrees_of_freedom,
        "diff_ci95": test.interval,
    }})
}
