//! Results as JSON. What can't be told is a result that says nothing (no difference, p-value 1), with an error.

use serde_json::{Value, json};

use super::Settings;
use crate::stats::proportions::ZTest;
use crate::stats::sequential::{self, Tuning};
use crate::stats::{Belief, Effect, Undefined, fixed};

/// The name of an error.
fn code(undefined: Undefined) -> &'static str {
    match undefined {
        Undefined::ZeroBaseline => "ZERO_NEGATIVE_BASELINE_VARIATION",
        Undefined::ZeroVariance => "ZERO_NEGATIVE_VARIANCE",
        Undefined::NoUnits => "NO_UNITS_IN_VARIATION",
    }
}

pub(super) fn fixed_test(effect: Result<Effect, Undefined>, settings: &Settings) -> Value {
    match effect {
        Ok(effect) => measured(&effect, fixed::test(&effect, settings.alpha), None),
        Err(undefined) => nothing(undefined),
    }
}

pub(super) fn sequential_test(effect: Result<Effect, Undefined>, settings: &Settings) -> Value {
    let tuning = Tuning::at(settings.planned_units, settings.alpha);
    match effect {
        Ok(effect) => measured(
            &effect,
            sequential::test(&effect, tuning, settings.alpha),
            Some(tuning.rho()),
        ),
        Err(undefined) => nothing(undefined),
    }
}

fn measured(effect: &Effect, test: crate::stats::Test, rho: Option<f64>) -> Value {
    json!({
        "expected": effect.estimate,
        "ci": test.interval,
        "p_value": test.p_value,
        "stddev": effect.standard_error,
        "dof": effect.degrees_of_freedom,
        "rho": rho,
        "error": null,
    })
}

fn nothing(undefined: Undefined) -> Value {
    json!({
        "expected": 0.0,
        "ci": [0.0, 0.0],
        "p_value": 1.0,
        "stddev": 0.0,
        "dof": null,
        "rho": null,
        "error": code(undefined),
    })
}

pub(super) fn belief(belief: Result<Belief, Undefined>) -> Value {
    match belief {
        Ok(belief) => json!({
            "chance_to_win": belief.chance_to_win,
            "expected": belief.expected,
            "ci": belief.interval,
            "loss_if_taken": belief.loss_if_taken,
            "loss_if_left": belief.loss_if_left,
            "error": null,
        }),
        Err(undefined) => {
            json!({"chance_to_win": 0.5, "expected": 0.0, "ci": [0.0, 0.0], "error": code(undefined)})
        }
    }
}

pub(super) fn z_test(test: ZTest) -> Value {
    json!({"z": test.z, "p_two_sided": test.p_value})
}
