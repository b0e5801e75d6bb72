//! Queues on loopback that keep SQS's promises and no more: what is in them comes at least once, in any order, and goes to the dead letters
//! if it came too often.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use domain::ContentKey;
use runtime::Clock;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// How long a message that somebody took is hidden, in milliseconds, and how often it comes at most: as infra/template.yaml has it.
const HIDDEN_MS: u64 = 180_000;
const MOST_RECEIVED: u32 = 5;

/// How often a queue that has nothing is asked again.
const EACH: Duration = Duration::from_millis(20);

struct Message {
    body: String,
    received: u32,
}

#[derive(Default)]
struct Queue {
    messages: HashMap<u64, Message>,
    /// Those that may come, and those that may later: when.
    ready: Vec<u64>,
    later: BinaryHeap<Reverse<(u64, u64)>>,
}

/// What happened in the queues.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) twice: u64,
    pub(crate) dead: u64,
}

#[derive(Default)]
struct Held {
    queues: HashMap<String, Queue>,
    counts: Counts,
    last: u64,
}

impl Held {
    fn draw(&mut self, below: u64) -> u64 {
        self.last += 1;
        let key = ContentKey::of_bytes(&self.last.to_le_bytes());
        u64::from_str_radix(&key.as_str()[..12], 16).unwrap() % below
    }
}

/// The queues. They end with the test's runtime.
#[derive(Clone)]
pub(crate) struct Queues {
    held: Arc<Mutex<Held>>,
    clock: Clock,
    twice: u64,
}

impl Queues {
    /// Queues on a free port that bring so many of a hundred messages twice at once, and where they are.
    pub(crate) async fn listen(clock: Clock, twice: u64) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let queues = Self {
            held: Arc::default(),
            clock,
            twice,
        };
        let router = Router::new().route("/", post(answer));
        let router = router.with_state(queues.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (queues, address)
    }

    /// Loses all that it has.
    pub(crate) fn purge(&self) {
        self.held.lock().unwrap().queues.clear();
    }

    pub(crate) fn counts(&self) -> Counts {
        self.held.lock().unwrap().counts.clone()
    }

    fn send(&self, request: &Value) -> Value {
        let now = (self.clock)().0;
        let mut held = self.held.lock().unwrap();
        let mut successful = Vec::new();
        for entry in request["Entries"].as_array().unwrap() {
            held.last += 1;
            held.counts.sent += 1;
            let id = held.last;
            let message = Message {
                body: entry["MessageBody"].as_str().unwrap().to_owned(),
                received: 0,
            };
            let at = now + entry["DelaySeconds"].as_u64().unwrap_or(0) * 1000;
            let queue = held.queues.entry(name(request)).or_default();
            queue.messages.insert(id, message);
            queue.later.push(Reverse((at, id)));
            successful.push(
                json!({ "Id": entry["Id"], "MessageId": id.to_string(), "MD5OfMessageBody": "" }),
            );
        }
        json!({ "Successful": successful, "Failed": [] })
    }

    fn receive(&self, request: &Value) -> Vec<Value> {
        let now = (self.clock)().0;
        let mut held = self.held.lock().unwrap();
        let mut queue = held.queues.remove(&name(request)).unwrap_or_default();
        while let Some(&Reverse((at, id))) = queue.later.peek()
            && at <= now
        {
            queue.later.pop();
            queue.ready.push(id);
        }
        let mut received = Vec::new();
        while received.len() < 10 && !queue.ready.is_empty() {
            let at = held.draw(queue.ready.len() as u64) as usize;
            let id = queue.ready.swap_remove(at);
            // One that was deleted meanwhile is gone.
            let Some(message) = queue.messages.get_mut(&id) else {
                continue;
            };
            message.received += 1;
            if message.received > MOST_RECEIVED {
                queue.messages.remove(&id);
                held.counts.dead += 1;
                continue;
            }
            let id_text = id.to_string();
            received.push(
                json!({ "MessageId": id_text, "ReceiptHandle": id_text, "Body": message.body }),
            );
            if held.draw(100) < self.twice {
                held.counts.twice += 1;
                queue.ready.push(id);
            } else {
                queue.later.push(Reverse((now + HIDDEN_MS, id)));
            }
        }
        held.queues.insert(name(request), queue);
        received
    }

    fn delete(&self, request: &Value) -> Value {
        let mut held = self.held.lock().unwrap();
        let queue = held.queues.entry(name(request)).or_default();
        let entries = request["Entries"].as_array().unwrap();
        for entry in entries {
            let id = entry["ReceiptHandle"].as_str().unwrap();
            queue.messages.remove(&id.parse().unwrap());
        }
        let successful: Vec<_> = entries
            .iter()
            .map(|entry| json!({ "Id": entry["Id"] }))
            .collect();
        json!({ "Successful": successful, "Failed": [] })
    }
}

fn name(request: &Value) -> String {
    request["QueueUrl"].as_str().unwrap().to_owned()
}

async fn answer(State(queues): State<Queues>, headers: HeaderMap, request: Bytes) -> Json<Value> {
    let request: Value = serde_json::from_slice(&request).unwrap();
    let answer = match headers["x-amz-target"].to_str().unwrap() {
        "AmazonSQS.SendMessageBatch" => queues.send(&request),
        "AmazonSQS.DeleteMessageBatch" => queues.delete(&request),
        "AmazonSQS.ReceiveMessage" => {
            let mut received = queues.receive(&request);
            for _ in 0..25 {
                if !received.is_empty() {
                    break;
                }
                tokio::time::sleep(EACH).await;
                received = queues.receive(&request);
            }
            json!({ "Messages": received })
        }
        other => panic!("{other}"),
    };
    Json(answer)
}
