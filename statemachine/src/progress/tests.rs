#![expect(clippy::unwrap_used, reason = "a test may stop")]

use super::*;

fn workflow(tasks: &str) -> Workflow {
    Workflow::parse(&format!("name: test\ntasks:\n{tasks}")).unwrap()
}

fn name(text: &str) -> TaskName {
    TaskName::parse(text).unwrap()
}

fn instance(text: &str) -> Instance {
    match text.split_once(' ') {
        Some((task, item)) => Instance {
            task: name(task),
            item: Some(item.parse().unwrap()),
        },
        None => Instance {
            task: name(text),
            item: None,
        },
    }
}

/// What `next` decides, in words.
fn decided(progress: &mut Progress<'_>) -> Vec<String> {
    let words = |action: Action| match action {
        Action::Start(instance) => instance.to_string(),
        Action::Empty { task } => format!("{task} is empty"),
        Action::Skipped { task, why } => match why {
            Skip::Condition => format!("{task} skipped"),
            Skip::Error(error) => format!("{task} skipped: {}", error.name),
            Skip::NotNeeded => format!("{task} not needed"),
        },
        Action::Failed { task, error } => format!("{task} failed: {} {}", error.name, error.cause),
    };
    progress.next().into_iter().map(words).collect()
}

fn well(progress: &mut Progress<'_>, text: &str, facts: Value) {
    progress.finished(&instance(text), Outcome::Succeeded { facts });
}

fn badly(progress: &mut Progress<'_>, text: &str) {
    progress.finished(
        &instance(text),
        Outcome::Failed(ErrorInfo {
            name: "Permanent".into(),
            cause: "as told".into(),
        }),
    );
}

