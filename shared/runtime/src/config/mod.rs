//! Configuration from environment variables `REELWRIGHT_*`, read once at start.

mod choices;
mod cloud;
#[cfg(test)]
mod tests;
mod variables;

use std::path::PathBuf;

use cache::{CacheConfig, CacheConfigError, CacheUrl};
use providers::ProvidersConfig;
use webhooks::ApiRoot;
use webhooks::endpoint::UrlRules;

pub use cloud::CloudConfig;
use variables::Reader;
pub use variables::{ConfigError, VARIABLES};

/// Everything that can be configured. Unset means the embedded default.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `REELWRIGHT_HOME`: the folder of the local state (default `./.reelwright`).
    pub home: PathBuf,
    /// Who writes, speaks and draws.
    pub providers: ProvidersConfig,
    /// `REELWRIGHT_LEASE_SECONDS`: how long a task belongs to a worker that gives no sign of life (default 30).
    pub lease_ms: u64,
    /// `REELWRIGHT_LINK_SECRET`: what links to review pages are signed with (on a laptop, unset: a file in `home`).
    pub link_secret: Option<String>,
    /// `REELWRIGHT_WEBHOOK_SECRET`: what subscribers' secrets are encrypted with (on a laptop, unset: a file in `home`).
    pub webhook_secret: Option<String>,
    /// `REELWRIGHT_WEBHOOKS_LOCAL`: whether webhooks may be sent to this machine, and unencrypted (default 0; not on AWS itself).
    pub webhooks_local: bool,
    /// `REELWRIGHT_CACHE` and `REELWRIGHT_CACHE_URL`: whether what was paid for is kept, and where processes share it.
    pub cache: CacheConfig,
    /// `REELWRIGHT_API_KEY`: what this process shows to a server that it asks.
    pub api_key: Option<String>,
    /// `REELWRIGHT_WEBHOOK_ENDPOINTS`: the most endpoints of subscribers (default 100).
    pub webhook_endpoints: u32,
    /// `REELWRIGHT_API_URL`: where the API can be reached, which links in webhooks begin with (unset: `reelwright serve` takes its own address,
    /// and everybody else's links are relative).
    pub api_root: Option<ApiRoot>,
    /// Where the deployed system keeps things. Nothing on a laptop.
    pub cloud: Option<CloudConfig>,
}

impl Config {
    /// Reads the configuration through `read`, which answers with a variable's value.
    ///
    /// `set` names the variables that are there: an unknown `REELWRIGHT_*` is an error, so that a misspelt one isn't passed over.
    pub fn from_env(
        read: &dyn Fn(&str) -> Option<String>,
        set: impl IntoIterator<Item = String>,
    ) -> Result<Self, ConfigError> {
        for name in set {
            if name.starts_with("REELWRIGHT_") && !VARIABLES.iter().any(|(known, _)| *known == name)
            {
                // The voices' folder is read by the shell script that fetches them.
                if name == "REELWRIGHT_VOICES" {
                    continue;
                }
                let value = read(&name).unwrap_or_default();
                return Reader::wrong(
                    &name,
                    &value,
                    "no such variable; `reelwright doctor` lists them all",
                );
            }
        }
        let env = Reader(read);
        let cloud = CloudConfig::read(&env)?;
        let webhooks_local = match env.text("REELWRIGHT_WEBHOOKS_LOCAL").as_deref() {
            None | Some("0") => false,
            Some("1") if cloud.is_none() || env.text("AWS_ENDPOINT_URL").is_some() => true,
            Some(value) => {
                let expected = "expected 0, or 1 on a laptop or in an emulated account: a deployed system calls public addresses only";
                return Reader::wrong("REELWRIGHT_WEBHOOKS_LOCAL", value, expected);
            }
        };
        let url = env.text("REELWRIGHT_CACHE_URL");
        let cache = CacheConfig {
            on: match env.text("REELWRIGHT_CACHE").as_deref() {
                None | Some("on") => true,
                Some("off") => false,
                Some(other) => {
                    return Reader::wrong("REELWRIGHT_CACHE", other, "expected on or off");
                }
            },
            url: url.as_deref().map(cache_url).transpose()?,
            ..CacheConfig::default()
        };
        let api_root = match env.text("REELWRIGHT_API_URL") {
            None => None,
            Some(url) => {
                let Ok(root) = ApiRoot::parse(&url) else {
                    let expected = "expected http or https, a host, and perhaps a path, such as https://api.example.com";
                    return Reader::wrong("REELWRIGHT_API_URL", &url, expected);
                };
                Some(root)
            }
        };
        Ok(Self {
            webhooks_local,
            cache,
            api_root,
            webhook_endpoints: env.number("REELWRIGHT_WEBHOOK_ENDPOINTS", 100.0, 1.0, 1000.0)?
                as u32,
            cloud,
            home: env
                .text("REELWRIGHT_HOME")
                .map_or_else(|| PathBuf::from(".reelwright"), PathBuf::from),
            providers: choices::read(&env)?,
            api_key: env.text("REELWRIGHT_API_KEY"),
            link_secret: env.secret("REELWRIGHT_LINK_SECRET")?,
            webhook_secret: env.secret("REELWRIGHT_WEBHOOK_SECRET")?,
            lease_ms: (env.number("REELWRIGHT_LEASE_SECONDS", 30.0, 1.0, 3600.0)? * 1000.0) as u64,
        })
    }

    /// The cloud's part, for a function that can't do without it.
    pub fn deployed(&self) -> Result<&CloudConfig, ConfigError> {
        self.cloud.as_ref().ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_BUCKET".to_owned(),
            value: String::new(),
            expected: "expected the S3 bucket of the deployed system".to_owned(),
        })
    }

    /// What links in webhooks begin with: nothing, if it isn't configured where the API is.
    pub fn api_root(&self) -> ApiRoot {
        self.api_root.clone().unwrap_or(ApiRoot::relative())
    }

    /// Which URLs webhooks may be sent to.
    pub fn webhook_rules(&self) -> UrlRules {
        if self.webhooks_local {
            UrlRules::local()
        } else {
            UrlRules::default()
        }
    }

    /// Reads the configuration of this process.
    pub fn from_process() -> Result<Self, ConfigError> {
        Self::from_env(
            &|name| std::env::var(name).ok(),
            std::env::vars().map(|(name, _)| name),
        )
    }
}

fn cache_url(text: &str) -> Result<CacheUrl, ConfigError> {
    CacheUrl::parse(text).map_err(|error| match error {
        CacheConfigError::Url { shown, reason } => ConfigError {
            variable: "REELWRIGHT_CACHE_URL".to_owned(),
            value: shown,
            expected: format!("{reason}; expected {}", CacheUrl::FORM),
        },
        other => ConfigError {
            variable: "REELWRIGHT_CACHE_URL".to_owned(),
            value: "(hidden)".to_owned(),
            expected: other.to_string(),
        },
    })
}
