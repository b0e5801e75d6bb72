//! A Redis for as long as an example runs.

use std::error::Error;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cache::{CacheUrl, Clock, Redis, RedisOptions};
use domain::Timestamp;

/// A server on a free port, stopped when this is dropped.
pub(crate) struct Server {
    child: Child,
    url: String,
}

impl Server {
    pub(crate) async fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new("redis-server")
            .args(["--save", "", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| {
                format!("redis-server can't be started ({error}): run scripts/test-tools.sh")
            })?;
        let mut server = Self {
            child,
            url: format!("redis://127.0.0.1:{port}"),
        };
        while redis::Client::open(server.url.as_str())?
            .get_multiplexed_async_connection()
            .await
            .is_err()
        {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("redis-server ended at once ({status})").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The shared level that it is, with a limit or that which it comes with.
    pub(crate) fn level(
        &self,
        limit: Option<Duration>,
    ) -> Result<Arc<Redis>, Box<dyn Error + Send + Sync>> {
        let url = CacheUrl::parse(self.url())?;
        let options = RedisOptions {
            limit,
            ..RedisOptions::default()
        };
        Ok(Arc::new(Redis::new(&url, options, clock())?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The system's clock.
pub(crate) fn clock() -> Clock {
    Arc::new(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Timestamp(now.map_or(0, |now| now.as_millis() as u64))
    })
}
