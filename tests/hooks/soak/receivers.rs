//! Subscribers' servers that fail at random, and note what came.

use std::collections::HashMap;
use std::slice;
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use domain::{ContentKey, Timestamp};
use serde_json::Value;
use tokio::net::TcpListener;
use webhooks::{Received, Secret, verify};

/// What came to one of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Came {
    /// How often each message was taken, by its id.
    pub(crate) taken: HashMap<String, u32>,
    /// How many requests were answered with a failure.
    pub(crate) failed: u32,
    /// The latest `webhook-timestamp`, in seconds.
    pub(crate) latest: u64,
    /// How long after their events messages came, in milliseconds.
    pub(crate) after_ms: Vec<u64>,
}

struct Held {
    came: Vec<Came>,
    drawn: u64,
}

/// The servers, told apart by their paths. They end with the test's runtime.
#[derive(Clone)]
pub(crate) struct Receivers {
    held: Arc<Mutex<Held>>,
    secret: Secret,
    /// Of a hundred requests, how many fail.
    failing: u64,
    port: u16,
}

impl Receivers {
    /// So many servers, who know messages by this secret.
    pub(crate) async fn listen(count: usize, failing: u64, secret: Secret) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receivers = Self {
            held: Arc::new(Mutex::new(Held {
                came: vec![Came::default(); count],
                drawn: 0,
            })),
            secret,
            failing,
            port: listener.local_addr().unwrap().port(),
        };
        let router = Router::new()
            .route("/{receiver}", post(receive))
            .with_state(receivers.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receivers
    }

    pub(crate) fn url(&self, receiver: usize) -> String {
        format!("http://127.0.0.1:{}/{receiver}", self.port)
    }

    pub(crate) fn came(&self) -> Vec<Came> {
        self.held.lock().unwrap().came.clone()
    }

    /// How many different messages each took.
    pub(crate) fn taken(&self) -> Vec<usize> {
        let held = self.held.lock().unwrap();
        held.came.iter().map(|came| came.taken.len()).collect()
    }
}

async fn receive(
    State(receivers): State<Receivers>,
    Path(receiver): Path<usize>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let (id, sent) = (header("webhook-id"), header("webhook-timestamp"));
    let seconds: u64 = sent.parse().unwrap();
    let received = Received {
        id: &id,
        timestamp: &sent,
        signature: &header("webhook-signature"),
    };
    let at = Timestamp(seconds * 1000);
    let genuine = verify(slice::from_ref(&receivers.secret), &received, &body, at).is_ok();
    let told: Value = serde_json::from_slice(&body).unwrap();
    let happened = Timestamp::parse(told["timestamp"].as_str().unwrap()).unwrap();
    let mut held = receivers.held.lock().unwrap();
    held.drawn += 1;
    let key = ContentKey::of_bytes(&held.drawn.to_le_bytes());
    let drawn = u64::from_str_radix(&key.as_str()[..8], 16).unwrap() % 100;
    let came = &mut held.came[receiver];
    came.latest = came.latest.max(seconds);
    // A message that isn't genuine is never taken, so that the suite finds it missing.
    if drawn < receivers.failing || !genuine {
        came.failed += 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let now = u64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    came.after_ms.push(Timestamp(now).since(happened));
    *came.taken.entry(id).or_default() += 1;
    StatusCode::NO_CONTENT
}
