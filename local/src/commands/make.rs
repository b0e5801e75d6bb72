//! `reelwright make` and `reelwright resume`.

use std::path::Path;

use domain::{Brief, Run, RunId, RunState, read_brief};
use runtime::{EdgeError, Files, Services, new_run, store_brief};

use crate::deliver::{check_writable, deliver};
use crate::failure::Failure;
use crate::files;
use crate::home::Home;
use crate::options::How;
use crate::say;
use crate::summary::Summary;
use crate::work::{Worked, work};

pub(crate) async fn make(path: &Path, how: &How) -> Result<(), Failure> {
    let brief = read_brief(&files::read_text(path)?)
        .map_err(|error| Failure::input(format!("{}: {error}", files::name(path))))?;
    check_writable(&how.out)?;
    let base = path.parent().unwrap_or(Path::new(""));
    let home = Home::open().await?;
    let run = begin(&home.services, brief, base)
        .await
        .map_err(|failure| failure.about(path))?;
    if !how.json {
        say::tell(format_args!("run {} ({})", run.id, run.topic));
    }
    finish(&home, run, how).await
}

pub(crate) async fn resume(id: &str, how: &How) -> Result<(), Failure> {
    let id = RunId::parse(id).map_err(Failure::input)?;
    check_writable(&how.out)?;
    let home = Home::open().await?;
    let run = home.services.store.run(&id).await?;
    finish(&home, run, how).await
}

/// Stores the brief with its files, and writes the run.
async fn begin(services: &Services, brief: Brief, base: &Path) -> Result<Run, Failure> {
    let (brief, stored) = store_brief(brief, Files::Beside(base), &services.artifacts)
        .await
        .map_err(|error| match error {
            EdgeError::Artifacts(error) => Failure::other(error),
            other => Failure::input(other),
        })?;
    let now = services.now();
    let run = new_run(RunId::new(now.0, random()), &brief, stored, now);
    services.store.put_run(&run, None).await?;
    Ok(run)
}

/// Random bits for an id, from the keys that the standard library draws for its hash maps.
fn random() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    let draw = || u128::from(RandomState::new().hash_one(std::process::id()));
    draw() << 64 | draw()
}

/// Works on a run until it ends and writes the files out.
pub(super) async fn finish(home: &Home, run: Run, how: &How) -> Result<(), Failure> {
    let keeping = home.keep_figures();
    let finished = Box::pin(finish_run(home, run, how)).await;
    keeping.end().await;
    finished
}

async fn finish_run(home: &Home, run: Run, how: &How) -> Result<(), Failure> {
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
    if how.json {
        super::print_json(&summary.json())
    } else {
        say::answer(summary.text())
    }
}
