//! Puts the finished files where the user wants them: all of them, or none.

use std::path::{Path, PathBuf};

use artifacts::Artifacts;
use domain::{RunId, Video};

use crate::failure::Failure;

/// Makes sure, before any work is done, that files can be written to `out`.
pub(crate) fn check_writable(out: &Path) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| {
        Failure::input(format!(
            "can't write to the output folder {}: {error}; name another with --out",
            out.display()
        ))
    };
    std::fs::create_dir_all(out).map_err(unwritable)?;
    let probe = out.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"probe").map_err(unwritable)?;
    std::fs::remove_file(&probe).map_err(unwritable)
}

/// Copies the video and its companions into `out/RUN`. They are gathered in a hidden folder beside it first, which then takes the
/// name, so that a full disk or a kill leaves no half of a video behind.
pub(crate) async fn deliver(
    artifacts: &Artifacts,
    run: &RunId,
    video: &Video,
    record: &serde_json::Value,
    out: &Path,
) -> Result<PathBuf, Failure> {
    let folder = out.join(run.as_str());
    let gathering = out.join(format!(".{run}.part"));
    let gathered = gather(artifacts, video, record, &gathering)
        .await
        .and_then(|()| {
            if folder.exists() {
                std::fs::remove_dir_all(&folder)
                    .map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            std::fs::rename(&gathering, &folder)
                .map_err(|error| format!("{}: {error}", folder.display()))
        });
    if let Err(cause) = gathered {
        // What is left of the attempt goes; if that fails too there is nothing more to do about it.
        let _ = std::fs::remove_dir_all(&gathering);
        // What was named to write to can't be used: wrong input, though only found out now.
        return Err(Failure::input(format!(
            "the video is made but can't be written out: {cause}; nothing is lost: `reelwright resume {run} --out FOLDER` \
             writes it"
        )));
    }
    Ok(folder)
}

async fn gather(
    artifacts: &Artifacts,
    video: &Video,
    record: &serde_json::Value,
    folder: &Path,
) -> Result<(), String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(at)?;
    }
    std::fs::create_dir_all(folder).map_err(at)?;
    for (name, stored) in video.files() {
        artifacts
            .copy_to(stored, &folder.join(name))
            .await
            .map_err(|error| error.to_string())?;
    }
    let text = serde_json::to_vec_pretty(record).map_err(|error| error.to_string())?;
    std::fs::write(folder.join("run.json"), text).map_err(at)
}
