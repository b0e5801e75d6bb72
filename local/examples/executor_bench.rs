//! What the executor and the store cost a task: tasks that do nothing, ten at once.
//!
//!     cargo run -p reelwright --example executor_bench -- LEVELS WIDTH [STORE]
//!
//! Each task waits for two of the level above. With a folder for an embedded store, a task takes its lease and completes its row, as the
//! tasks of a run do. Prints the microseconds a task of several executions, after one to warm up, as JSON.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use domain::{
    ArtifactRef, ContentKey, ErrorInfo, MediaType, Run, RunId, TaskEnd, TaskStatus, Timestamp,
};
use reelwright::embedded::Embedded;
use reelwright::executor::{CancelToken, Done, Executor, RunnerAnswer, TaskRunner};
use serde_json::{Value, json};
use statemachine::{End, Instance, Workflow};
use store::{Claim, Claimant, Store, StoreError, Tables, TaskId};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const WORKERS: usize = 10;
const REPEATS: u64 = 3;
const WORKER: &str = "bench";
const EXECUTION: &str = "bench";
const LEASE_MS: u64 = 600_000;
/// The store reads no clock, so any time will do.
const NOW: Timestamp = Timestamp(1_795_392_000_000);

fn workflow(levels: usize, width: usize) -> Result<Workflow> {
    let mut text = String::from("name: bench\ntasks:\n");
    for level in 0..levels {
        for place in 0..width {
            let other = (place + 1) % width;
            let after = match level {
                0 => String::new(),
                _ if other == place => format!("t{}x{place}", level - 1),
                _ => format!("t{0}x{place}, t{0}x{other}", level - 1),
            };
            writeln!(text, "  t{level}x{place}: {{after: [{after}]}}")?;
        }
    }
    Ok(Workflow::parse(&text)?)
}

/// A task that does nothing.
struct Nothing;

impl TaskRunner for Nothing {
    async fn run(&self, _: &Instance, _: u32, _: CancelToken) -> RunnerAnswer {
        Ok(Done::default())
    }
}

/// A task that does nothing but keep its row.
struct Rows {
    store: Store,
    run: RunId,
    end: TaskEnd,
}

impl Rows {
    async fn keep(&self, instance: &Instance) -> std::result::Result<(), StoreError> {
        let id = TaskId::new(&self.run, 1, &instance.task, instance.item);
        let claimant = Claimant {
            execution: Some(EXECUTION),
            content_key: Some(&self.end.content_key),
            ..Claimant::new(WORKER, NOW, LEASE_MS)
        };
        if let Claim::Taken { attempt, .. } = self.store.claim_task(&id, &claimant).await? {
            let status = TaskStatus::Succeeded;
            self.store
                .complete_task(&id, WORKER, attempt, status, &self.end, NOW)
                .await?;
        }
        Ok(())
    }
}

impl TaskRunner for Rows {
    async fn run(&self, instance: &Instance, _: u32, _: CancelToken) -> RunnerAnswer {
        let kept = self.keep(instance).await;
        kept.map(|()| Done::default()).map_err(|error| ErrorInfo {
            name: "Permanent".to_owned(),
            cause: error.to_string(),
        })
    }
}

/// A run in the store, begun.
async fn rows(store: &Store, number: u64) -> Result<Rows> {
    let run = RunId::new(NOW.0, u128::from(number));
    let key = ContentKey::of_bytes(b"nothing");
    let nothing = ArtifactRef {
        key: key.clone(),
        media_type: MediaType::Json,
        bytes: 7,
    };
    store
        .put_run(
            &Run::begun(
                run.clone(),
                "bench",
                String::new(),
                nothing.clone(),
                "bench".to_owned(),
                NOW,
            ),
            None,
        )
        .await?;
    store
        .start_execution(&run, EXECUTION, WORKER, NOW, LEASE_MS)
        .await?;
    let end = TaskEnd {
        content_key: key,
        output: nothing,
        facts: Value::Null,
        degraded: Vec::new(),
        cost_usd: 0.0,
        work_ms: 0,
    };
    Ok(Rows {
        store: store.clone(),
        run,
        end,
    })
}

/// Microseconds a task. The execution is spawned: one of the runtime's own threads then decides what starts next, with no way to go.
async fn measure<R: TaskRunner>(workflow: &Arc<Workflow>, runner: R) -> Result<f64> {
    let workflow = Arc::clone(workflow);
    let begun = Instant::now();
    let execution = tokio::spawn(async move {
        let executor = Executor {
            workers: WORKERS,
            ..Executor::default()
        };
        let cancel = CancelToken::never();
        executor
            .execute(&workflow, Value::Null, Arc::new(runner), &(), cancel)
            .await
    });
    let report = execution.await?;
    let took = begun.elapsed();
    match report.end {
        End::Succeeded => Ok(took.as_secs_f64() * 1e6 / report.instances.len() as f64),
        other => Err(format!("the execution did not succeed: {other:?}").into()),
    }
}

async fn bench(levels: usize, width: usize, folder: Option<&Path>) -> Result<()> {
    let workflow = Arc::new(workflow(levels, width)?);
    let store = match folder {
        None => None,
        Some(folder) => {
            let store = Store::new(Embedded::open(folder)?.client(), Tables::default());
            store.create_tables().await?;
            Some(store)
        }
    };
    let mut microseconds = Vec::new();
    for number in 0..=REPEATS {
        microseconds.push(match &store {
            None => measure(&workflow, Nothing).await?,
            Some(store) => measure(&workflow, rows(store, number).await?).await?,
        });
    }
    println!(
        "{}",
        json!({ "workers": WORKERS, "microseconds": &microseconds[1..] })
    );
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at)?.parse().ok().filter(|number| *number > 0);
    let (Some(levels), Some(width), 2..=3) = (number(0), number(1), arguments.len()) else {
        eprintln!(
            "usage: executor_bench LEVELS WIDTH [STORE], STORE being a folder for an embedded store"
        );
        return ExitCode::from(2);
    };
    let folder = arguments.get(2).map(Path::new);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = runtime
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(bench(levels, width, folder)));
    if let Err(error) = done {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
