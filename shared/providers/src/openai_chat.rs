//! The wire: chat completions over HTTP, and what each way of failing means.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url, header, redirect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ProviderError;
use crate::config::TextChoice;

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 4 << 20;

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(10);

/// One message of a conversation.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    role: &'static str,
    content: String,
}

impl Message {
    /// What holds for the whole conversation.
    pub(crate) fn system(content: String) -> Self {
        Self {
            role: "system",
            content,
        }
    }

    /// What is asked.
    pub(crate) fn user(content: String) -> Self {
        Self {
            role: "user",
            content,
        }
    }

    /// What was answered.
    pub(crate) fn assistant(content: String) -> Self {
        Self {
            role: "assistant",
            content,
        }
    }
}

/// What a server said, and what it cost.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) cost_usd: f64,
}

/// A server that completes chats.
pub(crate) struct Chat {
    client: Client,
    url: Url,
    model: String,
    key: Option<String>,
    /// US dollars a token, sent and received.
    price: (f64, f64),
    name: String,
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<AnswerMessage>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct AnswerMessage {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl Chat {
    /// Reads the configuration. Redirects are not followed and no proxy is taken from the environment: what the base URL names is what is
    /// spoken to, and the key goes nowhere else.
    pub(crate) fn new(choice: &TextChoice) -> Result<Self, ProviderError> {
        let TextChoice::OpenAi {
            base_url,
            model,
            key,
            timeout_seconds,
            usd_per_million_in,
            usd_per_million_out,
        } = choice
        else {
            return Err(ProviderError::permanent(
                "openai",
                "no server is configured: set REELWRIGHT_TEXT_URL",
            ));
        };
        let wrong = |message: String| ProviderError::permanent("openai", message);
        let url = format!("{}/chat/completions", base_url.trim().trim_end_matches('/'));
        let url = Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
            .ok_or_else(|| wrong(format!("{base_url:?} is no URL: set REELWRIGHT_TEXT_URL to one such as http://127.0.0.1:11434/v1")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "the base URL holds a user name or password: give the key in REELWRIGHT_TEXT_KEY"
                    .to_owned(),
            ));
        }
        // Installed once a process; whoever was first installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .https_only(url.scheme() == "https")
            .connect_timeout(CONNECT)
            .timeout(Duration::from_secs_f64(timeout_seconds.clamp(0.01, 3600.0)))
            .user_agent(concat!("reelwright/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| wrong(format!("no connection can be set up: {}", chain(&error))))?;
        let host = url.host_str().unwrap_or_default();
        let port = url
            .port()
            .map_or_else(String::new, |port| format!(":{port}"));
        let name = format!("{model} at {host}{port}");
        let price = (usd_per_million_in / 1e6, usd_per_million_out / 1e6);
        Ok(Self {
            client,
            url,
            model: model.clone(),
            key: key.clone(),
            price,
            name,
        })
    }

    /// Model and server, for people.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Model and server, for content keys.
    pub(crate) fn fingerprint(&self) -> String {
        format!("openai/{}/{}", self.url, self.model)
    }

    /// Asks once.
    pub(crate) async fn complete(
        &self,
        messages: &[Message],
        name: &str,
        schema: &Value,
        seed: u64,
    ) -> Result<Reply, ProviderError> {
        let body = json!({
            "model": self.model,
            "messages": messages,
            // Servers take a signed 32-bit or 64-bit number.
            "seed": seed & 0x7fff_ffff,
            "response_format": { "type": "json_schema", "json_schema": { "name": name, "strict": true, "schema": schema } },
        });
        let mut request = self.client.post(self.url.clone()).json(&body);
        if let Some(key) = &self.key {
            let mut value =
                header::HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| {
                    ProviderError::permanent(
                        &self.name,
                        "the key holds characters that no header can: check REELWRIGHT_TEXT_KEY",
                    )
                })?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        let response = request.send().await.map_err(|error| self.broken(&error))?;
        let status = response.status();
        let text = self.read(response).await?;
        if !status.is_success() {
            return Err(self.refused_request(status, &text));
        }
        let completion: Completion = serde_json::from_str(&text).map_err(|error| {
            let message = format!("it answered {:?}, which is no chat completion ({error}): check REELWRIGHT_TEXT_URL", excerpt(&text));
            ProviderError::permanent(&self.name, message)
        })?;
        self.reply(completion)
    }

    fn reply(&self, completion: Completion) -> Result<Reply, ProviderError> {
        let cost_usd = completion.usage.map_or(0.0, |usage| {
            usage.prompt_tokens as f64 * self.price.0
                + usage.completion_tokens as f64 * self.price.1
        });
        let choice = completion.choices.into_iter().next();
        let filtered = choice
            .as_ref()
            .is_some_and(|choice| choice.finish_reason.as_deref() == Some("content_filter"));
        let message = choice.and_then(|choice| choice.message);
        if let Some(refusal) = message
            .as_ref()
            .and_then(|message| message.refusal.as_deref())
            .filter(|text| !text.trim().is_empty())
        {
            return Err(ProviderError::refused(
                &self.name,
                format!(
                    "{:?}: reword the brief, or choose another model",
                    excerpt(refusal)
                ),
            ));
        }
        if filtered {
            return Err(ProviderError::refused(
                &self.name,
                "its content filter cut the answer off: reword the brief, or choose another model",
            ));
        }
        Ok(Reply {
            text: message
                .and_then(|message| message.content)
                .unwrap_or_default(),
            cost_usd,
        })
    }

    /// Reads a body, but not without end.
    async fn read(&self, mut response: reqwest::Response) -> Result<String, ProviderError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.broken(&error))?
        {
            if bytes.len() + chunk.len() > LARGEST_ANSWER {
                return Err(ProviderError::permanent(
                    &self.name,
                    format!(
                        "its answer is longer than {LARGEST_ANSWER} bytes: check REELWRIGHT_TEXT_URL"
                    ),
                ));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Some servers quote the key that they turn down, and what they say goes into messages and rows.
        Ok(match self.key.as_deref() {
            Some(key) if !key.is_empty() => text.replace(key, "(the key)"),
            _ => text,
        })
    }

    /// A request that got no answer.
    fn broken(&self, error: &reqwest::Error) -> ProviderError {
        let message = if error.is_timeout() {
            "it took too long: try again, raise REELWRIGHT_TEXT_TIMEOUT_SECONDS, or choose a smaller model".to_owned()
        } else if error.is_connect() {
            format!(
                "no connection ({}): see that the server runs and REELWRIGHT_TEXT_URL is right",
                chain(error)
            )
        } else {
            format!("the connection broke ({})", chain(error))
        };
        ProviderError::transient(&self.name, message)
    }

    /// A request that was turned down.
    fn refused_request(&self, status: StatusCode, text: &str) -> ProviderError {
        let error = serde_json::from_str::<Value>(text).unwrap_or_default();
        let field = |name: &str| error["error"][name].as_str().unwrap_or_default().to_owned();
        let (code, kind) = (field("code"), field("type"));
        let said = match field("message") {
            message if message.is_empty() => excerpt(text),
            message => excerpt(&message),
        };
        let told = format!("HTTP {}, {said:?}", status.as_u16());
        let is = |wanted: &str| code == wanted || kind == wanted;
        match status.as_u16() {
            _ if is("insufficient_quota") => ProviderError::permanent(
                &self.name,
                format!("{told}: the account has no credit left"),
            ),
            _ if is("content_filter") || is("content_policy_violation") => ProviderError::refused(
                &self.name,
                format!("{told}: reword the brief, or choose another model"),
            ),
            _ if is("context_length_exceeded") => ProviderError::invalid_input(
                &self.name,
                format!("{told}: shorten the source text, or choose a model with a longer context"),
            ),
            408 | 425 | 429 | 500..=599 => ProviderError::transient(&self.name, told),
            401 | 403 => ProviderError::permanent(
                &self.name,
                format!("{told}: check REELWRIGHT_TEXT_KEY and what it may use"),
            ),
            404 => ProviderError::permanent(
                &self.name,
                format!("{told}: check REELWRIGHT_TEXT_URL and REELWRIGHT_TEXT_MODEL"),
            ),
            300..=399 => ProviderError::permanent(
                &self.name,
                format!(
                    "{told}: it redirects, which is not followed; set REELWRIGHT_TEXT_URL to the final address"
                ),
            ),
            413 => {
                ProviderError::invalid_input(&self.name, format!("{told}: shorten the source text"))
            }
            _ => ProviderError::permanent(
                &self.name,
                format!(
                    "{told}: the model must take response_format json_schema; check REELWRIGHT_TEXT_MODEL"
                ),
            ),
        }
    }
}

/// An error with its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 200 {
        line
    } else {
        line.chars().take(197).chain("...".chars()).collect()
    }
}
