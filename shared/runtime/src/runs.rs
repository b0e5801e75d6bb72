//! How runs are started, redriven, cancelled and looked after: the one way, whatever door they came by.

use std::sync::Arc;

use artifacts::Artifacts;
use aws_config::SdkConfig;
use cache::Cache;
use domain::{ArtifactRef, Brief, ErrorInfo, Run, RunId, RunState, TaskName, Timestamp};
use experiments::DefinitionError;
use serde_json::{Map, Value, json};
use statemachine::Workflow;
use statemachine::asl::NO_TASK;
use store::{Ending, FIRST_LOOK_MS, Idempotency, Started, Store, StoreError, TaskId};

use crate::documents::read_document;
use crate::family::{Family, Turn};
use crate::gate::GateError;
use crate::{
    Clock, Config, EdgeError, ExecutionError, Executions, Files, Services, Standing, Start,
    StartError, StepFunctions, store_brief,
};

/// The name of the workflow that makes short videos.
pub const SHORT_VIDEO: &str = "short-video";

/// That workflow.
const SHORT_VIDEO_YAML: &str = include_str!("../../../statemachine/workflows/short-video.yaml");

/// How long after a look at an execution that goes on the next one comes, in milliseconds.
const NEXT_LOOK_MS: u64 = 300_000;

/// Why a run can't be started, redriven or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The brief can't be used.
    #[error(transparent)]
    Brief(#[from] EdgeError),
    /// The state can't be read or written, or doesn't allow it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run stands as it was written, but nobody works on it yet.
    #[error(transparent)]
    Execution(#[from] ExecutionError),
    /// What the gate needs is not there.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// The experiment on the brief's variants can't be made.
    #[error(transparent)]
    Experiment(#[from] DefinitionError),
    /// The run's workflow is not this version's.
    #[error("{0}")]
    Workflow(String),
    /// A person wrote the run's script, and so nobody else makes another round of it.
    #[error(
        "the script of run {0} was written by a person, and writing it anew would lose that: edit it again (`reelwright script {0}`), or start a new run from the brief"
    )]
    Edited(RunId),
    /// The run's brief can't be read.
    #[error("the brief of run {run} can't be read: {cause}")]
    BriefLost {
        /// The run.
        run: RunId,
        /// What is wrong.
        cause: String,
    },
}

/// The workflow by its name.
pub fn workflow(name: &str) -> Result<Workflow, RunError> {
    let workflow =
        Workflow::parse(SHORT_VIDEO_YAML).map_err(|error| RunError::Workflow(error.to_string()))?;
    if workflow.name == name {
        Ok(workflow)
    } else {
        Err(RunError::Workflow(format!(
            "this run's workflow is {name:?}, which this version doesn't have: make a new run"
        )))
    }
}

