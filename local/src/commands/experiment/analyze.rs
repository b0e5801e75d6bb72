//! `reelwright experiment analyze`.

use std::path::PathBuf;

use clap::Args;
use experiments::analysis::{Settings, analyse};

use crate::commands::print_json;
use crate::failure::Failure;
use crate::files::read_text;

/// Totals to analyse.
#[derive(Debug, Args)]
pub(crate) struct Analyzing {
    /// The totals: a JSON file with datasets, srm, multiple_comparisons or sample_size (`-` reads standard input)
    file: PathBuf,
    /// The rate of false positives
    #[arg(long, default_value_t = Settings::default().alpha, value_parser = share)]
    alpha: f64,
    /// Units of both variations at which the confidence sequences are narrowest
    #[arg(long, default_value_t = Settings::default().planned_units, value_parser = units)]
    planned_units: f64,
}

pub(super) fn analyze(analyzing: &Analyzing) -> Result<(), Failure> {
    let text = read_text(&analyzing.file)?;
    let refused = |failure: Failure| failure.about(&analyzing.file);
    let input = serde_json::from_str(&text).map_err(|error| refused(Failure::input(error)))?;
    let settings = Settings {
        alpha: analyzing.alpha,
        planned_units: analyzing.planned_units,
    };
    let output = analyse(&input, &settings).map_err(|error| refused(Failure::input(error)))?;
    print_json(&output)
}

/// A share between 0 and 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a number between 0 and 1".to_owned()),
    }
}

/// A number of units.
pub(super) fn units(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(units) if (1.0..=1e15).contains(&units) => Ok(units),
        _ => Err("expected a number of units, 1 or more".to_owned()),
    }
}
