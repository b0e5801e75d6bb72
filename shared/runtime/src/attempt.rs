//! One attempt at a task under the contract: what every task gets for free, whoever runs it.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use artifacts::ArtifactError;
use domain::{ArtifactRef, ContentKey, MediaType, RunId, TaskEnd, TaskName, TaskStatus, Timestamp};
use monitor::Family;
use providers::{Answer, spending_from};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Claim, Claimant, StoreError, TaskId};

use crate::journal::{JournalEntry, JournalEvent};
use crate::purse::RunPurse;
use crate::task::content_key;
use crate::{Inputs, Services, Task, TaskContext, TaskError};

/// The space of the artifact store that holds results by content key.
const RESULTS: &str = "results";

/// Facts travel through the state machine, whose payloads are limited.
const FACTS_LIMIT_BYTES: usize = 256;

/// Which task is to be done, for whom.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The run.
    pub run: RunId,
    /// Its round.
    pub round: u32,
    /// The execution that works on the round. Once another has taken over, nothing is done for this one.
    pub execution: String,
    /// The task.
    pub task: TaskName,
    /// Which of its items.
    pub item: Option<u32>,
    /// A worker that is known to be dead: its lease on this task may be taken at once.
    pub dead_owner: Option<String>,
    /// The task whose place it has, because that failed: its output is filed under that task's row as well, where later tasks look.
    pub stands_in_for: Option<TaskName>,
    /// Until when to wait for the end of a lease that another worker holds. Without it, a task that is held is a failure that passes.
    pub patient_until: Option<Timestamp>,
}

/// Completes when the attempt must end, with the reason: the run was cancelled, or time is up.
pub type Stop<'a> = Pin<Box<dyn Future<Output = TaskError> + Send + 'a>>;

/// What an attempt that didn't fail tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// What `when` and `for_each` of later tasks read.
    pub facts: Value,
    /// Whether it was answered from what had been made before.
    pub cached: bool,
    /// How long it only waited for its turn on this machine's cores.
    pub waited: Duration,
}

impl Answered {
    fn new(facts: Value, cached: bool) -> Self {
        Self {
            facts,
            cached,
            waited: providers::waited(),
        }
    }
}

/// What tasks saved that were answered by what had been made before is counted under this name: `kept` tasks, `saved_ms` of work, and
/// `saved_nanos`, billionths of a dollar.
pub const KEPT_RESULTS: &str = "results";

/// What is kept by content key, for the same work asked again by any run.
#[derive(Serialize, Deserialize)]
struct Kept {
    end: TaskEnd,
    /// The blobs that the output refers to: a hit counts only if all are there.
    blobs: Vec<ArtifactRef>,
}

/// Runs one attempt of `T`: reads and projects the inputs, takes the lease, answers from what was made before where that is possible, does the
/// work otherwise, and completes the row. An attempt that lost its lease changes nothing; one that is stopped leaves its row cancelled.
pub async fn attempt<T: Task>(
    services: &Services,
    ask: &Ask,
    stop: Stop<'_>,
) -> Result<Answered, TaskError> {
    let measured = async {
        let begun = Instant::now();
        let answered = attempt_counted::<T>(services, ask, stop).await;
        let took = begun.elapsed().saturating_sub(providers::waited());
        // What answers at once has a name of its own: it would hide how long the work takes.
        let kept = answered.as_ref().is_ok_and(|answered| answered.cached);
        let name = if kept {
            Cow::from(format!("{}.kept", T::NAME))
        } else {
            Cow::from(T::NAME)
        };
        let failed = answered.as_ref().is_err_and(|error| {
            !matches!(error, TaskError::Cancelled(_) | TaskError::Superseded(_))
        });
        let monitor = services.store.monitor();
        monitor.record(Family::Task, &name, took, failed);
        answered
    };
    providers::counting_waits(measured).await
}

