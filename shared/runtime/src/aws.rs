//! The SDK's configuration, as every deployed function uses it.

use std::time::Duration;

use artifacts::{ArtifactError, Artifacts};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use store::{Store, Tables};
use tokio::sync::OnceCell;

use crate::{CloudConfig, ConfigError, SqsDeliveries, StartError, figures};

/// The five roots that AWS's own endpoints chain to (Amazon Root CA 1 to 4, Starfield Services Root CA G2; public certificates). To read
/// these takes a tenth of the time that reading all of a system's takes, which would dominate a small function's start.
const AMAZON_ROOTS: &str = include_str!("amazon-roots.pem");

/// The roots to trust where AWS itself is spoken to; nothing where `AWS_ENDPOINT_URL` names somebody else.
pub(crate) fn amazon_roots() -> Option<&'static str> {
    std::env::var_os("AWS_ENDPOINT_URL")
        .is_none()
        .then_some(AMAZON_ROOTS)
}

/// Credentials, region and endpoint from the environment; TLS by rustls, which trusts Amazon's roots, or the system's where
/// `AWS_ENDPOINT_URL` names another endpoint. A process has one, so that all its clients share their connections.
pub async fn sdk_config() -> Result<SdkConfig, StartError> {
    static CONFIG: OnceCell<SdkConfig> = OnceCell::const_new();
    CONFIG.get_or_try_init(load).await.cloned()
}

async fn load() -> Result<SdkConfig, StartError> {
    let trust = match amazon_roots() {
        Some(roots) => TrustStore::empty().with_pem_certificate(roots.as_bytes()),
        None => TrustStore::default(),
    };
    let tls = TlsContext::builder()
        .with_trust_store(trust)
        .build()
        .map_err(|error| StartError::Aws(format!("TLS can't be set up: {error}")))?;
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(tls)
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(2))
                .operation_attempt_timeout(Duration::from_secs(10))
                .build(),
        )
        .load()
        .await;
    if config.region().is_none() {
        return Err(StartError::Aws(
            "no region is set: set AWS_REGION, such as eu-central-1".to_owned(),
        ));
    }
    Ok(config)
}

impl CloudConfig {
    /// The store in the configured tables, recorded by the process's monitor. Nothing is sent.
    pub fn store(&self, aws: &SdkConfig) -> Store {
        let tables = Tables {
            state: self.state_table.clone(),
            cache: self.cache_table.clone(),
        };
        let store = Store::new(aws_sdk_dynamodb::Client::new(aws), tables);
        store.recorded_by(figures::of_this_process().clone())
    }

    /// The queues of deliveries. Nothing is sent.
    pub fn deliveries(&self, aws: &SdkConfig) -> Result<SqsDeliveries, ConfigError> {
        let client = aws_sdk_sqs::Client::new(aws);
        let (queue, aside) = self.delivery_queues()?;
        Ok(SqsDeliveries::new(client, queue, aside))
    }

    /// The artifacts in the configured bucket. Nothing is sent.
    pub fn artifacts(&self) -> Result<Artifacts, ArtifactError> {
        match amazon_roots() {
            Some(roots) => Artifacts::bucket_trusting(&self.bucket, roots),
            None => Artifacts::bucket(&self.bucket),
        }
    }
}
