//! The environment's variables: which there are, and how they are read.

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
        "REELWRIGHT_JUDGE",
        "which model judges what was made: off (default), openai or bedrock, by the variables above",
    ),
    (
        "REELWRIGHT_JUDGE_WEIGHT",
        "what its scores count for: 0 (default: they are only reported) to 1; a brand may say otherwise",
    ),
    (
        "REELWRIGHT_JUDGE_TIMEOUT_SECONDS",
        "seconds that it has, all its calls together (default 20, at most 45)",
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
pub(super) struct Reader<'a>(pub(super) &'a dyn Fn(&str) -> Option<String>);

impl Reader<'_> {
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    pub(super) fn wrong<T>(name: &str, value: &str, expected: &str) -> Result<T, ConfigError> {
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
    pub(super) fn secret(&self, name: &str) -> Result<Option<String>, ConfigError> {
        match self.text(name) {
            Some(secret) if secret.chars().count() < SHORTEST_SECRET => {
                let expected = format!("expected at least {SHORTEST_SECRET} characters");
                Self::wrong(name, &secret, &expected)
            }
            secret => Ok(secret),
        }
    }

    pub(super) fn number(
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

    pub(super) fn required(&self, name: &str, because: &str) -> Result<String, ConfigError> {
        self.text(name)
            .map_or_else(|| Self::wrong(name, "", because), Ok)
    }
}
