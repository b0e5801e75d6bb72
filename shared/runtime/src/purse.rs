//! A run's money: what paid providers reserve and spend.

use async_trait::async_trait;
use domain::{Run, RunId};
use providers::{ProviderError, Purse};
use store::{Reservation, Store, StoreError};

use crate::Services;
use crate::backoff::BackOff;

/// The purse of a run for one execution. What may be spent and what is spent stand on the run's row; of variants that are compared, on that of
/// their control, because the limit is for all of them.
pub(crate) struct RunPurse {
    store: Store,
    run: RunId,
    execution: String,
    limit: Option<f64>,
    /// Whose limit is shared.
    control: Option<RunId>,
}

impl RunPurse {
    pub(crate) fn new(services: &Services, run: &Run, execution: &str) -> Self {
        let family = run.variant.as_ref();
        Self {
            store: services.store.clone(),
            run: run.id.clone(),
            execution: execution.to_owned(),
            limit: run.max_cost_usd,
            control: family.and_then(|variant| variant.runs.first().cloned()),
        }
    }

    async fn put_aside(&self, usd: f64) -> Result<Reservation, StoreError> {
        let (store, run, execution) = (&self.store, &self.run, &self.execution);
        match (&self.control, self.limit) {
            (Some(control), Some(limit)) => {
                patiently(|| store.reserve_shared(control, run, execution, usd, limit)).await
            }
            _ => store.reserve(run, execution, usd, self.limit).await,
        }
    }
}

/// Runs that share a limit write to the same row.
async fn patiently<T, F>(mut write: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut backoff = BackOff::default();
    loop {
        match write().await {
            Err(StoreError::Throttled { .. }) if backoff.goes_on() => backoff.wait().await,
            written => return written,
        }
    }
}

#[async_trait]
impl Purse for RunPurse {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        let reserved = self.put_aside(usd).await;
        match reserved.map_err(|error| unreserved(provider, &error))? {
            Reservation::Reserved => Ok(()),
            Reservation::OverBudget { spent_usd } => {
                let limit = self.limit.unwrap_or_default();
                let whose = if self.control.is_some() {
                    "the variants'"
                } else {
                    "the run's"
                };
                let message = format!(
                    "it may cost ${usd:.4}, ${spent_usd:.4} of {whose} ${limit:.4} are spent or reserved: raise max_cost_usd in a new run, or choose a \
                     cheaper provider"
                );
                Err(ProviderError::over_budget(provider, message))
            }
            Reservation::NotRunning { state, execution } => {
                let message = format!(
                    "run {} is {state:?} under execution {execution}, and this is {}",
                    self.run, self.execution
                );
                Err(ProviderError::cancelled(provider, message))
            }
        }
    }

    async fn settle(&self, reserved_usd: f64, spent_usd: f64) {
        let (store, run) = (&self.store, &self.run);
        let settled = match (&self.control, self.limit) {
            (Some(control), Some(_)) => {
                patiently(|| store.settle_shared(control, run, reserved_usd, spent_usd)).await
            }
            _ => store.settle(run, reserved_usd, spent_usd).await,
        };
        if let Err(error) = settled {
            tracing::warn!(%run, reserved_usd, spent_usd, %error, "what was reserved counts as spent");
        }
    }
}

/// No call is made that nobody noted.
fn unreserved(provider: &str, error: &StoreError) -> ProviderError {
    let message = format!("its price could not be reserved: {error}");
    if error.retryable() {
        ProviderError::transient(provider, message)
    } else {
        ProviderError::permanent(provider, message)
    }
}
