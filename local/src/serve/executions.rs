//! Executions in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Run, RunId, RunState};
use runtime::{ExecutionError, Executions, Services, Standing, Start};
use store::StoreError;
use tokio::sync::{Semaphore, watch};

use crate::executor::{CancelToken, Canceller};
use crate::failure::Failure;
use crate::owner;
use crate::report;
use crate::say;
use crate::work::{Held, carry_out};

/// Carries out runs in this process, so many at once, the rest after one another. What goes on when the process ends stands as running in the
/// store, and whoever looks after runs next goes on with it.
#[derive(Clone)]
pub(crate) struct InProcess(Arc<Shared>);

struct Shared {
    services: Services,
    workers: usize,
    turns: Semaphore,
    going: Mutex<HashMap<String, Going>>,
}

/// An execution that goes on, or waits for its turn.
struct Going {
    run: RunId,
    canceller: Arc<Canceller>,
    /// Closed when it is over.
    over: watch::Receiver<()>,
}

impl InProcess {
    /// Runs at most `runs` runs at once, each with at most `workers` tasks at once.
    pub(crate) fn new(services: Services, runs: usize, workers: usize) -> Self {
        Self(Arc::new(Shared {
            services,
            workers,
            turns: Semaphore::new(runs),
            going: Mutex::default(),
        }))
    }

    /// How many executions go on or wait.
    pub(crate) fn going(&self) -> usize {
        self.0.going().len()
    }
}

#[async_trait::async_trait]
impl Executions for InProcess {
    async fn start(&self, start: &Start) -> Result<(), ExecutionError> {
        begin(&self.0, start);
        Ok(())
    }

    async fn stop(&self, execution: &str, _why: &str) -> Result<(), ExecutionError> {
        if let Some(going) = self.0.going().get(execution) {
            going.canceller.cancel();
        }
        Ok(())
    }

    async fn look(&self, execution: &str) -> Result<Standing, ExecutionError> {
        // One that is over has closed its run, and nobody asks for it any more; what else isn't here was another process's.
        Ok(if self.0.going().contains_key(execution) {
            Standing::Running
        } else {
            Standing::Unknown
        })
    }
}

/// Begins an execution, unless it goes on already.
fn begin(shared: &Arc<Shared>, start: &Start) {
    let shared = Arc::clone(shared);
    let (canceller, cancel) = Canceller::new();
    let canceller = Arc::new(canceller);
    let (guard, over) = watch::channel(());
    let mut going = shared.going();
    if going.contains_key(&start.execution) {
        return;
    }
    // Two executions of a run in one process would hold leases under one name.
    let before: Vec<_> = going
        .values()
        .filter(|other| other.run == start.run)
        .map(|other| {
            other.canceller.cancel();
            other.over.clone()
        })
        .collect();
    going.insert(
        start.execution.clone(),
        Going {
            run: start.run.clone(),
            canceller: Arc::clone(&canceller),
            over,
        },
    );
    drop(going);
    let start = start.clone();
    tokio::spawn(async move {
        for mut over in before {
            // An error is what is waited for: it comes when the other side is gone.
            while over.changed().await.is_ok() {}
        }
        let told = shared.work(&start, canceller, cancel).await;
        shared.going().remove(&start.execution);
        drop(guard);
        if let Ok(Some(run)) = &told {
            shared.begin_others(run).await;
        }
        match told {
            Ok(Some(run)) if run.state == RunState::Running => {
                say::tell(format_args!("run {}: {}", run.id, report::again(&run)));
                let next = Start {
                    round: run.round,
                    execution: run.execution,
                    ..start
                };
                begin(&shared, &next);
            }
            Ok(Some(run)) => tell(&run),
            Ok(None) => {}
            Err(failure) => say::tell(format_args!("run {}: {failure}", start.run)),
        }
    });
}

impl Shared {
    /// Has the other variants of a control begin, if they may now.
    async fn begin_others(self: &Arc<Self>, run: &Run) {
        if run.others().is_empty() {
            return;
        }
        let runs = self.services.runs(Arc::new(InProcess(Arc::clone(self))));
        if let Err(error) = runs.begin_others(&run.id).await {
            // Whoever looks after runs begins them then.
            say::tell(format_args!("the variants of run {} wait: {error}", run.id));
        }
    }

    fn going(&self) -> MutexGuard<'_, HashMap<String, Going>> {
        self.going.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on a run when it is its turn. Nothing comes back if there was nothing left to do.
    async fn work(
        &self,
        start: &Start,
        canceller: Arc<Canceller>,
        cancel: CancelToken,
    ) -> Result<Option<Run>, Failure> {
        let mut cancelled = cancel.clone();
        let turn = tokio::select! {
            turn = self.turns.acquire() => turn.map_err(Failure::other)?,
            () = cancelled.cancelled() => return Ok(None),
        };
        let services = &self.services;
        let run = services.store.run(&start.run).await?;
        let dead_owner = match self.claim(start).await {
            Ok(dead_owner) => dead_owner,
            // It was cancelled, or is another execution's, before its turn came.
            Err(StoreError::Ended { .. } | StoreError::Fenced { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        say::tell(format_args!("run {} ({})", run.id, run.topic));
        let held = Held {
            run,
            execution: start.execution.clone(),
            dead_owner,
        };
        let carried = carry_out(services, held, self.workers, true, canceller, cancel);
        let worked = Box::pin(carried).await;
        drop(turn);
        match worked {
            Ok(worked) => Ok(Some(worked.run)),
            Err(failure) => {
                let run = services.store.run(&start.run).await?;
                let ours = run.state == RunState::Running && run.execution == start.execution;
                // Otherwise somebody closed it, or took it over, while it was being closed here.
                if ours { Err(failure) } else { Ok(None) }
            }
        }
    }

    /// Claims the run for this process. If the process that held it is gone, its name comes back: its tasks may be taken at once.
    async fn claim(&self, start: &Start) -> Result<Option<String>, StoreError> {
        let services = &self.services;
        let claim = async |dead: Option<&str>| {
            services
                .store
                .claim_execution(
                    &start.run,
                    &start.execution,
                    &services.worker,
                    dead,
                    services.now(),
                    services.lease_ms,
                )
                .await
        };
        match claim(None).await {
            Ok(()) => Ok(None),
            Err(StoreError::Busy { owner, .. }) if owner::is_dead(&owner) => {
                claim(Some(&owner)).await?;
                Ok(Some(owner))
            }
            Err(error) => Err(error),
        }
    }
}

fn tell(run: &Run) {
    match &run.failure {
        Some((task, error)) => say::tell(format_args!(
            "run {} {}: {task}: {}: {}",
            run.id,
            report::state(run.state),
            error.name,
            error.cause
        )),
        None => say::tell(format_args!("run {} {}", run.id, report::state(run.state))),
    }
}
