//! Configuration from environment variables `REELWRIGHT_*`, read once at start.

use std::path::PathBuf;

use cache::{CacheConfig, CacheConfigError, CacheUrl};
use providers::ProvidersConfig;
use webhooks::ApiRoot;
use webhooks::endpoint::UrlRules;

use crate::provider_config;

/// A variable that holds something else than expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is {}: {expected}", shown(value))]
pub struct ConfigError {
    /// The variable's name.
    pub variable: String,
    /// Its value; secrets are masked.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

/// A variable's value as messages show it.
fn shown(value: &str) -> String {
    if value.is_empty() {
        "not set".to_owned()
    } else {
        format!("{value:?}")
    }
}

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

/// What the deployed functions work with: set when `REELWRIGHT_BUCKET` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudConfig {
    /// `REELWRIGHT_STATE_TABLE`: the DynamoDB table of runs, tasks and events.
    pub state_table: String,
    /// `REELWRIGHT_CACHE_TABLE`: the DynamoDB table of the cache.
    pub cache_table: String,
    /// `REELWRIGHT_BUCKET`: the S3 bucket of artifacts, uploads and incoming briefs.
    pub bucket: String,
    /// `REELWRIGHT_STATE_MACHINE`: the state machine's ARN, for functions that start or stop executions.
    pub state_machine: Option<String>,
    /// `REELWRIGHT_INTAKE_FAILURES`: the URL of the queue that takes messages that hold no brief.
    pub intake_failures: Option<String>,
    /// `REELWRIGHT_DELIVERY_QUEUE`: the URL of the queue that brings deliveries to the function that makes attempts.
    pub delivery_queue: Option<String>,
    /// `REELWRIGHT_DELIVERY_QUEUE_ASIDE`: the URL of the one that brings those to endpoints that fail.
    pub delivery_queue_aside: Option<String>,
    /// `REELWRIGHT_DELIVERY_WORKERS`: how many of that function may be at work at once (default 1).
    pub delivery_workers: u32,
}

/// The fewest characters of a secret that signs: as many as the digest that it keys has bytes.
const SHORTEST_SECRET: usize = 32;

