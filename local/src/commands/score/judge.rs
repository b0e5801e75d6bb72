//! Asking the judge from the command line.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::quality::JudgeWeight;
use providers::{Judge, ProviderError, Purse, spending_from};
use quality::{Assessment, Content, Policy};

use crate::failure::Failure;
use crate::home::Home;

/// What the command may spend, and has.
struct Pocket {
    limit: Option<f64>,
    spent: Mutex<f64>,
}

impl Pocket {
    fn add(&self, usd: f64) {
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner) += usd;
    }
}

#[async_trait]
impl Purse for Pocket {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        match self.limit.filter(|limit| *spent + usd > *limit) {
            None => {
                *spent += usd;
                Ok(())
            }
            Some(limit) => {
                let message = format!(
                    "it may cost ${usd:.4}, ${:.4} of ${limit:.4} are spent: raise --max-cost-usd, or lower REELWRIGHT_TEXT_MAX_TOKENS",
                    *spent
                );
                Err(ProviderError::over_budget(provider, message))
            }
        }
    }

    async fn settle(&self, reserved_usd: f64, spent_usd: f64) {
        self.add(spent_usd - reserved_usd);
    }
}

/// The judge that is set up; what to do where none is.
pub(super) async fn judge() -> Result<Judge, Failure> {
    let judge = Home::open().await?.services.providers.judge;
    judge.ok_or_else(|| {
        Failure::input("nobody judges: set REELWRIGHT_JUDGE to openai or bedrock (`reelwright doctor` lists all variables), or leave --judge out")
    })
}

/// The assessment with what the judge says, for `limit` dollars at most.
pub(super) async fn asked(
    judge: &Judge,
    weight: Option<JudgeWeight>,
    limit: Option<f64>,
    (content, policy): (&Content, &Policy),
    assessment: Assessment,
) -> Result<Assessment, Failure> {
    let pocket = Arc::new(Pocket {
        limit,
        spent: Mutex::default(),
    });
    let asking = score::judged(Some(judge), weight, content, policy, assessment);
    let (assessment, _) = spending_from(pocket, asking)
        .await
        .map_err(Failure::other)?;
    Ok(assessment)
}
