//! Analysis of totals that are given: data sets of two variations, sample ratios, p-values and plans, each answered by every method.
//!
//! Input and output have one shape: the output is the input with the results added. The keys of the results name the programs whose
//! conventions they follow: `gbstats` Welch's test and the confidence sequence on relative and absolute lift, `scipy_statsmodels`
//! the textbook's tests.

mod dataset;
mod input;
mod render;

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::stats::Correction;
use crate::stats::power::{
    Aim, units_for_means, units_for_shares, units_for_shares_by_angle, units_for_shares_pooled,
};
use crate::stats::sequential::DEFAULT_TUNING;
use crate::stats::srm::{Period, PeriodError, check};
use input::{Plan, Split};

/// What an analysis takes for granted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The rate of false positives.
    pub alpha: f64,
    /// Units of both variations at which confidence sequences are narrowest.
    pub planned_units: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            alpha: 0.05,
            planned_units: DEFAULT_TUNING,
        }
    }
}

/// Input that can't be analysed.
#[derive(Debug, Error)]
pub enum AnalysisError {
    /// It isn't what an analysis takes.
    #[error(
        "the input must be an object with one or more of the lists datasets, srm, multiple_comparisons, sample_size"
    )]
    Shape,
    /// An entry lacks something or holds what it may not.
    #[error("{list}[{place}]: {reason}")]
    Entry {
        /// The list.
        list: &'static str,
        /// The entry's place in it, from 0.
        place: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Answers everything that the input asks.
///
/// `datasets` hold `kind` (`proportion`, `mean` or `ratio`) and `input`; `srm` hold `users` and `weights`; `multiple_comparisons`
/// hold `p`; `sample_size` hold `kind` (`two_proportions` or `two_means_t`) and what is aimed at.
pub fn analyse(input: &Value, settings: &Settings) -> Result<Value, AnalysisError> {
    const LISTS: [&str; 4] = ["datasets", "srm", "multiple_comparisons", "sample_size"];
    let input = input
        .as_object()
        .filter(|input| LISTS.iter().any(|list| input.contains_key(*list)));
    let mut output = input.ok_or(AnalysisError::Shape)?.clone();
    for (list, answer) in LISTS
        .into_iter()
        .zip([dataset::answer as Answer, split, p_values, plan])
    {
        let Some(entries) = output.get_mut(list) else {
            continue;
        };
        let entries = entries.as_array_mut().ok_or(AnalysisError::Shape)?;
        for (place, entry) in entries.iter_mut().enumerate() {
            let answers = answer(entry, settings).map_err(|reason| AnalysisError::Entry {
                list,
                place,
                reason,
            })?;
            if let Value::Object(entry) = entry {
                entry.extend(answers);
            }
        }
    }
    Ok(Value::Object(output))
}

/// What one entry is answered, or what is wrong with it.
type Answer = fn(&Value, &Settings) -> Result<Map<String, Value>, String>;

/// The members of an object that is written in place.
fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn split(entry: &Value, _: &Settings) -> Result<Map<String, Value>, String> {
    let Split { users, weights } = input::read(entry)?;
    let checked = check(&[Period {
        units: users,
        weights,
    }])
    .map_err(|error: PeriodError| error.to_string())?;
    Ok(members(json!({
        "scipy_chisquare_nonzero_weights": {"chi2": checked.chi_square, "p": checked.p_value},
        "mismatch": checked.mismatch(),
        "unexpected": checked.unexpected,
    })))
}

fn p_values(entry: &Value, settings: &Settings) -> Result<Map<String, Value>, String> {
    let input::PValues { p } = input::read(entry)?;
    if !p.iter().all(|p| (0.0..=1.0).contains(p)) {
        return Err("p-values must lie from 0 to 1".into());
    }
    let methods = [
        ("bonferroni", Correction::Bonferroni),
        ("holm", Correction::Holm),
        ("fdr_bh", Correction::BenjaminiHochberg),
        ("fdr_by", Correction::BenjaminiYekutieli),
    ];
    let answers = methods.into_iter().map(|(name, correction)| {
        let corrected = correction.apply(&p, settings.alpha);
        let adjusted: Vec<_> = corrected
            .iter()
            .map(|corrected| corrected.p_value)
            .collect();
        let reject: Vec<_> = corrected
            .iter()
            .map(|corrected| corrected.significant)
            .collect();
        let alpha: Vec<_> = corrected.iter().map(|corrected| corrected.alpha).collect();
        (
            name.into(),
            json!({"adjusted": adjusted, "reject": reject, "interval_alpha": alpha}),
        )
    });
    Ok(answers.collect())
}

fn plan(entry: &Value, _: &Settings) -> Result<Map<String, Value>, String> {
    match input::read(entry)? {
        Plan::TwoProportions {
            baseline,
            relative_mde,
            alpha,
            power,
        } => {
            let aim = aim(alpha, power)?;
            let treatment = baseline * (1.0 + relative_mde);
            let share = |share: f64| share > 0.0 && share < 1.0;
            if relative_mde == 0.0 || !share(baseline) || !share(treatment) {
                return Err("both shares must lie between 0 and 1, and differ".into());
            }
            Ok(members(json!({
                "n_per_arm_unpooled": units_for_shares(baseline, treatment, aim),
                "n_per_arm_pooled_null": units_for_shares_pooled(baseline, treatment, aim),
                "n_per_arm_cohen_h_statsmodels": units_for_shares_by_angle(baseline, treatment, aim),
            })))
        }
        Plan::TwoMeansT {
            cohen_d,
            alpha,
            power,
        } => Ok(members(
            json!({"n_per_arm_statsmodels": units_for_means(cohen_d, aim(alpha, power)?)}),
        )),
    }
}

fn aim(alpha: f64, power: f64) -> Result<Aim, String> {
    let share = |share: f64| share > 0.0 && share < 1.0;
    if share(alpha) && share(power) && power > alpha {
        return Ok(Aim { alpha, power });
    }
    Err("alpha and power must lie between 0 and 1, power above alpha".into())
}
