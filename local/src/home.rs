//! The folder that holds everything local: the store, the artifacts, the journal.

use artifacts::Artifacts;
use providers::Providers;
use runtime::{Config, Journal, Services, sdk_config};
use store::{Store, Tables};

use crate::embedded::Embedded;
use crate::failure::Failure;
use crate::owner;

/// The opened home.
pub(crate) struct Home {
    /// What tasks work with.
    pub(crate) services: Services,
}

impl Home {
    /// Opens the home, and makes it if it isn't there.
    pub(crate) async fn open() -> Result<Self, Failure> {
        let config = Config::from_process().map_err(Failure::input)?;
        let providers = Providers::choose(&config.providers)
            .await
            .map_err(Failure::input)?;
        let store = embedded(&config).await?;
        let artifacts =
            Artifacts::folder(&config.home.join("artifacts")).map_err(Failure::input)?;
        let journal = config.home.join("journal.jsonl");
        let journal = Journal::file(&journal).map_err(|error| {
            Failure::input(format!("can't write {}: {error}", journal.display()))
        })?;
        let services = Services {
            store,
            artifacts,
            providers,
            worker: owner::this_process(),
            lease_ms: config.lease_ms,
            clock: Services::system_clock(),
            journal,
        };
        Ok(Self { services })
    }
}

/// The store of the home; that of the deployed system, where the configuration names one.
pub(crate) async fn open_store() -> Result<Store, Failure> {
    let config = Config::from_process().map_err(Failure::input)?;
    let Some(cloud) = &config.cloud else {
        return embedded(&config).await;
    };
    let aws = sdk_config().await.map_err(Failure::input)?;
    let tables = Tables {
        state: cloud.state_table.clone(),
        cache: cloud.cache_table.clone(),
    };
    Ok(Store::new(aws_sdk_dynamodb::Client::new(&aws), tables))
}

async fn embedded(config: &Config) -> Result<Store, Failure> {
    let embedded = Embedded::open(&config.home).map_err(Failure::input)?;
    let store = Store::new(embedded.client(), Tables::default());
    store.create_tables().await?;
    Ok(store)
}
