//! A table that throttles at random, loses answers, and whose index lags: injected where the SDK sends its requests.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::error::ConnectorError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::http::StatusCode;
use domain::ContentKey;
use serde_json::{Value, json};

/// Of a hundred requests, how many are throttled, and how many are carried out without an answer.
const THROTTLED: u64 = 3;
const UNANSWERED: u64 = 1;

/// Of a hundred requests to the index, how many are answered as it was before, at most this long ago.
const OUTDATED: u64 = 50;
const LAG: Duration = Duration::from_millis(500);

#[derive(Debug)]
struct Faults {
    /// A letter for each fault: whoever is killed leaves its count behind.
    log: File,
    seed: u64,
    drawn: AtomicU64,
    /// What the index said last, of each partition.
    said: Mutex<HashMap<String, (Instant, Vec<u8>)>>,
}

impl Faults {
    /// A number below a hundred.
    fn draw(&self) -> u64 {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        let key = ContentKey::of(&[&self.seed.to_le_bytes(), &drawn.to_le_bytes()]);
        u64::from_str_radix(&key.as_str()[..8], 16).unwrap() % 100
    }

    fn note(&self, letter: &str) {
        (&self.log).write_all(letter.as_bytes()).unwrap();
    }
}

/// A client like this one, whose table misbehaves. What went wrong is noted in the folder's file `faults`.
pub(crate) fn misbehaving(client: &Client, folder: &Path) -> Client {
    let config = client.config();
    let sound = config.http_client().unwrap();
    let mut log = OpenOptions::new();
    log.append(true).create(true);
    let faults = Arc::new(Faults {
        log: log.open(folder.join("faults")).unwrap(),
        seed: u64::from(std::process::id()),
        drawn: AtomicU64::new(0),
        said: Mutex::default(),
    });
    let http: SharedHttpClient = http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Misbehaving {
            sound: sound.http_connector(settings, components),
            faults: Arc::clone(&faults),
        })
    });
    Client::from_conf(config.to_builder().http_client(http).build())
}

#[derive(Debug)]
struct Misbehaving {
    sound: SharedHttpConnector,
    faults: Arc<Faults>,
}

impl HttpConnector for Misbehaving {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let faults = Arc::clone(&self.faults);
        let drawn = faults.draw();
        if drawn < THROTTLED {
            faults.note("t");
            return HttpConnectorFuture::ready(Ok(throttled()));
        }
        let partition = indexed(&request);
        if let Some(partition) = &partition
            && faults.draw() < OUTDATED
        {
            let said = faults.said.lock().unwrap();
            if let Some((at, body)) = said.get(partition)
                && at.elapsed() < LAG
            {
                faults.note("o");
                return HttpConnectorFuture::ready(Ok(answer(200, body.clone())));
            }
        }
        let going = self.sound.call(request);
        HttpConnectorFuture::new(async move {
            let answered = going.await?;
            if drawn < THROTTLED + UNANSWERED {
                faults.note("u");
                return Err(ConnectorError::io("the answer was lost".into()));
            }
            if let Some(partition) = partition
                && let Some(body) = answered.body().bytes()
            {
                let said = (Instant::now(), body.to_vec());
                faults.said.lock().unwrap().insert(partition, said);
            }
            Ok(answered)
        })
    }
}

/// The partition of the index that a request asks for.
fn indexed(request: &HttpRequest) -> Option<String> {
    let body: Value = serde_json::from_slice(request.body().bytes()?).ok()?;
    body.get("IndexName")?;
    Some(body["ExpressionAttributeValues"][":pk"]["S"].to_string())
}

fn throttled() -> HttpResponse {
    let error = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "message": "slow down",
    });
    answer(400, error.to_string().into_bytes())
}

fn answer(status: u16, body: Vec<u8>) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), body.into())
}
