//! Any server that speaks OpenAI's chat completions (OpenAI, Azure, Ollama, llama.cpp, vLLM …): the wire, and what each way of failing
//! means.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, StatusCode, Url, header, redirect};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chat::{Chat, Question, Reply, chain, excerpt};
use crate::config::OpenAiChoice;
use crate::purse::{Bill, pay};
use crate::{ProviderError, TokenPrice};

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 4 << 20;

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(10);

/// A server that completes chats.
pub(crate) struct OpenAiChat {
    client: Client,
    url: Url,
    model: String,
    key: Option<String>,
    max_tokens: u32,
    price: TokenPrice,
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

impl OpenAiChat {
    /// Reads the configuration; nothing is sent yet. Redirects are not followed and no proxy is taken from the environment: what the base
    /// URL names is what is spoken to, and the key goes nowhere else.
    pub(crate) fn new(choice: &OpenAiChoice) -> Result<Self, ProviderError> {
        let OpenAiChoice {
            base_url,
            model,
            key,
            timeout_seconds,
            max_tokens,
            price,
        } = choice;
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
        Ok(Self {
            client,
            url,
            model: model.clone(),
            key: key.clone(),
            max_tokens: *max_tokens,
            price: *price,
            name,
        })
    }

    async fn ask(&self, question: Question<'_>, most_usd: f64) -> Bill<String> {
        let failed = |outcome, spent_usd| Bill {
            outcome: Err(outcome),
            spent_usd,
        };
        let request = match self.request(question) {
            Ok(request) => request,
            Err(error) => return failed(error, 0.0),
        };
        let response = match request.send().await {
            Ok(response) => response,
            // A server that wasn't reached did nothing; one that was too slow may have.
            Err(error) if error.is_connect() => return failed(self.broken(&error), 0.0),
            Err(error) => return failed(self.broken(&error), most_usd),
        };
        let status = response.status();
        let text = match self.read(response).await {
            Ok(text) => text,
            Err(error) => return failed(error, most_usd),
        };
        if !status.is_success() {
            return failed(self.refused_request(status, &text), 0.0);
        }
        match serde_json::from_str::<Completion>(&text) {
            Ok(completion) => Bill {
                // Whose server tells no usage pays what was estimated.
                spent_usd: completion.usage.as_ref().map_or(most_usd, |usage| {
                    self.price.of(usage.prompt_tokens, usage.completion_tokens)
                }),
                outcome: self.text_of(completion),
            },
            Err(error) => {
                let message = format!(
                    "it answered {:?}, which is no chat completion ({error}): check REELWRIGHT_TEXT_URL",
                    excerpt(&text)
                );
                failed(ProviderError::permanent(&self.name, message), most_usd)
            }
        }
    }

    fn request(&self, question: Question<'_>) -> Result<reqwest::RequestBuilder, ProviderError> {
        let mut body = json!({
            "model": self.model,
            "messages": question.messages,
            // Servers take a signed 32-bit or 64-bit number.
            "seed": question.seed & 0x7fff_ffff,
            "max_completion_tokens": self.max_tokens,
            "response_format": { "type": "json_schema", "json_schema": { "name": question.name, "strict": true, "schema": question.schema } },
        });
        // Not every model lets itself be told.
        if let Some(temperature) = question.temperature {
            body["temperature"] = json!(temperature);
        }
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
        Ok(request)
    }

    fn text_of(&self, completion: Completion) -> Result<String, ProviderError> {
        let Some(choice) = completion.choices.into_iter().next() else {
            return Ok(String::new());
        };
        let refusal = choice.message.as_ref();
        let refusal = refusal.and_then(|message| message.refusal.as_deref());
        if let Some(refusal) = refusal.filter(|text| !text.trim().is_empty()) {
            return Err(ProviderError::refused(
                &self.name,
                format!(
                    "{:?}: reword the brief, or choose another model",
                    excerpt(refusal)
                ),
            ));
        }
        match choice.finish_reason.as_deref() {
            Some("content_filter") => Err(ProviderError::refused(
                &self.name,
                "its content filter cut the answer off: reword the brief, or choose another model",
            )),
            Some("length") => Err(ProviderError::permanent(
                &self.name,
                format!(
                    "its answer was cut off after {} tokens: raise REELWRIGHT_TEXT_MAX_TOKENS, or choose a model that thinks less",
                    self.max_tokens
                ),
            )),
            _ => Ok(choice
                .message
                .and_then(|message| message.content)
                .unwrap_or_default()),
        }
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

#[async_trait]
impl Chat for OpenAiChat {
    fn name(&self) -> &str {
        &self.name
    }

    fn fingerprint(&self) -> String {
        format!("openai/{}/{}", self.url, self.model)
    }

    async fn complete(&self, question: Question<'_>) -> Result<Reply, ProviderError> {
        let most_usd = self.price.most(question.bytes(), self.max_tokens);
        let (text, cost_usd) = pay(&self.name, most_usd, self.ask(question, most_usd)).await?;
        Ok(Reply { text, cost_usd })
    }
}
