//! `reelwright script` and `reelwright rerender`: change a line, and make no more than that again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::{ContentKey, Run, RunId, ScriptSheet, Video};
use runtime::{EdgeError, Edit, EditError, Files, PartError, RunError, Services};

use super::make::finish;
use super::print_json;
use crate::by_hand::{ByThisCommand, user};
use crate::deliver::check_writable;
use crate::failure::Failure;
use crate::files;
use crate::home::Home;
use crate::options::How;
use crate::say;
use crate::work::output;

pub(crate) async fn script(id: &str, as_json: bool) -> Result<(), Failure> {
    let id = RunId::parse(id).map_err(Failure::input)?;
    let home = Home::open().await?;
    let sheet = home
        .services
        .runs(Arc::new(ByThisCommand))
        .script(&id)
        .await?;
    if as_json {
        return print_json(&sheet);
    }
    let yaml = serde_saphyr::to_string(&sheet).map_err(Failure::other)?;
    say::answer(format_args!(
        "# The script of run {id}. Change it, then: reelwright rerender {id} FILE\n{yaml}"
    ))
}

pub(crate) async fn rerender(
    id: &str,
    path: &Path,
    recording: Option<&Path>,
    how: &How,
) -> Result<(), Failure> {
    let id = RunId::parse(id).map_err(Failure::input)?;
    let text = files::read_text(path)?;
    let mut sheet = ScriptSheet::read(&text)
        .map_err(|error| Failure::input(format!("{}: {error}", files::name(path))))?;
    check_writable(&how.out)?;
    let base = path.parent().unwrap_or(Path::new(""));
    let home = Home::open().await?;
    let services = &home.services;
    let before = segments(services, &services.store.run(&id).await?).await?;
    let runs = services.runs(Arc::new(ByThisCommand));
    if let Some(recording) = recording {
        let usual = &services.providers.speech;
        sheet = runs.part_take(&id, sheet, recording, usual).await?;
    }
    let edited = runs
        .edit(&id, sheet, Files::Beside(base), &user())
        .await
        .map_err(|error| Failure::from(error).about(path))?;
    let run = match edited {
        Edit::Round(run) => *run,
        Edit::Nothing(run) => {
            if !how.json {
                say::tell("nothing was changed: the video is as it was");
            }
            return finish(&home, *run, how).await;
        }
    };
    if !how.json {
        say::tell(format_args!("run {}, round {}", run.id, run.round));
    }
    // One line is spoken on one core; the other reads meanwhile what judges the text.
    std::thread::spawn(quality::grammar::warm_up);
    finish(&home, run, how).await?;
    if !how.json {
        let now = segments(services, &services.store.run(&id).await?).await?;
        let anew: Vec<&str> = now
            .iter()
            .filter(|(key, _)| !before.iter().any(|(before, _)| before == key))
            .map(|(_, name)| name.as_str())
            .collect();
        let all = now.len();
        say::answer(format_args!(
            "{} of {all} pieces encoded again{}{}\n",
            anew.len(),
            if anew.is_empty() { "" } else { ": " },
            anew.join(", ")
        ))?;
    }
    Ok(())
}

/// The pieces that a run's video consists of, each by its key and with its name; none while there is no video.
async fn segments(
    services: &Services,
    run: &Run,
) -> Result<BTreeSet<(ContentKey, String)>, Failure> {
    if !run.state.is_made() {
        return Ok(BTreeSet::new());
    }
    let rows = services.store.tasks(&run.id, run.shown_round()).await?;
    let video: Video = output(services, &rows, "compose").await?;
    let named = video.segments.into_iter();
    Ok(named.map(|segment| (segment.key, segment.name)).collect())
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Run(RunError::Store(error)) => error.into(),
            EditError::Look(EdgeError::Artifacts(error)) => Self::other(error),
            EditError::Sheet(_) | EditError::Look(_) | EditError::NoScript { .. } => {
                Self::input(error)
            }
            EditError::Run(_) | EditError::Document { .. } => Self::other(error),
        }
    }
}

impl From<PartError> for Failure {
    fn from(error: PartError) -> Self {
        match error {
            PartError::Run(RunError::Store(error)) => error.into(),
            PartError::File(EdgeError::Artifacts(error)) => Self::other(error),
            PartError::File(_) | PartError::Speech(_) => Self::input(error),
            PartError::Run(_) => Self::other(error),
        }
    }
}
