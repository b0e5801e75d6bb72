//! `reelwright score`.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use domain::{Brief, Hook, Narration, RunId, Script, Video};
use quality::score::{Criterion, Score};
use quality::{Assessment, Content, Policy, assess};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::print_json;
use crate::failure::Failure;
use crate::files;
use crate::home::Home;
use crate::say;
use crate::work::output;

/// What to score, and how to tell it.
#[derive(Debug, Args)]
pub(crate) struct Scoring {
    /// A text file (`-` reads standard input), or a run's id
    #[arg(required_unless_present = "jsonl")]
    target: Option<String>,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
    /// Score one text a line, `{id, text, hook?}`, into one JSON a line (`-` reads standard input)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "json"])]
    jsonl: Option<PathBuf>,
}

/// Scores a text, a run, or a line of JSON after the other.
pub(crate) async fn score(what: &Scoring) -> Result<(), Failure> {
    if let Some(path) = &what.jsonl {
        return lines(path);
    }
    let target = what.target.as_deref().unwrap_or("-");
    let path = Path::new(target);
    let content = match RunId::parse(target) {
        Ok(id) if !path.exists() => of_run(&id).await?,
        _ => Content::of_text(files::read_text(path)?),
    };
    let assessment = assess(&content, &Policy::default());
    if what.json {
        return print_json(&json!({ "text": content.text(), "assessment": assessment }));
    }
    say::answer(table(&assessment))
}

/// What a run made, as far as it is made: a script and a hook at least.
async fn of_run(id: &RunId) -> Result<Content, Failure> {
    let home = Home::open().await?;
    let services = &home.services;
    let run = services.store.run(id).await?;
    let rows = services.store.tasks(id, run.round).await?;
    let brief = services
        .artifacts
        .get(&run.brief)
        .await
        .map_err(Failure::other)?;
    let brief: Brief = serde_json::from_slice(&brief).map_err(Failure::other)?;
    let script: Script = output(services, &rows, "script").await?;
    let hook: Hook = output(services, &rows, "hook").await?;
    let mut content = Content::of_script(&script, &hook)
        .with_brief(brief)
        .with_degraded(run.degraded);

    let mut spoken: Vec<_> = rows
        .iter()
        .filter(|row| row.task.as_str() == "audio" && row.item.is_some() && row.status.has_output())
        .collect();
    spoken.sort_by_key(|row| row.item);
    // Times are those of the whole only if every scene is spoken.
    if spoken.len() == script.scenes.len() {
        let mut narrations: Vec<Narration> = Vec::with_capacity(spoken.len());
        for end in spoken.iter().filter_map(|row| row.end.as_ref()) {
            let bytes = services
                .artifacts
                .get(&end.output)
                .await
                .map_err(Failure::other)?;
            narrations.push(serde_json::from_slice(&bytes).map_err(Failure::other)?);
        }
        content = content.with_narrations(&narrations);
    }
    if rows
        .iter()
        .any(|row| row.task.as_str() == "compose" && row.status.has_output())
    {
        let video: Video = output(services, &rows, "compose").await?;
        content = content.with_video(&video);
    }
    Ok(content)
}

/// A line of a set to be scored.
#[derive(Deserialize)]
struct Item {
    id: Value,
    text: String,
    #[serde(default)]
    hook: Option<String>,
}

/// Scores one text a line. A line that can't be read ends it, named by its number: what was scored before is already printed.
fn lines(path: &Path) -> Result<(), Failure> {
    let input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::input(format!("can't read {}: {error}", files::name(path)))
        })?;
        Box::new(BufReader::new(file))
    };
    let policy = Policy::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (at, line) in input.lines().enumerate() {
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::input(format!(
                "{} line {}: {error}: expected {{\"id\", \"text\", \"hook\"?}}",
                files::name(path),
                at + 1
            ))
        };
        let line = line.map_err(|error| wrong(&error))?;
        if line.trim().is_empty() {
            continue;
        }
        let item: Item = serde_json::from_str(&line).map_err(|error| wrong(&error))?;
        let mut content = Content::of_text(item.text);
        if let Some(hook) = item.hook {
            content = content.with_hook(hook);
        }
        let scored = scored(&item.id, &assess(&content, &policy));
        match writeln!(out, "{scored}") {
            // A reader that has left has had enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => {
                return Err(Failure::other(format!(
                    "the answer can't be written to standard output: {error}"
                )));
            }
            Ok(()) => {}
        }
    }
    match out.flush() {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::other(
            format!("the answer can't be written to standard output: {error}"),
        )),
        _ => Ok(()),
    }
}

/// `{id, total, tier, scores, raw, valence, arousal}`; what wasn't measured is null.
fn scored(id: &Value, assessment: &Assessment) -> Value {
    let all = |of: &dyn Fn(&Score) -> Value| -> Map<String, Value> {
        Criterion::ALL
            .into_iter()
            .map(|criterion| {
                (
                    criterion.name().to_owned(),
                    assessment.score(criterion).map_or(Value::Null, of),
                )
            })
            .collect()
    };
    json!({
        "id": id,
        "total": assessment.total,
        "tier": assessment.tier,
        "scores": all(&|score| score.value.into()),
        "raw": all(&|score| score.raw.into()),
        "valence": assessment.valence,
        "arousal": assessment.arousal,
    })
}

/// The scores as bars, then what to do.
fn table(assessment: &Assessment) -> String {
    let mut text = format!(
        "total {:>12}   {}\n\n",
        assessment.total,
        assessment.tier.name()
    );
    // Writing to a string can't fail.
    for score in &assessment.scores {
        let full = usize::from(score.value) / 5;
        let bar: String = "\u{2588}".repeat(full) + &"\u{2591}".repeat(20 - full);
        let unsure = if score.confidence < 0.5 {
            "  (unsure)"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "{:<18} {:>3} {bar} {:>3}%{unsure}",
            score.criterion.title(),
            score.value,
            score.weight
        );
    }
    for unmeasured in &assessment.unmeasured {
        let _ = writeln!(
            text,
            "{:<18}   \u{2013} {}",
            unmeasured.criterion.title(),
            unmeasured.reason
        );
    }
    let advice = &assessment.advice;
    let lists: [(&str, Vec<String>); 3] = [
        ("strengths", advice.strengths.clone()),
        ("weaknesses", advice.weaknesses.clone()),
        (
            "what to change, the most points for the least change first",
            advice
                .feedback
                .iter()
                .take(8)
                .map(|change| {
                    format!(
                        "+{:.1} {}: {}",
                        change.gain, change.criterion, change.instruction
                    )
                })
                .collect(),
        ),
    ];
    for (name, lines) in lists.iter().filter(|(_, lines)| !lines.is_empty()) {
        let _ = writeln!(text, "\n{name}:");
        for line in lines {
            let _ = writeln!(text, "  - {line}");
        }
    }
    text
}
