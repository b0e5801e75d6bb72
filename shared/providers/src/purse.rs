//! Who pays. Every paid call says beforehand what it may cost at most, and is made only when that much is put aside; afterwards the sum
//! is corrected to what was spent.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::ProviderError;

/// The money of a run.
#[async_trait]
pub trait Purse: Send + Sync {
    /// Puts aside what a call may cost at most, in US dollars. [`ProviderError::OverBudget`] where the run can't afford it,
    /// [`ProviderError::Cancelled`] where the run runs no longer: then the call isn't made.
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError>;

    /// Corrects what was put aside to what was spent. Where that fails, the larger sum stays: it errs on the side of more spent.
    async fn settle(&self, reserved_usd: f64, spent_usd: f64);
}

tokio::task_local! {
    static PURSE: Arc<dyn Purse>;
}

/// Does work whose paid calls are paid from this purse.
pub async fn spending_from<F: Future>(purse: Arc<dyn Purse>, work: F) -> F::Output {
    PURSE.scope(purse, work).await
}

/// What came of work that was only to be priced.
#[derive(Debug, Clone, PartialEq)]
pub enum Quoted<T> {
    /// Nothing is to be paid for it: it costs nothing, or was paid for before.
    Free(T),
    /// It ends at a paid call, which wasn't made and costs this much at most, in US dollars.
    Most(f64),
}

/// Does work up to its first paid call, and says what that costs at most.
pub async fn quoted<T>(
    work: impl Future<Output = Result<T, ProviderError>>,
) -> Result<Quoted<T>, ProviderError> {
    let quote = Arc::new(Quote::default());
    let done = spending_from(quote.clone(), work).await;
    let asked = *quote.0.lock().unwrap_or_else(PoisonError::into_inner);
    match (done, asked) {
        (_, Some(usd)) => Ok(Quoted::Most(usd)),
        (Ok(made), None) => Ok(Quoted::Free(made)),
        (Err(error), None) => Err(error),
    }
}

/// A purse that pays nothing, and notes what the first call asks for.
#[derive(Default)]
struct Quote(Mutex<Option<f64>>);

#[async_trait]
impl Purse for Quote {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get_or_insert(usd);
        Err(ProviderError::cancelled(
            provider,
            "only its price was asked for",
        ))
    }

    async fn settle(&self, _reserved_usd: f64, _spent_usd: f64) {}
}

/// How a paid call ended, and what it cost in US dollars, answer or none.
pub(crate) struct Bill<T> {
    pub(crate) outcome: Result<T, ProviderError>,
    pub(crate) spent_usd: f64,
}

/// Makes a call that costs `most_usd` at most. Dropped halfway, it counts as having cost all of that.
pub(crate) async fn pay<T>(
    provider: &str,
    most_usd: f64,
    call: impl Future<Output = Bill<T>>,
) -> Result<(T, f64), ProviderError> {
    let Ok(purse) = PURSE.try_with(Arc::clone) else {
        return Err(ProviderError::permanent(
            provider,
            "nobody pays for this call: it must be made within `spending_from`",
        ));
    };
    // Money is kept to a billionth of a dollar; what may be spent is rounded up.
    let reserved = (most_usd * 1e9).ceil() / 1e9;
    purse.reserve(provider, reserved).await?;
    let Bill { outcome, spent_usd } = call.await;
    purse.settle(reserved, spent_usd).await;
    outcome.map(|value| (value, spent_usd))
}

/// What a model's tokens cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenPrice {
    /// A million tokens sent, in US dollars.
    pub usd_per_million_in: f64,
    /// A million tokens received, in US dollars.
    pub usd_per_million_out: f64,
}

/// English has four to five bytes a token, JSON about three: most estimates come out a little too high.
const BYTES_A_TOKEN: f64 = 3.0;

impl TokenPrice {
    /// What so many tokens cost.
    pub(crate) fn of(self, sent: u64, received: u64) -> f64 {
        (sent as f64 * self.usd_per_million_in + received as f64 * self.usd_per_million_out) / 1e6
    }

    /// What a request of so many bytes costs at most.
    pub(crate) fn most(self, bytes: usize, max_tokens: u32) -> f64 {
        let sent = (bytes as f64 / BYTES_A_TOKEN).ceil() as u64;
        self.of(sent, u64::from(max_tokens))
    }
}
