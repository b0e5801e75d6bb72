//! The folder that holds everything local: the store, the artifacts, the journal.

use std::time::Duration;

use artifacts::Artifacts;
use cache::{Cache, LevelError};
use providers::Providers;
use runtime::{Config, Journal, Keeper, Keeping, Services, sdk_config};
use store::{Store, Tables};

use crate::embedded::Embedded;
use crate::failure::Failure;
use crate::owner;
use crate::say;

/// How often figures are kept: a process that is killed takes those of so long along.
const FIGURES_EACH: Duration = Duration::from_secs(5);

/// The opened home.
pub(crate) struct Home {
    /// What tasks work with.
    pub(crate) services: Services,
    /// What their store and their cache lie in.
    pub(crate) embedded: Embedded,
}

impl Home {
    /// Opens the home, and makes it if it isn't there.
    pub(crate) async fn open() -> Result<Self, Failure> {
        let config = Config::from_process().map_err(Failure::input)?;
        let embedded = Embedded::open(&config.home).map_err(Failure::input)?;
        let store = store_in(&embedded).await?;
        let artifacts =
            Artifacts::folder(&config.home.join("artifacts")).map_err(Failure::input)?;
        let clock = Services::system_clock();
        let table = (&embedded.client(), Tables::default().cache);
        let cache = config
            .cache(table, &artifacts, None, &clock, store.monitor())
            .map_err(Failure::input)?;
        check(&config, &cache).await?;
        let providers = Providers::choose(&config.providers, &cache)
            .await
            .map_err(Failure::input)?;
        let journal = config.home.join("journal.jsonl");
        let journal = Journal::file(&journal).map_err(|error| {
            Failure::input(format!("can't write {}: {error}", journal.display()))
        })?;
        let services = Services {
            providers: providers.measured(store.monitor()),
            store,
            artifacts,
            cache,
            worker: owner::this_process(),
            lease_ms: config.lease_ms,
            clock,
            journal,
        };
        Ok(Self { services, embedded })
    }

    /// Keeps what this process records, from now until it is told to end.
    pub(crate) fn keep_figures(&self) -> Keeping {
        let Services { store, clock, .. } = &self.services;
        Keeper::new(store.clone(), clock.clone()).keep_each(FIGURES_EACH)
    }
}

/// The store of the home; that of the deployed system, where the configuration names one.
pub(crate) async fn open_store() -> Result<Store, Failure> {
    let config = Config::from_process().map_err(Failure::input)?;
    let Some(cloud) = &config.cloud else {
        let embedded = Embedded::open(&config.home).map_err(Failure::input)?;
        return store_in(&embedded).await;
    };
    let aws = sdk_config().await.map_err(Failure::input)?;
    let tables = Tables {
        state: cloud.state_table.clone(),
        cache: cloud.cache_table.clone(),
    };
    Ok(Store::new(aws_sdk_dynamodb::Client::new(&aws), tables))
}

async fn store_in(embedded: &Embedded) -> Result<Store, Failure> {
    let store = Store::new(embedded.client(), Tables::default());
    store.create_tables().await?;
    Ok(store)
}

/// Asks a cache elsewhere whether it can be used. One that is down costs nothing but what is paid for again; one that refuses was
/// configured wrongly.
async fn check(config: &Config, cache: &Cache) -> Result<(), Failure> {
    if config.cache.url.is_none() {
        return Ok(());
    }
    match cache.check().await {
        Ok(()) => Ok(()),
        Err(error @ LevelError::Unavailable { .. }) => {
            say::tell(format_args!("going on without the cache: {error}"));
            Ok(())
        }
        Err(error) => Err(Failure::input(format!(
            "{error}; this is what REELWRIGHT_CACHE_URL names"
        ))),
    }
}