/// What the workflow's expressions read of a brief.
pub fn facts(brief: &Brief) -> Map<String, Value> {
    let facts = json!({ "target_seconds": brief.target_seconds, "language": brief.language });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// The rows of tasks that run once; those of items are written when their number is known.
pub fn single_tasks(run: &Run, workflow: &Workflow) -> Vec<TaskId> {
    workflow
        .tasks
        .iter()
        .filter(|(_, spec)| spec.for_each.is_none())
        .map(|(name, _)| TaskId::new(&run.id, run.round, name, None))
        .collect()
}

/// A new run of a brief that is stored, and the name of its first execution.
pub fn new_run(id: RunId, brief: &Brief, stored: ArtifactRef, now: Timestamp) -> Run {
    let execution = execution_name(&id, 1, now);
    Run {
        brand: brief.brand.name.clone(),
        max_cost_usd: brief.max_cost_usd,
        ..Run::begun(id, SHORT_VIDEO, execution, stored, brief.topic.clone(), now)
    }
}

/// What a brief begins: one run, or one for each of its variants.
#[derive(Debug, Clone, PartialEq)]
pub enum Begins {
    /// One run.
    One(Box<Run>),
    /// The runs of its variants, and their experiment.
    Family(Box<Family>),
}

impl Begins {
    /// Writes it, all or nothing.
    pub async fn put(
        &self,
        store: &Store,
        once: Option<&Idempotency>,
    ) -> Result<Started, StoreError> {
        match self {
            Self::One(run) => store.put_run(run, once).await,
            Self::Family(family) => {
                let Family {
                    control,
                    others,
                    experiment,
                } = family.as_ref();
                store.put_family(control, others, experiment, once).await
            }
        }
    }

    /// The run that is begun at once.
    pub fn run(self) -> Run {
        match self {
            Self::One(run) => *run,
            Self::Family(family) => family.control,
        }
    }
}

/// Stores a brief with its files, and says what it begins. What it varies stands on the runs alone: so their tasks read one brief. How the brand's last videos
/// opened is noted on them, as it is now.
pub async fn take_in(
    id: RunId,
    mut brief: Brief,
    files: Files<'_>,
    store: &Store,
    artifacts: &Artifacts,
    now: Timestamp,
) -> Result<(Brief, Begins), RunError> {
    let variants = brief.variants.take();
    let (brief, stored) = store_brief(brief, files, artifacts).await?;
    let mut run = new_run(id, &brief, stored, now);
    run.seen = store.last_openers(&run).await?;
    let begins = match variants {
        Some(variants) => Begins::Family(Box::new(Family::of(run, &variants)?)),
        None => Begins::One(Box::new(run)),
    };
    Ok((brief, begins))
}

/// The name of an execution: one run's, one round's, one moment's.
pub fn execution_name(run: &RunId, round: u32, now: Timestamp) -> String {
    format!("{run}-r{round}-{}", now.0)
}

/// The run that an execution's name tells of.
pub fn run_of_execution(execution: &str) -> Option<RunId> {
    execution
        .split('-')
        .next()
        .and_then(|id| RunId::parse(id).ok())
}

/// What came of a brief.
#[derive(Debug, Clone, PartialEq)]
pub enum Begun {
    /// A new run works on it.
    New(Box<Run>),
    /// It came before: this is its run.
    Known(RunId),
}

/// Starts, redrives, cancels and looks after runs.
#[derive(Clone)]
pub struct Runs {
    /// The state table.
    pub store: Store,
    /// Where briefs and what they name are kept.
    pub artifacts: Artifacts,
    /// What was read or paid for before.
    pub cache: Cache,
    /// Who carries runs out.
    pub executions: Arc<dyn Executions>,
    /// The time.
    pub clock: Clock,
}

impl Runs {
    /// Runs of the deployed system: DynamoDB, S3 and Step Functions, by the process's AWS configuration.
    pub fn deployed(config: &Config, aws: &SdkConfig) -> Result<Self, StartError> {
        let cloud = config.deployed()?;
        let machine = cloud.state_machine()?;
        let clock = Services::system_clock();
        let artifacts = cloud.artifacts()?;
        Ok(Self {
            store: cloud.store(aws),
            cache: cloud.cache(config, aws, &artifacts, &clock)?,
            artifacts,
            executions: Arc::new(StepFunctions::new(aws_sdk_sfn::Client::new(aws), machine)),
            clock,
        })
    }

    /// Starts a run of a brief. With `once`, the same request twice is one run; so is an id that is there already. Of a brief that asks for
    /// variants it is the control's: the others are written with it, and begin when its first round is over.
    pub async fn begin(
        &self,
        id: RunId,
        brief: Brief,
        files: Files<'_>,
        once: Option<&Idempotency>,
    ) -> Result<Begun, RunError> {
        let (store, artifacts) = (&self.store, &self.artifacts);
        let (brief, begins) = take_in(id, brief, files, store, artifacts, (self.clock)()).await?;
        match begins.put(&self.store, once).await {
            Ok(Started::New) => {}
            Ok(Started::Repeated(known)) | Err(StoreError::Exists(known)) => {
                return Ok(Begun::Known(known));
            }
            Err(error) => return Err(error.into()),
        }
        let run = begins.run();
        self.set_going(&run, facts(&brief)).await?;
        Ok(Begun::New(Box::new(run)))
    }

    /// Goes on with a run that failed or was cancelled, as a new execution of the same round. What succeeded isn't made again.
    pub async fn redrive(&self, id: &RunId) -> Result<Run, RunError> {
        let now = (self.clock)();
        let run = self.store.run(id).await?;
        // Before anything changes: a run whose brief is lost can't go on.
        let facts = self.facts_of(&run).await?;
        workflow(&run.workflow)?;
        let execution = execution_name(id, run.round, now);
        self.store.redrive(id, &execution, now).await?;
        let run = self.store.run(id).await?;
        self.set_going(&run, facts).await?;
        Ok(run)
    }

    /// Cancels a run. Its state comes first, so nothing is paid for from then on, even while the execution still goes on.
    pub async fn cancel(&self, id: &RunId) -> Result<Run, RunError> {
        let run = self.store.run(id).await?;
        if run.state != RunState::Running {
            return Err(StoreError::Ended {
                run: id.clone(),
                state: run.state,
            }
            .into());
        }
        self.close(&run, RunState::Cancelled, None).await?;
        if let Err(error) = self
            .executions
            .stop(&run.execution, "the run was cancelled")
            .await
        {
            // Its tasks see for themselves that the run is cancelled.
            tracing::warn!(run = %id, %error, "the execution of a cancelled run goes on for now");
        }
        // Those that wait for it never begin.
        if let Err(error) = self.begin_others(id).await {
            tracing::warn!(run = %id, %error, "variants that wait for a cancelled control are cancelled later");
        }
        Ok(self.store.run(id).await?)
    }

    /// Sees to a run whose execution may have ended unsaid, or never begun; and to the other variants, if it is a control.
    pub async fn look_after(&self, id: &RunId) -> Result<(), RunError> {
        let run = self.store.run(id).await?;
        self.see_to(&run).await?;
        if run.others().is_empty() {
            return Ok(());
        }
        self.begin_others(id).await
    }

    /// Sees to one run alone.
    pub(crate) async fn see_to(&self, run: &Run) -> Result<(), RunError> {
        let now = (self.clock)();
        let id = &run.id;
        match run.state {
            RunState::Running => {}
            RunState::InReview => return self.expire_if_due(run, now).await,
            _ => return Ok(self.store.unwatch(id).await?),
        }
        match self.executions.look(&run.execution).await? {
            Standing::Running => {
                let next = Timestamp(now.0 + NEXT_LOOK_MS);
                Ok(self.store.watch_again(id, next).await?)
            }
            Standing::Unknown => {
                match self.turn(run).await? {
                    Turn::Now => {}
                    Turn::Later => {
                        let next = Timestamp(now.0 + FIRST_LOOK_MS);
                        return Ok(self.store.watch_again(id, next).await?);
                    }
                    Turn::Never => {
                        self.close(run, RunState::Cancelled, None).await?;
                        return Ok(self.store.unwatch(id).await?);
                    }
                }
                tracing::warn!(run = %id, execution = run.execution, "nobody works on this run: started");
                let facts = self.facts_of(run).await?;
                self.set_going(run, facts).await?;
                let next = Timestamp(now.0 + FIRST_LOOK_MS);
                Ok(self.store.watch_again(id, next).await?)
            }
            Standing::Over(how) => {
                let error = how.unwrap_or_else(|| ErrorInfo {
                    name: "Permanent".to_owned(),
                    cause: "the execution ended without closing the run".to_owned(),
                });
                if error.name == "Cancelled" {
                    self.close(run, RunState::Cancelled, None).await?;
                } else {
                    self.close(run, RunState::Failed, Some(error)).await?;
                }
                Ok(self.store.unwatch(id).await?)
            }
        }
    }

    /// Writes the rows of the run's tasks and starts its execution. Repeating it changes nothing.
    pub(crate) async fn set_going(
        &self,
        run: &Run,
        facts: Map<String, Value>,
    ) -> Result<(), RunError> {
        let workflow = workflow(&run.workflow)?;
        self.store.plan_tasks(&single_tasks(run, &workflow)).await?;
        let start = Start {
            run: run.id.clone(),
            round: run.round,
            execution: run.execution.clone(),
            workflow: run.workflow.clone(),
            facts,
        };
        Ok(self.executions.start(&start).await?)
    }

    async fn close(
        &self,
        run: &Run,
        state: RunState,
        failure: Option<ErrorInfo>,
    ) -> Result<(), RunError> {
        let task =
            TaskName::parse(NO_TASK).map_err(|error| RunError::Workflow(error.to_string()))?;
        let ending = Ending {
            state,
            failure: failure.map(|error| (task, error)),
            degraded: run.degraded.clone(),
        };
        match self
            .store
            .close_run(&run.id, &run.execution, &ending, (self.clock)())
            .await
        {
            // Somebody else said how it ended, between our look and now.
            Ok(_) | Err(StoreError::Fenced { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn facts_of(&self, run: &Run) -> Result<Map<String, Value>, RunError> {
        Ok(facts(&brief_of(run, &self.artifacts).await?))
    }
}

/// The brief of a run.
pub(crate) async fn brief_of(run: &Run, artifacts: &Artifacts) -> Result<Brief, RunError> {
    read_document(artifacts, &run.brief)
        .await
        .map_err(|cause| RunError::BriefLost {
            run: run.id.clone(),
            cause,
        })
}