/// Every variable that is read, with what it means: printed by `reelwright doctor`, and checked for misspelt names.
pub const VARIABLES: &[(&str, &str)] = &[
    (
        "REELWRIGHT_HOME",
        "folder of the local state (default ./.reelwright)",
    ),
    (
        "REELWRIGHT_LEASE_SECONDS",
        "seconds that a task belongs to a silent worker (default 30)",
    ),
    (
        "REELWRIGHT_LINK_SECRET",
        "secret of 32 characters or more that links to review pages are signed with",
    ),
    (
        "REELWRIGHT_WEBHOOK_SECRET",
        "secret of 32 characters or more that subscribers' secrets are encrypted with",
    ),
    (
        "REELWRIGHT_WEBHOOKS_LOCAL",
        "1 to allow webhooks to this machine, and over http, on a laptop (default 0)",
    ),
    (
        "REELWRIGHT_API_KEY",
        "key that `reelwright stats --url` shows to the server",
    ),
    (
        "REELWRIGHT_WEBHOOK_ENDPOINTS",
        "the most endpoints of subscribers (default 100)",
    ),
    (
        "REELWRIGHT_API_URL",
        "where the API is reached: what links in webhooks begin with (default: where `serve` listens)",
    ),
    (
        "REELWRIGHT_BUCKET",
        "S3 bucket of a deployed system; set, all is kept in AWS instead of REELWRIGHT_HOME",
    ),
    (
        "REELWRIGHT_STATE_TABLE",
        "DynamoDB table of runs, tasks and events",
    ),
    ("REELWRIGHT_CACHE_TABLE", "DynamoDB table of the cache"),
    (
        "REELWRIGHT_CACHE",
        "off to keep nothing of what was paid for or read, as for measuring what that saves (default on)",
    ),
    (
        "REELWRIGHT_CACHE_URL",
        "Redis or Valkey to share the cache in, such as rediss://user:password@host:6379 (default: the cache's table)",
    ),
    (
        "REELWRIGHT_STATE_MACHINE",
        "ARN of the state machine, for functions that start or stop executions",
    ),
    (
        "REELWRIGHT_INTAKE_FAILURES",
        "URL of the SQS queue for messages that hold no brief",
    ),
    (
        "REELWRIGHT_DELIVERY_QUEUE",
        "URL of the SQS queue of webhooks to send",
    ),
    (
        "REELWRIGHT_DELIVERY_QUEUE_ASIDE",
        "URL of the SQS queue of webhooks to endpoints that fail",
    ),
    (
        "REELWRIGHT_DELIVERY_WORKERS",
        "how many functions send webhooks at once: each keeps to its share of an endpoint's limits (default 1)",
    ),
    (
        "REELWRIGHT_TEXT",
        "who writes: embedded (default), openai or bedrock",
    ),
    (
        "REELWRIGHT_TEXT_URL",
        "base URL of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1",
    ),
    ("REELWRIGHT_TEXT_MODEL", "the model's name there"),
    (
        "REELWRIGHT_TEXT_KEY",
        "the API key, if the server wants one",
    ),
    (
        "REELWRIGHT_BEDROCK_MODEL",
        "id of a text model or inference profile of Amazon Bedrock",
    ),
    (
        "REELWRIGHT_BEDROCK_OUTPUT",
        "how it is held to a schema: schema (default) or tool",
    ),
    (
        "REELWRIGHT_TEXT_TIMEOUT_SECONDS",
        "seconds to wait for an answer (default 120)",
    ),
    (
        "REELWRIGHT_TEXT_MAX_TOKENS",
        "longest answer in tokens (default 8192)",
    ),
    (
        "REELWRIGHT_TEXT_USD_PER_MILLION_IN",
        "price of a million tokens sent (default 0; known Bedrock models: their list price)",
    ),
    (
        "REELWRIGHT_TEXT_USD_PER_MILLION_OUT",
        "price of a million tokens received (likewise)",
    ),
    (
        "REELWRIGHT_PICTURES",
        "who draws backgrounds: embedded (default) or stability",
    ),
    (
        "REELWRIGHT_PICTURES_MODEL",
        "Stability model of Amazon Bedrock (default stability.stable-image-core-v1:1)",
    ),
    (
        "REELWRIGHT_PICTURES_USD",
        "price of a picture (default: the model's list price)",
    ),
    (
        "REELWRIGHT_PICTURES_TIMEOUT_SECONDS",
        "seconds to wait for a picture (default 120)",
    ),
    (
        "REELWRIGHT_SPEECH",
        "who speaks: auto (default), piper (default with REELWRIGHT_VOICE), espeak, polly or none",
    ),
    (
        "REELWRIGHT_VOICE",
        "folder of the Piper voice (default: where scripts/fetch-voice.sh puts it)",
    ),
    (
        "REELWRIGHT_POLLY_VOICE",
        "neural voice of Amazon Polly (default Joanna)",
    ),
    (
        "REELWRIGHT_POLLY_USD_PER_MILLION",
        "price of a million characters; sound and word marks are paid each (default 16)",
    ),
    (
        "REELWRIGHT_SPEECH_TIMEOUT_SECONDS",
        "seconds to wait for Amazon Polly (default 60)",
    ),
    (
        "REELWRIGHT_LOG",
        "log filter, such as debug or runtime=trace (default warn)",
    ),
];

/// Reads variables, and names those that are wrong.
pub(crate) struct Reader<'a>(pub(crate) &'a dyn Fn(&str) -> Option<String>);

