//! What delivering webhooks costs: every call of DynamoDB, SQS and Lambda that a delivery takes is made, and counted where the SDK sends it.
//!
//!     webhook_cost [--json] [ENDPOINTS]      how many endpoints are told of each event (default 5)
//!
//! The table is the embedded one, which tells the capacity units that DynamoDB would charge. Not counted: what writes the event itself, the
//! seconds that functions run (that depends on how fast receivers answer), and the polls of empty queues.

#![expect(clippy::unwrap_used, reason = "a measurement fails by panicking")]

#[path = "../hooks/happening.rs"]
mod happening;
#[path = "../hooks/soak/queue.rs"]
#[expect(dead_code, reason = "shared with the suite of webhooks")]
mod queue;
#[path = "../hooks/soak/receivers.rs"]
#[expect(dead_code, reason = "shared with the suite of webhooks")]
mod receivers;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sqs::types::DeleteMessageBatchRequestEntry;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use deliver::{Consumer, Deliver};
use dispatch::Dispatch;
use domain::Timestamp;
use reelwright::embedded::Embedded;
use runtime::outbound::{Outbound, SystemNames, Vault};
use runtime::{Clock, SqsDeliveries};
use serde_json::{Value, json};
use store::{EndpointRecord, Store, Tables};
use webhooks::endpoint::{Definition, UrlRules};
use webhooks::retry::EndpointState;
use webhooks::{ApiRoot, EndpointId, Secret, Secrets};

use happening::happen;
use queue::Queues;
use receivers::Receivers;

/// How many deliveries are made.
const DELIVERIES: usize = 1000;

/// How many events the table's stream tells of at once, and how many messages a queue brings at once: as infra/template.yaml has it.
const EVENTS_AT_ONCE: usize = 100;
const MESSAGES_AT_ONCE: i32 = 10;

/// List prices in us-east-1, in dollars a million.
const WRITE_UNITS: f64 = 0.625;
const READ_UNITS: f64 = 0.125;
const QUEUE_REQUESTS: f64 = 0.40;
const INVOCATIONS: f64 = 0.20;

/// The names of operations, after the service's.
const TARGET: &str = "x-amz-target";

/// What was called.
#[derive(Debug, Default)]
struct Calls {
    /// How often, by operation.
    requests: BTreeMap<String, u32>,
    write_units: f64,
    read_units: f64,
}

#[derive(Debug)]
struct Counting {
    inner: SharedHttpConnector,
    calls: Arc<Mutex<Calls>>,
}

impl HttpConnector for Counting {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get(TARGET).unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let of_table = target.starts_with("DynamoDB");
        if of_table {
            let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            body["ReturnConsumedCapacity"] = json!("TOTAL");
            *request.body_mut() = body.to_string().into();
        }
        let going = self.inner.call(request);
        let calls = Arc::clone(&self.calls);
        HttpConnectorFuture::new(async move {
            let answered = going.await?;
            let mut calls = calls.lock().unwrap();
            *calls.requests.entry(operation.clone()).or_default() += 1;
            if of_table {
                let body: Value = serde_json::from_slice(answered.body().bytes().unwrap()).unwrap();
                let units = match &body["ConsumedCapacity"] {
                    Value::Array(tables) => tables.iter().map(units).sum(),
                    table => units(table),
                };
                if matches!(operation.as_str(), "GetItem" | "Query" | "BatchGetItem") {
                    calls.read_units += units;
                } else {
                    calls.write_units += units;
                }
            }
            drop(calls);
            Ok(answered)
        })
    }
}

fn units(table: &Value) -> f64 {
    table["CapacityUnits"].as_f64().unwrap_or_default()
}

fn counting(sound: SharedHttpClient, calls: &Arc<Mutex<Calls>>) -> SharedHttpClient {
    let calls = Arc::clone(calls);
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Counting {
            inner: sound.http_connector(settings, components),
            calls: Arc::clone(&calls),
        })
    })
}

fn queue_client(address: &str, http: SharedHttpClient) -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(address)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "cost"))
        .build();
    aws_sdk_sqs::Client::from_conf(config)
}

