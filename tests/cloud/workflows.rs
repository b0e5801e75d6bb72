//! The table of workflows once more, carried out by the emulator's Step Functions with a real function.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::ExecutionStatus;
use domain::Run;
use statemachine::{Strategy, asl, plan};
use store::{Store, Tables};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::deployed::{Created, cloud};
use crate::deployment::{WAYS, input, started_run, substituted};
use crate::table::{Case, Tried, end};
use crate::tools::root;

/// What is left to the interpreter with a clock of its own.
const NOT_HERE: [&str; 3] = [
    // The emulator does otherwise than Step Functions: where an item fails, it begins with those that wait, too.
    "for-each-item-fails",
    // One second of this machine's may pass before a process has begun, and then the attempt was none.
    "timeout-fails",
    "timeout-retried",
];

/// How many executions go on at once. Each attempt at the same time takes a process.
const AT_ONCE: usize = 6;

/// How long an execution may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The table that the machines' closing and join states write to. The deployed one is looked after by the deployed sweep.
const TABLE: &str = "workflows-state";

/// What carries the cases out.
struct Bench {
    executions: Client,
    store: Store,
    /// The function that stands for every task.
    behaving: Created,
}

/// One case by one way.
struct Trial {
    what: String,
    case: Arc<Case>,
    way: Strategy,
    run: Run,
}

impl Bench {
    /// Carries a case out, and answers with how its execution ended.
    async fn execute(&self, trial: &Trial) -> ExecutionStatus {
        let workflow = trial.case.workflow();
        let machine = asl::generate(&workflow, &plan(workflow.dag(), trial.way));
        let machine = substituted(&workflow, &machine, TABLE, |_| {
            self.behaving.function.clone()
        });
        self.store.put_run(&trial.run, None).await.unwrap();
        let created = self
            .executions
            .create_state_machine()
            .name(&trial.run.execution)
            .definition(machine.to_string())
            .role_arn(&self.behaving.role)
            .send()
            .await
            .unwrap();
        let started = self
            .executions
            .start_execution()
            .state_machine_arn(created.state_machine_arn())
            .name(&trial.run.execution)
            .input(input(&trial.run, &trial.case.brief).to_string())
            .send()
            .await
            .unwrap();
        let since = Instant::now();
        loop {
            let execution = self
                .executions
                .describe_execution()
                .execution_arn(started.execution_arn())
                .send()
                .await
                .unwrap();
            if *execution.status() != ExecutionStatus::Running {
                return execution.status().clone();
            }
            assert!(since.elapsed() < PATIENCE, "{} does not end", trial.what);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn check(&self, trial: &Trial, noted: &Path) {
        let Trial { what, case, .. } = trial;
        let status = self.execute(trial).await;
        let end = end(&self.store.run(&trial.run.id).await.unwrap());
        case.check(&end, &tried(&noted.join(trial.run.id.as_str())), what);
        let well = if case.expect.end == "succeeded" {
            ExecutionStatus::Succeeded
        } else {
            ExecutionStatus::Failed
        };
        assert_eq!(status, well, "{what}");
    }
}

/// What the function noted of a run; nothing if no task was begun.
fn tried(noted: &Path) -> Vec<Tried> {
    let notes = std::fs::read_to_string(noted).unwrap_or_default();
    notes
        .lines()
        .map(|note| serde_json::from_str(note).unwrap())
        .collect()
}

fn trials() -> Vec<Trial> {
    let cases = Case::all()
        .into_iter()
        .filter(|(file, case)| !case.local && !NOT_HERE.contains(&file.as_str()))
        .map(|(file, case)| (file, Arc::new(case)));
    cases
        .flat_map(|(file, case)| WAYS.map(|way| (file.clone(), Arc::clone(&case), way)))
        .zip(0..)
        .map(|((file, case, way), number)| Trial {
            what: format!("{file} by {way}: {}", case.about),
            case,
            way,
            run: started_run(number),
        })
        .collect()
}

#[tokio::test]
async fn every_case_comes_out_as_expected_in_the_emulator() {
    let trials = trials();
    let folder = tempfile::tempdir().unwrap();
    let behave: BTreeMap<&str, _> = trials
        .iter()
        .map(|trial| (trial.run.id.as_str(), &trial.case.behave))
        .collect();
    let told = serde_json::to_string(&behave).unwrap();
    std::fs::write(folder.path().join("behave.json"), told).unwrap();
    let sdk = cloud().sdk().await;
    let tables = Tables {
        state: TABLE.to_owned(),
        cache: "workflows-cache".to_owned(),
    };
    let store = Store::new(aws_sdk_dynamodb::Client::new(&sdk), tables);
    store.create_tables().await.unwrap();
    let bench = Arc::new(Bench {
        executions: Client::new(&sdk),
        store,
        behaving: cloud().create_function(
            "behaving",
            &root().join("tests/cloud/behaving.py"),
            "BEHAVING",
            folder.path(),
        ),
    });
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut checks = JoinSet::new();
    for trial in trials {
        let (bench, turns) = (Arc::clone(&bench), Arc::clone(&turns));
        let noted = folder.path().to_owned();
        checks.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            bench.check(&trial, &noted).await;
        });
    }
    while let Some(checked) = checks.join_next().await {
        checked.unwrap();
    }
}
