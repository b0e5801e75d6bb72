//! A run's money: what paid providers reserve and spend.

use async_trait::async_trait;
use domain::{Run, RunId};
use providers::{ProviderError, Purse};
use store::{Reservation, Store, StoreError};

use crate::Services;

/// The purse of a run for one execution. What may be spent and what is spent stand on the run's row.
pub(crate) struct RunPurse {
    store: Store,
    run: RunId,
    execution: String,
    limit: Option<f64>,
}

impl RunPurse {
    pub(crate) fn new(services: &Services, run: &Run, execution: &str) -> Self {
        Self {
            store: services.store.clone(),
            run: run.id.clone(),
            execution: execution.to_owned(),
            limit: run.max_cost_usd,
        }
    }
}

#[async_trait]
impl Purse for RunPurse {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        let reserved = self
            .store
            .reserve(&self.run, &self.execution, usd, self.limit)
            .await;
        match reserved.map_err(|error| unreserved(provider, &error))? {
            Reservation::Reserved => Ok(()),
            Reservation::OverBudget { spent_usd } => {
                let limit = self.limit.unwrap_or_default();
                let message = format!(
                    "it may cost ${usd:.4}, ${spent_usd:.4} of the run's ${limit:.4} are spent or reserved: raise max_cost_usd in a new run, or choose a \
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
        if let Err(error) = self.store.settle(&self.run, reserved_usd, spent_usd).await {
            tracing::warn!(run = %self.run, reserved_usd, spent_usd, %error, "what was reserved counts as spent");
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
