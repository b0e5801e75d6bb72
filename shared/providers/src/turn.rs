//! Whose turn it is to keep a core busy. What runs on this machine's cores takes turns, so that many tasks at once don't slow each
//! other down; and the time in which a task only waited is known, so that it isn't taken for work.

use std::cell::Cell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// One turn a core.
static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

tokio::task_local! {
    static WAITED: Cell<Duration>;
}

/// Does work that keeps a core busy, on a thread of its own, when it is its turn.
pub async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let _turn = wait(&TURNS).await;
    tokio::task::spawn_blocking(work).await
}

/// Waits for a turn, and notes how long that took. The turn ends when the answer is dropped.
pub(crate) async fn wait(turns: &Semaphore) -> Option<tokio::sync::SemaphorePermit<'_>> {
    let begun = Instant::now();
    // Nobody closes these semaphores; if it were closed, going ahead would be right.
    let turn = turns.acquire().await.ok();
    // Outside of `counting_waits` nobody wants to know.
    let _ = WAITED.try_with(|waited| waited.set(waited.get() + begun.elapsed()));
    turn
}

/// How long the work within [`counting_waits`] has waited for its turn so far.
pub fn waited() -> Duration {
    WAITED.try_with(Cell::get).unwrap_or_default()
}

/// Does work whose waits are counted: see [`waited`].
pub async fn counting_waits<F: Future>(work: F) -> F::Output {
    WAITED.scope(Cell::default(), work).await
}
