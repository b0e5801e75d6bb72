//! What a run keeps of the round that is shown: its assessment, and its video.

use domain::{Run, Video};
use quality::Assessment;
use quality::report::Timeline;
use runtime::http::{Problem, document};
use serde::Deserialize;

use crate::api::Api;

/// The task whose output is the video.
const LAST_TASK: &str = "compose";

/// How a round was judged, as the gate keeps it.
#[derive(Debug, Deserialize)]
pub(crate) struct Assessed {
    /// The text that was judged.
    pub(crate) text: String,
    /// What it is worth, and why.
    pub(crate) assessment: Assessment,
    /// Its scenes in time.
    #[serde(default)]
    pub(crate) timeline: Timeline,
}

/// How the round that is shown was judged; nothing if it wasn't.
pub(crate) async fn assessed(api: &Api, run: &Run) -> Result<Option<Assessed>, Problem> {
    match run.shown_score() {
        None => Ok(None),
        Some(score) => {
            let what = format!("the assessment of run {}", run.id);
            document(&api.runs, &what, &score.assessment)
                .await
                .map(Some)
        }
    }
}

/// The video of the round that is shown; nothing if none is made.
pub(crate) async fn video(api: &Api, run: &Run) -> Result<Option<Video>, Problem> {
    if !run.state.is_made() {
        return Ok(None);
    }
    let rows = api.runs.store.tasks(&run.id, run.shown_round()).await?;
    let end = rows
        .iter()
        .filter(|row| row.status.has_output())
        .find(|row| row.task.as_str() == LAST_TASK)
        .and_then(|row| row.end.as_ref());
    match end {
        None => Ok(None),
        Some(end) => {
            let what = format!("the video of run {}", run.id);
            document(&api.runs, &what, &end.output).await.map(Some)
        }
    }
}
