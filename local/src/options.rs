//! Options that commands are given.

use std::path::PathBuf;

use clap::ValueEnum;

/// How a run is worked on.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct How {
    /// Folder that the finished files go into, in a folder named by the run
    #[arg(long, default_value = "out")]
    pub(crate) out: PathBuf,
    /// How many tasks run at once
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) workers: u16,
    /// Print one JSON document at the end, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is made of a brief.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct BriefOptions {
    /// Make a draft: the same film, a third as wide and high, in a fraction of the time
    #[arg(long)]
    pub(crate) draft: bool,
    /// Make nothing: tell what it would cost at most and how long it would take, task by task
    #[arg(long)]
    pub(crate) estimate: bool,
}

/// What `plan` prints.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
    Mermaid,
}
