//! A judge's word on a round, as callers see it.

use std::collections::BTreeMap;

use domain::quality::{JUDGED, JudgedScore, Judging};
use serde::Serialize;
use utoipa::ToSchema;

/// What came of asking a judge, a model, about a round.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct JudgingView {
    /// Who was asked.
    by: String,
    /// What its scores count for against the built-in ones: 0 (nothing) to 1.
    #[schema(minimum = 0, maximum = 1)]
    weight: f64,
    /// Its scores by criterion; empty if it wasn't judged.
    scores: BTreeMap<String, JudgedScoreView>,
    /// Why it wasn't judged. Then the built-in scores stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_judged: Option<String>,
}

/// A judge's score beside the built-in one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct JudgedScoreView {
    /// The judge's.
    #[schema(minimum = 0, maximum = 100)]
    value: u8,
    /// The built-in one, before the judge's was weighed in.
    #[schema(minimum = 0, maximum = 100)]
    built_in: u8,
    /// Why, in the judge's own words.
    reason: String,
}

impl From<&Judging> for JudgingView {
    fn from(judging: &Judging) -> Self {
        let score = |told: &JudgedScore| JudgedScoreView {
            value: told.value,
            built_in: told.built_in,
            reason: told.reason.clone(),
        };
        let scores = JUDGED.into_iter().filter_map(|criterion| {
            let told = judging.score(criterion)?;
            Some((criterion.to_string(), score(told)))
        });
        Self {
            by: judging.by.clone(),
            weight: judging.weight.share(),
            scores: scores.collect(),
            not_judged: judging.lacks().map(str::to_owned),
        }
    }
}
