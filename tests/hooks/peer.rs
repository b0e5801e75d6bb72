//! A subscriber's server: notes what comes, and answers as a test says.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it answers.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// This status, with these headers and this body.
    Status(u16, &'static str, String),
    /// These bytes, whatever they are, and the connection's end.
    Bytes(Vec<u8>),
    /// Nothing, for ever.
    Silence,
    /// A good answer, a byte at a time with this between.
    Drip(Duration),
    /// A good answer, after this.
    Late(Duration),
    /// A good answer with a gigabyte after it; counts what was sent of that.
    Gigabyte(Arc<AtomicU64>),
}

impl Answer {
    /// A status and nothing else.
    pub(crate) fn status(status: u16) -> Self {
        Self::Status(status, "", String::new())
    }
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// The server.
#[derive(Clone)]
pub(crate) struct Peer {
    port: u16,
    came: Arc<Mutex<Vec<Request>>>,
}

impl Peer {
    /// Listens. The first request gets the first answer, and so on; those beyond get the last.
    pub(crate) async fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = Self {
            port: listener.local_addr().unwrap().port(),
            came: Arc::default(),
        };
        let came = Arc::clone(&peer.came);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&came), answers.clone()));
            }
        });
        peer
    }

    /// One that takes everything.
    pub(crate) async fn good() -> Self {
        Self::answering(vec![Answer::status(204)]).await
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// What came so far.
    pub(crate) fn came(&self) -> Vec<Request> {
        self.came.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, came: Arc<Mutex<Vec<Request>>>, answers: Vec<Answer>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let at = {
        let mut came = came.lock().unwrap();
        came.push(request);
        came.len() - 1
    };
    // Whoever was cut off while it answers can't be told.
    let _ = answer(&mut stream, &answers[at.min(answers.len() - 1)]).await;
}

async fn answer(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    const GOOD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    match answer {
        Answer::Status(status, headers, body) => {
            let head = format!(
                "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body.as_bytes()).await
        }
        Answer::Bytes(bytes) => stream.write_all(bytes).await,
        Answer::Silence => std::future::pending().await,
        Answer::Drip(between) => {
            for byte in GOOD {
                stream.write_all(&[*byte]).await?;
                tokio::time::sleep(*between).await;
            }
            Ok(())
        }
        Answer::Gigabyte(sent) => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n";
            stream.write_all(head.as_bytes()).await?;
            let part = vec![b'x'; 100_000];
            for _ in 0..10_000 {
                stream.write_all(&part).await?;
                sent.fetch_add(part.len() as u64, Ordering::SeqCst);
            }
            Ok(())
        }
        Answer::Late(after) => {
            tokio::time::sleep(*after).await;
            stream.write_all(GOOD).await
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request {
        headers,
        body: bytes[end..].to_vec(),
    })
}