#[test]
fn a_task_is_due_when_its_own_needs_are_met() {
    let workflow = workflow("  a: {}\n  b: {}\n  c: {after: [a]}\n  d: {after: [a, b]}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    assert_eq!(decided(&mut progress), ["a", "b"]);
    assert_eq!(progress.status(&name("c")), Some(TaskStatus::Pending));
    well(&mut progress, "a", json!({}));
    assert_eq!(decided(&mut progress), ["c"]);
    well(&mut progress, "b", json!({}));
    assert_eq!(decided(&mut progress), ["d"]);
    assert_eq!(progress.end(), None);
    well(&mut progress, "c", json!({}));
    well(&mut progress, "d", json!({}));
    assert_eq!(progress.end(), Some(End::Succeeded));
}

#[test]
fn a_skipped_task_is_absent_for_those_that_wait_for_it() {
    let workflow = workflow(
        "  a: {}\n  b: {after: [a], when: $states.input.tasks.a.n > 3 and $states.input.brief.long}\n  \
         c: {after: [b], for_each: \"$exists($states.input.tasks.b) ? 2 : 1\"}\n",
    );
    let mut progress = Progress::new(&workflow, json!({"long": true}));
    decided(&mut progress);
    well(&mut progress, "a", json!({"n": 3}));
    assert_eq!(decided(&mut progress), ["b skipped", "c 0"]);
    assert_eq!(
        *progress.input(),
        json!({"brief": {"long": true}, "tasks": {"a": {"n": 3}}})
    );
    well(&mut progress, "c 0", json!({"k": 1}));
    assert_eq!(progress.input()["tasks"]["c"], json!({"items": 1, "k": 1}));
    assert_eq!(progress.end(), Some(End::Succeeded));
}

#[test]
fn items_keep_to_their_limit_and_count_as_one() {
    let workflow = workflow(
        "  a: {for_each: 3, max_concurrency: 2}\n  b: {after: [a], for_each: 0}\n  c: {after: [b]}\n",
    );
    let mut progress = Progress::new(&workflow, json!({}));
    assert_eq!(decided(&mut progress), ["a 0", "a 1"]);
    well(&mut progress, "a 1", json!({"last": 1}));
    assert_eq!(decided(&mut progress), ["a 2"]);
    well(&mut progress, "a 2", json!({"last": 2}));
    well(&mut progress, "a 0", json!({"last": 0}));
    assert_eq!(decided(&mut progress), ["b is empty", "c"]);
    assert_eq!(
        progress.input()["tasks"],
        json!({"a": {"items": 3, "last": 2}, "b": {"items": 0}})
    );
}

#[test]
fn after_a_failure_nothing_new_starts_and_what_runs_may_finish() {
    let workflow = workflow("  a: {}\n  b: {}\n  c: {after: [b]}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    badly(&mut progress, "a");
    assert_eq!((decided(&mut progress), progress.end()), (vec![], None));
    assert!(!progress.is_wanted(&instance("b")));
    well(&mut progress, "b", json!({}));
    assert!(decided(&mut progress).is_empty());
    assert!(matches!(progress.end(), Some(End::Failed { task, .. }) if task == name("a")));
    let statuses = ["a", "b", "c"].map(|task| progress.status(&name(task)).unwrap());
    assert_eq!(
        statuses,
        [
            TaskStatus::Failed,
            TaskStatus::Succeeded,
            TaskStatus::Pending
        ]
    );
}

#[test]
fn a_failure_that_is_passed_over_waits_for_the_items_that_run() {
    let workflow =
        workflow("  a: {for_each: 4, max_concurrency: 2, on_error: skip}\n  b: {after: [a]}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    badly(&mut progress, "a 0");
    assert!(decided(&mut progress).is_empty());
    well(&mut progress, "a 1", json!({"k": 1}));
    assert_eq!(decided(&mut progress), ["a skipped: Permanent", "b"]);
    assert_eq!(progress.input()["tasks"], json!({}));
    well(&mut progress, "b", json!({}));
    assert_eq!(progress.end(), Some(End::Succeeded));
}

#[test]
fn a_stand_in_takes_the_place_of_the_task_that_failed() {
    let workflow = workflow(
        "  a: {on_error: run b}\n  b: {on_error: run c}\n  c: {}\n  d: {after: [a], when: $states.input.tasks.a.by = 'b'}\n",
    );
    let mut progress = Progress::new(&workflow, json!({}));
    assert_eq!(decided(&mut progress), ["a"]);
    badly(&mut progress, "a");
    assert_eq!(
        (decided(&mut progress), progress.end()),
        (vec!["b".to_owned()], None)
    );
    well(&mut progress, "b", json!({"by": "b"}));
    assert_eq!(decided(&mut progress), ["c not needed", "d"]);
    assert_eq!(progress.input()["tasks"], json!({"a": {"by": "b"}}));
    assert_eq!(progress.status(&name("a")), Some(TaskStatus::Failed));
    well(&mut progress, "d", json!({}));
    assert_eq!(progress.end(), Some(End::Succeeded));
}

#[test]
fn a_stand_in_that_fails_too_fails_the_run() {
    let workflow = workflow("  a: {on_error: run b}\n  b: {}\n  c: {after: [a]}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    badly(&mut progress, "a");
    decided(&mut progress);
    badly(&mut progress, "b");
    assert!(decided(&mut progress).is_empty());
    assert!(matches!(progress.end(), Some(End::Failed { task, .. }) if task == name("b")));
}

#[test]
fn an_expression_without_an_answer_fails_the_run_whatever_on_error_says() {
    let workflow =
        workflow("  a: {}\n  b: {after: [a], when: $states.input.tasks.a.n > 1, on_error: skip}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    well(&mut progress, "a", json!({}));
    let decided = decided(&mut progress);
    assert!(
        decided[0].starts_with("b failed: InvalidInput `when` of task \"b\""),
        "{decided:?}"
    );
    assert!(matches!(progress.end(), Some(End::Failed { task, .. }) if task == name("b")));
}

#[test]
fn facts_that_break_the_rules_are_a_failure() {
    let workflow = workflow("  a: {}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    well(&mut progress, "a", json!(3));
    assert!(matches!(progress.end(), Some(End::Failed { error, .. }) if error.name == "Permanent"));
}

#[test]
fn a_cancelled_run_ends_when_nothing_runs() {
    let workflow = workflow("  a: {}\n  b: {}\n  c: {after: [a]}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    progress.cancel();
    assert_eq!(progress.end(), None);
    well(&mut progress, "a", json!({}));
    progress.withdraw(&instance("b"));
    assert!(decided(&mut progress).is_empty());
    assert_eq!(progress.end(), Some(End::Cancelled));
    let statuses = ["a", "b", "c"].map(|task| progress.status(&name(task)).unwrap());
    assert_eq!(
        statuses,
        [
            TaskStatus::Succeeded,
            TaskStatus::Pending,
            TaskStatus::Pending
        ]
    );
}

#[test]
fn what_comes_first_counts_and_a_late_cancellation_changes_nothing() {
    let one = workflow("  a: {}\n");
    let mut late = Progress::new(&one, json!({}));
    decided(&mut late);
    late.cancel();
    well(&mut late, "a", json!({}));
    assert_eq!(late.end(), Some(End::Succeeded));

    let two = workflow("  a: {}\n  b: {}\n");
    let mut failed_first = Progress::new(&two, json!({}));
    decided(&mut failed_first);
    badly(&mut failed_first, "a");
    failed_first.cancel();
    well(&mut failed_first, "b", json!({}));
    assert!(matches!(failed_first.end(), Some(End::Failed { .. })));

    let mut cancelled_first = Progress::new(&two, json!({}));
    decided(&mut cancelled_first);
    cancelled_first.finished(&instance("a"), Outcome::Cancelled);
    badly(&mut cancelled_first, "b");
    assert_eq!(cancelled_first.end(), Some(End::Cancelled));
    assert_eq!(
        cancelled_first.status(&name("a")),
        Some(TaskStatus::Cancelled)
    );
}

#[test]
fn an_instance_that_is_not_out_is_passed_over() {
    let workflow = workflow("  a: {}\n  b: {after: [a], for_each: 2}\n");
    let mut progress = Progress::new(&workflow, json!({}));
    decided(&mut progress);
    for stranger in ["b", "b 0", "x", "a 7"] {
        badly(&mut progress, stranger);
    }
    well(&mut progress, "a", json!({}));
    badly(&mut progress, "a");
    assert_eq!(decided(&mut progress), ["b 0", "b 1"]);
    well(&mut progress, "b 0", json!({}));
    well(&mut progress, "b 0", json!({}));
    assert_eq!(progress.end(), None);
    well(&mut progress, "b 1", json!({}));
    assert_eq!(progress.end(), Some(End::Succeeded));
}
