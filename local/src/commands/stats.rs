//! `reelwright stats`.

mod remote;
mod table;

use clap::Args;
use review::recorded::{CacheInsights, PerformanceInsights, Period};
use runtime::Services;
use serde_json::json;

use super::print_json;
use crate::failure::Failure;
use crate::home::open_store;
use crate::say;

/// Of what time, and whose.
#[derive(Debug, Args)]
pub(crate) struct StatsOptions {
    /// The last so many hours (1 to 24) [default: 1]
    #[arg(long, conflicts_with = "days")]
    hours: Option<u32>,
    /// The last so many days (1 to 90), today among them
    #[arg(long)]
    days: Option<u32>,
    /// Ask a server, such as http://127.0.0.1:8420, with the key in REELWRIGHT_API_KEY
    #[arg(long)]
    url: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn stats(what: &StatsOptions) -> Result<(), Failure> {
    let period = Period::new(what.hours, what.days).map_err(Failure::input)?;
    let (performance, cache) = if let Some(url) = &what.url {
        remote::ask(url, what.hours, what.days).await?
    } else {
        let now = Services::system_clock()();
        let recorded = period.read(&open_store().await?, now).await?;
        (
            PerformanceInsights::of(&recorded),
            CacheInsights::of(&recorded),
        )
    };
    if what.json {
        return print_json(&json!({ "performance": performance, "cache": cache }));
    }
    say::answer(table::of(&performance, &cache))
}
