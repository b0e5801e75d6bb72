//! Works on one run: claims it, carries out its workflow, closes it.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use domain::{Brief, ErrorInfo, Run, RunState, TaskName};
use runtime::{
    Ask, Services, TaskError, Tasks, end_round, execution_name, facts, single_tasks, verdict,
    workflow,
};
use statemachine::{End, Instance, Workflow};
use store::{Ending, StoreError, TaskId};
use tokio::sync::mpsc;

use crate::executor::{
    CancelToken, Canceller, Done, ExecutionReport, Executor, ExecutorEvent, RunnerAnswer,
    TaskRunner,
};
use crate::failure::Failure;
use crate::home::Home;
use crate::owner;
use crate::progress::Progress;
use crate::say;

/// What came of working on a run.
pub(crate) struct Worked {
    /// The run as it stands now.
    pub(crate) run: Run,
    /// What ran when. Nothing, if the run was finished before.
    pub(crate) report: Option<ExecutionReport>,
}

/// The tasks of this program.
fn tasks() -> Tasks {
    Tasks::default()
        .with::<story::StoryTask>()
        .with::<script::ScriptTask>()
        .with::<hook::HookTask>()
        .with::<audio::AudioTask>()
        .with::<images::ImagesTask>()
        .with::<video::VideoTask>()
        .with::<compose::ComposeTask>()
        .with::<score::ScoreTask>()
}

/// A run that this process has claimed.
pub(crate) struct Held {
    /// The run.
    pub(crate) run: Run,
    /// The execution that it was claimed for.
    pub(crate) execution: String,
    /// The process that held it before and is gone: its tasks may be taken at once.
    pub(crate) dead_owner: Option<String>,
}

/// Works on a run that is there until it ends, is cancelled (Ctrl-C) or is lost to another worker: as a new execution, and another for
/// each round that the gate asks for.
pub(crate) async fn work(
    home: &Home,
    mut run: Run,
    workers: usize,
    quiet: bool,
) -> Result<Worked, Failure> {
    // Before anything is claimed: this version may not have the run's workflow.
    workflow(&run.workflow).map_err(Failure::input)?;
    loop {
        let round = run.round;
        let worked = Box::pin(work_on_round(&home.services, run, workers, quiet)).await?;
        if worked.run.state != RunState::Running || worked.run.round == round {
            return Ok(worked);
        }
        if !quiet {
            say::tell(crate::report::again(&worked.run));
        }
        run = worked.run;
    }
}

/// Works on a run's present round.
async fn work_on_round(
    services: &Services,
    run: Run,
    workers: usize,
    quiet: bool,
) -> Result<Worked, Failure> {
    let execution = execution_name(&run.id, run.round, services.now());
    let dead_owner = claim(services, &run, &execution).await?;
    let (canceller, cancel) = Canceller::new();
    let canceller = Arc::new(canceller);
    let held = Held {
        run,
        execution,
        dead_owner,
    };
    tokio::select! {
        worked = carry_out(services, held, workers, quiet, Arc::clone(&canceller), cancel) => worked,
        never = stop_on_ctrl_c(canceller) => match never {},
    }
}

/// Carries out a run's workflow until it ends, is cancelled or is lost to another worker, and closes it.
pub(crate) async fn carry_out(
    services: &Services,
    held: Held,
    workers: usize,
    quiet: bool,
    canceller: Arc<Canceller>,
    cancel: CancelToken,
) -> Result<Worked, Failure> {
    let Held {
        run,
        execution,
        dead_owner,
    } = held;
    let workflow = workflow(&run.workflow).map_err(Failure::input)?;
    services
        .store
        .plan_tasks(&single_tasks(&run, &workflow))
        .await?;

    let brief: Brief = serde_json::from_slice(
        &services
            .artifacts
            .get(&run.brief)
            .await
            .map_err(Failure::other)?,
    )
    .map_err(|error| {
        Failure::other(format!(
            "the brief of run {} can't be read: {error}",
            run.id
        ))
    })?;
    let runner = Runner {
        workflow: workflow.clone(),
        services: services.clone(),
        tasks: tasks(),
        run: run.clone(),
        execution: execution.clone(),
        dead_owner,
    };
    let (rows, told) = mpsc::unbounded_channel();
    let watch = Watch {
        progress: Mutex::new(Progress::new(quiet)),
        rows,
    };
    let seed = services.now().0;
    let executor = Executor {
        workers,
        seed,
        grace: Duration::from_secs(5),
        ..Executor::default()
    };

    let report = tokio::select! {
        report = executor.execute(&workflow, facts(&brief).into(), Arc::new(runner), &watch, cancel) => report,
        never = hold(services, &run, &execution, &canceller) => match never {},
        never = write_rows(services, &run, told) => match never {},
    };
    watch
        .progress
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .finish();
    let run = if report.end == End::Succeeded && workflow.gate.is_some() {
        let (store, artifacts) = (&services.store, &services.artifacts);
        end_round(store, artifacts, &run.id, &execution, services.now())
            .await
            .map_err(Failure::other)?
    } else {
        close(services, &run, &execution, &report).await?
    };
    Ok(Worked {
        run,
        report: Some(report),
    })
}

