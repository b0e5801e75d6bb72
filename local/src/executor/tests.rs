#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{ErrorInfo, TaskName, TaskStatus};
use serde_json::json;
use statemachine::{End, Instance, Workflow};
use tokio::time::Instant;

use super::*;

fn workflow(tasks: &str) -> Workflow {
    Workflow::parse(&format!("name: test\ntasks:\n{tasks}")).unwrap()
}

fn name(text: &str) -> TaskName {
    TaskName::parse(text).unwrap()
}

/// Runs tasks by a function that says how.
struct With<F>(F);

impl<F, A> TaskRunner for With<F>
where
    F: Fn(Instance, u32, CancelToken) -> A + Send + Sync + 'static,
    A: Future<Output = RunnerAnswer> + Send,
{
    async fn run(&self, instance: &Instance, attempt: u32, stop: CancelToken) -> RunnerAnswer {
        (self.0)(instance.clone(), attempt, stop).await
    }
}

fn error(name: &str) -> ErrorInfo {
    ErrorInfo {
        name: name.to_owned(),
        cause: "as told".to_owned(),
    }
}

async fn execute<R: TaskRunner>(
    executor: &Executor,
    workflow: &Workflow,
    runner: R,
    cancel: CancelToken,
) -> ExecutionReport {
    executor
        .execute(workflow, json!({}), Arc::new(runner), &(), cancel)
        .await
}

#[tokio::test(start_paused = true)]
async fn eighty_seconds_of_work_take_fifty() {
    let workflow = Workflow::parse(include_str!(
        "../../../statemachine/workflows/eighty-seconds.yaml"
    ))
    .unwrap();
    let report = simulate(&workflow, 0.01, 10).await;
    assert_eq!(
        (report.unscaled(report.serial), report.unscaled(report.wall)),
        (80.0, 50.0)
    );
    let path: Vec<&str> = report
        .critical_path
        .tasks
        .iter()
        .map(TaskName::as_str)
        .collect();
    assert_eq!(path, ["story", "script", "video", "compose"]);
    assert_eq!(report.critical_path.length, Duration::from_millis(500));
    assert_eq!(
        simulate(&workflow, 0.01, 1).await.wall,
        Duration::from_millis(800)
    );
}

#[tokio::test(start_paused = true)]
async fn the_short_video_is_simulated_with_made_up_facts() {
    let workflow = Workflow::parse(include_str!(
        "../../../statemachine/workflows/short-video.yaml"
    ))
    .unwrap();
    let report = simulate(&workflow, 1.0, 10).await;
    assert_eq!(report.end, End::Succeeded);
    assert_eq!(report.of(&name("images")).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_workers_run_at_once_and_all_of_them_do() {
    let workflow = workflow("  a: {for_each: 40}\n");
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counts = (Arc::clone(&now), Arc::clone(&most));
    let runner = With(move |_, _, _| {
        let (now, most) = counts.clone();
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(Done::default())
        }
    });
    let executor = Executor {
        workers: 7,
        ..Executor::default()
    };
    let report = execute(&executor, &workflow, runner, CancelToken::never()).await;
    assert_eq!(
        (report.end, most.load(Ordering::SeqCst)),
        (End::Succeeded, 7)
    );
    assert_eq!(
        (report.serial, report.wall),
        (Duration::from_secs(40), Duration::from_secs(6))
    );
}

#[tokio::test(start_paused = true)]
async fn the_longest_way_to_the_end_goes_first() {
    let workflow = workflow(
        "  short: {expect: 5}\n  same-1: {expect: 7}\n  same-2: {expect: 7}\n  long: {expect: 1}\n  \
         after-long: {after: [long], expect: 9}\n",
    );
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&order);
    let runner = With(move |instance: Instance, _, _| {
        seen.lock().unwrap().push(instance.to_string());
        async { Ok(Done::default()) }
    });
    let executor = Executor {
        workers: 1,
        ..Executor::default()
    };
    execute(&executor, &workflow, runner, CancelToken::never()).await;
    assert_eq!(
        *order.lock().unwrap(),
        ["long", "after-long", "same-1", "same-2", "short"]
    );
}

