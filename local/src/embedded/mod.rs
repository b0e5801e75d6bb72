//! DynamoDB in this process, over one SQLite file: the store of a laptop.
//!
//! The SDK's requests are answered by dynoxide without a socket: [`engine`] is the SDK's HTTP connector. Several processes may have
//! one file open; SQLite's write-ahead log serialises them. A commit is in the operating system's hands when a request is answered
//! (`synchronous = NORMAL`), so it outlives the process, however that ends; a power cut may take the last commits along, never
//! part of one, and what they told is then made again.

mod engine;
mod error;
mod file;
mod tokens;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Region, StalledStreamProtectionConfig};
use dynoxide::Database;

pub use error::EmbeddedError;

use engine::Engine;

/// An attempt waits at most 5 s for another process's write; there is nothing else to wait for but the disk.
const ATTEMPT: Duration = Duration::from_secs(20);
const OPERATION: Duration = Duration::from_mins(1);

/// DynamoDB in this process. Dropping it and its clients closes the file.
#[derive(Debug, Clone)]
pub struct Embedded {
    client: Client,
    engine: Arc<Engine>,
}

impl Embedded {
    /// Opens `state.db` in a folder, making both if they are missing. While another process is opening it, this waits, at most half a
    /// minute; it blocks the thread. A file that is damaged, not a store, or from a newer version is left as it is.
    pub fn open(dir: &Path) -> Result<Self, EmbeddedError> {
        let (database, path) = file::open(dir)?;
        Ok(Self::over(Engine::new(
            database,
            path.display().to_string(),
        )))
    }

    /// A store in memory, gone with its last client.
    pub fn memory() -> Result<Self, EmbeddedError> {
        let database =
            Database::memory().map_err(|error| EmbeddedError::Memory(error.to_string()))?;
        Ok(Self::over(Engine::new(
            database,
            "the store in memory".to_owned(),
        )))
    }

    /// The SDK's client, which never touches the network.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Removes what has expired from all tables, as DynamoDB does by itself, and tells how many items that were. Requests go on meanwhile.
    pub async fn remove_expired(&self) -> Result<usize, EmbeddedError> {
        let engine = Arc::clone(&self.engine);
        tokio::task::spawn_blocking(move || engine.remove_expired())
            .await
            .unwrap_or_else(|error| Err(self.engine.not_removed(&error)))
    }

    fn over(engine: Engine) -> Self {
        let engine = Arc::new(engine);
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(engine::http_client(Arc::clone(&engine)))
            // The SDK wants an address and a region; nothing is sent to them, and nothing needs signing.
            .endpoint_url("http://embedded.invalid")
            .region(Region::from_static("local"))
            .allow_no_auth()
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(6)
                    .with_initial_backoff(Duration::from_millis(20))
                    .with_max_backoff(Duration::from_millis(500)),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_timeout(OPERATION)
                    .operation_attempt_timeout(ATTEMPT)
                    .build(),
            )
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self {
            client: Client::from_conf(config),
            engine,
        }
    }
}
