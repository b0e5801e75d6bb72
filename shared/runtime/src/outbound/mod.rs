//! What goes out to subscribers: the connector that posts to their endpoints, and the vault that keeps their secrets.

mod answer;
mod connector;
mod names;
mod vault;

pub use connector::{Outbound, OutboundError, POST_LIMIT, Posted};
pub use names::{Names, SystemNames};
pub use vault::{Vault, VaultError};
