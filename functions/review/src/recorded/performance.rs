//! `GET /v1/insights/performance`.

use axum::Json;
use axum::extract::State;
use monitor::{Family, Latency};
use runtime::http::request::Strict;
use runtime::http::responses::{Refusals, Unchanged};
use runtime::http::{Problem, Reader};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::millis;
use super::period::{Asked, Recorded};
use crate::api::Api;

/// How long operations took, and how often they failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceInsights {
    /// When the first step begins.
    #[schema(format = DateTime)]
    pub from: String,
    /// When this was read.
    #[schema(format = DateTime)]
    pub to: String,
    /// The length of a step, in seconds.
    #[schema(example = 60)]
    pub step_seconds: u64,
    /// Each operation of this time, by family and name.
    pub operations: Vec<OperationFigures>,
}

/// How long an operation took. Quantiles are within 1.6%; counts are exact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OperationFigures {
    /// What kind of operation: a task of the workflow, a call of who writes, speaks or draws, a request to the state table, a request to the cache (by
    /// kind and by where its answer came from), an HTTP request (by route).
    #[schema(value_type = String, example = "store")]
    pub family: Family,
    /// Which: `story`, or `story.kept` where it was answered by what had been made before; `text.story`; `GetItem`; `media.l1`;
    /// `GET /v1/runs/{id}`.
    #[schema(example = "GetItem")]
    pub name: String,
    /// How many.
    pub count: u64,
    /// How many of them failed.
    pub errors: u64,
    /// The mean duration, in milliseconds.
    pub mean_ms: f64,
    /// The duration that half of them stayed within, in milliseconds.
    pub p50_ms: f64,
    /// That of 95 in 100.
    pub p95_ms: f64,
    /// That of 99 in 100.
    pub p99_ms: f64,
    /// How many in each step.
    pub counts: Vec<u64>,
    /// In each step, the duration that 95 in 100 stayed within; nothing where there were none.
    pub p95_ms_by_step: Vec<Option<f64>>,
}

/// How long operations took lately
///
/// Every task, call of a provider, request to the tables, request to the cache, and route: how many, errors, and durations. Kept each few seconds on a
/// laptop; deployed, about a minute late, and without what an instance did last.
#[utoipa::path(
    get,
    path = "/v1/insights/performance",
    tag = "insights",
    operation_id = "getPerformanceInsights",
    security(("key" = ["read"])),
    params(Asked),
    responses((status = 200, description = "The operations of this time", body = PerformanceInsights), Unchanged, Refusals)
)]
pub(crate) async fn get_performance_insights(
    State(api): State<Api>,
    _: Reader,
    Strict(asked): Strict<Asked>,
) -> Result<Json<PerformanceInsights>, Problem> {
    let recorded = asked.recorded(&api.runs).await?;
    Ok(Json(PerformanceInsights::of(&recorded)))
}

impl PerformanceInsights {
    /// What was recorded, as it is told.
    pub fn of(recorded: &Recorded) -> Self {
        let all = recorded.all();
        let operations = all.operations().map(|(family, name, latency)| {
            let in_steps = recorded
                .steps
                .iter()
                .map(|step| step.family(family).get(name));
            OperationFigures {
                family,
                name: name.to_owned(),
                count: latency.count(),
                errors: latency.errors,
                mean_ms: millis(latency.mean()),
                p50_ms: millis(latency.quantile(0.5)),
                p95_ms: p95(latency),
                p99_ms: millis(latency.quantile(0.99)),
                counts: in_steps
                    .clone()
                    .map(|step| step.map_or(0, Latency::count))
                    .collect(),
                p95_ms_by_step: in_steps.map(|step| step.map(p95)).collect(),
            }
        });
        Self {
            from: recorded.from.rfc3339(),
            to: recorded.to.rfc3339(),
            step_seconds: recorded.step_ms / 1000,
            operations: operations.collect(),
        }
    }
}

fn p95(latency: &Latency) -> f64 {
    millis(latency.quantile(0.95))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Timestamp;
    use monitor::Figures;

    use super::*;

    #[test]
    fn operations_are_told_over_all_steps_and_by_step() {
        let step = |millis: &[u64]| {
            let mut latency = Latency::default();
            for &millis in millis {
                latency.record(Duration::from_millis(millis), millis > 100);
            }
            let mut figures = Figures::default();
            if !millis.is_empty() {
                figures.add(Family::Store, "Query", &latency);
            }
            figures
        };
        let told = PerformanceInsights::of(&Recorded {
            from: Timestamp(0),
            to: Timestamp(179_999),
            step_ms: 60_000,
            steps: vec![step(&[10, 10, 10]), step(&[]), step(&[400])],
        });
        assert_eq!((told.step_seconds, told.operations.len()), (60, 1));
        let query = &told.operations[0];
        assert_eq!((query.count, query.errors), (4, 1));
        assert_eq!(query.counts, [3, 0, 1]);
        assert_eq!(query.p95_ms_by_step[1], None);
        assert!((query.mean_ms - 107.5).abs() < 1e-9, "{query:?}");
        assert!((query.p50_ms / 10.0 - 1.0).abs() < 0.016, "{query:?}");
        assert!((query.p99_ms / 400.0 - 1.0).abs() < 0.016, "{query:?}");
    }
}
