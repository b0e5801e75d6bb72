//! Names of hosts: resolved, and what they resolve to checked, at the moment of connecting.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use webhooks::address::{AddressPolicy, check_resolved};

/// Resolves names.
#[async_trait]
pub trait Names: Send + Sync {
    /// The addresses of a host.
    async fn look_up(&self, host: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// What the system resolves names with.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn look_up(&self, host: &str) -> std::io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Resolves names for the client, which connects to these addresses and no others: nothing lies between check and connection.
pub(super) struct Checked {
    pub(super) names: Arc<dyn Names>,
    pub(super) policy: AddressPolicy,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, policy) = (Arc::clone(&self.names), self.policy);
        Box::pin(async move {
            let resolved = names.look_up(name.as_str()).await?;
            let allowed = check_resolved(&resolved, &policy)?;
            // Port 0 stands for that of the URL.
            let addresses = allowed.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
