//! Subscribers' endpoints, as the server and the command line manage them.

use std::sync::Arc;

use runtime::outbound::Vault;
use runtime::{Config, Services, TableAlone};
use store::Store;
use subscribe::Subscriptions;
use webhooks::ApiRoot;

use crate::failure::Failure;
use crate::kept_secret::kept_secret;

/// The file in the home that keeps the secret with which subscribers' are encrypted.
const FILE: &str = "webhook-secret";

/// The endpoints of a store. What is told of them links to `root`.
pub(crate) fn subscriptions(
    config: &Config,
    store: Store,
    root: ApiRoot,
) -> Result<Subscriptions, Failure> {
    Ok(Subscriptions {
        store,
        // Beside a deployed system, too: its sweep finds within a minute what the command line wrote.
        queue: Arc::new(TableAlone),
        vault: Arc::new(Vault::new(&secret(config)?)),
        rules: config.webhook_rules(),
        root,
        most: config.webhook_endpoints,
        clock: Services::system_clock(),
    })
}

/// The configured secret; on a laptop, one that the home keeps. A deployed system's must be its functions'.
fn secret(config: &Config) -> Result<String, Failure> {
    match (&config.webhook_secret, &config.cloud) {
        (Some(secret), _) => Ok(secret.clone()),
        (None, None) => kept_secret(&config.home, FILE),
        (None, Some(_)) => Err(Failure::input(
            "REELWRIGHT_WEBHOOK_SECRET is not set: expected that of the deployed functions, because REELWRIGHT_BUCKET is set",
        )),
    }
}
