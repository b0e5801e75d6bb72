//! What starts next, and what a skip, a failure or a cancellation means: the pure core of every execution.
//!
//! The rules, the same for the local executor and the generated state machine:
//!
//! - A task is due when every task in its `after` has settled: succeeded or skipped.
//! - A due task whose `when` is false is **skipped**: those that wait for it run, and its facts are absent.
//! - A due task with `for_each` runs once an item. It succeeds when all items have; with 0 items it succeeds at once. Its facts are
//!   `{"items": n}` over the facts of its items, merged in the order of the items.
//! - A task **fails** when one of its instances fails, that is, when its last attempt has failed. Items of that task that have not
//!   begun then never begin; those that run may finish. What comes then is up to `on_error`:
//!   `fail` fails the run at once; `skip` makes the task skipped once its last item has ended; `run OTHER` starts the stand-in
//!   OTHER once the last item has ended, and the facts of OTHER are entered under the failed task's name. Where OTHER is skipped,
//!   the failed task counts as skipped for those that wait for it. A stand-in that was not needed is skipped.
//! - An expression that can't be evaluated (a missing fact, a wrong type) is a mistake in the workflow, not a failure of the task: the
//!   run fails with `InvalidInput`, whatever `on_error` says.
//! - After the run has failed or was cancelled, nothing new begins; what runs may finish, its retries included. The run's end is
//!   known once nothing runs any more. Whichever came first counts, failure or cancellation; a cancellation that comes when
//!   all was done already changes nothing.
//!
//! Limits on workers and the order among what is due are the caller's business.

mod decision;
mod facts;
mod state;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use domain::{ErrorInfo, TaskName, TaskStatus};
use serde_json::{Value, json};

use crate::workflow::{OnError, TaskSpec, Workflow};

pub use decision::{Action, End, Instance, Outcome, Skip};
pub use facts::{MAX_FACTS, check_facts};
use state::{Slot, Task, slot_of};

/// How far a run has come.
#[derive(Debug, Clone)]
pub struct Progress<'w> {
    workflow: &'w Workflow,
    tasks: Vec<Task>,
    /// What expressions read.
    input: Value,
    /// Tasks whose needs are met, in the order in which they were met.
    due: VecDeque<usize>,
    decided: Vec<Action>,
    /// How many instances are handed out and have not come back.
    out: usize,
    unsettled: usize,
    failed: Option<(usize, ErrorInfo)>,
    cancelled: bool,
}

impl<'w> Progress<'w> {
    /// A run at its beginning. `brief_facts` is what expressions see as `$states.input.brief`.
    ///
    /// ```
    /// use serde_json::json;
    /// use statemachine::{Action, End, Outcome, Progress, Workflow};
    ///
    /// let workflow = Workflow::parse("name: w\ntasks:\n  a: {}\n  b: {after: [a]}\n")?;
    /// let mut progress = Progress::new(&workflow, json!({}));
    /// while progress.end().is_none() {
    ///     for action in progress.next() {
    ///         if let Action::Start(instance) = action {
    ///             progress.finished(&instance, Outcome::Succeeded { facts: json!({}) });
    ///         }
    ///     }
    /// }
    /// assert_eq!(progress.end(), Some(End::Succeeded));
    /// # Ok::<(), statemachine::WorkflowError>(())
    /// ```
    pub fn new(workflow: &'w Workflow, brief_facts: Value) -> Self {
        let dag = workflow.dag();
        let mut tasks = vec![Task::default(); workflow.tasks.len()];
        for (at, &place) in workflow.places().iter().enumerate() {
            tasks[place].needs = dag.after(at).len();
        }
        for at in 0..tasks.len() {
            if let Some(primary) = workflow.stands_in_for(at) {
                tasks[primary].stand_in = Some(at);
            }
        }
        let first = |at: &usize| tasks[*at].needs == 0 && workflow.stands_in_for(*at).is_none();
        Self {
            due: (0..tasks.len()).filter(first).collect(),
            input: json!({"brief": brief_facts, "tasks": {}}),
            decided: Vec::new(),
            out: 0,
            unsettled: tasks.len(),
            failed: None,
            cancelled: false,
            tasks,
            workflow,
        }
    }

