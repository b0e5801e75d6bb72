//! Connections of the servers on a laptop. As `axum::serve` keeps them, but with a limit on how long a request's head may take.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a peer may take from the connection's begin, or the last answer, to the end of a request's head: nobody holds a connection for ever
/// without asking for something. It is minutes because it ends kept connections, too, and a client that is busy with other things for less
/// than that would find its connection gone with its next request.
pub(crate) const HEAD: Duration = Duration::from_mins(5);

/// Answers requests until told to `stop`, and then those that are on their way. Whoever hasn't sent a request's head after `head` is hung up on.
pub(crate) async fn answer(
    mut listener: TcpListener,
    router: Router,
    head: Duration,
    stop: impl Future<Output = ()>,
) {
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            (stream, _) = Listener::accept(&mut listener) => {
                connections.spawn(keep(stream, router.clone(), head, stopped.clone()));
            }
            // What is over is forgotten.
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    stopping.send_replace(());
    while connections.join_next().await.is_some() {}
}

/// Answers the requests of a connection; once the server stops, the one that is on its way.
async fn keep(stream: TcpStream, router: Router, head: Duration, mut stopped: watch::Receiver<()>) {
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // An error is the same news: who tells is gone.
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::future::pending;
    use std::net::SocketAddr;
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::{Notify, oneshot};
    use tokio::task::JoinHandle;

    use super::*;

    /// What a test waits at most before it fails.
    const PATIENCE: Duration = Duration::from_mins(1);
    const SOON: Duration = Duration::from_millis(200);

    async fn started(
        router: Router,
        head: Duration,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        (at, tokio::spawn(answer(listener, router, head, stop)))
    }

    /// All that the server sends until it hangs up.
    async fn until_closed(stream: &mut TcpStream) -> String {
        let mut told = String::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut told)).await;
        read.expect("the server does not hang up").unwrap();
        told
    }

    #[tokio::test]
    async fn a_peer_that_does_not_finish_a_requests_head_is_hung_up_on() {
        let router = Router::new().route("/", get(|| async { "here" }));
        let (at, server) = started(router, SOON, pending()).await;
        for begun in ["", "P", "GET / HTTP/1.1\r\nhost: here\r\nx-slow: "] {
            let mut stream = TcpStream::connect(at).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            assert_eq!(until_closed(&mut stream).await, "", "{begun:?}");
        }
        // One that was answered, and then says nothing.
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
            .await
            .unwrap();
        let told = until_closed(&mut stream).await;
        assert!(
            told.starts_with("HTTP/1.1 200") && told.ends_with("here"),
            "{told}"
        );
        server.abort();
    }

    #[tokio::test]
    async fn an_answer_may_take_longer_than_a_requests_head() {
        let asked = Arc::new(Notify::new());
        let tells = Arc::clone(&asked);
        let slow = async move || {
            tells.notify_one();
            tokio::time::sleep(SOON * 2).await;
            "here"
        };
        let router = Router::new().route("/", get(slow));
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async {
            let _ = stopped.await;
        };
        let (at, server) = started(router, SOON, stopped).await;
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
            .await
            .unwrap();
        // It is told to stop while it answers: it answers, hangs up, and ends.
        asked.notified().await;
        drop(stop);
        let told = until_closed(&mut stream).await;
        assert!(
            told.starts_with("HTTP/1.1 200") && told.ends_with("here"),
            "{told}"
        );
        server.await.unwrap();
        assert!(TcpStream::connect(at).await.is_err());
    }
}
