//! `reelwright webhooks listen`: a receiver to try webhooks with.

use std::collections::HashMap;
use std::future::pending;
use std::io::IsTerminal;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use clap::Args;
use domain::Timestamp;
use runtime::{Clock, Services};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use webhooks::Secret;

use super::super::serve::asked_to_stop;
use super::came::{Answered, Came};
use crate::failure::Failure;
use crate::say;
use crate::serve::connections;

/// The most of a body that is taken, in bytes: fifty times what a message may have.
const MAX_BODY: usize = 1_000_000;

/// How many messages are remembered, to tell those that come again. Then it begins anew.
const REMEMBERED: usize = 10_000;

/// How a receiver is tried.
#[derive(Debug, Args)]
pub(crate) struct Listening {
    /// The port on this machine (127.0.0.1); 0 takes a free one
    port: u16,
    /// The endpoint's secret, whsec_…; more of them while one is rotated
    #[arg(long, value_name = "SECRET", required = true)]
    secret: Vec<String>,
    /// The status to answer genuine messages with, to see what follows; several (500,500,204) are given in turn, and the last from then on
    #[arg(long, value_name = "STATUS", default_value = "204", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(200..=599))]
    answer: Vec<u16>,
    /// Print JSON, a line for each request
    #[arg(long)]
    json: bool,
}

/// What the receiver works with.
struct Receiver {
    secrets: Vec<Secret>,
    answers: Vec<StatusCode>,
    clock: Clock,
    known: Mutex<Known>,
    told: mpsc::UnboundedSender<(Came, Answered)>,
}

/// What came before.
#[derive(Default)]
struct Known {
    times: HashMap<String, u32>,
    answered: usize,
}

/// Receives until somebody stops it.
pub(super) async fn listen(how: Listening) -> Result<(), Failure> {
    let secrets = how.secret.iter().map(|secret| Secret::parse(secret));
    let secrets = secrets
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::input(format!("--secret: {error}")))?;
    let answers = how
        .answer
        .iter()
        .map(|&status| StatusCode::from_u16(status));
    let answers = answers
        .collect::<Result<Vec<_>, _>>()
        .map_err(Failure::input)?;
    let address = (Ipv4Addr::LOCALHOST, how.port);
    let cant_listen = |error| {
        Failure::input(format!(
            "can't listen on port {} of this machine: {error}: name another port, or 0 for a free one",
            how.port
        ))
    };
    let listener = TcpListener::bind(address).await.map_err(cant_listen)?;
    let at = listener.local_addr().map_err(cant_listen)?;

    let (told, mut came) = mpsc::unbounded_channel();
    let receiver = Arc::new(Receiver {
        secrets,
        answers,
        clock: Services::system_clock(),
        known: Mutex::default(),
        told,
    });
    let router = Router::new()
        .route("/", post(receive))
        .route("/{*path}", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(receiver);
    say::tell(format_args!(
        "listening on http://{at}, every path; Ctrl-C ends it"
    ));
    let serving = connections::answer(listener, router, connections::HEAD, pending());
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let printing = async {
        while let Some((came, answered)) = came.recv().await {
            say::answer(if how.json {
                came.line(&answered)
            } else {
                came.text(&answered, colours)
            })?;
        }
        Ok(())
    };
    tokio::select! {
        () = serving => Ok(()),
        printed = printing => printed,
        asked = asked_to_stop() => asked,
    }
}

/// Judges a request and answers it: what isn't genuine is refused, as every receiver should.
async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let now: Timestamp = (receiver.clock)();
    let came = Came::judge(&headers, &body, &receiver.secrets, now);
    let why_not = came.why_not();
    let (status, times) = receiver.answer(came.genuine_id());
    let answered = Answered {
        times,
        status: status.as_u16(),
    };
    // Nobody prints any more when the command ends.
    let _ = receiver.told.send((came, answered));
    (status, why_not.unwrap_or_default())
}

impl Receiver {
    /// The answer, and how often the message came.
    fn answer(&self, genuine: Option<&str>) -> (StatusCode, u32) {
        let Some(id) = genuine else {
            return (StatusCode::BAD_REQUEST, 1);
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let at = known.answered.min(self.answers.len().saturating_sub(1));
        known.answered += 1;
        if known.times.len() >= REMEMBERED {
            known.times.clear();
        }
        let times = known.times.entry(id.to_owned()).or_default();
        *times += 1;
        let status = self.answers.get(at).copied();
        (status.unwrap_or(StatusCode::NO_CONTENT), *times)
    }
}
