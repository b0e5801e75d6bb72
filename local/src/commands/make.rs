//! `reelwright make` and `reelwright resume`.

use std::path::Path;

use domain::{Brief, Run, RunId, RunState, read_brief};
use runtime::{EdgeError, Files, RunError, Services, learnt, take_in};
use serde_json::{Value, json};

use super::estimate::estimate;
use crate::deliver::{check_writable, deliver};
use crate::failure::Failure;
use crate::files;
use crate::home::Home;
use crate::options::{BriefOptions, How};
use crate::say;
use crate::summary::Summary;
use crate::work::{Worked, work};

pub(crate) async fn make(path: &Path, what: &BriefOptions, how: &How) -> Result<(), Failure> {
    let mut brief = read_brief(&files::read_text(path)?)
        .map_err(|error| Failure::input(format!("{}: {error}", files::name(path))))?;
    brief.draft |= what.draft;
    let base = path.parent().unwrap_or(Path::new(""));
    if what.estimate {
        return estimate(brief, base, how.json)
            .await
            .map_err(|failure| failure.about(path));
    }
    check_writable(&how.out)?;
    let home = Home::open().await?;
    let run = begin(&home.services, brief, base)
        .await
        .map_err(|failure| failure.about(path))?;
    if !how.json {
        say::tell(format_args!("run {} ({})", run.id, run.topic));
        tell_learnt(&home.services, &run).await?;
    }
    finish_all(&home, run, how).await
}

pub(crate) async fn resume(id: &str, how: &How) -> Result<(), Failure> {
    let id = RunId::parse(id).map_err(Failure::input)?;
    check_writable(&how.out)?;
    let home = Home::open().await?;
    let run = home.services.store.run(&id).await?;
    finish_all(&home, run, how).await
}

/// Stores the brief with its files, and writes the run: that of the control, where variants are asked for.
async fn begin(services: &Services, brief: Brief, base: &Path) -> Result<Run, Failure> {
    let now = services.now();
    let id = RunId::new(now.0, random());
    let (store, artifacts) = (&services.store, &services.artifacts);
    let (_, begins) = take_in(id, brief, Files::Beside(base), store, artifacts, now)
        .await
        .map_err(|error| match error {
            RunError::Brief(EdgeError::Artifacts(error)) => Failure::other(error),
            RunError::Brief(other) => Failure::input(other),
            other => Failure::other(other),
        })?;
    begins.put(&services.store, None).await?;
    Ok(begins.run())
}

/// Tells what won for the run's brand before, for whoever writes its next brief.
async fn tell_learnt(services: &Services, run: &Run) -> Result<(), Failure> {
    let Some(brand) = &run.brand else {
        return Ok(());
    };
    for learnt in learnt(&services.store, &services.artifacts, brand).await? {
        say::tell(format_args!("for {brand}, {}", learnt.told()));
    }
    Ok(())
}

/// Random bits for an id, from the keys that the standard library draws for its hash maps.
pub(super) fn random() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    let draw = || u128::from(RandomState::new().hash_one(std::process::id()));
    draw() << 64 | draw()
}

/// Works on a run until it ends and writes the files out.
pub(super) async fn finish(home: &Home, run: Run, how: &How) -> Result<(), Failure> {
    let keeping = home.keep_figures();
    let finished = Box::pin(finish_run(home, run, how)).await;
    keeping.end().await;
    let made = finished?;
    if how.json {
        super::print_json(&made.json)
    } else {
        say::answer(made.text)
    }
}

/// What is told of a run that is made.
pub(super) struct Made {
    /// The run as it stands.
    pub(super) run: Run,
    json: Value,
    text: String,
}

/// Works on a control and then on the other variants of its brief, which find what they have in common with it made; on a run that is no
/// control alone.
async fn finish_all(home: &Home, run: Run, how: &How) -> Result<(), Failure> {
    let others = run.others().to_vec();
    let Some(variant) = run.variant.clone().filter(|_| !others.is_empty()) else {
        return finish(home, run, how).await;
    };
    let keeping = home.keep_figures();
    let finished = Box::pin(finish_variants(home, run, &others, how)).await;
    keeping.end().await;
    let (made, failed) = finished?;
    let experiment = variant.experiment;
    if how.json {
        super::print_json(&json!({ "experiment": experiment, "runs": made }))?;
    } else {
        say::answer(format_args!(
            "\nexperiment {experiment} is a draft: `reelwright experiment start {experiment}` compares the videos that are approved by then\n"
        ))?;
    }
    match failed {
        None => Ok(()),
        Some(failure) => Err(failure),
    }
}

/// The videos that were made, and what kept the last of the others from it, if any was.
async fn finish_variants(
    home: &Home,
    control: Run,
    others: &[RunId],
    how: &How,
) -> Result<(Vec<Value>, Option<Failure>), Failure> {
    let mut made = Vec::new();
    let mut failed = None;
    let mut next = Some(control);
    let mut others = others.iter();
    while let Some(run) = next {
        let is_control = run.parent.is_none();
        if let Some(variant) = run.variant.as_ref().filter(|_| !how.json) {
            say::tell(format_args!("{}: run {}", variant.key(), run.id));
        }
        match Box::pin(finish_run(home, run, how)).await {
            Ok(finished) if how.json => made.push(finished.json),
            Ok(finished) => say::answer(finished.text)?,
            // Nothing is there that the others could have in common with it.
            Err(failure) if is_control => return Err(failure),
            Err(failure @ Failure::Cancelled(_)) => return Err(failure),
            // Each stands for itself: the others can still be compared.
            Err(failure) => {
                if let Some(earlier) = failed.replace(failure) {
                    say::tell(format_args!("error: {earlier}"));
                }
            }
        }
        next = match others.next() {
            Some(id) => Some(home.services.store.run(id).await?),
            None => None,
        };
    }
    Ok((made, failed))
}

/// Works on a run until it ends and writes the files out; tells of it what is going on unless `how` is quiet.
pub(super) async fn finish_run(home: &Home, run: Run, how: &How) -> Result<Made, Failure> {
    let worked = if run.state.is_made() {
        Worked { run, report: None }
    } else {
        Box::pin(work(home, run, usize::from(how.workers), how.json)).await?
    };
    let run = &worked.run;
    match (run.state, &run.failure) {
        (state, _) if state.is_made() => {}
        (RunState::Cancelled, _) => {
            return Err(Failure::Cancelled(format!(
                "cancelled; what is done is kept: `reelwright resume {}` goes on",
                run.id
            )));
        }
        (_, Some((task, error))) => {
            return Err(Failure::other(format!(
                "task {task} failed: {}: {}; what is done is kept: mend the cause, then `reelwright resume {}`",
                error.name, error.cause, run.id
            )));
        }
        (state, None) => return Err(Failure::other(format!("run {} is {state:?}", run.id))),
    }
    let mut summary = Summary::gather(&home.services, &worked).await?;
    let folder = deliver(
        &home.services.artifacts,
        &run.id,
        summary.video(),
        &summary.json(),
        &how.out,
    )
    .await?;
    summary.delivered(&folder);
    Ok(Made {
        json: summary.json(),
        text: summary.text(),
        run: worked.run.clone(),
    })
}
