//! What the system recorded of itself: `GET /v1/insights/performance` and `GET /v1/insights/cache`.

mod cache;
mod performance;
mod period;

pub use cache::{CacheInsights, CacheTotals, ResultTotals};
pub use performance::{OperationFigures, PerformanceInsights};
pub use period::{Period, PeriodError, Recorded};

pub(crate) use cache::{__path_get_cache_insights, get_cache_insights};
pub(crate) use performance::{__path_get_performance_insights, get_performance_insights};

/// To the microsecond: more says nothing of a duration in milliseconds that is within 1.6% of what it was.
fn millis(took: std::time::Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}
