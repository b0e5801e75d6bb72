//! What a task works with.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use artifacts::Artifacts;
use cache::Cache;
use domain::Timestamp;
use providers::{ProviderError, Providers, ProvidersConfig};
use store::Store;

use crate::{Config, Executions, Journal, Runs, StartError};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Everything outside that a task touches.
#[derive(Clone)]
pub struct Services {
    /// The state table. Its monitor records what is done here.
    pub store: Store,
    /// Outputs and media.
    pub artifacts: Artifacts,
    /// What was paid for before.
    pub cache: Cache,
    /// Who writes, speaks and draws.
    pub providers: Providers,
    /// Who works here: the owner of the leases taken.
    pub worker: String,
    /// How long a lease lasts if it isn't renewed, in milliseconds.
    pub lease_ms: u64,
    /// The time.
    pub clock: Clock,
    /// What tasks really did.
    pub journal: Journal,
}

impl Services {
    /// What a deployed function works with: DynamoDB and S3, by the process's AWS environment, and the providers that `choose` gets.
    pub async fn deployed(
        config: &Config,
        choose: impl AsyncFnOnce(&ProvidersConfig, &Cache) -> Result<Providers, ProviderError>,
    ) -> Result<Self, StartError> {
        let cloud = config.deployed()?;
        let aws = crate::sdk_config().await?;
        let clock = Self::system_clock();
        let artifacts = cloud.artifacts()?;
        let cache = cloud.cache(config, &aws, &artifacts, &clock)?;
        let providers = Box::pin(choose(&config.providers, &cache)).await?;
        let store = cloud.store(&aws);
        Ok(Self {
            providers: providers.measured(store.monitor()),
            store,
            artifacts,
            cache,
            worker: "lambda".to_owned(),
            lease_ms: config.lease_ms,
            clock,
            journal: Journal::default(),
        })
    }

    /// The way to start runs that `executions` carries out.
    pub fn runs(&self, executions: Arc<dyn Executions>) -> Runs {
        Runs {
            store: self.store.clone(),
            artifacts: self.artifacts.clone(),
            cache: self.cache.clone(),
            executions,
            clock: Arc::clone(&self.clock),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// When a lease taken now ends.
    pub fn lease_end(&self) -> Timestamp {
        Timestamp(self.now().0 + self.lease_ms)
    }

    /// The system's clock.
    pub fn system_clock() -> Clock {
        Arc::new(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            Timestamp(since.as_millis() as u64)
        })
    }
}
