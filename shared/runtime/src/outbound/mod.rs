//! What goes out to subscribers: the connector that posts to their endpoints, and the vault that keeps their secrets, and what is told of
//! an endpoint that is disabled.

mod answer;
mod connector;
mod disabled;
mod names;
mod vault;

pub use connector::{Outbound, OutboundError, POST_LIMIT, Posted};
pub use disabled::disabled;
pub use names::{Names, SystemNames};
pub use vault::{Vault, VaultError};