    /// What was decided since the last call. Nothing, where everything waits for what runs; so call it after each
    /// [`finished`](Self::finished) until [`end`](Self::end) tells an end.
    #[expect(
        clippy::should_implement_trait,
        reason = "an empty answer is not an end, so this is no iterator"
    )]
    pub fn next(&mut self) -> Vec<Action> {
        while !self.is_stopping()
            && let Some(task) = self.due.pop_front()
        {
            self.open(task);
        }
        std::mem::take(&mut self.decided)
    }

    /// Takes note of how an instance ended. An instance that is not out is passed over.
    pub fn finished(&mut self, instance: &Instance, outcome: Outcome) {
        let Some(task) = self.take_back(instance) else {
            return;
        };
        let outcome = match outcome {
            Outcome::Succeeded { facts } => match check_facts(&facts) {
                Ok(()) => Outcome::Succeeded { facts },
                Err(error) => Outcome::Failed(error),
            },
            other => other,
        };
        match outcome {
            Outcome::Succeeded { facts } => {
                self.tasks[task].done += 1;
                self.tasks[task].slots[slot_of(instance)] = Slot::Done(facts);
            }
            Outcome::Failed(error) => {
                if self.spec(task).on_error == OnError::Fail {
                    self.fail(task, &error);
                }
                self.tasks[task].error.get_or_insert(error);
            }
            Outcome::Cancelled => {
                self.cancel();
                self.tasks[task].status = TaskStatus::Cancelled;
            }
        }
        self.go_on_with(task);
    }

    /// Whether a due instance that has not begun yet should still begin. If not, [`withdraw`](Self::withdraw) it.
    pub fn is_wanted(&self, instance: &Instance) -> bool {
        let given_up = |task: usize| self.tasks[task].error.is_some();
        !self.is_stopping()
            && !self
                .workflow
                .tasks
                .get_index_of(&instance.task)
                .is_some_and(given_up)
    }

    /// Takes back a due instance that has not begun and never will.
    pub fn withdraw(&mut self, instance: &Instance) {
        if let Some(task) = self.take_back(instance) {
            self.tasks[task].withdrawn += 1;
            self.go_on_with(task);
        }
    }

    /// Lets nothing new begin, unless the run has failed already.
    pub fn cancel(&mut self) {
        self.cancelled |= self.failed.is_none();
    }

    /// How the run ended; `None` while something runs or is still to be decided.
    pub fn end(&self) -> Option<End> {
        if self.out > 0 {
            return None;
        }
        if let Some((task, error)) = &self.failed {
            return Some(End::Failed {
                task: self.name(*task).clone(),
                error: error.clone(),
            });
        }
        match (self.unsettled, self.cancelled) {
            (0, _) => Some(End::Succeeded),
            (_, true) => Some(End::Cancelled),
            (_, false) => None,
        }
    }

    /// Where a task stands as a whole. A task that has not begun when the run ends stays pending. A task that failed and has a
    /// stand-in stays failed, whatever becomes of the stand-in.
    pub fn status(&self, task: &TaskName) -> Option<TaskStatus> {
        self.workflow
            .tasks
            .get_index_of(task)
            .map(|at| self.tasks[at].status)
    }

    /// What expressions read at this moment: `$states.input`.
    pub fn input(&self) -> &Value {
        &self.input
    }

    fn name(&self, task: usize) -> &'w TaskName {
        self.entry(task).0
    }

    fn spec(&self, task: usize) -> &'w TaskSpec {
        self.entry(task).1
    }

    fn entry(&self, task: usize) -> (&'w TaskName, &'w TaskSpec) {
        match self.workflow.tasks.get_index(task) {
            Some(entry) => entry,
            None => unreachable!("a task of the workflow"),
        }
    }

    fn is_stopping(&self) -> bool {
        self.failed.is_some() || self.cancelled
    }

    fn fail(&mut self, task: usize, error: &ErrorInfo) {
        if !self.is_stopping() {
            self.failed = Some((task, error.clone()));
        }
    }

    /// Decides what becomes of a due task.
    fn open(&mut self, task: usize) {
        let (name, spec) = self.entry(task);
        let wanted = spec
            .when
            .as_ref()
            .map_or(Ok(true), |when| when.eval_bool(&self.input))
            .map_err(|error| ("when", error));
        let total = wanted.and_then(|wanted| match &spec.for_each {
            Some(items) if wanted => items
                .eval_items(&self.input)
                .map(Some)
                .map_err(|error| ("for_each", error)),
            _ => Ok(wanted.then_some(1)),
        });
        match total {
            Err((field, error)) => {
                let error = ErrorInfo {
                    name: "InvalidInput".to_owned(),
                    cause: format!("`{field}` of task {:?}: {error}", name.as_str()),
                };
                self.tasks[task].status = TaskStatus::Failed;
                self.fail(task, &error);
                self.decided.push(Action::Failed {
                    task: name.clone(),
                    error,
                });
            }
            Ok(None) => {
                self.skip(task, Skip::Condition);
                self.settle(task, None);
            }
            Ok(Some(0)) => {
                self.decided.push(Action::Empty { task: name.clone() });
                self.succeed(task);
            }
            Ok(Some(total)) => {
                let state = &mut self.tasks[task];
                state.status = TaskStatus::Running;
                state.total = total;
                state.slots = vec![Slot::Waiting; total as usize];
                let at_once = spec.max_concurrency.unwrap_or(total).min(total);
                for _ in 0..at_once {
                    self.hand_out(task);
                }
            }
        }
    }

    fn hand_out(&mut self, task: usize) {
        let (name, spec) = self.entry(task);
        let state = &mut self.tasks[task];
        let item = spec.for_each.is_some().then_some(state.handed);
        state.slots[state.handed as usize] = Slot::Out;
        state.handed += 1;
        state.out += 1;
        self.out += 1;
        self.decided.push(Action::Start(Instance {
            task: name.clone(),
            item,
        }));
    }

    /// The task of an instance that is out, which it then no longer is.
    fn take_back(&mut self, instance: &Instance) -> Option<usize> {
        let task = self.workflow.tasks.get_index_of(&instance.task)?;
        let state = &mut self.tasks[task];
        let slot = state
            .slots
            .get_mut(slot_of(instance))
            .filter(|slot| **slot == Slot::Out)?;
        *slot = Slot::Back;
        state.out -= 1;
        self.out -= 1;
        Some(task)
    }

    /// One instance of the task has come back.
    fn go_on_with(&mut self, task: usize) {
        let stopping = self.is_stopping();
        let state = &self.tasks[task];
        if state.handed < state.total && state.error.is_none() && !stopping {
            self.hand_out(task);
        }
        if self.tasks[task].out == 0 {
            self.close(task);
        }
    }

    /// Nothing of the task runs any more.
    fn close(&mut self, task: usize) {
        let state = &self.tasks[task];
        if let Some(error) = state.error.clone() {
            match (&self.spec(task).on_error, state.stand_in) {
                (OnError::Skip, _) => {
                    self.skip(task, Skip::Error(error));
                    self.settle(task, None);
                }
                (OnError::Run(_), Some(stand_in)) => {
                    self.tasks[task].status = TaskStatus::Failed;
                    self.unsettled -= 1;
                    self.due.push_back(stand_in);
                }
                _ => self.tasks[task].status = TaskStatus::Failed,
            }
        } else if state.done == state.total {
            self.succeed(task);
        } else if state.withdrawn == state.handed {
            self.tasks[task].status = TaskStatus::Pending;
        } else {
            // Part of it was left undone because the run is stopping.
            self.tasks[task].status = TaskStatus::Cancelled;
        }
    }

    fn succeed(&mut self, task: usize) {
        self.tasks[task].status = TaskStatus::Succeeded;
        let slots = std::mem::take(&mut self.tasks[task].slots).into_iter();
        let mut facts = slots.map(|slot| {
            if let Slot::Done(facts @ Value::Object(_)) = slot {
                facts
            } else {
                json!({})
            }
        });
        let facts = if self.spec(task).for_each.is_some() {
            facts::of_items(facts)
        } else {
            facts.next().unwrap_or_else(|| json!({}))
        };
        self.skip_stand_ins(task);
        self.settle(task, Some(facts));
    }

    fn skip(&mut self, task: usize, why: Skip) {
        self.tasks[task].status = TaskStatus::Skipped;
        self.decided.push(Action::Skipped {
            task: self.name(task).clone(),
            why,
        });
        self.skip_stand_ins(task);
    }

    /// The stand-ins of a task that did not need them.
    fn skip_stand_ins(&mut self, task: usize) {
        let mut next = self.tasks[task].stand_in;
        while let Some(stand_in) = next {
            self.tasks[stand_in].status = TaskStatus::Skipped;
            self.decided.push(Action::Skipped {
                task: self.name(stand_in).clone(),
                why: Skip::NotNeeded,
            });
            self.unsettled -= 1;
            next = self.tasks[stand_in].stand_in;
        }
    }

    /// A task has its final result, `None` if it is skipped: enters it under the name of the task whose place it has, and sees
    /// who waited for that.
    fn settle(&mut self, task: usize, facts: Option<Value>) {
        self.unsettled -= 1;
        let mut place = task;
        while let Some(primary) = self.workflow.stands_in_for(place) {
            place = primary;
        }
        if let Some(facts) = facts {
            let name = self.name(place).as_str();
            self.input["tasks"][name] = facts;
        }
        let Some(planned) = self.workflow.place_in_dag(place) else {
            return;
        };
        for &dependant in self.workflow.dag().before(planned) {
            let dependant = self.workflow.places()[dependant];
            self.tasks[dependant].needs -= 1;
            if self.tasks[dependant].needs == 0 {
                self.due.push_back(dependant);
            }
        }
    }
}
