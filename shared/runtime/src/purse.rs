//! A run's money: what paid providers reserve and spend.

use async_trait::async_trait;
use domain::Run;
use providers::{ProviderError, Purse};
use store::{Reservation, StoreError};
use tokio::sync::OnceCell;

use crate::{Inputs, Services, TaskError};

/// The purse of a run for one execution. The limit is the brief's; what is spent stands on the run's row.
pub(crate) struct RunPurse {
    services: Services,
    run: Run,
    execution: String,
    limit: OnceCell<Option<f64>>,
}

impl RunPurse {
    pub(crate) fn new(services: &Services, run: &Run, execution: &str) -> Self {
        Self {
            services: services.clone(),
            run: run.clone(),
            execution: execution.to_owned(),
            limit: OnceCell::new(),
        }
    }

    /// The brief's limit, read when something is first paid for.
    async fn limit(&self) -> Result<Option<f64>, TaskError> {
        let read = || async {
            let inputs = Inputs::new(&self.services, &self.run, &[]);
            Ok(inputs.brief().await?.max_cost_usd)
        };
        self.limit.get_or_try_init(read).await.copied()
    }
}

#[async_trait]
impl Purse for RunPurse {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        let limit = self.limit().await.map_err(|error| match error {
            TaskError::Transient(told) => ProviderError::transient(provider, told),
            error => ProviderError::permanent(provider, error),
        })?;
        let store = &self.services.store;
        let reserved = store
            .reserve(&self.run.id, &self.execution, usd, limit)
            .await;
        match reserved.map_err(|error| unreserved(provider, &error))? {
            Reservation::Reserved => Ok(()),
            Reservation::OverBudget { spent_usd } => {
                let limit = limit.unwrap_or_default();
                let message = format!(
                    "it may cost ${usd:.4}, ${spent_usd:.4} of the run's ${limit:.4} are spent or reserved: raise max_cost_usd in a new run, or choose a \
                     cheaper provider"
                );
                Err(ProviderError::over_budget(provider, message))
            }
            Reservation::NotRunning { state, execution } => {
                let message = format!(
                    "run {} is {state:?} under execution {execution}, and this is {}",
                    self.run.id, self.execution
                );
                Err(ProviderError::cancelled(provider, message))
            }
        }
    }

    async fn settle(&self, reserved_usd: f64, spent_usd: f64) {
        let store = &self.services.store;
        if let Err(error) = store.settle(&self.run.id, reserved_usd, spent_usd).await {
            tracing::warn!(run = %self.run.id, reserved_usd, spent_usd, %error, "what was reserved counts as spent");
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