impl Reader<'_> {
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn wrong<T>(name: &str, value: &str, expected: &str) -> Result<T, ConfigError> {
        let value = if name.ends_with("_KEY") || name.ends_with("_SECRET") {
            "(hidden)"
        } else {
            value
        };
        Err(ConfigError {
            variable: name.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        })
    }

    /// A secret that signs or encrypts: long enough, or not set.
    fn secret(&self, name: &str) -> Result<Option<String>, ConfigError> {
        match self.text(name) {
            Some(secret) if secret.chars().count() < SHORTEST_SECRET => {
                let expected = format!("expected at least {SHORTEST_SECRET} characters");
                Self::wrong(name, &secret, &expected)
            }
            secret => Ok(secret),
        }
    }

    pub(crate) fn number(
        &self,
        name: &str,
        default: f64,
        least: f64,
        most: f64,
    ) -> Result<f64, ConfigError> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        match text.parse::<f64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            _ => Self::wrong(
                name,
                &text,
                &format!("expected a number from {least} to {most}"),
            ),
        }
    }

    pub(crate) fn required(&self, name: &str, because: &str) -> Result<String, ConfigError> {
        self.text(name)
            .map_or_else(|| Self::wrong(name, "", because), Ok)
    }
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
        let cloud = match env.text("REELWRIGHT_BUCKET") {
            None => None,
            Some(bucket) => {
                let because = "expected the table's name, because REELWRIGHT_BUCKET is set";
                Some(CloudConfig {
                    state_table: env.required("REELWRIGHT_STATE_TABLE", because)?,
                    cache_table: env.required("REELWRIGHT_CACHE_TABLE", because)?,
                    bucket,
                    state_machine: match env.text("REELWRIGHT_STATE_MACHINE") {
                        Some(arn) if !is_state_machine(&arn) => {
                            return Reader::wrong(
                                "REELWRIGHT_STATE_MACHINE",
                                &arn,
                                "expected arn:aws:states:REGION:ACCOUNT:stateMachine:NAME",
                            );
                        }
                        arn => arn,
                    },
                    intake_failures: env.text("REELWRIGHT_INTAKE_FAILURES"),
                    delivery_queue: env.text("REELWRIGHT_DELIVERY_QUEUE"),
                    delivery_queue_aside: env.text("REELWRIGHT_DELIVERY_QUEUE_ASIDE"),
                    delivery_workers: env.number("REELWRIGHT_DELIVERY_WORKERS", 1.0, 1.0, 1000.0)?
                        as u32,
                })
            }
        };
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
            providers: provider_config::read(&env)?,
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

impl CloudConfig {
    /// The state machine's ARN, for a function that can't do without it.
    pub fn state_machine(&self) -> Result<&str, ConfigError> {
        self.state_machine.as_deref().ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_STATE_MACHINE".to_owned(),
            value: String::new(),
            expected: "expected the state machine's ARN, because this function starts executions"
                .to_owned(),
        })
    }

    /// The URLs of the two queues of deliveries, for a function that can't do without them.
    pub fn delivery_queues(&self) -> Result<(&str, &str), ConfigError> {
        fn named<'a>(url: Option<&'a String>, variable: &str) -> Result<&'a str, ConfigError> {
            url.map(String::as_str).ok_or_else(|| ConfigError {
                variable: variable.to_owned(),
                value: String::new(),
                expected: "expected the URL of an SQS queue, because this function queues webhooks"
                    .to_owned(),
            })
        }
        Ok((
            named(self.delivery_queue.as_ref(), "REELWRIGHT_DELIVERY_QUEUE")?,
            named(
                self.delivery_queue_aside.as_ref(),
                "REELWRIGHT_DELIVERY_QUEUE_ASIDE",
            )?,
        ))
    }

    /// The URL of the queue for messages that hold no brief, for the function that can't do without it.
    pub fn intake_failures(&self) -> Result<&str, ConfigError> {
        self.intake_failures.as_deref().ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_INTAKE_FAILURES".to_owned(),
            value: String::new(),
            expected: "expected the URL of an SQS queue, because this function takes messages in"
                .to_owned(),
        })
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

