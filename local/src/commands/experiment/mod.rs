//! `reelwright experiment`.

mod analyze;
mod page;
mod plan;
mod plot;
mod table;

use std::path::{Path, PathBuf};

use assign::{ExperimentView, Experiments, Found};
use clap::Subcommand;
use experiments::Definition;
use serde_json::json;
use store::ExperimentRecord;

use super::print_json;
use crate::experiments::experiments;
use crate::failure::Failure;
use crate::files::{read_text, write_whole};
use crate::home::open_store;
use crate::say;
use analyze::Analyzing;
use plan::Planning;

/// How many experiments a request lists.
const PAGE: u32 = 1000;

/// What to do with experiments.
#[derive(Debug, Subcommand)]
pub(crate) enum Experimenting {
    /// Create an experiment, as a draft
    Create {
        /// Its definition: a JSON file (`-` reads standard input)
        definition: PathBuf,
    },
    /// List the experiments, newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Start an experiment, or go on with one that is paused
    Start {
        /// The experiment's key
        experiment: String,
    },
    /// Take no new units in
    Pause {
        /// The experiment's key
        experiment: String,
    },
    /// Change the variations' weights; units that were seen keep what they have
    Weights {
        /// The experiment's key
        experiment: String,
        /// The weights, which sum to 1, in the order of the variations; without them, what a bandit's results say
        weights: Vec<f64>,
    },
    /// Show an experiment: its verdict, and how the interval has moved
    Status {
        /// The experiment's key
        experiment: String,
    },
    /// Show all figures of an experiment
    Results {
        /// The experiment's key
        experiment: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Write a page with the confidence sequences over time
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Tell how many units a difference takes, or which difference so many units show
    Plan(Planning),
    /// End an experiment for good, and tell subscribers its verdict
    Conclude {
        /// The experiment's key
        experiment: String,
        /// The variation that everybody gets; without it, the winner, or the control if there is none
        #[arg(long)]
        winner: Option<String>,
    },
    /// Analyse totals that are given, without a store
    Analyze(Analyzing),
}

pub(crate) async fn experiment(what: Experimenting) -> Result<(), Failure> {
    match what {
        Experimenting::Plan(planning) => return plan::plan(&planning),
        Experimenting::Analyze(analyzing) => return analyze::analyze(&analyzing),
        _ => {}
    }
    let experiments = experiments(open_store().await?);
    match what {
        Experimenting::Create { definition } => create(&experiments, &definition).await,
        Experimenting::List { json } => list(&experiments, json).await,
        Experimenting::Start { experiment } => told(&experiments.start(&experiment).await?),
        Experimenting::Pause { experiment } => told(&experiments.pause(&experiment).await?),
        Experimenting::Weights {
            experiment,
            weights,
        } => reweigh(&experiments, &experiment, weights).await,
        Experimenting::Status { experiment } => {
            let found = experiments.results(&experiment).await?;
            say::answer(table::verdict(&found) + &plot::plots(&found, 1))
        }
        Experimenting::Results {
            experiment,
            json,
            report,
        } => results(&experiments, &experiment, json, report.as_deref()).await,
        Experimenting::Conclude { experiment, winner } => {
            told(&experiments.conclude(&experiment, winner).await?)
        }
        Experimenting::Plan(_) | Experimenting::Analyze(_) => Ok(()),
    }
}

async fn create(experiments: &Experiments, file: &Path) -> Result<(), Failure> {
    let text = read_text(file)?;
    let definition: Definition =
        serde_json::from_str(&text).map_err(|error| Failure::input(error).about(file))?;
    told(&experiments.create(definition).await?)
}

fn told(record: &ExperimentRecord) -> Result<(), Failure> {
    let definition = &record.definition;
    let runs = record.content.as_ref();
    let run = definition
        .winner
        .as_ref()
        .and_then(|winner| runs?.runs.get(winner));
    say::answer(format_args!(
        "{} is {}{}{}\n",
        definition.key,
        table::state(definition.state),
        definition
            .winner
            .as_ref()
            .map(|winner| format!(": everybody gets {winner}"))
            .unwrap_or_default(),
        run.map(|run| format!(" (run {run})")).unwrap_or_default()
    ))
}

async fn list(experiments: &Experiments, as_json: bool) -> Result<(), Failure> {
    let page = experiments.list(PAGE, None).await?;
    if as_json {
        let more = page.next.is_some();
        let shown: Vec<ExperimentView> = page.items.into_iter().map(Into::into).collect();
        return print_json(&json!({ "experiments": shown, "more": more }));
    }
    say::answer(table::list(&page.items))
}

async fn reweigh(experiments: &Experiments, key: &str, weights: Vec<f64>) -> Result<(), Failure> {
    let weights = if weights.is_empty() {
        let found = experiments.results(key).await?;
        let bandit = found.bandit().ok_or_else(|| {
            Failure::input(format!("experiment {key:?} is no bandit: name the weights"))
        })?;
        bandit.arms.iter().map(|arm| arm.weight).collect()
    } else {
        weights
    };
    let fields = [("weights".to_owned(), json!(weights))]
        .into_iter()
        .collect();
    let changed = experiments.change(key, fields).await?;
    say::answer(format_args!(
        "{key} has the weights {:?}\n",
        changed.definition.weights.unwrap_or_default()
    ))
}

async fn results(
    experiments: &Experiments,
    key: &str,
    as_json: bool,
    report: Option<&Path>,
) -> Result<(), Failure> {
    let found: Found = experiments.results(key).await?;
    if let Some(file) = report {
        write_whole(file, page::page(&found).as_bytes(), "--report")?;
        say::tell(format_args!("wrote {}", crate::files::name(file)));
    }
    if as_json {
        return print_json(&found.told());
    }
    say::answer(table::verdict(&found) + &table::figures(&found) + &plot::plots(&found, usize::MAX))
}
