//! What was paid for once isn't paid for again: answers of paid calls go through the cache.

use std::sync::atomic::{AtomicBool, Ordering};

use cache::{Cache, Kind, Made, Origin, Tag};
use domain::ContentKey;

use crate::{Answer, ProviderError};

/// A call that costs money, named by everything that its answer depends on.
pub(crate) struct PaidCall<'a> {
    pub(crate) cache: &'a Cache,
    pub(crate) kind: Kind,
    /// Who is asked, for people.
    pub(crate) provider: &'a str,
    /// What the answer hangs on.
    pub(crate) tags: Vec<Tag>,
    pub(crate) key: ContentKey,
}

impl PaidCall<'_> {
    /// The answer: as it was given before, or else asked for and paid. Only what can be read is kept; what was kept and can't be read is
    /// dropped, and asked for again. An answer that is older than it should be, because the provider failed, says so.
    pub(crate) async fn answer<T, F>(
        &self,
        ask: impl Fn() -> F,
        read: impl Fn(&[u8]) -> Result<T, ProviderError>,
    ) -> Result<Answer<T>, ProviderError>
    where
        F: Future<Output = Result<(Vec<u8>, f64), ProviderError>>,
    {
        loop {
            let asked = AtomicBool::new(false);
            let source = || async {
                asked.store(true, Ordering::Relaxed);
                let (bytes, usd) = ask().await?;
                read(&bytes)?;
                Ok(Made::new(bytes.into()).costing(usd))
            };
            let key = self.key.as_str();
            let answered = self
                .cache
                .get_or_compute(self.kind, key, &self.tags, source)
                .await;
            let asked = asked.load(Ordering::Relaxed);
            let answer = match answered {
                Ok(answer) => answer,
                // Another run's money is no concern of this one: it asks for itself.
                Err(error) if !asked && is_of_one_run(&error) => continue,
                Err(error) => return Err((*error).clone()),
            };
            let value = match read(&answer.value.clone().unwrap_or_default()) {
                Ok(value) => value,
                Err(error) if asked => return Err(error),
                Err(error) => {
                    tracing::warn!(provider = self.provider, %error, "an answer that was kept can't be read");
                    if self.cache.remove(self.kind, key).await.is_err() {
                        return Err(error);
                    }
                    continue;
                }
            };
            let cost_usd = match answer.origin {
                Origin::Source => answer.price_usd(),
                _ => 0.0,
            };
            let degraded = match answer.origin {
                Origin::Stale(why) => vec![format!(
                    "an answer of {} that is older than it should be was used, because it could not be asked: {why}",
                    self.provider
                )],
                _ => Vec::new(),
            };
            return Ok(Answer {
                value,
                cost_usd,
                degraded,
            });
        }
    }
}

/// Whether an error says something of the run that asked, and nothing of the provider.
fn is_of_one_run(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::OverBudget { .. } | ProviderError::Cancelled { .. }
    )
}
