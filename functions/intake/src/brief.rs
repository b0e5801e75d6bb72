//! How what came in becomes a run, or why it can't.

use artifacts::ArtifactError;
use domain::{BriefError, BriefProblem, RunId, read_brief};
use runtime::{Begun, EdgeError, Files, RunError, Runs};
use serde::Serialize;

/// Why what came in became no run.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Its name says that it is something else.
    #[error("{0:?} doesn't say that it is a brief: name it .json, .yaml or .yml")]
    Name(String),
    /// It is no text.
    #[error("it is not UTF-8 text (byte {0} is the first that isn't): save it as UTF-8")]
    NotText(usize),
    /// It is no brief, or one that asks for what can't be.
    #[error(transparent)]
    Brief(#[from] BriefError),
    /// Its object can't be asked for.
    #[error(transparent)]
    Object(#[from] ArtifactError),
    /// It was taken for a brief, and couldn't be started.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Refusal {
    /// Whether the brief itself is at fault, so that it will never do. If not, something that is needed to start a run is, and the same
    /// brief may do another time.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Object(error) | Self::Run(RunError::Brief(EdgeError::Artifacts(error))) => {
                is_bad_input(error)
            }
            Self::Name(_) | Self::NotText(_) | Self::Brief(_) | Self::Run(RunError::Brief(_)) => {
                true
            }
            Self::Run(_) => false,
        }
    }

    /// What is wrong with which field, where that is known.
    fn problems(&self) -> &[BriefProblem] {
        match self {
            Self::Brief(BriefError::Problems(problems))
            | Self::Run(RunError::Brief(EdgeError::Brief(BriefError::Problems(problems)))) => {
                problems
            }
            _ => &[],
        }
    }
}

/// Whether it is what was named that is wrong, not the place it is kept in.
pub(crate) fn is_bad_input(error: &ArtifactError) -> bool {
    matches!(
        error,
        ArtifactError::TooLarge { .. } | ArtifactError::BadKey { .. }
    )
}

/// Starts the run of a brief. The same id a second time is the same run, which then goes on if it was left before it began.
pub(crate) async fn begin(runs: &Runs, id: RunId, brief: &[u8]) -> Result<RunId, Refusal> {
    let text = str::from_utf8(brief).map_err(|error| Refusal::NotText(error.valid_up_to()))?;
    let brief = read_brief(text)?;
    match runs.begin(id, brief, Files::Uploaded, None).await? {
        Begun::New(run) => {
            tracing::info!(run = %run.id, "a brief started a run");
            Ok(run.id)
        }
        Begun::Known(id) => {
            tracing::info!(run = %id, "this brief came before");
            runs.look_after(&id).await?;
            Ok(id)
        }
    }
}

/// What people are told of a brief that was refused.
#[derive(Debug, Serialize)]
pub(crate) struct Reason<'a> {
    /// Where it came from.
    source: &'a str,
    /// What is wrong with it, and what to do.
    error: String,
    /// The same by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem<'a>>,
    /// How to send it again.
    next: &'static str,
}

#[derive(Debug, Serialize)]
struct Problem<'a> {
    field: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    message: &'a str,
}

impl<'a> Reason<'a> {
    /// Why a brief from `source` was refused, and how to send it again.
    pub(crate) fn new(source: &'a str, refusal: &'a Refusal, next: &'static str) -> Self {
        let problem = |problem: &'a BriefProblem| Problem {
            field: &problem.field,
            line: problem.place.map(|(line, _)| line),
            column: problem.place.map(|(_, column)| column),
            message: &problem.message,
        };
        Self {
            source,
            error: refusal.to_string(),
            problems: refusal.problems().iter().map(problem).collect(),
            next,
        }
    }
}
