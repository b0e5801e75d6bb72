//! Why a function can't start.

use crate::ConfigError;

/// Why a process can't start its work.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A variable is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A provider that was asked for can't be had.
    #[error(transparent)]
    Provider(#[from] providers::ProviderError),
    /// AWS can't be reached from here.
    #[error("{0}")]
    Aws(String),
    /// The cache can't be used as it is configured.
    #[error(transparent)]
    Cache(#[from] cache::CacheConfigError),
    /// The artifacts' place can't be used.
    #[error(transparent)]
    Artifacts(#[from] artifacts::ArtifactError),
}