async fn attempt_counted<T: Task>(
    services: &Services,
    ask: &Ask,
    stop: Stop<'_>,
) -> Result<Answered, TaskError> {
    let read = services.store.run_with_tasks(&ask.run, Some(ask.round));
    let (run, rows) = read.await?;
    let input = T::project(&Inputs::new(services, &run, &rows), ask.item).await?;
    let key = content_key::<T>(&input, &T::fingerprint(services))?;

    let id = TaskId {
        run: ask.run.clone(),
        round: ask.round,
        task: ask.task.clone(),
        item: ask.item,
    };
    let claimant = Claimant {
        dead_owner: ask.dead_owner.as_deref(),
        execution: Some(&ask.execution),
        content_key: Some(&key),
        ..Claimant::new(&services.worker, services.now(), services.lease_ms)
    };
    let number = match claim_patiently(services, &id, claimant, ask.patient_until).await? {
        Claim::Taken { attempt, .. } => attempt,
        Claim::AlreadyDone(record) => {
            let Some(end) = record.end else {
                return Ok(Answered::new(Value::Null, true));
            };
            finish(services, ask, &end).await?;
            return Ok(Answered::new(end.facts, true));
        }
    };
    let held = Held {
        services,
        id: &id,
        number,
        key: &key,
    };

    let purse = Arc::new(RunPurse::new(services, &run, &ask.execution));
    let outcome = match kept(services, &key).await {
        Ok(Some(end)) => Ok((end, TaskStatus::Cached)),
        Ok(None) => tokio::select! {
            made = spending_from(purse, make::<T>(services, input, &held)) => made.map(|end| (end, TaskStatus::Succeeded)),
            lost = held.heartbeat() => Err(lost),
            why = stop => Err(why),
        },
        Err(error) => Err(error),
    };
    match outcome {
        Ok((end, status)) => {
            services
                .store
                .complete_task(&id, &services.worker, number, status, &end, services.now())
                .await?;
            finish(services, ask, &end).await?;
            let cached = status == TaskStatus::Cached;
            held.note(if cached {
                JournalEvent::Cached
            } else {
                JournalEvent::Made
            });
            Ok(Answered::new(end.facts, cached))
        }
        Err(error) => {
            held.note(JournalEvent::Failed);
            if !matches!(error, TaskError::Superseded(_)) {
                let (now, info) = (services.now(), error.info());
                let cancelled = matches!(error, TaskError::Cancelled(_));
                let status = if cancelled {
                    TaskStatus::Cancelled
                } else {
                    TaskStatus::Failed
                };
                let told = services
                    .store
                    .fail_task(&id, &services.worker, number, &info, status, now)
                    .await;
                if let Err(untold) = told {
                    tracing::warn!(%id, error = %untold, "a failure could not be written to its row");
                }
            }
            Err(error)
        }
    }
}

/// Takes the task, or waits for the end of the lease that another worker has on it. That worker may be dead: the lease will tell.
async fn claim_patiently(
    services: &Services,
    id: &TaskId,
    mut claimant: Claimant<'_>,
    patient_until: Option<Timestamp>,
) -> Result<Claim, TaskError> {
    loop {
        claimant.now = services.now();
        match claim(services, id, &claimant).await {
            Err(ClaimError::Store(StoreError::Busy { until, .. }))
                if patient_until.is_some_and(|patient| until < patient) =>
            {
                // A worker that lives renews its lease meanwhile.
                let left = until.since(claimant.now).clamp(10, services.lease_ms);
                tokio::time::sleep(Duration::from_millis(left)).await;
            }
            claimed => return claimed.map_err(Into::into),
        }
    }
}

/// Why a task could not be taken.
enum ClaimError {
    Store(StoreError),
    Artifacts(ArtifactError),
}

impl From<ClaimError> for TaskError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Store(error) => error.into(),
            ClaimError::Artifacts(error) => error.into(),
        }
    }
}

/// Takes the task. A row that is done counts as done only while its output is there: after a power cut it may be gone.
async fn claim(
    services: &Services,
    id: &TaskId,
    claimant: &Claimant<'_>,
) -> Result<Claim, ClaimError> {
    let claimed = services.store.claim_task(id, claimant).await;
    let claimed = claimed.map_err(ClaimError::Store)?;
    if let Claim::AlreadyDone(record) = &claimed
        && let Some(end) = &record.end
        && !services
            .artifacts
            .exists(&end.output)
            .await
            .map_err(ClaimError::Artifacts)?
    {
        // No result has this key, so the row doesn't count as done for it.
        let nothing = ContentKey::of(&[]);
        let again = Claimant {
            content_key: Some(&nothing),
            ..*claimant
        };
        let claimed = services.store.claim_task(id, &again).await;
        return claimed.map_err(ClaimError::Store);
    }
    Ok(claimed)
}

/// What a result means beyond its own row: what makes the run less than was asked for is told to the run, and a stand-in's result is filed
/// under the row of the task whose place it has. What is done stays done if this fails: the next attempt does it again.
async fn finish(services: &Services, ask: &Ask, end: &TaskEnd) -> Result<(), TaskError> {
    let mut reasons = end.degraded.clone();
    if let Some(primary) = &ask.stands_in_for {
        let reason = format!("{} stood in for {primary}, which failed", ask.task);
        file_under(services, ask, primary, end, &reason).await?;
        reasons.push(reason);
    }
    for reason in &reasons {
        services
            .store
            .note_degraded(&ask.run, &ask.execution, reason)
            .await?;
    }
    Ok(())
}

