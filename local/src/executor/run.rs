//! The executor's loop.

use std::collections::{BinaryHeap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{ErrorInfo, TaskName, TaskStatus};
use indexmap::IndexMap;
use serde_json::Value;
use statemachine::{
    Action, End, Instance, OnError, Outcome, Progress, TaskSpec, Workflow, backoff, check_facts,
    is_retried,
};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::jitter::jitter;
use super::report::{ExecutionReport, InstanceRecord, critical_path};
use super::work::{Attempted, Queued, Running, Ticket, rest};
use super::{CancelToken, ExecutorEvent, Observer, TaskRunner};

/// Carries out workflows on this machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Executor {
    /// At most so many attempts at once; 0 counts as 1.
    pub workers: usize,
    /// What time limits and waits are multiplied by: 1, except in simulations. Tasks themselves are not changed by it.
    pub time_scale: f64,
    /// How long a cancelled run waits for attempts to stop by themselves before it breaks them off.
    pub grace: Duration,
    /// Seeds the waits between attempts. Runs that fail together should not try again together, so give each its own.
    pub seed: u64,
}

impl Default for Executor {
    fn default() -> Self {
        Self {
            workers: 10,
            time_scale: 1.0,
            grace: Duration::from_secs(10),
            seed: 0,
        }
    }
}

impl Executor {
    /// Runs a workflow to its end, whatever that is. Needs a tokio runtime with time.
    ///
    /// `brief_facts` is what expressions see as `$states.input.brief`.
    pub async fn execute<R: TaskRunner, O: Observer + ?Sized>(
        &self,
        workflow: &Workflow,
        brief_facts: Value,
        runner: Arc<R>,
        observer: &O,
        cancel: CancelToken,
    ) -> ExecutionReport {
        let execution = Execution {
            executor: self,
            workflow,
            progress: Progress::new(workflow, brief_facts),
            observer,
            begun: Instant::now(),
            ranks: ranks(workflow),
            queue: BinaryHeap::new(),
            records: Vec::with_capacity(workflow.tasks.len()),
            running: Running::new(),
            resting: JoinSet::new(),
            stopping: false,
        };
        execution.run(runner, cancel).await
    }
}

/// For each task of the file, the seconds from its start to the end of everything, by `expect`. A stand-in has the rank of its task.
fn ranks(workflow: &Workflow) -> Vec<f64> {
    let ranks = workflow.dag().upward_ranks();
    let rank = |task| workflow.place_in_dag(task).map_or(0.0, |at| ranks[at]);
    (0..workflow.tasks.len()).map(rank).collect()
}

struct Execution<'a, O: ?Sized> {
    executor: &'a Executor,
    workflow: &'a Workflow,
    progress: Progress<'a>,
    observer: &'a O,
    begun: Instant,
    ranks: Vec<f64>,
    queue: BinaryHeap<Queued>,
    records: Vec<InstanceRecord>,
    running: Running,
    resting: JoinSet<Ticket>,
    /// Whether the run was cancelled: what fails now is not tried again.
    stopping: bool,
}

enum Woken {
    Attempted(Attempted),
    Rested(Ticket),
    Cancelled,
    GraceOver,
}

