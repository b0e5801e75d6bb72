//! The command line: what may be typed, and which command answers.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use statemachine::Strategy;

use tracing_subscriber::EnvFilter;

use crate::commands::{
    self, BatchOptions, Experimenting, Keys, Reviewing, Scoring, Serving, StatsOptions, Webhooks,
};
use crate::failure::Failure;
use crate::memory;
use crate::options::{BriefOptions, Format, How};

/// Turns a brief into a finished, captioned, spoken short video.
#[derive(Debug, Parser)]
#[command(name = "reelwright", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a video from a brief
    Make {
        /// The brief: a JSON or YAML file (`-` reads standard input)
        brief: PathBuf,
        #[command(flatten)]
        what: BriefOptions,
        #[command(flatten)]
        how: How,
    },
    /// Make a video of each brief in a table; begun again, it goes on where it was, and makes none twice
    Batch {
        /// The briefs: a CSV file whose columns are fields (`topic`, `brand.name` ...), or a JSONL file with one a line
        file: PathBuf,
        #[command(flatten)]
        what: BatchOptions,
    },
    /// Go on with a run that was cancelled, failed or killed; what is done is not done again
    Resume {
        /// The run's id, as `reelwright list` prints it
        run: String,
        #[command(flatten)]
        how: How,
    },
    /// Show a run: its tasks with attempts, times, errors and cost
    Show {
        /// The run's id
        run: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the script of a run, to change it: what is said and shown, scene by scene, and how it looks
    Script {
        /// The run's id
        run: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a run's video again from a changed script; only the scenes that changed are made again
    Rerender {
        /// The run's id
        run: String,
        /// The script, as `reelwright script` prints it: a YAML or JSON file (`-` reads standard input)
        script: PathBuf,
        /// A person's recording of all that the script says, to be heard in place of the voice: WAV, MP3, Ogg Vorbis or FLAC
        #[arg(long, value_name = "FILE")]
        recording: Option<PathBuf>,
        #[command(flatten)]
        how: How,
    },
    /// List the runs, newest first
    List {
        /// How many at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Plan a workflow: what runs beside what, and how long it takes
    Plan {
        /// The workflow: a YAML file, or JSON with measured times (`{name, tasks: [{id, seconds, after}]}`)
        workflow: PathBuf,
        /// A JSON file with measured seconds by task name
        #[arg(long)]
        durations: Option<PathBuf>,
        /// How to plan it
        #[arg(long, default_value = "auto", value_name = "levels|nested|joins|auto")]
        strategy: Strategy,
        /// What to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Run a workflow with tasks that only sleep their expected time
    Simulate {
        /// The workflow: a YAML file
        workflow: PathBuf,
        /// Length of a simulated second in seconds
        #[arg(long, default_value_t = 0.01, value_parser = scale)]
        scale: f64,
        /// How many tasks run at once
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
        workers: u16,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell what is installed, how it is configured and which providers will be used
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Score a text or a run by ten criteria, and tell what would better it
    Score {
        #[command(flatten)]
        what: Scoring,
    },
    /// Decide on what waits for a person
    Review {
        #[command(subcommand)]
        what: Reviewing,
    },
    /// Print the JSON schema of briefs
    Schema,
    /// Serve the HTTP API on this machine, and carry out its runs
    Serve {
        #[command(flatten)]
        how: Serving,
    },
    /// Manage the API's keys (in AWS, if REELWRIGHT_BUCKET is set)
    Keys {
        #[command(subcommand)]
        what: Keys,
    },
    /// Manage webhooks: endpoints, and the deliveries to them (in AWS, if REELWRIGHT_BUCKET is set)
    Webhooks {
        #[command(subcommand)]
        what: Webhooks,
    },
    /// Tell how long operations took, and what the cache saved (in AWS, if REELWRIGHT_BUCKET is set)
    Stats {
        #[command(flatten)]
        what: StatsOptions,
    },
    /// Compare variations: create experiments, watch them, plan and end them (in AWS, if REELWRIGHT_BUCKET is set)
    Experiment {
        #[command(subcommand)]
        what: Experimenting,
    },
    /// Print the OpenAPI document of the HTTP API
    Openapi,
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if scale > 0.0 && scale <= 100.0 => Ok(scale),
        _ => Err("expected a number over 0, at most 100".to_owned()),
    }
}

/// Reads the command line and answers it. Exit codes: 0 done, 1 the run failed, 2 wrong input, 130 cancelled.
pub fn run() -> ExitCode {
    memory::give_back_freed();
    let cli = Cli::parse();
    match log().and_then(|()| answer(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Sends the log to standard error, filtered as `REELWRIGHT_LOG` says.
fn log() -> Result<(), Failure> {
    let filter = std::env::var("REELWRIGHT_LOG").unwrap_or_default();
    let filter = if filter.is_empty() { "warn" } else { &filter };
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::input(format!(
            "REELWRIGHT_LOG is {filter:?}: {error}: expected a filter such as debug or runtime=trace"
        ))
    })?;
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .init();
    Ok(())
}

fn answer(command: Command) -> Result<(), Failure> {
    match command {
        Command::Plan {
            workflow,
            durations,
            strategy,
            format,
        } => commands::plan(&workflow, durations.as_deref(), strategy, format),
        Command::Simulate {
            workflow,
            scale,
            workers,
            json,
        } => block_on(commands::simulate(
            &workflow,
            scale,
            usize::from(workers),
            json,
        )),
        Command::Score { what } => block_on(commands::score(&what)),
        Command::Review { what } => block_on(commands::review(what)),
        Command::Schema => commands::schema(),
        Command::Serve { how } => block_on(commands::serve(&how)),
        Command::Keys { what } => block_on(commands::keys(what)),
        Command::Webhooks { what } => block_on(commands::webhooks(what)),
        Command::Stats { what } => block_on(commands::stats(&what)),
        Command::Experiment { what } => block_on(commands::experiment(what)),
        Command::Openapi => commands::openapi(),
        Command::Make { brief, what, how } => block_on(commands::make(&brief, &what, &how)),
        Command::Batch { file, what } => block_on(commands::batch(&file, &what)),
        Command::Resume { run, how } => block_on(commands::resume(&run, &how)),
        Command::Script { run, json } => block_on(commands::script(&run, json)),
        Command::Rerender {
            run,
            script,
            recording,
            how,
        } => block_on(commands::rerender(
            &run,
            &script,
            recording.as_deref(),
            &how,
        )),
        Command::Show { run, json } => block_on(commands::show(&run, json)),
        Command::List { limit, json } => block_on(commands::list(limit, json)),
        Command::Doctor { json } => block_on(commands::doctor(json)),
    }
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::other)?;
    let answer = runtime.block_on(work);
    // A rendering that nobody waits for any more must not hold up the end.
    runtime.shutdown_background();
    answer
}