async fn file_under(
    services: &Services,
    ask: &Ask,
    primary: &TaskName,
    end: &TaskEnd,
    reason: &str,
) -> Result<(), TaskError> {
    let id = TaskId::new(&ask.run, ask.round, primary, ask.item);
    let claimant = Claimant {
        execution: Some(&ask.execution),
        content_key: Some(&end.content_key),
        ..Claimant::new(&services.worker, services.now(), services.lease_ms)
    };
    let Claim::Taken { attempt, .. } = services.store.claim_task(&id, &claimant).await? else {
        return Ok(());
    };
    let mut filed = end.clone();
    // It was paid for, and took its time, once.
    filed.cost_usd = 0.0;
    filed.work_ms = 0;
    filed.degraded.push(reason.to_owned());
    let (worker, now) = (&services.worker, services.now());
    services
        .store
        .complete_task(&id, worker, attempt, TaskStatus::Cached, &filed, now)
        .await?;
    Ok(())
}

/// A task's row while this attempt holds it.
struct Held<'a> {
    services: &'a Services,
    id: &'a TaskId,
    number: u32,
    key: &'a ContentKey,
}

impl Held<'_> {
    /// Renews the lease three times in its length, until it is lost.
    async fn heartbeat(&self) -> TaskError {
        let services = self.services;
        loop {
            tokio::time::sleep(Duration::from_millis(services.lease_ms / 3)).await;
            match services
                .store
                .renew_task(self.id, &services.worker, self.number, services.lease_end())
                .await
            {
                Err(error @ StoreError::Fenced { .. }) => return error.into(),
                Err(error) => {
                    tracing::warn!(id = %self.id, %error, "the lease could not be renewed");
                }
                Ok(()) => {}
            }
        }
    }

    fn note(&self, event: JournalEvent) {
        self.services.journal.write(&JournalEntry {
            at: self.services.now(),
            run: self.id.run.clone(),
            task: self.id.task.to_string(),
            item: self.id.item,
            key: self.key.clone(),
            event,
        });
    }
}

/// What was made before under this key, if everything it refers to is still there.
async fn kept(services: &Services, key: &ContentKey) -> Result<Option<TaskEnd>, TaskError> {
    let Some(bytes) = services.artifacts.get_keyed(RESULTS, key).await? else {
        return Ok(None);
    };
    // Another version's record is no result of this one.
    let Ok(kept) = serde_json::from_slice::<Kept>(&bytes) else {
        return Ok(None);
    };
    for blob in kept.blobs.iter().chain([&kept.end.output]) {
        if !services.artifacts.exists(blob).await? {
            return Ok(None);
        }
    }
    let TaskEnd {
        cost_usd, work_ms, ..
    } = kept.end;
    let monitor = services.store.monitor();
    monitor.count(KEPT_RESULTS, "kept", 1);
    monitor.count(KEPT_RESULTS, "saved_ms", work_ms);
    monitor.count(KEPT_RESULTS, "saved_nanos", (cost_usd * 1e9).round() as u64);
    // It costs nothing this time.
    Ok(Some(TaskEnd {
        cost_usd: 0.0,
        ..kept.end
    }))
}

async fn make<T: Task>(
    services: &Services,
    input: T::Input,
    held: &Held<'_>,
) -> Result<TaskEnd, TaskError> {
    held.note(JournalEvent::Began);
    let began: Timestamp = services.now();
    let context = TaskContext::new(services);
    let Answer {
        value: output,
        cost_usd,
        degraded,
    } = T::run(&context, input).await?;
    let facts = T::facts(&output);
    let size = facts.to_string().len();
    if size > FACTS_LIMIT_BYTES {
        return Err(TaskError::Permanent(format!(
            "the facts of {} take {size} bytes, and at most {FACTS_LIMIT_BYTES} travel on: keep content in the output",
            T::NAME
        )));
    }
    let json = serde_json::to_vec(&output).map_err(|error| {
        TaskError::Permanent(format!("the output of {} is no JSON: {error}", T::NAME))
    })?;
    let keeps = T::keeps(&output);
    let blobs = context.into_stored();
    let output = services.artifacts.put(json.into(), MediaType::Json).await?;
    let work_ms = services
        .now()
        .since(began)
        .saturating_sub(providers::waited().as_millis() as u64);
    let end = TaskEnd {
        content_key: held.key.clone(),
        output,
        facts,
        degraded,
        cost_usd,
        work_ms,
    };
    if !keeps {
        return Ok(end);
    }
    let kept = serde_json::to_vec(&Kept {
        end: end.clone(),
        blobs,
    })
    .map_err(|error| {
        TaskError::Permanent(format!("the result of {} is no JSON: {error}", T::NAME))
    })?;
    services
        .artifacts
        .put_keyed(RESULTS, held.key, kept.into())
        .await?;
    Ok(end)
}
