//! Many writers at once, some of them killed, with duplicates and with transactions that conflict: every count is exact.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use assign::Experiments;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::error::ConnectorError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use experiments::Definition;
use experiments::results::totals;
use experiments::tally::{Exposure, Tallies, UnitRecord, difference};
use reelwright::embedded::Embedded;
use serde_json::{Value, json};
use store::{Store, Tables};
use webhooks::ApiRoot;

const WRITERS: u64 = 16;
const NOW: domain::Timestamp = domain::Timestamp(1_795_428_000_000);
/// Numbers that look random and are the same each time (Steele et al., SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Now and then a transaction conflicts with another, or its answer is lost.
#[derive(Debug)]
struct Unsteady {
    inner: SharedHttpConnector,
    asked: Arc<AtomicU64>,
}

impl HttpConnector for Unsteady {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        if !target.ends_with("TransactWriteItems") {
            return self.inner.call(request);
        }
        match mixed(self.asked.fetch_add(1, Ordering::Relaxed)) % 40 {
            0..4 => {
                let conflict = json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                    "message": "Transaction cancelled [TransactionConflict]",
                    "CancellationReasons": [{"Code": "TransactionConflict", "Message": "injected"}]
                });
                let status = 400.try_into().unwrap();
                let answer = HttpResponse::new(status, conflict.to_string().into());
                HttpConnectorFuture::ready(Ok(answer))
            }
            4 => {
                let answer = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    answer.await?;
                    Err(ConnectorError::io("injected: the answer is lost".into()))
                })
            }
            _ => self.inner.call(request),
        }
    }
}

fn unsteady(client: &Client) -> Client {
    let inner = client.config().http_client().unwrap();
    let asked = Arc::new(AtomicU64::new(0));
    let unsteady = http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Unsteady {
            inner: inner.http_connector(settings, components),
            asked: Arc::clone(&asked),
        })
    });
    Client::from_conf(client.config().to_builder().http_client(unsteady).build())
}

/// The event of a number, of one of some thousand units: an exposure, or one of two conversions on one of three days.
fn event(number: u64, units: u64) -> Value {
    let unit = mixed(number) % units;
    let at = domain::Timestamp(NOW.0 - 86_400_000 * (mixed(number + 7) % 3)).rfc3339();
    let name = format!("unit-{unit}");
    let variation = ["statement", "question"][(unit % 2) as usize];
    match number % 3 {
        0 => {
            json!({"id": format!("{number}"), "type": "exposure", "unit": name, "variation": variation, "at": at})
        }
        1 => {
            json!({"id": format!("{number}"), "type": "conversion", "unit": name, "event": "watched", "at": at})
        }
        _ => {
            json!({"id": format!("{number}"), "type": "conversion", "unit": name, "event": "seconds", "value": number % 50, "at": at})
        }
    }
}

fn definition() -> Definition {
    serde_json::from_value(json!({
        "key": "soak",
        "variations": [{"key": "statement"}, {"key": "question"}],
        "metrics": [
            {"key": "watched", "kind": "proportion"},
            {"key": "seconds", "kind": "mean"},
            {"key": "per_watch", "kind": "ratio", "event": "seconds", "denominator": "watched"}
        ]
    }))
    .unwrap()
}

/// What all the events come to, each taken once, one after the other.
fn expected(events: u64, units: u64) -> Tallies {
    let mut records: BTreeMap<u64, UnitRecord> = BTreeMap::new();
    for number in 0..events {
        let event = event(number, units);
        let record = records.entry(mixed(number) % units).or_default();
        let at = domain::Timestamp::parse(event["at"].as_str().unwrap()).unwrap();
        let at_ms = i64::try_from(at.0).unwrap();
        if event["type"] == "exposure" {
            let exposure = Exposure {
                at_ms,
                pre: BTreeMap::new(),
            };
            record
                .expose(event["variation"].as_str().unwrap(), exposure)
                .unwrap();
        } else {
            let value = event["value"].as_f64().unwrap_or(1.0);
            record
                .convert(event["event"].as_str().unwrap(), value, at_ms)
                .unwrap();
        }
    }
    let metrics = definition().metrics;
    let mut all = Tallies::new();
    for record in records.values() {
        for (place, tally) in difference(&UnitRecord::default(), record, &metrics) {
            *all.entry(place).or_default() += &tally;
        }
    }
    all
}

