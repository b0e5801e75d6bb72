//! `GET /v1/insights/cache`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use cache::{Kind, KindStats};
use monitor::Figures;
use runtime::KEPT_RESULTS;
use runtime::http::request::Strict;
use runtime::http::responses::{Refusals, Unchanged};
use runtime::http::{Problem, Reader};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::period::{Asked, Recorded};
use crate::api::Api;

/// What the cache did, and what it saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CacheInsights {
    /// When the first step begins.
    #[schema(format = DateTime)]
    pub from: String,
    /// When this was read.
    #[schema(format = DateTime)]
    pub to: String,
    /// The length of a step, in seconds.
    #[schema(example = 60)]
    pub step_seconds: u64,
    /// All kinds together.
    pub all: CacheTotals,
    /// Each kind: llm_response, media, metadata, session, api_response.
    pub kinds: BTreeMap<String, CacheTotals>,
    /// What tasks saved that were answered by what had been made before. That is no cache: it is what runs keep of what they made.
    pub results: ResultTotals,
    /// How many requests there were in each step.
    pub requests: Vec<u64>,
    /// How many of them were answered without asking the source.
    pub hits: Vec<u64>,
}

/// Tasks that were answered by what had been made before, from the same input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultTotals {
    /// How many there were.
    pub kept: u64,
    /// Milliseconds that making it had taken.
    pub saved_ms: u64,
    /// Dollars that it had cost.
    pub saved_usd: f64,
}

/// What was counted of a kind. Every request is one of `l1_hits`, `l2_hits`, `joins`, `misses` and `unanswered`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CacheTotals {
    /// How many requests there were.
    pub requests: u64,
    /// The share of them that was answered without asking the source, 0 to 1; absent without requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit_ratio: Option<f64>,
    /// Answered in the process.
    pub l1_hits: u64,
    /// Answered by the level that processes share.
    pub l2_hits: u64,
    /// Answered with what another request was just getting.
    pub joins: u64,
    /// For the source to answer.
    pub misses: u64,
    /// For the source to answer, because the shared level did not.
    pub unanswered: u64,
    /// Answered with an old value because the source failed.
    pub stale: u64,
    /// How often the source failed.
    pub source_errors: u64,
    /// Requests to the shared level that failed or took too long.
    pub l2_errors: u64,
    /// Requests to the shared level that were not made, because it had failed just before.
    pub l2_skipped: u64,
    /// Values evicted from processes to make room.
    pub evictions: u64,
    /// Values that were not what had been written, or not there any more.
    pub damaged: u64,
    /// Bytes handed out without asking the source.
    pub bytes_served: u64,
    /// Bytes read from the shared level.
    pub bytes_read: u64,
    /// Bytes written to the shared level.
    pub bytes_written: u64,
    /// Milliseconds that the sources would have taken, had they been asked for what was handed out.
    pub saved_ms: u64,
    /// Dollars that they would have cost.
    pub saved_usd: f64,
}

/// What the cache did lately
///
/// Hits by level, misses, errors, and the time and money saved: by kind and by step.
#[utoipa::path(
    get,
    path = "/v1/insights/cache",
    tag = "insights",
    operation_id = "getCacheInsights",
    security(("key" = ["read"])),
    params(Asked),
    responses((status = 200, description = "What was counted in this time", body = CacheInsights), Unchanged, Refusals)
)]
pub(crate) async fn get_cache_insights(
    State(api): State<Api>,
    _: Reader,
    Strict(asked): Strict<Asked>,
) -> Result<Json<CacheInsights>, Problem> {
    let recorded = asked.recorded(&api.runs).await?;
    Ok(Json(CacheInsights::of(&recorded)))
}

impl CacheInsights {
    /// What was recorded, as it is told.
    pub fn of(recorded: &Recorded) -> Self {
        let all = recorded.all();
        let kinds = Kind::ALL.into_iter().map(|kind| {
            let totals = CacheTotals::of(&KindStats::from_counts(all.counts(kind.name())));
            (kind.name().to_owned(), totals)
        });
        let steps: Vec<_> = recorded.steps.iter().map(together).collect();
        Self {
            from: recorded.from.rfc3339(),
            to: recorded.to.rfc3339(),
            step_seconds: recorded.step_ms / 1000,
            all: CacheTotals::of(&together(&all)),
            kinds: kinds.collect(),
            results: ResultTotals::of(&all),
            requests: steps.iter().map(KindStats::requests).collect(),
            hits: steps.iter().map(hits).collect(),
        }
    }
}

/// All kinds together.
fn together(figures: &Figures) -> KindStats {
    let mut sum: BTreeMap<String, u64> = BTreeMap::new();
    for kind in Kind::ALL {
        for (name, count) in figures.counts(kind.name()) {
            *sum.entry(name.clone()).or_default() += count;
        }
    }
    KindStats::from_counts(&sum)
}

fn hits(stats: &KindStats) -> u64 {
    stats.l1_hits + stats.l2_hits + stats.joins
}

impl ResultTotals {
    fn of(figures: &Figures) -> Self {
        let counts = figures.counts(KEPT_RESULTS);
        let of = |name: &str| counts.get(name).copied().unwrap_or_default();
        Self {
            kept: of("kept"),
            saved_ms: of("saved_ms"),
            saved_usd: of("saved_nanos") as f64 / 1e9,
        }
    }
}

impl CacheTotals {
    fn of(stats: &KindStats) -> Self {
        Self {
            requests: stats.requests(),
            hit_ratio: stats.hit_ratio(),
            l1_hits: stats.l1_hits,
            l2_hits: stats.l2_hits,
            joins: stats.joins,
            misses: stats.misses,
            unanswered: stats.unanswered,
            stale: stats.stale,
            source_errors: stats.source_errors,
            l2_errors: stats.l2_errors,
            l2_skipped: stats.l2_skipped,
            evictions: stats.evictions,
            damaged: stats.damaged + stats.lost,
            bytes_served: stats.bytes_served,
            bytes_read: stats.bytes_read,
            bytes_written: stats.bytes_written,
            saved_ms: stats.saved_ms,
            saved_usd: stats.saved_usd,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    #[test]
    fn kinds_and_steps_add_up() {
        let mut first = Figures::default();
        first.count("media", "l1_hits", 3);
        first.count("media", "misses", 1);
        first.count("llm_response", "l2_hits", 2);
        first.count("llm_response", "saved_nanos", 5_000_000);
        let mut second = Figures::default();
        second.count("session", "joins", 2);
        second.count("session", "unanswered", 2);
        second.count("results", "kept", 3);
        second.count("results", "saved_nanos", 20_000_000);
        let told = CacheInsights::of(&Recorded {
            from: Timestamp(0),
            to: Timestamp(119_999),
            step_ms: 60_000,
            steps: vec![first, second],
        });
        assert_eq!((told.all.requests, told.all.hit_ratio), (10, Some(0.7)));
        assert_eq!(told.requests, [6, 4]);
        assert_eq!(told.hits, [5, 2]);
        assert_eq!(told.kinds.len(), 5);
        assert_eq!(told.kinds["media"].hit_ratio, Some(0.75));
        assert!((told.kinds["llm_response"].saved_usd - 0.005).abs() < 1e-12);
        assert_eq!(told.results.kept, 3);
        assert!((told.results.saved_usd - 0.02).abs() < 1e-12);
        assert_eq!(told.kinds["metadata"], CacheTotals::default());
        let requests: u64 = told.kinds.values().map(|kind| kind.requests).sum();
        assert_eq!(requests, told.all.requests);
    }
}