/// Claims the run for this process. If the process that held it is gone, its name comes back: its tasks may be taken at once.
async fn claim(services: &Services, run: &Run, execution: &str) -> Result<Option<String>, Failure> {
    let (store, me, lease) = (&services.store, &services.worker, services.lease_ms);
    match store
        .start_execution(&run.id, execution, me, services.now(), lease)
        .await
    {
        Ok(()) => Ok(None),
        Err(StoreError::Busy { owner, .. }) if owner::is_dead(&owner) => {
            store
                .take_over(&run.id, &owner, execution, me, services.now(), lease)
                .await?;
            Ok(Some(owner))
        }
        Err(error) => Err(error.into()),
    }
}

/// Something that never comes back.
enum Never {}

async fn stop_on_ctrl_c(canceller: Arc<Canceller>) -> Never {
    // Where signals can't be had, the process just dies of them: the run can be resumed then too.
    if tokio::signal::ctrl_c().await.is_ok() {
        canceller.cancel();
    }
    std::future::pending().await
}

/// Renews the run's lease; stops the work once it is lost.
async fn hold(services: &Services, run: &Run, execution: &str, canceller: &Canceller) -> Never {
    loop {
        tokio::time::sleep(Duration::from_millis(services.lease_ms / 3)).await;
        let renewed = services
            .store
            .renew_execution(&run.id, execution, &services.worker, services.lease_end())
            .await;
        match renewed {
            Ok(()) => {}
            Err(StoreError::Fenced { .. }) => {
                canceller.cancel();
                std::future::pending::<()>().await;
            }
            Err(error) => {
                tracing::warn!(run = %run.id, %error, "the run's lease could not be renewed");
            }
        }
    }
}

/// A row that the executor, not a task's attempt, has a say in.
enum Row {
    Pending(TaskName, Option<u32>),
    Skipped(TaskName),
}

/// Writes rows as the executor tells of them.
async fn write_rows(
    services: &Services,
    run: &Run,
    mut told: mpsc::UnboundedReceiver<Row>,
) -> Never {
    while let Some(row) = told.recv().await {
        let written = match row {
            Row::Pending(task, item) => {
                services
                    .store
                    .plan_task(&TaskId::new(&run.id, run.round, &task, item))
                    .await
            }
            Row::Skipped(task) => {
                let id = TaskId::new(&run.id, run.round, &task, None);
                services
                    .store
                    .skip_task(&id, services.now())
                    .await
                    .map(drop)
            }
        };
        if let Err(error) = written {
            tracing::warn!(run = %run.id, %error, "a task's row could not be written");
        }
    }
    std::future::pending().await
}

/// Shows what happens, and passes on what rows are to say.
struct Watch {
    progress: Mutex<Progress>,
    rows: mpsc::UnboundedSender<Row>,
}

impl crate::executor::Observer for Watch {
    fn event(&self, event: &ExecutorEvent<'_>) {
        let mut progress = self
            .progress
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // The receiver goes only after the executor, so sending can't fail while there is something to tell.
        let tell = |row| drop(self.rows.send(row));
        match event {
            ExecutorEvent::Due { instance, .. } => {
                progress.due(instance.task.as_str());
                if instance.item.is_some() {
                    tell(Row::Pending(instance.task.clone(), instance.item));
                }
            }
            // A task without items has no rows: they are its items'.
            ExecutorEvent::Started { .. } | ExecutorEvent::Empty { .. } => {}
            ExecutorEvent::Retrying {
                instance,
                attempt,
                error,
                delay,
                ..
            } => progress.note(&format!(
                "{}: attempt {attempt} failed ({}: {}); again in {:.1} s",
                name(instance),
                error.name,
                error.cause,
                delay.as_secs_f64()
            )),
            ExecutorEvent::Ended {
                instance,
                status,
                work,
                ..
            } => {
                let how = crate::report::status(*status);
                progress.ended(
                    instance.task.as_str(),
                    instance.item,
                    how,
                    work.as_secs_f64(),
                );
            }
            ExecutorEvent::Skipped { task, .. } => {
                progress.note(&format!("{task:<11} skipped"));
                tell(Row::Skipped((*task).clone()));
            }
            ExecutorEvent::Refused { task, error, .. } => {
                progress.note(&format!("{task}: {}: {}", error.name, error.cause));
            }
        }
    }
}

