//! Briefs that are put into the bucket.

use domain::{BriefError, MAX_BRIEF_BYTES, RunId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::brief::{Reason, Refusal, begin, is_bad_input};
use crate::event::Object;
use crate::{Intake, IntakeError};

/// Where briefs are put.
const BRIEFS: &str = "briefs/";

/// Where those go that can't be made.
const FAILED: &str = "failed/";

/// What a brief's key ends with.
const ENDINGS: [&str; 3] = [".json", ".yaml", ".yml"];

const MEND: &str = "mend the brief and put it under briefs/ again";
const RENAME: &str =
    "it stays where it is: put it under briefs/ again by another name, and delete it there";

/// Takes in one object. One that is no brief is moved aside, with the reason beside it; an error means that it is worth another try.
pub(crate) async fn take(intake: &Intake, object: &Object) -> Result<(), IntakeError> {
    let source = format!("s3://{}/{}", object.bucket, object.key);
    if object.bucket != intake.bucket {
        return Err(IntakeError::OtherBucket {
            bucket: object.bucket.clone(),
            own: intake.bucket.clone(),
        });
    }
    let Some(name) = object.key.strip_prefix(BRIEFS) else {
        return Err(IntakeError::OtherKey(object.key.clone()));
    };
    if name.is_empty() || name.ends_with('/') {
        // Consoles make these to show a folder.
        return Ok(());
    }
    match started(intake, object).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => {
            tracing::info!(
                source,
                "this brief was moved, deleted or written again since"
            );
            Ok(())
        }
        Err(refusal) if refusal.is_final() => {
            tracing::warn!(source, %refusal, "this is no brief that can be made");
            set_aside(intake, object, name, &source, &refusal).await
        }
        Err(refusal) => Err(IntakeError::Later {
            what: source,
            refusal,
        }),
    }
}

/// The run of an object; none if the object is no longer what the event tells of.
async fn started(intake: &Intake, object: &Object) -> Result<Option<RunId>, Refusal> {
    let ending = object.key.to_lowercase();
    if !ENDINGS.iter().any(|known| ending.ends_with(known)) {
        return Err(Refusal::Name(object.key.clone()));
    }
    let artifacts = &intake.runs.artifacts;
    let Some(found) = artifacts.find_raw(&object.key).await? else {
        return Ok(None);
    };
    // What was written since has an event of its own.
    if found.tag != object.tag {
        return Ok(None);
    }
    let limit = MAX_BRIEF_BYTES as u64;
    if found.bytes > limit {
        let bytes = found.bytes as usize;
        return Err(BriefError::TooLarge { bytes }.into());
    }
    let Some(brief) = artifacts.read_raw(&object.key, limit).await? else {
        return Ok(None);
    };
    begin(&intake.runs, run_of(object), &brief).await.map(Some)
}

/// The run of one writing of an object: the same in each of its events.
fn run_of(object: &Object) -> RunId {
    let writing = object.version.as_ref().unwrap_or(&object.tag);
    let parts = ["s3", &object.bucket, &object.key, writing].map(str::as_bytes);
    RunId::of_message(object.at.0, &parts)
}

/// Moves a brief out of the way. The reason comes first: if the move fails, both are done again.
async fn set_aside(
    intake: &Intake,
    object: &Object,
    name: &str,
    source: &str,
    refusal: &Refusal,
) -> Result<(), IntakeError> {
    let artifacts = &intake.runs.artifacts;
    let later = |error| IntakeError::Later {
        what: source.to_owned(),
        refusal: Refusal::Object(error),
    };
    let can_move = match artifacts.find_raw(&object.key).await {
        Ok(Some(found)) if found.tag == object.tag => true,
        // Gone, or written again since: the new one has an event of its own.
        Ok(_) => return Ok(()),
        Err(error) if is_bad_input(&error) => false,
        Err(error) => return Err(later(error)),
    };
    let (aside, next) = if can_move {
        (format!("{FAILED}{name}"), MEND)
    } else {
        // Such a name is good for nothing but to be shown, and keys have at most 1,024 bytes.
        let mut shown = utf8_percent_encode(name, NON_ALPHANUMERIC).to_string();
        shown.truncate(900);
        (format!("{FAILED}{shown}"), RENAME)
    };
    let reason = Reason::new(source, refusal, next);
    let reason = serde_json::to_vec_pretty(&reason).map_err(|error| IntakeError::Reason {
        what: source.to_owned(),
        error,
    })?;
    artifacts
        .write_raw(&format!("{aside}.reason.json"), reason.into())
        .await
        .map_err(later)?;
    if can_move {
        artifacts
            .move_raw(&object.key, &aside)
            .await
            .map_err(later)?;
    }
    Ok(())
}
