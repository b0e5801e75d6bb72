//! A deployed system's doors in one process: the embedded store, artifacts in memory, executions that are only kept, and a queue on
//! loopback.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use artifacts::Artifacts;
use async_trait::async_trait;
use cache::{Cache, CacheConfig};
use domain::{Run, RunId, Timestamp};
use intake::{FailureQueue, Intake};
use reelwright::embedded::Embedded;
use runtime::lambda::{BatchAnswer, EventError};
use runtime::{Clock, ExecutionError, Executions, Runs, Standing, Start};
use serde_json::{Value, json};
use store::{RunSummary, Store, Tables};

mod queue;

use queue::Queue;

/// 2026-11-23T10:00:00Z, the time of the example events.
pub(crate) const NOW: Timestamp = Timestamp(1_795_428_000_000);

/// The bucket of the example events.
pub(crate) const BUCKET: &str = "reelwright-example";

/// Executions that are kept and never carried out: a test says how each stands. Like Step Functions, it takes a name once.
#[derive(Default)]
pub(crate) struct Kept {
    executions: Mutex<BTreeMap<String, (Start, Standing)>>,
    down: AtomicBool,
}

impl Kept {
    /// Answers nothing from now on, or answers again.
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// Says how an execution stands.
    pub(crate) fn set(&self, execution: &str, standing: Standing) {
        self.executions
            .lock()
            .unwrap()
            .get_mut(execution)
            .unwrap()
            .1 = standing;
    }

    /// Forgets all that was started, as after a restart.
    pub(crate) fn forget(&self) {
        self.executions.lock().unwrap().clear();
    }

    /// What was started.
    pub(crate) fn started(&self) -> Vec<Start> {
        let executions = self.executions.lock().unwrap();
        executions
            .values()
            .map(|(start, _)| start.clone())
            .collect()
    }

    fn answers(&self) -> Result<(), ExecutionError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(ExecutionError {
                doing: "asking for an execution".to_owned(),
                message: "nobody answers".to_owned(),
                transient: true,
            });
        }
        Ok(())
    }
}

#[async_trait]
impl Executions for Kept {
    async fn start(&self, start: &Start) -> Result<(), ExecutionError> {
        self.answers()?;
        self.executions
            .lock()
            .unwrap()
            .entry(start.execution.clone())
            .or_insert((start.clone(), Standing::Running));
        Ok(())
    }

    async fn stop(&self, _execution: &str, _why: &str) -> Result<(), ExecutionError> {
        self.answers()
    }

    async fn look(&self, execution: &str) -> Result<Standing, ExecutionError> {
        self.answers()?;
        let executions = self.executions.lock().unwrap();
        let standing = executions.get(execution).map(|(_, standing)| standing);
        Ok(standing.cloned().unwrap_or(Standing::Unknown))
    }
}

/// The doors, and what a test looks at behind them.
pub(crate) struct Doors {
    pub(crate) intake: Intake,
    pub(crate) runs: Runs,
    pub(crate) executions: Arc<Kept>,
    pub(crate) queue: Queue,
    now: Arc<AtomicU64>,
}

impl Doors {
    /// A system that no brief has come to.
    pub(crate) async fn open() -> Self {
        let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
        store.create_tables().await.unwrap();
        Self::over(store).await
    }

    /// The same over a store that is given.
    pub(crate) async fn over(store: Store) -> Self {
        let executions = Arc::new(Kept::default());
        let now = Arc::new(AtomicU64::new(NOW.0));
        let clock = Arc::clone(&now);
        let clock: Clock = Arc::new(move || Timestamp(clock.load(Ordering::SeqCst)));
        let cache = Cache::builder(&CacheConfig::default(), Arc::clone(&clock)).build();
        let runs = Runs {
            store,
            artifacts: Artifacts::memory(),
            cache: cache.unwrap(),
            executions: Arc::<Kept>::clone(&executions),
            clock,
        };
        let queue = Queue::listen().await;
        Self {
            intake: Intake {
                runs: runs.clone(),
                bucket: BUCKET.to_owned(),
                failures: FailureQueue::new(queue.client(), queue.url()),
            },
            runs,
            executions,
            queue,
            now,
        }
    }

    /// Lets time go by.
    pub(crate) fn wait(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        (self.runs.clock)()
    }

    /// Puts an object into the bucket, and answers the event that S3 sends of it.
    pub(crate) async fn put(&self, key: &str, bytes: impl Into<Vec<u8>>) -> Value {
        let artifacts = &self.runs.artifacts;
        artifacts.write_raw(key, bytes.into().into()).await.unwrap();
        let tag = artifacts.find_raw(key).await.unwrap().unwrap().tag;
        self.event_of(key, &tag)
    }

    /// The event of an object, whether it is there or not.
    pub(crate) fn event_of(&self, key: &str, tag: &str) -> Value {
        let mut event = example(include_str!("../../examples/events/intake.json"));
        let record = &mut event["Records"][0];
        record["eventTime"] = json!(self.now().rfc3339());
        record["s3"]["object"]["key"] = json!(key);
        record["s3"]["object"]["eTag"] = json!(tag);
        event
    }

    /// Hands an event to the function `intake`.
    pub(crate) async fn take(&self, event: Value) -> Result<BatchAnswer, EventError> {
        intake::answer(&self.intake, event).await
    }

    /// The text of an object, if it is there.
    pub(crate) async fn object(&self, key: &str) -> Option<String> {
        let bytes = self
            .runs
            .artifacts
            .read_raw(key, 10_000_000)
            .await
            .unwrap()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The runs there are.
    pub(crate) async fn listed(&self) -> Vec<RunSummary> {
        self.runs
            .store
            .list_runs(None, 100, None)
            .await
            .unwrap()
            .items
    }

    /// A run's row.
    pub(crate) async fn run(&self, id: &RunId) -> Run {
        self.runs.store.run(id).await.unwrap()
    }

    /// The only run there is.
    pub(crate) async fn only_run(&self) -> Run {
        let listed = self.listed().await;
        assert_eq!(listed.len(), 1, "{listed:?}");
        self.run(&listed[0].id).await
    }
}

/// Reads an example.
pub(crate) fn example(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
