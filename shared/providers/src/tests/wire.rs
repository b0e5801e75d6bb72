//! A server on loopback that answers as it is told, request by request, and keeps what it was sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_bedrockruntime::config::Credentials;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::aws;

/// One answer.
pub(super) enum Reply {
    /// A status line, further header lines and a body.
    Whole(&'static str, String, Vec<u8>),
    /// The same, but the connection ends halfway through the body.
    Half(&'static str, String, Vec<u8>),
    /// A whole answer of JSON: what this makes of the request's.
    By(fn(&Value) -> String),
    /// Never any.
    Hang,
    /// The connection is closed.
    Close,
}

impl Reply {
    /// A whole answer of JSON.
    pub(super) fn json(status: &'static str, body: impl Into<String>) -> Self {
        let kind = "content-type: application/json\r\n".to_owned();
        Self::Whole(status, kind, body.into().into_bytes())
    }

    /// An error as AWS's services tell it.
    pub(super) fn error(status: &'static str, code: &str, message: &str) -> Self {
        let head = format!("content-type: application/json\r\nx-amzn-errortype: {code}\r\n");
        let body = serde_json::json!({ "message": message }).to_string();
        Self::Whole(status, head, body.into_bytes())
    }
}

/// What a server was sent: each request whole, as text.
pub(super) type Seen = Arc<Mutex<Vec<String>>>;

/// Starts a server; its address comes without a slash at the end.
pub(super) async fn server(replies: Vec<Reply>) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        for reply in replies {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = request(&mut stream).await;
            let told = request.clone();
            log.lock().unwrap().push(request);
            let (status, head, body, sent) = match reply {
                Reply::By(answer) => {
                    let body = answer(&super::body_of(&told)).into_bytes();
                    let sent = body.len();
                    ("200 OK", String::new(), body, sent)
                }
                Reply::Whole(status, head, body) => {
                    let sent = body.len();
                    (status, head, body, sent)
                }
                Reply::Half(status, head, body) => {
                    let sent = body.len() / 2;
                    (status, head, body, sent)
                }
                Reply::Hang => {
                    tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_secs(30)).await;
                        drop(stream);
                    });
                    continue;
                }
                Reply::Close => continue,
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\n{head}content-length: {length}\r\nconnection: close\r\n\r\n"
            );
            // A client that has read enough may hang up first.
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body[..sent]).await;
        }
    });
    (url, seen)
}

/// Reads one request: head and body.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(|n| n.parse::<usize>().unwrap())
            });
            if n == 0 || body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
    }
}

/// The way to a server as if it were AWS, with credentials that are nobody's.
pub(super) async fn aws_at(url: &str) -> SdkConfig {
    let settings = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("us-west-2"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "hush", None, None, "test"))
        .endpoint_url(url);
    aws::connect(settings).await.unwrap()
}

/// Where nobody listens.
pub(super) async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    url
}
