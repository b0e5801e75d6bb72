//! A queue on loopback that takes what the SDK sends, by SQS's JSON protocol.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::Builder;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Default)]
struct Held {
    messages: Mutex<Vec<Value>>,
    down: Mutex<bool>,
}

/// The queue. It ends with the test's runtime.
pub(crate) struct Queue {
    address: SocketAddr,
    held: Arc<Held>,
}

impl Queue {
    /// A queue on a free port.
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let held = Arc::new(Held::default());
        let router = Router::new()
            .route("/", post(answer))
            // A message may be as long as SQS lets it be.
            .layer(DefaultBodyLimit::max(2_097_152))
            .with_state(Arc::clone(&held));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, held }
    }

    /// The queue's URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/123456789012/failures", self.address)
    }

    /// The SDK's client for it.
    pub(crate) fn client(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .endpoint_url(format!("http://{}", self.address))
            .region(Region::from_static("eu-central-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .build();
        Client::from_conf(config)
    }

    /// Takes nothing from now on.
    pub(crate) fn set_down(&self) {
        *self.held.down.lock().unwrap() = true;
    }

    /// The messages it holds: body, source and reason of each.
    pub(crate) fn messages(&self) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let messages = self.held.messages.lock().unwrap();
        messages
            .iter()
            .map(|message| {
                let attribute =
                    |name: &str| text(&message["MessageAttributes"][name]["StringValue"]);
                (
                    text(&message["MessageBody"]),
                    attribute("source"),
                    attribute("reason"),
                )
            })
            .collect()
    }
}

async fn answer(
    State(held): State<Arc<Held>>,
    headers: HeaderMap,
    // Not by axum's own extractor: SQS's JSON has a media type of its own.
    message: Bytes,
) -> (StatusCode, Json<Value>) {
    assert_eq!(headers["x-amz-target"], "AmazonSQS.SendMessage");
    if *held.down.lock().unwrap() {
        let busy =
            json!({ "__type": "com.amazonaws.sqs#RequestThrottled", "message": "slow down" });
        return (StatusCode::BAD_REQUEST, Json(busy));
    }
    let message = serde_json::from_slice(&message).unwrap();
    held.messages.lock().unwrap().push(message);
    (StatusCode::OK, Json(json!({ "MessageId": "1" })))
}