fn is_state_machine(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    matches!(parts.as_slice(), ["arn", _, "states", _, _, "stateMachine", name] if !name.is_empty())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let names: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
        Config::from_env(
            &move |name| {
                pairs
                    .iter()
                    .find(|(k, _)| k == name)
                    .map(|(_, v)| v.clone())
            },
            names,
        )
    }

    #[test]
    fn unset_means_the_embedded_defaults() {
        let config = read(&[]).unwrap();
        assert_eq!(config.home, PathBuf::from(".reelwright"));
        assert_eq!(config.providers.text, providers::TextChoice::Embedded);
        assert_eq!(config.lease_ms, 30_000);
    }

    #[test]
    fn a_wrong_value_is_named_with_what_was_expected() {
        let error = read(&[("REELWRIGHT_SPEECH", "piper2")])
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "REELWRIGHT_SPEECH is \"piper2\": expected auto, piper, espeak, polly or none"
        );
        let error = read(&[("REELWRIGHT_LEASE_SECONDS", "soon")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("expected a number from 1 to 3600"),
            "{error}"
        );
    }

    #[test]
    fn an_address_of_a_cache_that_is_none_is_named_without_its_password() {
        let error = read(&[("REELWRIGHT_CACHE_URL", "redis://:hush@cache.example:port")]);
        let error = error.unwrap_err().to_string();
        assert!(
            error.starts_with("REELWRIGHT_CACHE_URL is ") && error.contains("expected redis://"),
            "{error}"
        );
        assert!(!error.contains("hush"), "{error}");
    }

    #[test]
    fn a_short_secret_is_refused_and_not_repeated() {
        let error = read(&[("REELWRIGHT_LINK_SECRET", "hunter2")])
            .unwrap_err()
            .to_string();
        assert!(error.contains("at least 32 characters"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        let secret = "x".repeat(32);
        let config = read(&[("REELWRIGHT_LINK_SECRET", &secret)]).unwrap();
        assert_eq!(config.link_secret, Some(secret));
    }

    #[test]
    fn only_a_laptop_may_send_webhooks_to_itself() {
        let local = ("REELWRIGHT_WEBHOOKS_LOCAL", "1");
        assert_eq!(read(&[]).unwrap().webhook_rules(), UrlRules::default());
        assert_eq!(read(&[local]).unwrap().webhook_rules(), UrlRules::local());
        let deployed = [
            local,
            ("REELWRIGHT_BUCKET", "b"),
            ("REELWRIGHT_STATE_TABLE", "s"),
            ("REELWRIGHT_CACHE_TABLE", "c"),
        ];
        let error = read(&deployed).unwrap_err().to_string();
        assert!(error.contains("public addresses only"), "{error}");
        assert!(read(&[("REELWRIGHT_WEBHOOKS_LOCAL", "yes")]).is_err());
    }

    #[test]
    fn links_begin_with_what_is_configured() {
        let told = |config: Config| {
            let run = domain::RunId::new(1, 2);
            config.api_root().run(&run).as_str().to_owned()
        };
        assert!(told(read(&[]).unwrap()).starts_with("/v1/runs/"));
        let config = read(&[("REELWRIGHT_API_URL", "https://api.example.com/")]).unwrap();
        assert!(told(config).starts_with("https://api.example.com/v1/runs/"));
        let error = read(&[("REELWRIGHT_API_URL", "api.example.com")]).unwrap_err();
        assert!(error.to_string().contains("such as https://"), "{error}");
    }

    #[test]
    fn a_misspelt_variable_is_refused() {
        let error = read(&[("REELWRIGHT_SPEACH", "none")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("REELWRIGHT_SPEACH") && error.contains("no such variable"),
            "{error}"
        );
    }

    #[test]
    fn a_deployed_function_is_told_which_variable_is_missing() {
        let error = read(&[]).unwrap().deployed().unwrap_err().to_string();
        assert!(error.contains("REELWRIGHT_BUCKET"), "{error}");
        let error = read(&[("REELWRIGHT_BUCKET", "b")]).unwrap_err().to_string();
        assert!(error.contains("REELWRIGHT_STATE_TABLE"), "{error}");
        let mut all = vec![
            ("REELWRIGHT_BUCKET", "b"),
            ("REELWRIGHT_STATE_TABLE", "s"),
            ("REELWRIGHT_CACHE_TABLE", "c"),
        ];
        let config = read(&all).unwrap();
        let error = config.deployed().unwrap().state_machine().unwrap_err();
        assert_eq!(error.variable, "REELWRIGHT_STATE_MACHINE");
        all.push(("REELWRIGHT_STATE_MACHINE", "short-video"));
        let error = read(&all).unwrap_err().to_string();
        assert!(error.contains("arn:aws:states"), "{error}");
    }
}
