//! What each command does.

mod batch;
mod doctor;
mod estimate;
mod experiment;
mod keys;
mod list;
mod make;
mod openapi;
mod plan;
mod review;
mod schema;
mod score;
mod script;
mod serve;
mod show;
mod simulate;
mod stats;
mod webhooks;

pub(crate) use batch::{BatchOptions, batch};
pub(crate) use doctor::doctor;
pub(crate) use experiment::{Experimenting, experiment};
pub(crate) use keys::{Keys, keys};
pub(crate) use list::list;
pub(crate) use make::{make, resume};
pub use openapi::api_document;
pub(crate) use openapi::openapi;
pub(crate) use plan::plan;
pub(crate) use review::{Reviewing, review};
pub(crate) use schema::schema;
pub(crate) use score::{Scoring, score};
pub(crate) use script::{rerender, script};
pub(crate) use serve::{Serving, serve};
pub(crate) use show::show;
pub(crate) use simulate::simulate;
pub(crate) use stats::{StatsOptions, stats};
pub(crate) use webhooks::{Webhooks, webhooks};

use serde::Serialize;

use crate::failure::Failure;
use crate::say;

/// Prints a JSON document for machines.
fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::other)?;
    say::answer(format_args!("{text}\n"))
}
