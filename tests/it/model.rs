//! A model behind an OpenAI-compatible server on loopback, which writes from the document that it is given, word for word.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::support::Sandbox;

/// What the model was asked, in order.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// The server. It ends with the process.
pub(crate) struct Model {
    address: SocketAddr,
    asked: Asked,
}

impl Model {
    pub(crate) fn start() -> Self {
        let asked = Asked::default();
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(Arc::clone(&asked));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { address, asked }
    }

    /// A sandbox whose writer it is, at a dollar a thousand tokens received.
    pub(crate) fn sandbox(&self) -> Sandbox {
        Sandbox::new()
            .with("REELWRIGHT_TEXT", "openai")
            .with(
                "REELWRIGHT_TEXT_URL",
                &format!("http://{}/v1", self.address),
            )
            .with("REELWRIGHT_TEXT_MODEL", "small")
            .with("REELWRIGHT_TEXT_USD_PER_MILLION_OUT", "1000")
            .with("REELWRIGHT_TEXT_MAX_TOKENS", "1000")
            .with("REELWRIGHT_SPEECH", "none")
    }

    /// The tasks that it was asked to do since it was last asked this, in the order of their names.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap();
        let mut tasks: Vec<String> = asked.drain(..).map(|(task, _)| task).collect();
        tasks.sort();
        tasks
    }
}

/// What an answer costs, whatever it is: a hundred tokens.
pub(crate) const USD: f64 = 0.1;

async fn complete(State(asked): State<Asked>, Json(request): Json<Value>) -> Json<Value> {
    let task = request["response_format"]["json_schema"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let document = request["messages"][1]["content"].as_str().unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    let answer = match task.as_str() {
        "story" => story(&document),
        "script" => script(&document),
        "hook" => hook(&document),
        other => panic!("no such task: {other}"),
    };
    asked.lock().unwrap().push((task, document));
    Json(json!({
        "choices": [{ "message": { "content": answer.to_string() }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 0, "completion_tokens": 100 },
    }))
}

fn story(document: &Value) -> Value {
    let sources = document["sources"].as_array().unwrap();
    let points: Vec<&Value> = sources
        .iter()
        .map(|source| &source["id"])
        .filter(|id| id.as_str().unwrap().starts_with('k'))
        .collect();
    json!({
        "title": document["topic"],
        "beats": [{ "role": "hook", "sources": [] }, { "role": "context", "sources": points }],
    })
}

fn script(document: &Value) -> Value {
    let sources = document["beats"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|beat| beat["sources"].as_array().unwrap());
    let scenes: Vec<Value> = sources
        .map(|source| {
            json!({ "role": "context", "lines": [{ "source": source["id"], "text": source["text"] }] })
        })
        .collect();
    json!({ "scenes": scenes })
}

fn hook(document: &Value) -> Value {
    let title = &document["title"];
    json!({
        "form": "statement",
        "lines": [{ "source": "t", "text": title }],
        "on_screen": title,
        "alternatives": [],
    })
}
