//! Briefs that ask for variants: one family, however often they come, whose others begin after the control's first round.

use domain::{ErrorInfo, Run, RunState};
use runtime::Standing;
use serde_json::Value;
use store::FIRST_LOOK_MS;
use sweep::Sweep;

use crate::support::Doors;
use crate::sweeps::{ended, sweep, sweeping};

const BRIEF: &str = "topic: Why bees dance\nmax_cost_usd: 1\nvariants: {of: hook, count: 3}\n";

/// A family whose brief was put into the bucket: the control, and the event that brought it.
async fn family(doors: &Doors) -> (Run, Value) {
    let event = doors.put("briefs/bees.yaml", BRIEF).await;
    doors.take(event.clone()).await.unwrap();
    for run in doors.listed().await {
        let run = doors.run(&run.id).await;
        if run.parent.is_none() {
            return (run, event);
        }
    }
    panic!("there is no control");
}

/// The runs whose executions were started, in their order.
fn started(doors: &Doors) -> Vec<String> {
    let mut runs: Vec<_> = doors
        .executions
        .started()
        .iter()
        .map(|start| start.run.to_string())
        .collect();
    runs.sort();
    runs
}

fn all_of(control: &Run) -> Vec<String> {
    let variant = control.variant.as_ref().unwrap();
    let mut runs: Vec<_> = variant.runs.iter().map(ToString::to_string).collect();
    runs.sort();
    runs
}

/// Has the control's execution end, and the sweep be told.
async fn end(doors: &Doors, sweep: &Sweep, control: &Run) {
    let timeout = ErrorInfo {
        name: "Timeout".to_owned(),
        cause: "the execution took too long".to_owned(),
    };
    doors
        .executions
        .set(&control.execution, Standing::Over(Some(timeout)));
    sweep::answer(sweep, ended(&control.execution))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_brief_that_comes_again_is_the_same_family_and_experiment() {
    let doors = Doors::open().await;
    let (control, event) = family(&doors).await;
    doors.wait(60_000);
    let (first, second) = tokio::join!(doors.take(event.clone()), doors.take(event));
    first.unwrap();
    second.unwrap();
    assert_eq!(doors.listed().await.len(), 3);
    assert_eq!(started(&doors), [control.id.to_string()]);
    let page = doors.runs.store.list_experiments(10, None).await.unwrap();
    let [experiment] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    let variant = control.variant.as_ref().unwrap();
    assert_eq!(experiment.definition.key, variant.experiment);
    let runs = &experiment.content.as_ref().unwrap().runs;
    assert_eq!(runs.values().cloned().collect::<Vec<_>>(), variant.runs);
    for (id, number) in variant.runs.iter().zip(1..) {
        let run = doors.run(id).await;
        assert_eq!(run.variant.unwrap().number, number);
        assert_eq!(run.brief, control.brief, "all read one brief");
        assert_eq!(run.parent, (number > 1).then(|| control.id.clone()));
    }
}

#[tokio::test]
async fn the_others_begin_when_the_first_round_of_the_control_is_over_and_begin_once() {
    let doors = Doors::open().await;
    let (control, _) = family(&doors).await;
    let sweeping = sweeping(&doors.runs);
    for _ in 0..2 {
        doors.wait(FIRST_LOOK_MS);
        assert_eq!(sweep(&doors).await.failed, 0);
        assert_eq!(started(&doors), [control.id.to_string()]);
    }
    for _ in 0..2 {
        end(&doors, &sweeping, &control).await;
        assert_eq!(doors.run(&control.id).await.state, RunState::Failed);
        assert_eq!(started(&doors), all_of(&control));
    }
}

#[tokio::test]
async fn others_that_could_not_begin_begin_when_they_are_looked_after() {
    let doors = Doors::open().await;
    let (control, _) = family(&doors).await;
    // The control is closed, and whoever did it dies before the others begin.
    doors.executions.set_down(true);
    doors.runs.cancel(&control.id).await.unwrap();
    doors.executions.set_down(false);
    assert_eq!(doors.run(&control.id).await.state, RunState::Cancelled);
    let waits = &control.others()[0];
    assert_eq!(doors.run(waits).await.state, RunState::Running);
    doors.wait(FIRST_LOOK_MS);
    assert_eq!(sweep(&doors).await.failed, 0);
    for other in control.others() {
        assert_eq!(doors.run(other).await.state, RunState::Cancelled);
    }
    assert_eq!(started(&doors), [control.id.to_string()]);
}

#[tokio::test]
async fn what_has_begun_is_not_cancelled_with_its_control() {
    let doors = Doors::open().await;
    let (control, _) = family(&doors).await;
    end(&doors, &sweeping(&doors.runs), &control).await;
    doors.wait(1000);
    doors.runs.redrive(&control.id).await.unwrap();
    doors.runs.cancel(&control.id).await.unwrap();
    // Their executions are forgotten: they go on.
    doors.executions.forget();
    doors.wait(10 * FIRST_LOOK_MS);
    assert_eq!(sweep(&doors).await.failed, 0);
    for other in control.others() {
        assert_eq!(doors.run(other).await.state, RunState::Running);
    }
}
