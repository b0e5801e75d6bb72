//! Configuration from environment variables `REELWRIGHT_*`, read once at start.

use std::path::PathBuf;

use providers::{ProvidersConfig, SpeechChoice, TextChoice};

/// A variable that holds something else than expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is {value:?}: {expected}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: String,
    /// Its value; secrets are masked.
    pub value: String,
    /// What was expected.
    pub expected: String,
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
}

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
        "REELWRIGHT_TEXT",
        "who writes: embedded (default) or openai",
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
        "REELWRIGHT_TEXT_TIMEOUT_SECONDS",
        "seconds to wait for an answer (default 120)",
    ),
    (
        "REELWRIGHT_TEXT_USD_PER_MILLION_IN",
        "price of a million tokens sent (default 0)",
    ),
    (
        "REELWRIGHT_TEXT_USD_PER_MILLION_OUT",
        "price of a million tokens received (default 0)",
    ),
    (
        "REELWRIGHT_SPEECH",
        "who speaks: auto (default), piper (default with REELWRIGHT_VOICE), espeak or none",
    ),
    (
        "REELWRIGHT_VOICE",
        "folder of the Piper voice (default: where scripts/fetch-voice.sh puts it)",
    ),
    (
        "REELWRIGHT_LOG",
        "log filter, such as debug or runtime=trace (default warn)",
    ),
];

struct Reader<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    fn wrong<T>(name: &str, value: &str, expected: &str) -> Result<T, ConfigError> {
        let value = if name.ends_with("_KEY") {
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

    fn number(&self, name: &str, default: f64, least: f64, most: f64) -> Result<f64, ConfigError> {
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

    fn required(&self, name: &str, because: &str) -> Result<String, ConfigError> {
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
        let text = match env.text("REELWRIGHT_TEXT").as_deref() {
            None | Some("embedded") => TextChoice::Embedded,
            Some("openai") => TextChoice::OpenAi {
                base_url: env.required(
                    "REELWRIGHT_TEXT_URL",
                    "expected the base URL, because REELWRIGHT_TEXT=openai",
                )?,
                model: env.required(
                    "REELWRIGHT_TEXT_MODEL",
                    "expected the model's name, because REELWRIGHT_TEXT=openai",
                )?,
                key: env.text("REELWRIGHT_TEXT_KEY"),
                timeout_seconds: env.number(
                    "REELWRIGHT_TEXT_TIMEOUT_SECONDS",
                    120.0,
                    1.0,
                    900.0,
                )?,
                usd_per_million_in: env.number(
                    "REELWRIGHT_TEXT_USD_PER_MILLION_IN",
                    0.0,
                    0.0,
                    1e6,
                )?,
                usd_per_million_out: env.number(
                    "REELWRIGHT_TEXT_USD_PER_MILLION_OUT",
                    0.0,
                    0.0,
                    1e6,
                )?,
            },
            Some(other) => {
                return Reader::wrong("REELWRIGHT_TEXT", other, "expected embedded or openai");
            }
        };
        let speech = match env.text("REELWRIGHT_SPEECH").as_deref() {
            // Who names a voice wants that one, not a stand-in.
            None if env.text("REELWRIGHT_VOICE").is_some() => SpeechChoice::Piper,
            None | Some("auto") => SpeechChoice::Auto,
            Some("piper") => SpeechChoice::Piper,
            Some("espeak") => SpeechChoice::Espeak,
            Some("none") => SpeechChoice::None,
            Some(other) => {
                return Reader::wrong(
                    "REELWRIGHT_SPEECH",
                    other,
                    "expected auto, piper, espeak or none",
                );
            }
        };
        let folder = |name| env.text(name).map(PathBuf::from);
        let voice = providers::voice_dir(
            folder("REELWRIGHT_VOICE").as_deref(),
            folder("REELWRIGHT_VOICES").as_deref(),
            folder("HOME").as_deref(),
        );
        Ok(Self {
            home: env
                .text("REELWRIGHT_HOME")
                .map_or_else(|| PathBuf::from(".reelwright"), PathBuf::from),
            providers: ProvidersConfig {
                text,
                speech,
                voice,
            },
            lease_ms: (env.number("REELWRIGHT_LEASE_SECONDS", 30.0, 1.0, 3600.0)? * 1000.0) as u64,
        })
    }

    /// Reads the configuration of this process.
    pub fn from_process() -> Result<Self, ConfigError> {
        Self::from_env(
            &|name| std::env::var(name).ok(),
            std::env::vars().map(|(name, _)| name),
        )
    }
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
        assert_eq!(config.providers.text, TextChoice::Embedded);
        assert_eq!(config.lease_ms, 30_000);
    }

    #[test]
    fn a_wrong_value_is_named_with_what_was_expected() {
        let error = read(&[("REELWRIGHT_SPEECH", "piper2")])
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "REELWRIGHT_SPEECH is \"piper2\": expected auto, piper, espeak or none"
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
    fn an_openai_server_needs_its_url_and_model() {
        let error = read(&[("REELWRIGHT_TEXT", "openai")])
            .unwrap_err()
            .to_string();
        assert!(error.contains("REELWRIGHT_TEXT_URL"), "{error}");
    }
}