/// A writer's share, in batches; a tenth of it is sent a second time. Where a batch isn't answered for, it is sent again.
async fn write(
    experiments: Experiments,
    writer: u64,
    events: u64,
    units: u64,
    done: Arc<AtomicU64>,
) {
    let mine: Vec<u64> = (0..events)
        .filter(|number| mixed(*number) / 7 % WRITERS == writer)
        .collect();
    for (place, batch) in mine.chunks(100).enumerate() {
        if (place as u64) < done.load(Ordering::SeqCst) {
            continue;
        }
        let mut sent: Vec<_> = batch.iter().map(|number| event(*number, units)).collect();
        sent.extend(batch.iter().step_by(10).map(|number| event(*number, units)));
        // Who is too busy says so, and is asked again.
        while let Err(error) = experiments.take("soak", sent.clone()).await {
            assert!(
                matches!(&error, assign::AssignError::Store(error) if error.retryable()),
                "{error}"
            );
        }
        done.fetch_add(1, Ordering::SeqCst);
    }
}

async fn soak(events: u64, units: u64) {
    let embedded = Embedded::memory().unwrap();
    let store = Store::new(unsteady(&embedded.client()), Tables::default());
    store.create_tables().await.unwrap();
    let experiments = Experiments {
        store,
        root: ApiRoot::relative(),
        clock: Arc::new(|| NOW),
    };
    experiments.create(definition()).await.unwrap();
    experiments.start("soak").await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let experiments = experiments.clone();
        writers.spawn(async move {
            let done = Arc::new(AtomicU64::new(0));
            // Every fourth is killed over and over, wherever it is; its successor begins with what wasn't answered for.
            for life in 0.. {
                let write = write(
                    experiments.clone(),
                    writer,
                    events,
                    units,
                    Arc::clone(&done),
                );
                let mut writing = tokio::spawn(write);
                let dies = writer % 4 == 0 && life < 8;
                let life_ms = if dies {
                    20 + mixed(writer + 100 * life) % 200
                } else {
                    u64::MAX
                };
                match tokio::time::timeout(std::time::Duration::from_millis(life_ms), &mut writing)
                    .await
                {
                    Ok(ended) => return ended.unwrap(),
                    Err(_) => writing.abort(),
                }
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let record = experiments.get("soak").await.unwrap();
    let observed = experiments.store.observed(&record).await.unwrap();
    let experiment = record.experiment().unwrap();
    let mut wanted = expected(events, units);
    let unassigned: i64 = wanted
        .iter()
        .filter(|((variation, _), _)| variation.is_none())
        .map(|(_, tally)| tally.apart)
        .sum();
    wanted.retain(|(variation, _), _| variation.is_some());
    let (found, all) = (
        totals(&experiment, &observed.tallies),
        totals(&experiment, &wanted),
    );
    assert_eq!(found, all);
    assert_eq!(
        observed.tallies.keys().collect::<Vec<_>>(),
        wanted.keys().collect::<Vec<_>>()
    );
    for (place, tally) in &wanted {
        let found = &observed.tallies[place];
        assert_eq!(
            (found.units, found.apart),
            (tally.units, tally.apart),
            "{place:?}"
        );
        for metric in ["watched", "seconds", "per_watch"] {
            assert_eq!(found.sums(metric), tally.sums(metric), "{place:?} {metric}");
        }
    }
    assert_eq!(observed.unassigned, unassigned);
    let exposed = observed.periods[0].units.iter().sum::<f64>() as i64;
    assert_eq!(exposed, all.iter().map(|tally| tally.units).sum::<i64>());
    println!("{events} events of {units} units from {WRITERS} writers are counted exactly");
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_that_are_killed_and_meet_conflicts_lose_and_double_nothing() {
    soak(4_000, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: make soak runs it"]
async fn two_hundred_thousand_events_are_counted_exactly() {
    soak(200_000, 20_000).await;
}
