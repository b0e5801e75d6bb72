//! `reelwright webhooks`.

mod came;
mod listen;
mod replay;

use std::fmt::Write;

use clap::{Args, Subcommand};
use runtime::Config;
use serde_json::json;
use store::DeliveryRecord;
use subscribe::{DeliveryView, EndpointView, Subscriptions};
use webhooks::EndpointId;
use webhooks::endpoint::Definition;
use webhooks::retry::Outcome;

use self::listen::{Listening, listen};
use self::replay::{Replaying, replay};
use super::print_json;
use crate::failure::Failure;
use crate::home::open_store;
use crate::say;
use crate::subscriptions::subscriptions;

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub(crate) enum Webhooks {
    /// Add an endpoint, and print its secret: this once
    Add(Adding),
    /// List the endpoints, newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete an endpoint: nothing more is sent to it
    Delete {
        /// The endpoint's id, as `reelwright webhooks list` prints it
        #[arg(value_parser = EndpointId::parse)]
        endpoint: EndpointId,
    },
    /// Send an endpoint a test, whatever it subscribes to
    Test {
        /// The endpoint's id
        #[arg(value_parser = EndpointId::parse)]
        endpoint: EndpointId,
    },
    /// List an endpoint's deliveries with their last attempts, newest first
    Deliveries {
        /// The endpoint's id
        #[arg(value_parser = EndpointId::parse)]
        endpoint: EndpointId,
        /// How many at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Send again what is exhausted or was stopped: one delivery, or all of an endpoint since a time
    Replay {
        #[command(flatten)]
        what: Replaying,
    },
    /// Receive messages on this machine, to try webhooks: prints each, and whether its signature holds
    Listen {
        #[command(flatten)]
        how: Listening,
    },
}

/// An endpoint to add.
#[derive(Debug, Args)]
pub(crate) struct Adding {
    /// Where messages are sent: https (with REELWRIGHT_WEBHOOKS_LOCAL=1 also http, and this machine)
    url: String,
    /// What it is for
    #[arg(long)]
    description: Option<String>,
    /// The form of messages: standard, slack or discord
    #[arg(long)]
    format: Option<String>,
    /// Which events: names, families such as content.*, or *
    #[arg(long, value_delimiter = ',')]
    types: Option<Vec<String>>,
    /// Only events of this brand
    #[arg(long)]
    brand: Option<String>,
}

pub(crate) async fn webhooks(what: Webhooks) -> Result<(), Failure> {
    match what {
        Webhooks::Add(adding) => add(&open().await?, adding).await,
        Webhooks::List { json } => list(&open().await?, json).await,
        Webhooks::Delete { endpoint } => {
            let store = open().await?.store;
            store.endpoint(&endpoint).await?;
            store.delete_endpoint(&endpoint).await?;
            say::answer(format_args!("deleted {endpoint}\n"))
        }
        Webhooks::Test { endpoint } => {
            let delivery = open().await?.test(&endpoint).await?;
            say::answer(format_args!("{}\n", delivery.id))
        }
        Webhooks::Deliveries {
            endpoint,
            limit,
            json,
        } => deliveries(&open().await?, &endpoint, limit, json).await,
        Webhooks::Replay { what } => replay(&open().await?, what).await,
        Webhooks::Listen { how } => listen(how).await,
    }
}

async fn open() -> Result<Subscriptions, Failure> {
    let config = Config::from_process().map_err(Failure::input)?;
    subscriptions(&config, open_store().await?, config.api_root())
}

async fn add(subscriptions: &Subscriptions, adding: Adding) -> Result<(), Failure> {
    let definition = Definition {
        url: adding.url,
        description: adding.description,
        format: adding.format,
        types: adding.types,
        brand: adding.brand,
        ..Definition::default()
    };
    let (endpoint, secret) = subscriptions.add(definition).await?;
    say::tell(format_args!(
        "endpoint {}; `reelwright serve` sends it a test; its secret, which isn't shown again:",
        endpoint.id
    ));
    say::answer(format_args!("{}\n", secret.reveal()))
}

async fn list(subscriptions: &Subscriptions, as_json: bool) -> Result<(), Failure> {
    let store = &subscriptions.store;
    let page = store.list_endpoints(subscriptions.most, None).await?;
    let endpoints: Vec<EndpointView> = page.items.into_iter().map(Into::into).collect();
    if as_json {
        return print_json(&json!({ "endpoints": endpoints }));
    }
    if endpoints.is_empty() {
        return say::answer("no endpoints yet: `reelwright webhooks add URL` makes the first\n");
    }
    let mut text = format!("{:<30} {:<9} {:<24} url\n", "endpoint", "state", "events");
    for endpoint in &endpoints {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<30} {:<9} {:<24} {}",
            endpoint.id(),
            endpoint.state(),
            endpoint.types().join(","),
            endpoint.url()
        );
    }
    say::answer(text)
}

async fn deliveries(
    subscriptions: &Subscriptions,
    endpoint: &EndpointId,
    limit: u32,
    as_json: bool,
) -> Result<(), Failure> {
    let store = &subscriptions.store;
    store.endpoint(endpoint).await?;
    let page = store.list_deliveries(endpoint, limit, None).await?;
    let more = page.next.is_some();
    if as_json {
        let shown: Vec<DeliveryView> = page.items.into_iter().map(Into::into).collect();
        return print_json(&json!({ "deliveries": shown, "more": more }));
    }
    let mut text = format!(
        "{:<36} {:<24} {:<9} {:>8}  last\n",
        "delivery", "event", "state", "attempts"
    );
    for delivery in &page.items {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<36} {:<24} {:<9} {:>8}  {}",
            delivery.id.as_str(),
            delivery.kind,
            delivery.state.name(),
            delivery.attempts,
            last(delivery)
        );
    }
    if more {
        text.push_str("there are more: --limit\n");
    }
    say::answer(text)
}

/// What the last attempt came to, on one line.
fn last(delivery: &DeliveryRecord) -> String {
    let Some(attempt) = delivery.log.last() else {
        return "-".to_owned();
    };
    let said = attempt.said.lines().next().unwrap_or_default();
    match attempt.outcome {
        Outcome::Answered { status, .. } => format!("{status} {said}"),
        Outcome::TimedOut | Outcome::Unreachable | Outcome::Refused => said.to_owned(),
    }
}
