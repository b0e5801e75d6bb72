//! Remote providers, against servers on loopback that speak their wire formats and misbehave on demand.

#![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

mod bedrock;
mod budget;
mod feedback;
mod judge;
mod openai;
mod paid;
mod polly;
mod seats;
mod stability;
mod wire;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cache::{Cache, CacheConfig};
use domain::{Brief, Hook, HookWish, Script, Story, Timestamp};
use serde_json::{Value, json};

use crate::{Answer, ProviderError, Purse, TextProvider, spending_from};

/// A cache of this process's own.
fn cache() -> Cache {
    cache_by(Arc::new(|| Timestamp(1_795_428_000_000)))
}

/// The same by another clock.
fn cache_by(clock: cache::Clock) -> Cache {
    Cache::builder(&CacheConfig::default(), clock)
        .build()
        .unwrap()
}

/// A purse with a limit that keeps account.
struct Account {
    limit: f64,
    /// Each sum reserved, and each correction.
    entries: Mutex<Vec<f64>>,
}

impl Account {
    fn with(limit: f64) -> Arc<Self> {
        let entries = Mutex::default();
        Arc::new(Self { limit, entries })
    }

    fn spent(&self) -> f64 {
        self.entries.lock().unwrap().iter().sum()
    }
}

#[async_trait]
impl Purse for Account {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        let mut entries = self.entries.lock().unwrap();
        if entries.iter().sum::<f64>() + usd > self.limit {
            return Err(ProviderError::over_budget(provider, "the account is empty"));
        }
        entries.push(usd);
        Ok(())
    }

    async fn settle(&self, reserved_usd: f64, spent_usd: f64) {
        let mut entries = self.entries.lock().unwrap();
        entries.push(spent_usd - reserved_usd);
    }
}

/// Does work that may cost anything.
async fn paid<F: Future>(work: F) -> F::Output {
    spending_from(Account::with(f64::MAX), work).await
}

/// A writer for whom somebody pays.
struct Paid<T>(T);

impl<T: TextProvider> Paid<T> {
    async fn story(&self, brief: &Brief) -> Result<Answer<Story>, ProviderError> {
        paid(self.0.story(brief, None)).await
    }

    async fn script(&self, brief: &Brief, story: &Story) -> Result<Answer<Script>, ProviderError> {
        paid(self.0.script(brief, story, None)).await
    }

    async fn hook(&self, brief: &Brief, story: &Story) -> Result<Answer<Hook>, ProviderError> {
        paid(self.0.hook(brief, story, &HookWish::default(), None)).await
    }
}

fn brief() -> Brief {
    domain::read_brief(
        "topic: Bees\ntarget_seconds: 15\nkey_points:\n  - A bee visits 50 flowers on one trip.\nsource_text: Bees dance to show the way to food. A hive does not sleep in winter. Scouts may fly five kilometres.\nbrand: {call_to_action: Plant a flower}\n",
    )
    .unwrap()
}

fn story_answer() -> String {
    json!({ "title": "Bees", "beats": [
        { "role": "hook", "sources": ["s0"] },
        { "role": "context", "sources": ["k0"] },
        { "role": "payoff", "sources": ["s1", "s2"] },
    ] })
    .to_string()
}

/// The name of an error's kind.
fn kind(error: &ProviderError) -> &'static str {
    match error {
        ProviderError::Transient { .. } => "transient",
        ProviderError::InvalidInput { .. } => "invalid input",
        ProviderError::Refused { .. } => "refused",
        ProviderError::OverBudget { .. } => "over budget",
        ProviderError::Cancelled { .. } => "cancelled",
        ProviderError::Permanent { .. } => "permanent",
    }
}

/// The JSON body of a request.
fn body_of(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}