fn name(instance: &Instance) -> String {
    instance.item.map_or_else(
        || instance.task.to_string(),
        |item| format!("{} {item}", instance.task),
    )
}

/// The tasks of this program behind the executor's port.
struct Runner {
    workflow: Workflow,
    services: Services,
    tasks: Tasks,
    run: Run,
    execution: String,
    dead_owner: Option<String>,
}

impl Runner {
    /// The task whose place a stand-in has.
    fn stands_in_for(&self, task: &TaskName) -> Option<TaskName> {
        let at = self.workflow.tasks.get_index_of(task)?;
        self.workflow.fills_in_for(at).cloned()
    }
}

impl TaskRunner for Runner {
    async fn run(&self, instance: &Instance, attempt: u32, mut stop: CancelToken) -> RunnerAnswer {
        let Some(task) = self.tasks.get(instance.task.as_str()) else {
            let known: Vec<_> = self.tasks.names().collect();
            let cause = format!(
                "there is no task {:?} in this program; it has {}",
                instance.task.as_str(),
                known.join(", ")
            );
            return Err(ErrorInfo {
                name: "InvalidInput".to_owned(),
                cause,
            });
        };
        let ask = Ask {
            run: self.run.id.clone(),
            round: self.run.round,
            execution: self.execution.clone(),
            task: instance.task.clone(),
            item: instance.item,
            // The executor begins a second attempt only when the first is over, so a lease of our own is a dead one.
            dead_owner: if attempt == 1 {
                self.dead_owner.clone()
            } else {
                Some(self.services.worker.clone())
            },
            stands_in_for: self.stands_in_for(&instance.task),
            patient_until: None,
        };
        let answered = task
            .attempt(
                &self.services,
                &ask,
                Box::pin(async move {
                    stop.cancelled().await;
                    TaskError::Cancelled("the run was cancelled while the task ran".to_owned())
                }),
            )
            .await;
        match answered {
            Ok(answered) => Ok(Done {
                facts: answered.facts,
                cached: answered.cached,
                waited: answered.waited,
            }),
            Err(error) => Err(error.info()),
        }
    }
}

/// Writes how the execution ended, and reads the run as it stands then.
async fn close(
    services: &Services,
    run: &Run,
    execution: &str,
    report: &ExecutionReport,
) -> Result<Run, Failure> {
    let rows = services.store.tasks(&run.id, run.round).await?;
    let sum = verdict(&rows);
    let (state, failure) = match &report.end {
        End::Succeeded => (RunState::Succeeded, None),
        End::Failed { task, error } => (RunState::Failed, Some((task.clone(), error.clone()))),
        End::Cancelled => (RunState::Cancelled, None),
    };
    let ending = Ending {
        state,
        failure,
        degraded: sum.degraded,
    };
    services
        .store
        .close_run(&run.id, execution, &ending, services.now())
        .await?;
    Ok(services.store.run(&run.id).await?)
}

/// The output of one task of a finished run.
pub(crate) async fn output<T: serde::de::DeserializeOwned>(
    services: &Services,
    rows: &[domain::TaskRecord],
    task: &str,
) -> Result<T, Failure> {
    let row = rows
        .iter()
        .find(|row| row.task.as_str() == task && row.status.has_output());
    let end = row
        .and_then(|row| row.end.as_ref())
        .ok_or_else(|| Failure::other(format!("the output of {task} is absent")))?;
    stored(services, &end.output, &format!("the output of {task}")).await
}

/// A stored document.
pub(crate) async fn stored<T: serde::de::DeserializeOwned>(
    services: &Services,
    document: &domain::ArtifactRef,
    what: &str,
) -> Result<T, Failure> {
    let bytes = services
        .artifacts
        .get(document)
        .await
        .map_err(Failure::other)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Failure::other(format!("{what} can't be read: {error}")))
}
