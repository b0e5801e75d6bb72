//! What the cloud does by itself each minute or each day: looking after runs, as the function `sweep` does, removing old uploads, as the
//! bucket's lifecycle does, and removing what has expired, as the tables' time to live does.

use std::time::Duration;

use domain::Timestamp;
use runtime::Runs;
use tokio::time::Instant;

use crate::embedded::Embedded;

/// How often runs that are due are looked after.
const EACH: Duration = Duration::from_mins(1);

/// How often what has expired is removed.
const EXPIRED_EACH: Duration = Duration::from_hours(1);

/// How long one sweep may go on.
const AT_MOST: Duration = Duration::from_secs(40);

/// No look at a run is put off for longer than this, in milliseconds.
const FARTHEST_LOOK_MS: u64 = 600_000;

/// Goes on with runs that an earlier server left, without waiting until they are due; then looks after those that are, each minute, for ever.
pub(crate) async fn look_after_runs(runs: &Runs, embedded: &Embedded) -> ! {
    let now = (runs.clock)();
    sweep(runs, Timestamp(now.0 + FARTHEST_LOOK_MS)).await;
    let mut removed: Option<Instant> = None;
    loop {
        if removed.is_none_or(|at| at.elapsed() >= EXPIRED_EACH) {
            remove_expired(embedded).await;
            removed = Some(Instant::now());
        }
        remove_old_uploads(runs).await;
        tokio::time::sleep(EACH).await;
        sweep(runs, (runs.clock)()).await;
    }
}

async fn remove_old_uploads(runs: &Runs) {
    let kept = runs::UPLOADS_KEPT.as_millis() as u64;
    let before = Timestamp((runs.clock)().0.saturating_sub(kept));
    if let Err(error) = runs.artifacts.remove_uploads(before).await {
        tracing::error!(%error, "old uploads can't be removed for now");
    }
}

async fn remove_expired(embedded: &Embedded) {
    match embedded.remove_expired().await {
        Ok(items) => tracing::debug!(items, "what had expired is removed"),
        Err(error) => tracing::error!(%error, "for now"),
    }
}

async fn sweep(runs: &Runs, due: Timestamp) {
    if let Err(error) = sweep::sweep_due(runs, due, Instant::now() + AT_MOST).await {
        tracing::error!(%error, "the runs that are due can't be looked after for now");
    }
}
