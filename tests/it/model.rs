//! A model behind an OpenAI-compatible server on loopback: one that writes from the document that it is given, word for word, or one that says
//! what a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::support::Sandbox;

/// What a model says to a task and its document; nothing where it never answers.
pub(crate) type Says = fn(&str, &Value) -> Option<String>;

/// The server. It ends with the process.
pub(crate) struct Model {
    address: SocketAddr,
    /// The tasks that it was asked to do, in order.
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Served {
    says: Says,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Model {
    /// One that writes.
    pub(crate) fn start() -> Self {
        Self::saying(|task, document| Some(written(task, document).to_string()))
    }

    /// One that says this.
    pub(crate) fn saying(says: Says) -> Self {
        let asked = Arc::default();
        let served = Served {
            says,
            asked: Arc::clone(&asked),
        };
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(served);
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

    /// Where it is, for `REELWRIGHT_TEXT_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// A sandbox whose writer it is, at a dollar a thousand tokens received.
    pub(crate) fn sandbox(&self) -> Sandbox {
        Sandbox::new()
            .with("REELWRIGHT_TEXT", "openai")
            .with("REELWRIGHT_TEXT_URL", &self.url())
            .with("REELWRIGHT_TEXT_MODEL", "small")
            .with("REELWRIGHT_TEXT_USD_PER_MILLION_OUT", "1000")
            .with("REELWRIGHT_TEXT_MAX_TOKENS", "1000")
            .with("REELWRIGHT_SPEECH", "none")
    }

    /// The tasks that it was asked to do since it was last asked this, in the order of their names.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap();
        let mut tasks = std::mem::take(&mut *asked);
        tasks.sort();
        tasks
    }
}

/// What an answer costs, whatever it is: a hundred tokens.
pub(crate) const USD: f64 = 0.1;

async fn complete(State(served): State<Served>, Json(request): Json<Value>) -> Json<Value> {
    let task = request["response_format"]["json_schema"]["name"]
        .as_str()
        .unwrap();
    let document = request["messages"][1]["content"].as_str().unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    served.asked.lock().unwrap().push(task.to_owned());
    let Some(said) = (served.says)(task, &document) else {
        return std::future::pending().await;
    };
    Json(json!({
        "choices": [{ "message": { "content": said }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 0, "completion_tokens": 100 },
    }))
}

/// What the one that writes does of a task.
pub(crate) fn written(task: &str, document: &Value) -> Value {
    match task {
        "story" => story(document),
        "script" => script(document),
        "hook" => hook(document),
        other => panic!("no such task: {other}"),
    }
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
