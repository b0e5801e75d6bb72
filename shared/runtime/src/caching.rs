//! The cache of a process, as it is configured.

use std::sync::Arc;

use artifacts::Artifacts;
use aws_config::SdkConfig;
use cache::{Cache, DynamoDb, Level, Redis, RedisOptions};
use monitor::Monitor;

use crate::aws::amazon_roots;
use crate::{Clock, CloudConfig, Config, StartError, figures};

impl Config {
    /// The cache over the configured Redis or Valkey, or else over the table of this name. Nothing is sent. `aws` is there where the process
    /// works in AWS: then that is who signs in, and Amazon's roots are trusted. What it does is recorded by `monitor`.
    pub fn cache(
        &self,
        table: (&aws_sdk_dynamodb::Client, String),
        artifacts: &Artifacts,
        aws: Option<&SdkConfig>,
        clock: &Clock,
        monitor: &Monitor,
    ) -> Result<Cache, StartError> {
        let level: Arc<dyn Level> = if let Some(url) = &self.cache.url {
            let options = RedisOptions {
                roots: aws.and_then(|_| amazon_roots()).map(Into::into),
                aws: aws.and_then(|aws| {
                    let region = aws.region()?.to_string();
                    Some((aws.credentials_provider()?, region))
                }),
                ..RedisOptions::default()
            };
            Arc::new(Redis::new(url, options, Arc::clone(clock))?)
        } else {
            let (client, table) = table;
            Arc::new(DynamoDb::new(client, table, Arc::clone(clock)))
        };
        let cache = Cache::builder(&self.cache, Arc::clone(clock))
            .shared(level)
            .artifacts(artifacts.clone())
            .monitor(monitor.clone());
        Ok(cache.build()?)
    }
}

impl CloudConfig {
    /// The cache of a deployed function, recorded by the process's monitor. Nothing is sent.
    pub fn cache(
        &self,
        config: &Config,
        aws: &SdkConfig,
        artifacts: &Artifacts,
        clock: &Clock,
    ) -> Result<Cache, StartError> {
        let client = aws_sdk_dynamodb::Client::new(aws);
        config.cache(
            (&client, self.cache_table.clone()),
            artifacts,
            Some(aws),
            clock,
            figures::of_this_process(),
        )
    }
}
