//! `reelwright experiment plan`.

use clap::Args;
use experiments::stats::power::{Aim, detectable_share, power_of_shares, units_for_shares};
use experiments::stats::sequential::{Tuning, units_for_power};
use serde_json::json;

use super::analyze::{share, units};
use crate::commands::print_json;
use crate::failure::Failure;
use crate::say;

/// What is planned.
#[derive(Debug, Args)]
pub(crate) struct Planning {
    /// The control's share of units that convert
    #[arg(long, value_parser = share)]
    baseline: f64,
    /// The least lift that is to be found, as a part of the baseline: 0.1 is 10% more
    #[arg(
        long,
        allow_hyphen_values = true,
        required_unless_present = "units",
        conflicts_with = "units"
    )]
    lift: Option<f64>,
    /// The units over both variations; tells the least lift that they show
    #[arg(long, value_parser = units)]
    units: Option<f64>,
    /// The rate of false positives
    #[arg(long, default_value_t = 0.05, value_parser = share)]
    alpha: f64,
    /// The chance to find the lift if it is there
    #[arg(long, default_value_t = 0.8, value_parser = share)]
    power: f64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn plan(planning: &Planning) -> Result<(), Failure> {
    if planning.power <= planning.alpha {
        return Err(Failure::input("the power must be above alpha"));
    }
    match (planning.lift, planning.units) {
        (Some(lift), _) => for_lift(planning, lift),
        (None, Some(units)) => for_units(planning, units),
        (None, None) => Err(Failure::input("name --lift or --units")),
    }
}

fn aim(planning: &Planning) -> Aim {
    Aim {
        alpha: planning.alpha,
        power: planning.power,
    }
}

fn for_lift(planning: &Planning, lift: f64) -> Result<(), Failure> {
    let treatment = planning.baseline * (1.0 + lift);
    if !(treatment > 0.0 && treatment < 1.0) || lift == 0.0 {
        return Err(Failure::input(format!(
            "a lift of {lift} on {} is no other share between 0 and 1",
            planning.baseline
        )));
    }
    let fixed = (2.0 * units_for_shares(planning.baseline, treatment, aim(planning))).ceil();
    let sequential = sequential_units(planning, treatment);
    let found =
        |units: f64| power_of_shares(planning.baseline, treatment, units / 2.0, planning.alpha);
    if planning.json {
        return print_json(&json!({
            "treatment": treatment,
            "units_fixed": fixed,
            "units_sequential": sequential,
            "power_of_fixed_at_units": found(fixed),
        }));
    }
    let sequential = sequential.map_or_else(
        || "no number of units".to_owned(),
        |units| format!("{units} units"),
    );
    say::answer(format_args!(
        "from {:.4} to {treatment:.4}, found with a chance of {} at alpha {}:\n\
         looked at whenever you like   {sequential} over both variations (set planned_units to this)\n\
         looked at once, at the end    {fixed} units\n",
        planning.baseline, planning.power, planning.alpha
    ))
}

/// Units over both variations, with the sequence tuned for them.
fn sequential_units(planning: &Planning, treatment: f64) -> Option<f64> {
    let middle = f64::midpoint(planning.baseline, treatment);
    let deviation = (middle * (1.0 - middle)).sqrt();
    let difference = treatment - planning.baseline;
    let with = |tuned_for: f64| {
        let tuning = Tuning::at(tuned_for, planning.alpha);
        units_for_power(
            difference,
            deviation,
            tuning,
            planning.alpha,
            planning.power,
        )
    };
    // Tuning for what comes out moves it by less and less.
    (0..8).try_fold(10_000.0, |units, _| with(units))
}

fn for_units(planning: &Planning, units: f64) -> Result<(), Failure> {
    let rise =
        detectable_share(planning.baseline, units / 2.0, aim(planning)).ok_or_else(|| {
            Failure::input(format!(
                "{units} units show no rise of {} at all: give more",
                planning.baseline
            ))
        })?;
    let lift = rise / planning.baseline;
    if planning.json {
        return print_json(&json!({"detectable_lift_fixed": lift, "detectable_rise_fixed": rise}));
    }
    say::answer(format_args!(
        "{units} units over both variations, looked at once at the end, show a lift of {:.2}% (from {:.4} to {:.4})\n",
        lift * 100.0,
        planning.baseline,
        planning.baseline + rise
    ))
}