impl<O: Observer + ?Sized> Execution<'_, O> {
    async fn run<R: TaskRunner>(mut self, runner: Arc<R>, cancel: CancelToken) -> ExecutionReport {
        let mut signal = cancel.clone();
        let cancelled = signal.cancelled();
        tokio::pin!(cancelled);
        let grace = tokio::time::sleep(Duration::ZERO);
        tokio::pin!(grace);
        if cancel.is_cancelled() {
            self.stop();
        }
        loop {
            self.decide();
            if self.begin_what_is_due(&runner, &cancel) {
                continue;
            }
            if let Some(end) = self.progress.end() {
                return self.report(end);
            }
            let woken = tokio::select! {
                biased;
                () = &mut cancelled, if !self.stopping => Woken::Cancelled,
                attempted = self.running.next() => Woken::Attempted(attempted),
                Some(Ok(ticket)) = self.resting.join_next() => Woken::Rested(ticket),
                () = &mut grace, if self.stopping => Woken::GraceOver,
            };
            match woken {
                Woken::Attempted(attempted) => {
                    self.attempted(attempted);
                    // Whatever ended meanwhile is taken in one go: waiting costs more than all of this.
                    while let Some(attempted) = self.running.try_next() {
                        self.attempted(attempted);
                    }
                }
                Woken::Rested(ticket) => self.enqueue(ticket),
                Woken::Cancelled => {
                    grace.as_mut().reset(Instant::now() + self.executor.grace);
                    self.stop();
                }
                Woken::GraceOver => {
                    for attempted in self.running.abandon() {
                        self.attempted(attempted);
                    }
                }
            }
        }
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn spec(&self, instance: &Instance) -> &TaskSpec {
        &self.workflow.tasks[&instance.task]
    }

    fn scaled(&self, time: Duration) -> Duration {
        time.mul_f64(self.executor.time_scale)
    }

    /// Carries over what the core has decided.
    fn decide(&mut self) {
        for action in self.progress.next() {
            let at = self.now();
            match action {
                Action::Start(instance) => {
                    self.observer.event(&ExecutorEvent::Due {
                        instance: &instance,
                        at,
                    });
                    self.records.push(InstanceRecord {
                        instance,
                        status: TaskStatus::Pending,
                        attempts: 0,
                        started: None,
                        ended: None,
                        work: Duration::ZERO,
                        error: None,
                    });
                    self.enqueue(self.records.len() - 1);
                }
                Action::Empty { task } => self
                    .observer
                    .event(&ExecutorEvent::Empty { task: &task, at }),
                Action::Skipped { task, why } => self.observer.event(&ExecutorEvent::Skipped {
                    task: &task,
                    why: &why,
                    at,
                }),
                Action::Failed { task, error } => {
                    self.observer.event(&ExecutorEvent::Refused {
                        task: &task,
                        error: &error,
                        at,
                    });
                }
            }
        }
    }

    fn enqueue(&mut self, ticket: Ticket) {
        let task = self
            .workflow
            .tasks
            .get_index_of(&self.records[ticket].instance.task)
            .unwrap_or_default();
        self.queue.push(Queued {
            rank: self.ranks[task],
            task,
            ticket,
        });
    }

    /// Fills the free workers. Whether something was taken back instead, so that there may be more to decide.
    fn begin_what_is_due<R: TaskRunner>(&mut self, runner: &Arc<R>, cancel: &CancelToken) -> bool {
        let mut withdrawn = false;
        while let Some(next) = self.queue.peek() {
            let ticket = next.ticket;
            let record = &self.records[ticket];
            if record.ended.is_some() {
                self.queue.pop();
                continue;
            }
            if record.attempts == 0 && !self.progress.is_wanted(&record.instance) {
                self.queue.pop();
                self.progress.withdraw(&self.records[ticket].instance);
                withdrawn = true;
                continue;
            }
            if self.running.len() >= self.executor.workers.max(1) {
                break;
            }
            self.queue.pop();
            self.begin(ticket, runner, cancel);
        }
        withdrawn
    }

    fn begin<R: TaskRunner>(&mut self, ticket: Ticket, runner: &Arc<R>, cancel: &CancelToken) {
        let at = self.now();
        let record = &mut self.records[ticket];
        record.attempts += 1;
        record.status = TaskStatus::Running;
        record.started.get_or_insert(at);
        let (instance, attempt) = (record.instance.clone(), record.attempts);
        self.observer.event(&ExecutorEvent::Started {
            instance: &instance,
            attempt,
            at,
        });
        let limit = self
            .spec(&instance)
            .timeout
            .map(|seconds| self.scaled(Duration::from_secs(seconds.into())));
        self.running
            .begin(ticket, instance, attempt, limit, Arc::clone(runner), cancel);
    }

    /// An attempt has ended: another one, or the end of the instance.
    fn attempted(
        &mut self,
        Attempted {
            ticket,
            answer,
            work,
        }: Attempted,
    ) {
        let record = &mut self.records[ticket];
        record.work += work;
        let answer = answer.and_then(|done| check_facts(&done.facts).map(|()| done));
        match answer {
            Ok(done) => {
                let status = if done.cached {
                    TaskStatus::Cached
                } else {
                    TaskStatus::Succeeded
                };
                self.ended(
                    ticket,
                    status,
                    None,
                    Outcome::Succeeded { facts: done.facts },
                );
            }
            Err(error) if error.name == "Cancelled" => self.cancelled(ticket, error),
            Err(error) => {
                let spec = &self.workflow.tasks[&record.instance.task];
                if is_retried(&error) && record.attempts <= spec.retry {
                    if self.stopping {
                        self.cancelled(ticket, error);
                    } else {
                        self.retry(ticket, error);
                    }
                } else {
                    let status = if spec.on_error == OnError::Skip {
                        TaskStatus::Skipped
                    } else {
                        TaskStatus::Failed
                    };
                    self.ended(ticket, status, Some(error.clone()), Outcome::Failed(error));
                }
            }
        }
    }

    fn retry(&mut self, ticket: Ticket, error: ErrorInfo) {
        let at = self.now();
        let record = &self.records[ticket];
        let unit = jitter(self.executor.seed, &record.instance, record.attempts);
        let delay = self.scaled(backoff(record.attempts, unit));
        self.observer.event(&ExecutorEvent::Retrying {
            instance: &record.instance,
            attempt: record.attempts,
            error: &error,
            delay,
            at,
        });
        self.records[ticket].error = Some(error);
        self.resting.spawn(rest(ticket, delay));
    }

    fn cancelled(&mut self, ticket: Ticket, error: ErrorInfo) {
        self.ended(
            ticket,
            TaskStatus::Cancelled,
            Some(error),
            Outcome::Cancelled,
        );
    }

    fn ended(
        &mut self,
        ticket: Ticket,
        status: TaskStatus,
        error: Option<ErrorInfo>,
        outcome: Outcome,
    ) {
        let at = self.now();
        let record = &mut self.records[ticket];
        record.status = status;
        record.ended = Some(at);
        record.error = error;
        self.observer.event(&ExecutorEvent::Ended {
            instance: &record.instance,
            status,
            attempts: record.attempts,
            work: record.work,
            error: record.error.as_ref(),
            at,
        });
        self.progress
            .finished(&self.records[ticket].instance, outcome);
    }

    /// The run is cancelled: what rests ends now, what runs was told through its token.
    fn stop(&mut self) {
        self.stopping = true;
        self.progress.cancel();
        self.resting.abort_all();
        self.resting.detach_all();
        let waiting: Vec<Ticket> = (0..self.records.len())
            .filter(|&ticket| self.rests(ticket))
            .collect();
        for ticket in waiting {
            let error = self.records[ticket].error.take();
            let error = error.unwrap_or_else(|| {
                super::work::cancelled("the run was cancelled between two attempts")
            });
            self.cancelled(ticket, error);
        }
    }

    /// Whether an instance is between two attempts.
    fn rests(&self, ticket: Ticket) -> bool {
        let record = &self.records[ticket];
        record.status == TaskStatus::Running && !self.running.holds(ticket)
    }

    fn report(self, end: End) -> ExecutionReport {
        let wall = self.now();
        let status = |name| self.progress.status(name).unwrap_or(TaskStatus::Pending);
        let mut tasks: IndexMap<TaskName, TaskStatus> = self
            .workflow
            .tasks
            .keys()
            .map(|name| (name.clone(), status(name)))
            .collect();
        // A task whose every instance was answered from what was made before was so itself.
        let is_cached = |record: &InstanceRecord| record.status == TaskStatus::Cached;
        if self.records.iter().any(is_cached) {
            let worked: HashSet<&TaskName> = self
                .records
                .iter()
                .filter(|record| !is_cached(record))
                .map(|record| &record.instance.task)
                .collect();
            for record in self.records.iter().filter(|record| is_cached(record)) {
                let name = &record.instance.task;
                if !worked.contains(name) && tasks[name] == TaskStatus::Succeeded {
                    tasks[name] = TaskStatus::Cached;
                }
            }
        }
        ExecutionReport {
            end,
            tasks,
            facts: self.progress.input()["tasks"].clone(),
            serial: self.records.iter().map(|record| record.work).sum(),
            wall,
            critical_path: critical_path(self.workflow, &self.records),
            time_scale: self.executor.time_scale,
            instances: self.records,
        }
    }
}
