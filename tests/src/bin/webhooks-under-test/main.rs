//! What tells subscribers, as processes that a suite may kill: `dispatch`, `deliver` or `sweep`, over a table and a queue that misbehave.
//! It ends when its standard input does.

#![expect(clippy::unwrap_used, reason = "a part of the suite fails by panicking")]

mod faults;

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sqs::types::DeleteMessageBatchRequestEntry;
use aws_smithy_http_client::Builder;
use deliver::{Consumer, Deliver};
use dispatch::Dispatch;
use domain::Timestamp;
use reelwright::embedded::Embedded;
use runtime::outbound::{Outbound, SystemNames, Vault};
use runtime::{Clock, SqsDeliveries};
use serde_json::{Value, json};
use store::{Store, Tables};
use tokio::time::Instant;
use webhooks::ApiRoot;
use webhooks::endpoint::UrlRules;

/// How often events are looked for.
const EACH: Duration = Duration::from_millis(50);

/// How long an attempt may take.
const LIMIT: Duration = Duration::from_secs(5);

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// Time that began at `SOAK_ORIGIN` and goes `SOAK_SPEED` times as fast as it should.
fn clock() -> Clock {
    let origin: u64 = setting("SOAK_ORIGIN").parse().unwrap();
    let speed: u64 = setting("SOAK_SPEED").parse().unwrap();
    Arc::new(move || {
        let now = UNIX_EPOCH.elapsed().unwrap().as_millis() as u64;
        Timestamp(origin + now.saturating_sub(origin) * speed)
    })
}

fn queue() -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .endpoint_url(setting("SOAK_QUEUE"))
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "soak"))
        .build();
    aws_sdk_sqs::Client::from_conf(config)
}

fn url(name: &str) -> String {
    format!("{}/123456789012/{name}", setting("SOAK_QUEUE"))
}

#[tokio::main]
async fn main() {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    let folder = PathBuf::from(setting("SOAK_FOLDER"));
    let client = faults::misbehaving(&Embedded::open(&folder).unwrap().client(), &folder);
    let store = Store::new(client, Tables::default());
    let sqs = Arc::new(SqsDeliveries::new(queue(), url("main"), url("aside")));
    let clock = clock();
    match std::env::args().nth(1).as_deref() {
        Some("dispatch") => {
            let dispatch = Dispatch {
                store,
                queue: sqs,
                root: ApiRoot::relative(),
                clock: Arc::clone(&clock),
            };
            loop {
                // Whoever is throttled for too long has another turn.
                let _ = dispatch::dispatch_due(&dispatch, clock()).await;
                tokio::time::sleep(EACH).await;
            }
        }
        Some("deliver") => {
            let rules = UrlRules::local();
            let deliver = Deliver {
                store,
                queue: sqs,
                outbound: Outbound::over(Arc::new(SystemNames), rules.addresses, LIMIT).unwrap(),
                vault: Arc::new(Vault::new(&setting("SOAK_SECRET"))),
                rules,
                root: ApiRoot::relative(),
                clock,
            };
            let consumer = Consumer::new(deliver, 1);
            tokio::join!(
                consume(&consumer, "main"),
                consume(&consumer, "main"),
                consume(&consumer, "main"),
                consume(&consumer, "aside"),
            );
        }
        Some("sweep") => {
            let speed: u32 = setting("SOAK_SPEED").parse().unwrap();
            loop {
                let until = Instant::now() + Duration::from_mins(1);
                let _ = sweep::queue_missed(&store, &*sqs, clock(), until).await;
                tokio::time::sleep(Duration::from_mins(1) / speed).await;
            }
        }
        other => panic!("{other:?} is none of dispatch, deliver and sweep"),
    }
}

/// What Lambda does for a function that a queue calls: takes messages, and deletes those that were dealt with.
async fn consume(consumer: &Consumer, name: &str) {
    let (sqs, url) = (queue(), url(name));
    loop {
        let received = sqs
            .receive_message()
            .queue_url(&url)
            .max_number_of_messages(10)
            .wait_time_seconds(1)
            .send()
            .await
            .unwrap();
        let messages = received.messages();
        if messages.is_empty() {
            continue;
        }
        let records: Vec<Value> = messages
            .iter()
            .map(|message| {
                json!({
                    "messageId": message.message_id(),
                    "eventSource": "aws:sqs",
                    "body": message.body(),
                })
            })
            .collect();
        let event = json!({ "Records": records });
        let answered = deliver::answer(consumer, event).await.unwrap();
        let failed = answered.batch_item_failures;
        let dealt: Vec<_> = messages
            .iter()
            .filter(|message| {
                let id = message.message_id().unwrap();
                failed.iter().all(|failure| failure.item_identifier != id)
            })
            .map(|message| {
                DeleteMessageBatchRequestEntry::builder()
                    .id(message.message_id().unwrap())
                    .receipt_handle(message.receipt_handle().unwrap())
                    .build()
                    .unwrap()
            })
            .collect();
        if !dealt.is_empty() {
            let delete = sqs.delete_message_batch().queue_url(&url);
            delete.set_entries(Some(dealt)).send().await.unwrap();
        }
    }
}
