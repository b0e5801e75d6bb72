//! The connection: one, shared by all requests, made when it is needed.
//!
//! Connecting is a task of its own: a request that has less time than it takes gives up waiting, and the next ones find the connection made.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, FromRedisValue, Pipeline, TlsCertificates,
};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::iam::Signer;
use super::reply::{failed, is_lost};
use crate::{CacheConfigError, CacheUrl, LevelError};

/// How long connecting may take, with TLS and signing in.
const CONNECT_LIMIT: Duration = Duration::from_millis(900);

/// The limit of a request on a connection, for those that are dropped before: requests have limits of their own.
const RESPONSE_LIMIT: Duration = Duration::from_secs(5);

/// Makes connections.
#[derive(Debug)]
pub(super) struct Dialer {
    info: ConnectionInfo,
    roots: Option<Vec<u8>>,
    signer: Option<Signer>,
    shown: String,
}

impl Dialer {
    pub(super) fn new(
        url: &CacheUrl,
        roots: Option<Vec<u8>>,
        signer: Option<Signer>,
    ) -> Result<Self, CacheConfigError> {
        // rustls wants to be told whose ciphers to use; whoever told it before meant the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dialer = Self {
            info: url.info.clone(),
            roots,
            signer,
            shown: url.to_string(),
        };
        if dialer.roots.is_some() {
            dialer
                .client(dialer.info.clone())
                .map_err(|error| CacheConfigError::Roots {
                    shown: url.to_string(),
                    reason: error.to_string(),
                })?;
        }
        Ok(dialer)
    }

    fn client(&self, info: ConnectionInfo) -> redis::RedisResult<Client> {
        match &self.roots {
            Some(roots) if matches!(info.addr(), redis::ConnectionAddr::TcpTls { .. }) => {
                let certificates = TlsCertificates {
                    client_tls: None,
                    root_cert: Some(roots.clone()),
                };
                Client::build_with_tls(info, certificates)
            }
            _ => Client::open(info),
        }
    }

    async fn dial(&self) -> Result<MultiplexedConnection, LevelError> {
        let mut info = self.info.clone();
        if let Some(signer) = &self.signer {
            // Each connection with a token of its own: they are valid for a quarter of an hour, and only for signing in.
            let token = signer.token().await.map_err(|reason| LevelError::Denied {
                level: self.shown.clone(),
                reason,
            })?;
            let signed = info.redis_settings().clone().set_password(token);
            info = info.set_redis_settings(signed);
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(Some(RESPONSE_LIMIT));
        let connected = match self.client(info) {
            Ok(client) => {
                client
                    .get_multiplexed_async_connection_with_config(&config)
                    .await
            }
            Err(error) => Err(error),
        };
        connected.map_err(|error| failed(&self.shown, &error))
    }
}

type Dialed = Option<Result<Live, LevelError>>;

/// A connection. Each has a number, so that nobody forgets a newer one than theirs.
#[derive(Clone)]
struct Live {
    number: u64,
    connection: MultiplexedConnection,
    since: Instant,
}

/// Where the connection stands.
enum State {
    Down,
    Dialing(u64, watch::Receiver<Dialed>),
    Up(Live),
}

/// The connection.
pub(super) struct Link {
    dialer: Arc<Dialer>,
    state: Arc<Mutex<(u64, State)>>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("dialer", &self.dialer)
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(super) fn new(dialer: Dialer) -> Self {
        Self {
            dialer: Arc::new(dialer),
            state: Arc::new(Mutex::new((0, State::Down))),
        }
    }

    pub(super) fn shown(&self) -> &str {
        &self.dialer.shown
    }

    /// Sends commands. If the connection turns out to be dead, as it is after a pause of hours, they are sent again on a new one, once:
    /// all commands here may be repeated.
    pub(super) async fn send<T: FromRedisValue>(
        &self,
        pipeline: &Pipeline,
    ) -> Result<T, LevelError> {
        let mut again = true;
        loop {
            let mut live = self.connection().await?;
            match pipeline.query_async(&mut live.connection).await {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    let lost = is_lost(&error, live.since.elapsed());
                    if lost {
                        self.forget_number(Some(live.number));
                    }
                    if !lost || !again || error.is_timeout() {
                        return Err(failed(self.shown(), &error));
                    }
                    again = false;
                }
            }
        }
    }

    /// Forgets the connection, whatever it is.
    pub(super) fn forget(&self) {
        self.forget_number(None);
    }

    fn forget_number(&self, number: Option<u64>) {
        let mut state = self.state();
        let current = match &state.1 {
            State::Down => return,
            State::Dialing(current, _) => *current,
            State::Up(live) => live.number,
        };
        if number.is_none_or(|number| number == current) {
            state.1 = State::Down;
        }
    }

    async fn connection(&self) -> Result<Live, LevelError> {
        let (number, mut dialed) = {
            let mut state = self.state();
            match &state.1 {
                State::Up(live) => return Ok(live.clone()),
                State::Dialing(number, dialed) => (*number, dialed.clone()),
                State::Down => {
                    state.0 += 1;
                    let number = state.0;
                    let dialed = self.dial(number);
                    state.1 = State::Dialing(number, dialed.clone());
                    (number, dialed)
                }
            }
        };
        let dialed = dialed.wait_for(Option::is_some).await;
        if let Ok(Some(result)) = dialed.as_deref() {
            return result.clone();
        }
        // The task was dropped with its runtime.
        self.forget_number(Some(number));
        Err(LevelError::Unavailable {
            level: self.shown().to_owned(),
            reason: "connecting was broken off".to_owned(),
        })
    }

    fn dial(&self, number: u64) -> watch::Receiver<Dialed> {
        let (sender, receiver) = watch::channel(None);
        let (dialer, state) = (Arc::clone(&self.dialer), Arc::clone(&self.state));
        tokio::spawn(async move {
            let result = timeout(CONNECT_LIMIT, dialer.dial())
                .await
                .unwrap_or_else(|_| {
                    Err(LevelError::Unavailable {
                        level: dialer.shown.clone(),
                        reason: format!(
                            "no connection within {} ms (with TLS where the address says so)",
                            CONNECT_LIMIT.as_millis()
                        ),
                    })
                })
                .map(|connection| Live {
                    number,
                    connection,
                    since: Instant::now(),
                });
            let mut state = lock(&state);
            // It may have been forgotten meanwhile; then those who wait for it still get it.
            if matches!(&state.1, State::Dialing(current, _) if *current == number) {
                state.1 = match &result {
                    Ok(live) => State::Up(live.clone()),
                    Err(_) => State::Down,
                };
            }
            drop(state);
            sender.send_replace(Some(result));
        });
        receiver
    }

    fn state(&self) -> MutexGuard<'_, (u64, State)> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<(u64, State)>) -> MutexGuard<'_, (u64, State)> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
