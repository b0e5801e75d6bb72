//! Asking the judge, where there is one.

use domain::quality::JudgeWeight;
use providers::{Judge, ProviderError};
use quality::{Assessment, Content, Policy};
use runtime::TaskError;

/// What is said of who judges where nobody is set up to.
const NOBODY: &str = "nobody";

/// An assessment with what came of asking the judge, and what that cost in US dollars.
///
/// `weight` is the brand's; without it the judge's own counts. Where nobody judges and no brand wants it, nobody is missed. A judge that can't
/// be asked, doesn't answer in time or answers what can't be used is no failure of the task: it is told in the assessment. Only where the
/// run is cancelled there is nothing left to assess.
pub async fn judged(
    judge: Option<&Judge>,
    weight: Option<JudgeWeight>,
    content: &Content,
    policy: &Policy,
    assessment: Assessment,
) -> Result<(Assessment, f64), TaskError> {
    let Some(judge) = judge else {
        let missed = weight.filter(|weight| weight.counts());
        return Ok(match missed {
            None => (assessment, 0.0),
            Some(weight) => {
                let reason =
                    "the brand wants a judge, and none is set up: set REELWRIGHT_JUDGE".to_owned();
                let told = assessment.with_judge(content, policy, NOBODY, weight, Err(reason));
                (told, 0.0)
            }
        });
    };
    let (said, cost_usd) = match content.subject() {
        Err(reason) => (Err(reason), 0.0),
        Ok(subject) => {
            let asked = tokio::time::timeout(judge.patience, judge.provider.judge(&subject)).await;
            match asked {
                Ok(Ok(answer)) if answer.degraded.is_empty() => (Ok(answer.value), answer.cost_usd),
                Ok(Ok(answer)) => (Err(answer.degraded.join("; ")), answer.cost_usd),
                Ok(Err(error @ ProviderError::Cancelled { .. })) => return Err(error.into()),
                Ok(Err(error)) => (Err(error.to_string()), 0.0),
                Err(_) => {
                    let seconds = judge.patience.as_secs_f64();
                    let reason = format!(
                        "it didn't answer within {seconds} s: raise REELWRIGHT_JUDGE_TIMEOUT_SECONDS, or choose a smaller model"
                    );
                    (Err(reason), 0.0)
                }
            }
        }
    };
    if let Err(reason) = &said {
        tracing::warn!(judge = judge.provider.description(), %reason, "not judged");
    }
    let by = judge.provider.description();
    let weight = weight.unwrap_or(judge.weight);
    let told = assessment.with_judge(content, policy, &by, weight, said);
    Ok((told, cost_usd))
}
