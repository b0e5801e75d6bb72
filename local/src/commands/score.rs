//! `reelwright score`.

mod judge;
mod lines;
mod page;
mod table;

use std::path::{Path, PathBuf};

use clap::Args;
use domain::quality::{JudgeWeight, Judging};
use domain::{Brief, Hook, Narration, RunId, Script, Video};
use quality::report::Page;
use quality::{Content, Policy, assess};
use serde_json::json;

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
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "json", "html"])]
    jsonl: Option<PathBuf>,
    /// Write a page with the scores, their reasons and the marked text
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Ask the judge too: the model of REELWRIGHT_JUDGE. A run's own judgement is shown without it
    #[arg(long, conflicts_with = "jsonl")]
    judge: bool,
    /// Spend so many US dollars on the judge at most
    #[arg(long, value_name = "USD", requires = "judge", value_parser = dollars)]
    max_cost_usd: Option<f64>,
}

fn dollars(text: &str) -> Result<f64, String> {
    let usd: Option<f64> = text.parse().ok();
    usd.filter(|usd| usd.is_finite() && *usd >= 0.0)
        .ok_or_else(|| "expected dollars, such as 0.05".to_owned())
}

/// What is scored, by which rules, and what a page says of it.
struct Subject {
    content: Content,
    policy: Policy,
    page: Page,
    /// What the judge counts for, if a brand says it.
    weight: Option<JudgeWeight>,
    /// What a judge said when the run was made.
    judging: Option<Judging>,
}

/// Scores a text, a run, or a line of JSON after the other.
pub(crate) async fn score(what: &Scoring) -> Result<(), Failure> {
    if let Some(path) = &what.jsonl {
        return lines::score(path);
    }
    let target = what.target.as_deref().unwrap_or("-");
    let path = Path::new(target);
    let subject = match RunId::parse(target) {
        Ok(id) if !path.exists() => Box::pin(of_run(&id)).await?,
        _ => of_text(path)?,
    };
    let judge = if what.judge {
        Some(judge::judge().await?)
    } else {
        None
    };
    let (content, policy) = (&subject.content, &subject.policy);
    let built_in = assess(content, policy);
    let assessment = match (&judge, &subject.judging) {
        (Some(judge), _) => {
            let limit = what.max_cost_usd;
            judge::asked(judge, subject.weight, limit, (content, policy), built_in).await?
        }
        (None, Some(told)) => {
            built_in.with_judge(content, policy, &told.by, told.weight, told.said())
        }
        (None, None) => built_in,
    };
    if let Some(to) = &what.html {
        page::write(to, &subject.content, &assessment, &subject.page)?;
    }
    if what.json {
        return print_json(&json!({ "text": subject.content.text(), "assessment": assessment }));
    }
    say::answer(table::table(&assessment))
}

fn of_text(path: &Path) -> Result<Subject, Failure> {
    if path != Path::new("-") && !path.exists() {
        return Err(Failure::input(format!(
            "there is no file {}, and it is no run's id: name a text file, `-` for standard input, or a run (`reelwright list` shows them)",
            path.display()
        )));
    }
    let text = files::read_text(path)?;
    let title = if path == Path::new("-") {
        "A text".to_owned()
    } else {
        path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    };
    Ok(Subject {
        content: Content::of_text(text),
        policy: Policy::default(),
        weight: None,
        judging: None,
        page: Page {
            title,
            facts: Vec::new(),
        },
    })
}

/// What a run made, as far as it is made: a script and a hook at least.
async fn of_run(id: &RunId) -> Result<Subject, Failure> {
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
    // The edge refused rules that can't be used.
    let policy = Policy::of(&brief.brand.quality).map_err(Failure::other)?;
    let weight = brief.brand.quality.judge_weight();
    let weight = weight.map_err(Failure::other)?;
    let judging = run.rounds.iter().find(|score| score.round == run.round);
    let judging = judging.and_then(|score| score.judging.clone());
    let made = |task: &str| {
        rows.iter()
            .any(|row| row.task.as_str() == task && row.status.has_output())
    };
    if !made("script") || !made("hook") {
        return Err(Failure::input(format!(
            "run {id} has no script and hook yet to be scored: wait for it, or carry it on with `reelwright resume {id}`"
        )));
    }
    let page = Page {
        title: if brief.topic.is_empty() {
            format!("Run {id}")
        } else {
            brief.topic.clone()
        },
        facts: vec![
            ("run".to_owned(), id.to_string()),
            ("round".to_owned(), run.round.to_string()),
        ],
    };
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
    if made("compose") {
        let video: Video = output(services, &rows, "compose").await?;
        content = content.with_video(&video);
    }
    Ok(Subject {
        content,
        policy,
        page,
        weight,
        judging,
    })
}