fn now() -> Timestamp {
    Timestamp(UNIX_EPOCH.elapsed().unwrap().as_millis() as u64)
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let as_json = arguments.iter().any(|argument| argument == "--json");
    let endpoints = arguments.iter().find_map(|argument| argument.parse().ok());
    let endpoints: usize = endpoints.unwrap_or(5);
    let events = DELIVERIES.div_ceil(endpoints);

    let embedded = Embedded::memory().unwrap().client();
    let plain = Store::new(embedded.clone(), Tables::default());
    plain.create_tables().await.unwrap();
    let secret = Secret::mint(&[7; 32]);
    let vault = Arc::new(Vault::new("0123456789abcdef0123456789abcdef"));
    let receivers = Receivers::listen(endpoints, 0, secret.clone()).await;
    for receiver in 0..endpoints {
        let id = EndpointId::new(now().0, receiver as u128);
        let endpoint = EndpointRecord {
            sealed: vault.seal(&id, &Secrets::new(secret.clone())).unwrap(),
            id,
            definition: Definition {
                url: receivers.url(receiver),
                per_second: Some(1000),
                concurrency: Some(100),
                ..Definition::default()
            },
            state: EndpointState::default(),
            version: 1,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        };
        plain.put_endpoint(&endpoint).await.unwrap();
    }
    let mut ids = Vec::new();
    for number in 0..events {
        ids.push(happen(&plain, now(), number as u128).await.id);
    }

    let calls = Arc::new(Mutex::new(Calls::default()));
    let sound = embedded.config().http_client().unwrap();
    let config = embedded.config().to_builder();
    let config = config.http_client(counting(sound, &calls)).build();
    let store = Store::new(Client::from_conf(config), Tables::default());
    let clock: Clock = Arc::new(now);
    let (_queues, address) = Queues::listen(Arc::clone(&clock), 0).await;
    let client = queue_client(&address, counting(Builder::new().build_http(), &calls));
    let url = format!("{address}/1/main");
    let queue = Arc::new(SqsDeliveries::new(
        client.clone(),
        &url,
        format!("{address}/1/aside"),
    ));
    let dispatch = Dispatch {
        store: store.clone(),
        queue: queue.clone(),
        root: ApiRoot::relative(),
        clock: Arc::clone(&clock),
    };
    let rules = UrlRules::local();
    let limit = Duration::from_secs(15);
    let deliver = Deliver {
        store,
        queue,
        outbound: Outbound::over(Arc::new(SystemNames), rules.addresses, limit).unwrap(),
        vault,
        rules,
        root: ApiRoot::relative(),
        clock,
    };

    let mut invocations = 0_u32;
    for told in ids.chunks(EVENTS_AT_ONCE) {
        let records: Vec<Value> = told
            .iter()
            .map(|id| json!({ "dynamodb": { "Keys": { "pk": { "S": format!("EVENT#{id}") } } } }))
            .collect();
        let event = json!({ "Records": records });
        dispatch::answer(&dispatch, event).await.unwrap();
        invocations += 1;
    }
    let consumer = Consumer::new(deliver, 1);
    while receivers.taken().iter().sum::<usize>() < events * endpoints {
        deliver_batch(&consumer, &client, &url).await;
        invocations += 1;
    }
    print(
        &calls.lock().unwrap(),
        invocations,
        events * endpoints,
        endpoints,
        as_json,
    );
}

/// What Lambda does for a function that a queue calls.
async fn deliver_batch(consumer: &Consumer, client: &aws_sdk_sqs::Client, url: &str) {
    let receive = client.receive_message().queue_url(url);
    let receive = receive.max_number_of_messages(MESSAGES_AT_ONCE);
    let received = receive.send().await.unwrap();
    let messages = received.messages();
    let records: Vec<Value> = messages
        .iter()
        .map(|message| json!({ "messageId": message.message_id(), "eventSource": "aws:sqs", "body": message.body() }))
        .collect();
    let event = json!({ "Records": records });
    let answered = deliver::answer(consumer, event).await.unwrap();
    assert!(answered.batch_item_failures.is_empty());
    let dealt = messages
        .iter()
        .map(|message| {
            DeleteMessageBatchRequestEntry::builder()
                .id(message.message_id().unwrap())
                .receipt_handle(message.receipt_handle().unwrap())
                .build()
                .unwrap()
        })
        .collect();
    let delete = client.delete_message_batch().queue_url(url);
    delete.set_entries(Some(dealt)).send().await.unwrap();
}

fn print(calls: &Calls, invocations: u32, deliveries: usize, endpoints: usize, as_json: bool) {
    let each = |count: f64| count / deliveries as f64;
    let of_queue = ["SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch"];
    let requests = |queue: bool| -> f64 {
        let counted = calls.requests.iter();
        let counted = counted.filter(|(name, _)| of_queue.contains(&name.as_str()) == queue);
        each(counted.map(|(_, count)| f64::from(*count)).sum())
    };
    let (table, queue, invoked) = (requests(false), requests(true), each(invocations.into()));
    let (written, read) = (each(calls.write_units), each(calls.read_units));
    let dollars = [
        written * WRITE_UNITS,
        read * READ_UNITS,
        queue * QUEUE_REQUESTS,
        invoked * INVOCATIONS,
    ];
    let total: f64 = dollars.iter().sum();
    if as_json {
        let told = json!({
            "endpoints": endpoints,
            "deliveries": deliveries,
            "table_requests": table,
            "write_units": written,
            "read_units": read,
            "queue_requests": queue,
            "invocations": invoked,
            "dollars_per_million": total,
            "calls": calls.requests,
        });
        println!("{told}");
        return;
    }
    println!(
        "{deliveries} deliveries, {endpoints} to an event. Each took {table:.2} requests to the table, {queue:.2} to the queue"
    );
    println!(
        "a million: writes ${:.2} ({written:.2} units each), reads ${:.2} ({read:.2}), queue ${:.2}, invocations ${:.2}: ${total:.2}",
        dollars[0], dollars[1], dollars[2], dollars[3]
    );
    println!("{:?}", calls.requests);
}
