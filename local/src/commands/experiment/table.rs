//! Experiments and their results as text.

use std::fmt::Write;

use assign::Found;
use experiments::definition::{Lift, State};
use experiments::results::{
    Comparison, Decision, FixedResults, Invalid, Outcome, Remaining, Results, Standing,
};
use experiments::stats::Interval;
use store::ExperimentRecord;

/// A state, in a word.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Draft => "a draft",
        State::Running => "running",
        State::Paused => "paused",
        State::Concluded => "concluded",
    }
}

/// Experiments, a line each.
pub(super) fn list(records: &[ExperimentRecord]) -> String {
    if records.is_empty() {
        return "no experiments yet: `reelwright experiment create FILE` makes the first\n"
            .to_owned();
    }
    let mut text = format!(
        "{:<30} {:<10} {:<26} variations\n",
        "experiment", "state", "started"
    );
    for record in records {
        let definition = &record.definition;
        let variations: Vec<_> = definition
            .variations
            .iter()
            .map(|variation| variation.key.as_str())
            .collect();
        let started = record
            .started_at()
            .map_or("-".to_owned(), domain::Timestamp::rfc3339);
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<30} {:<10} {:<26} {}",
            definition.key,
            state(definition.state),
            started,
            variations.join(",")
        );
    }
    text
}

/// What an experiment has come to.
pub(super) fn verdict(found: &Found) -> String {
    let definition = &found.record.definition;
    let mut text = format!(
        "experiment {} is {}\n",
        definition.key,
        state(definition.state)
    );
    match &found.results {
        Results::Fixed(results) => {
            let _ = writeln!(text, "verdict    {}", decided(&results.decision));
            for standing in &results.variations {
                let _ = writeln!(
                    text,
                    "{:<10} {}{}",
                    standing.variation,
                    stands(standing.standing),
                    by(&standing.by)
                );
            }
            ratio(&mut text, results);
        }
        Results::Bandit(bandit) => {
            let _ = writeln!(
                text,
                "a bandit, paid by {}: it has no verdict and no interval",
                bandit.metric
            );
            let _ = writeln!(
                text,
                "{:<20} {:>8} {:>8} {:>8}",
                "variation", "units", "best", "weight"
            );
            for arm in &bandit.arms {
                let _ = writeln!(
                    text,
                    "{:<20} {:>8} {:>7.1}% {:>8.4}",
                    arm.variation,
                    arm.units,
                    arm.chance_to_be_best * 100.0,
                    arm.weight
                );
            }
        }
    }
    text
}

fn by(metrics: &[String]) -> String {
    if metrics.is_empty() {
        return String::new();
    }
    format!(" by {}", metrics.join(", "))
}

fn stands(standing: Standing) -> &'static str {
    match standing {
        Standing::Winner => "is better than the control",
        Standing::Loser => "is worse than the control",
        Standing::NoDifference => "differs by less than the margin",
        Standing::KeepRunning => "isn't decided",
    }
}

fn ratio(text: &mut String, results: &FixedResults) {
    let fits = if results.ratio.mismatch() {
        "units are NOT shared out as the weights say"
    } else {
        "units are shared out as the weights say"
    };
    let _ = writeln!(text, "ratio      {fits} (p {:.4})", results.ratio.p_value);
}

/// A decision, in words.
pub(super) fn decided(decision: &Decision) -> String {
    match decision {
        Decision::Winner { variation } => format!("{variation} wins"),
        Decision::Loser { variations } => {
            format!("the control wins: worse are {}", variations.join(", "))
        }
        Decision::NoDifference { variations } => {
            format!("no difference that matters: {}", variations.join(", "))
        }
        Decision::KeepRunning { remaining } => format!("keep running{}", longer(remaining)),
        Decision::Invalid {
            reason: Invalid::SampleRatioMismatch { p_value },
        } => format!(
            "invalid: units aren't shared out as the weights say (p {p_value:.2e}): find out why before you believe any figure"
        ),
    }
}

fn longer(remaining: &Remaining) -> String {
    match (remaining.units, remaining.planned_units) {
        (Some(units), _) => {
            let days = remaining.days.map_or(String::new(), |days| {
                format!(", {days:.1} days at this pace")
            });
            format!(": about {units:.0} units more if the difference stays{days}")
        }
        (None, Some(units)) => format!(": {units:.0} units of the plan are to come"),
        (None, None) => String::new(),
    }
}

/// Every comparison's figures, a line each.
pub(super) fn figures(found: &Found) -> String {
    let Results::Fixed(results) = &found.results else {
        return String::new();
    };
    let mut text = format!(
        "\n{:<16} {:<16} {:>8} {:>10} {:>10} {:>9} {:>21} {:>9} {:>8}\n",
        "variation", "metric", "units", "control", "value", "lift", "interval", "p", "better"
    );
    for comparison in &results.comparisons {
        let _ = writeln!(
            text,
            "{:<16} {:<16} {:>8} {:>10.4} {:>10.4} {}",
            comparison.variation,
            comparison.metric,
            comparison.treatment.units,
            comparison.control.mean,
            comparison.treatment.mean,
            measured(comparison)
        );
    }
    text.push_str(
        "lift and interval as the metric tells lift; interval and p corrected for all comparisons that decide;\n\
         better is the chance that the variation is better than the control\n",
    );
    text
}

fn measured(comparison: &Comparison) -> String {
    match &comparison.outcome {
        Outcome::Undefined(reason) => reason.to_string(),
        Outcome::Measured(measured) => {
            let lift = measured.effect.lift;
            let interval = measured.interval.map_or_else(
                || "-".to_owned(),
                |Interval(low, high)| format!("{} {}", told(lift, low), told(lift, high)),
            );
            format!(
                "{:>9} {interval:>21} {:>9.2e} {:>7.1}%",
                told(lift, measured.effect.estimate),
                measured.corrected.p_value,
                measured.belief.chance_to_win * 100.0
            )
        }
    }
}

/// A lift: relative in percent, absolute in the metric's unit.
pub(super) fn told(lift: Lift, value: f64) -> String {
    match lift {
        Lift::Relative => format!("{:+.1}%", value * 100.0),
        Lift::Absolute => format!("{value:+.4}"),
    }
}
