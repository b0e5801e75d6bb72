//! The folder that holds everything local: the store, the artifacts, the journal.

use artifacts::Artifacts;
use providers::Providers;
use runtime::{Config, Journal, Services};
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
        let embedded = Embedded::open(&config.home).map_err(Failure::input)?;
        let store = Store::new(embedded.client(), Tables::default());
        store.create_tables().await?;
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