#[tokio::test(start_paused = true)]
async fn waits_between_attempts_grow_free_the_worker_and_are_the_same_each_time() {
    let workflow = workflow("  a: {retry: 3, expect: 9}\n  b: {}\n");
    let run = || async {
        let delays = Mutex::new(Vec::new());
        let observer = |event: &ExecutorEvent<'_>| {
            if let ExecutorEvent::Retrying { delay, .. } = event {
                delays.lock().unwrap().push(*delay);
            }
        };
        let runner = Arc::new(With(|instance: Instance, attempt, _| async move {
            if instance.task.as_str() == "a" && attempt < 4 {
                Err(error("Transient"))
            } else {
                Ok(Done::default())
            }
        }));
        let executor = Executor {
            workers: 1,
            seed: 3,
            ..Executor::default()
        };
        let report = executor
            .execute(
                &workflow,
                json!({}),
                runner,
                &observer,
                CancelToken::never(),
            )
            .await;
        (report, delays.into_inner().unwrap())
    };
    let (report, delays) = run().await;
    let waited: Duration = delays.iter().sum();
    assert_eq!(delays.len(), 3);
    for (delay, longest) in delays.iter().zip([1, 2, 4]) {
        assert!(*delay < Duration::from_secs(longest), "{delays:?}");
    }
    // The clock of the test moves in whole milliseconds.
    assert!(
        report.wall.abs_diff(waited) < Duration::from_millis(5),
        "{:?} {waited:?}",
        report.wall
    );
    assert!(report.of(&name("b")).next().unwrap().ended < Some(Duration::from_millis(2)));
    assert_eq!(report.of(&name("a")).next().unwrap().work, Duration::ZERO);
    assert_eq!(run().await.1, delays);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_over_tells_work_on_other_threads() {
    let workflow = workflow("  a: {timeout: 5}\n");
    let kept = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&kept);
    let runner = With(move |_, _, stop: CancelToken| {
        assert!(!stop.is_cancelled());
        *keep.lock().unwrap() = Some(stop);
        std::future::pending()
    });
    let report = execute(
        &Executor::default(),
        &workflow,
        runner,
        CancelToken::never(),
    )
    .await;
    assert!(
        matches!(report.end, End::Failed { error, .. } if error.name == "Timeout" && error.cause.contains("attempt 1 of a"))
    );
    assert_eq!(report.wall, Duration::from_secs(5));
    assert!(kept.lock().unwrap().as_ref().unwrap().is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn time_limits_and_waits_follow_the_scale() {
    let workflow = workflow("  a: {timeout: 100, retry: 1}\n");
    let executor = Executor {
        time_scale: 0.01,
        ..Executor::default()
    };
    let report = execute(
        &executor,
        &workflow,
        With(|_, _, _| std::future::pending()),
        CancelToken::never(),
    )
    .await;
    assert!(
        (2.0..2.02).contains(&report.wall.as_secs_f64()),
        "{:?}",
        report.wall
    );
    assert!((200.0..202.0).contains(&report.unscaled(report.wall)));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_waits_for_what_stops_by_itself_and_breaks_off_the_rest() {
    let workflow =
        workflow("  good: {}\n  deaf: {}\n  resting: {retry: 5}\n  later: {after: [good]}\n");
    let (canceller, token) = Canceller::new();
    let runner = With(|instance: Instance, _, mut stop: CancelToken| async move {
        match instance.task.as_str() {
            "good" => {
                stop.cancelled().await;
                tokio::time::sleep(Duration::from_secs(2)).await;
                Ok(Done::default())
            }
            "deaf" => std::future::pending().await,
            _ => Err(error("Transient")),
        }
    });
    // With this seed the waits of `resting` outlast the 20 ms until the run is cancelled.
    let executor = Executor {
        seed: 2,
        ..Executor::default()
    };
    let cancel = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        canceller.cancel();
    };
    let (report, ()) = tokio::join!(execute(&executor, &workflow, runner, token), cancel);
    assert_eq!(report.end, End::Cancelled);
    let statuses: Vec<TaskStatus> = report.tasks.values().copied().collect();
    assert_eq!(
        statuses,
        [
            TaskStatus::Succeeded,
            TaskStatus::Cancelled,
            TaskStatus::Cancelled,
            TaskStatus::Pending
        ]
    );
    assert_eq!(report.wall, Duration::from_millis(10_020));
    assert!(report.instances.iter().all(|record| record.ended.is_some()));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cancelled_before_it_begins_begins_nothing() {
    let workflow = workflow("  a: {}\n  b: {after: [a]}\n");
    let (canceller, token) = Canceller::new();
    canceller.cancel();
    let report = execute(
        &Executor::default(),
        &workflow,
        With(|_, _, _| async { Ok(Done::default()) }),
        token,
    )
    .await;
    assert_eq!(report.end, End::Cancelled);
    assert!(report.instances.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_runs_when_another_task_fails_may_finish_with_its_retries() {
    let workflow = workflow(
        "  bad: {}\n  good: {retry: 1}\n  queued: {expect: 0}\n  after: {after: [good]}\n",
    );
    let runner = With(|instance: Instance, attempt, _| async move {
        match (instance.task.as_str(), attempt) {
            ("bad", _) => Err(error("Refused")),
            ("good", 1) => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Err(error("Transient"))
            }
            _ => Ok(Done::default()),
        }
    });
    let executor = Executor {
        workers: 2,
        ..Executor::default()
    };
    let report = execute(&executor, &workflow, runner, CancelToken::never()).await;
    assert!(matches!(report.end, End::Failed { task, .. } if task == name("bad")));
    let statuses: Vec<TaskStatus> = report.tasks.values().copied().collect();
    assert_eq!(
        statuses,
        [
            TaskStatus::Failed,
            TaskStatus::Succeeded,
            TaskStatus::Pending,
            TaskStatus::Pending
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn events_tell_the_whole_story_in_order() {
    let workflow = workflow(
        "  a: {retry: 1}\n  b: {after: [a], when: false}\n  c: {after: [b], for_each: 0}\n",
    );
    let story = Mutex::new(Vec::new());
    let observer = |event: &ExecutorEvent<'_>| {
        story.lock().unwrap().push(match event {
            ExecutorEvent::Due { instance, .. } => format!("due {instance}"),
            ExecutorEvent::Started {
                instance, attempt, ..
            } => format!("started {instance} {attempt}"),
            ExecutorEvent::Retrying {
                instance,
                attempt,
                error,
                ..
            } => format!("retrying {instance} {attempt} {}", error.name),
            ExecutorEvent::Ended {
                instance,
                status,
                attempts,
                ..
            } => format!("ended {instance} {status:?} {attempts}"),
            ExecutorEvent::Empty { task, .. } => format!("empty {task}"),
            ExecutorEvent::Skipped { task, .. } => format!("skipped {task}"),
            ExecutorEvent::Refused { task, .. } => format!("refused {task}"),
        });
    };
    let runner = Arc::new(With(|_, attempt, _| async move {
        if attempt == 1 {
            Err(error("Transient"))
        } else {
            Ok(Done {
                cached: true,
                ..Done::default()
            })
        }
    }));
    let report = Executor::default()
        .execute(
            &workflow,
            json!({}),
            runner,
            &observer,
            CancelToken::never(),
        )
        .await;
    assert_eq!(
        *story.lock().unwrap(),
        [
            "due a",
            "started a 1",
            "retrying a 1 Transient",
            "started a 2",
            "ended a Cached 2",
            "skipped b",
            "empty c"
        ]
    );
    let record = &report.instances[0];
    assert_eq!(
        (record.status, record.attempts, &record.error),
        (TaskStatus::Cached, 2, &None)
    );
}

#[tokio::test(start_paused = true)]
async fn the_report_is_written_with_times_in_milliseconds() {
    let workflow = workflow("  a: {}\n");
    let begun = Instant::now();
    let runner = With(|_, _, _| async {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        Ok(Done {
            facts: json!({"n": 1}),
            ..Done::default()
        })
    });
    let report = execute(
        &Executor::default(),
        &workflow,
        runner,
        CancelToken::never(),
    )
    .await;
    assert_eq!(begun.elapsed(), report.wall);
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({
            "end": {"state": "succeeded"},
            "tasks": {"a": "succeeded"},
            "facts": {"a": {"n": 1}},
            "instances": [
                {"task": "a", "status": "succeeded", "attempts": 1, "started_ms": 0.0, "ended_ms": 1500.0, "work_ms": 1500.0}
            ],
            "serial_ms": 1500.0,
            "wall_ms": 1500.0,
            "critical_path": {"tasks": ["a"], "length_ms": 1500.0},
            "time_scale": 1.0,
        })
    );
}

/// On the threads of a real runtime: a thousand tasks in fifty levels, some of which panic, fail or are tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_on_real_threads_come_to_an_end() {
    let mut tasks = String::new();
    for level in 0..50 {
        for place in 0..20 {
            let after = if level == 0 {
                String::new()
            } else {
                format!(
                    "t{}x{}, t{}x{place}",
                    level - 1,
                    (place + 7) % 20,
                    level - 1
                )
            };
            writeln!(
                tasks,
                "  t{level}x{place}: {{after: [{after}], retry: 2, on_error: skip}}"
            )
            .unwrap();
        }
    }
    let workflow = workflow(&tasks);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let runner = With(move |instance: Instance, attempt, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        let kind = instance.task.as_str().len()
            + instance
                .task
                .as_str()
                .bytes()
                .map(usize::from)
                .sum::<usize>();
        async move {
            match kind % 10 {
                0 => Err(error("Permanent")),
                1 if attempt < 3 => Err(error("Transient")),
                2 => {
                    tokio::task::yield_now().await;
                    Ok(Done::default())
                }
                _ => Ok(Done::default()),
            }
        }
    });
    let executor = Executor {
        time_scale: 0.001,
        ..Executor::default()
    };
    let report = execute(&executor, &workflow, runner, CancelToken::never()).await;
    assert_eq!(report.end, End::Succeeded);
    assert_eq!(report.instances.len(), 1_000);
    let attempts: u32 = report.instances.iter().map(|record| record.attempts).sum();
    assert_eq!(attempts as usize, calls.load(Ordering::SeqCst));
}
