//! The work in hand: attempts that run, and instances that rest before their next attempt.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use domain::ErrorInfo;
use statemachine::Instance;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::{CancelToken, RunnerAnswer, TaskRunner};

/// The place of an instance in the list of records.
pub(super) type Ticket = usize;

/// An instance that waits for a worker.
#[derive(Debug)]
pub(super) struct Queued {
    /// The seconds from its start to the end of everything, by `expect`.
    pub(super) rank: f64,
    /// The place of its task in the workflow file.
    pub(super) task: usize,
    pub(super) ticket: Ticket,
}

/// The greatest goes first: the longest way to the end, then the place in the file, then the item.
impl Ord for Queued {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank
            .total_cmp(&other.rank)
            .then_with(|| (other.task, other.ticket).cmp(&(self.task, self.ticket)))
    }
}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Queued {}

/// An attempt that came to its end.
pub(super) struct Attempted {
    pub(super) ticket: Ticket,
    pub(super) answer: RunnerAnswer,
    /// How long it took.
    pub(super) work: Duration,
}

/// The attempts that run.
pub(super) struct Running {
    set: JoinSet<Attempted>,
    /// Which attempt is whose, for those that end in a panic. At most as many as there are workers.
    tickets: Vec<(Id, Ticket, Instant)>,
}

impl Running {
    pub(super) fn new() -> Self {
        Self {
            set: JoinSet::new(),
            tickets: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tickets.len()
    }

    /// Whether an attempt of this instance runs.
    pub(super) fn holds(&self, ticket: Ticket) -> bool {
        self.tickets.iter().any(|(_, known, _)| *known == ticket)
    }

    /// Begins an attempt, which is broken off after `limit`.
    pub(super) fn begin<R: TaskRunner>(
        &mut self,
        ticket: Ticket,
        instance: Instance,
        attempt: u32,
        limit: Option<Duration>,
        runner: Arc<R>,
        stop: &CancelToken,
    ) {
        let begun = Instant::now();
        let (stop, guard) = stop.for_attempt();
        let work = async move {
            let answer = runner.run(&instance, attempt, stop);
            let answer = match limit {
                None => answer.await,
                Some(limit) => match tokio::time::timeout(limit, answer).await {
                    Ok(answer) => answer,
                    Err(_) => Err(timed_out(&instance, attempt)),
                },
            };
            drop(guard);
            let waited = answer.as_ref().map_or(Duration::ZERO, |done| done.waited);
            let work = begun.elapsed().saturating_sub(waited);
            Attempted {
                ticket,
                answer,
                work,
            }
        };
        let id = self.set.spawn(work).id();
        self.tickets.push((id, ticket, begun));
    }

    /// The next attempt to end; waits for ever if none runs.
    pub(super) async fn next(&mut self) -> Attempted {
        match self.set.join_next_with_id().await {
            Some(joined) => self.joined(joined),
            None => std::future::pending().await,
        }
    }

    /// The next attempt that has ended already.
    pub(super) fn try_next(&mut self) -> Option<Attempted> {
        let joined = self.set.try_join_next_with_id()?;
        Some(self.joined(joined))
    }

    fn joined(&mut self, joined: Result<(Id, Attempted), JoinError>) -> Attempted {
        match joined {
            Ok((id, attempted)) => {
                self.forget(id);
                attempted
            }
            Err(error) => self.broken(error),
        }
    }

    /// Breaks off what still runs; gives what that was.
    pub(super) fn abandon(&mut self) -> Vec<Attempted> {
        self.set.abort_all();
        self.set.detach_all();
        let cancelled = |(_, ticket, begun): (Id, Ticket, Instant)| Attempted {
            ticket,
            answer: Err(cancelled(
                "it was still running when the cancelled run stopped waiting for it",
            )),
            work: begun.elapsed(),
        };
        self.tickets.drain(..).map(cancelled).collect()
    }

    fn forget(&mut self, id: Id) -> Option<(Id, Ticket, Instant)> {
        let at = self.tickets.iter().position(|(known, ..)| *known == id)?;
        Some(self.tickets.swap_remove(at))
    }

    fn broken(&mut self, error: JoinError) -> Attempted {
        let Some((_, ticket, begun)) = self.forget(error.id()) else {
            unreachable!("every attempt has a ticket until it ends")
        };
        let answer = Err(match error.try_into_panic() {
            Ok(panic) => panicked(panic.as_ref()),
            Err(_) => cancelled("the runtime is shutting down"),
        });
        Attempted {
            ticket,
            answer,
            work: begun.elapsed(),
        }
    }
}

/// Ready to be tried again after `delay`.
pub(super) async fn rest(ticket: Ticket, delay: Duration) -> Ticket {
    tokio::time::sleep(delay).await;
    ticket
}

pub(super) fn cancelled(cause: &str) -> ErrorInfo {
    ErrorInfo {
        name: "Cancelled".to_owned(),
        cause: cause.to_owned(),
    }
}

fn timed_out(instance: &Instance, attempt: u32) -> ErrorInfo {
    ErrorInfo {
        name: "Timeout".to_owned(),
        cause: format!(
            "attempt {attempt} of {instance} took longer than the `timeout` of its task allows; raise it if that is right"
        ),
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> ErrorInfo {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message");
    ErrorInfo {
        name: "Permanent".to_owned(),
        cause: format!(
            "the task panicked: {message}; this is a mistake in the program, please report it"
        ),
    }
}
