//! `reelwright make --estimate`: what a brief would cost, and how long it would take, before anything is spent.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use domain::{Brief, Hook, HookWish, Script, Story};
use monitor::Family;
use providers::{Providers, Quoted, SpeechRequest, quoted};
use quality::Content;
use review::recorded::{PerformanceInsights, Period};
use runtime::{Files, SHORT_VIDEO, Services, store_brief, workflow};
use serde::Serialize;

use super::print_json;
use crate::failure::Failure;
use crate::home::Home;
use crate::say;

/// How many days of figures are looked at.
const DAYS: u32 = 30;

/// The length, in seconds, of the video that the workflow's own expectations are for.
const USUAL_SECONDS: f64 = 30.0;

/// How long drawing and encoding a draft takes, as a share of a film: it has a ninth of the pixels, and what doesn't hang on them.
const DRAFT_SHARE: f64 = 0.2;

/// A brief's video before it is made.
#[derive(Debug, Serialize)]
struct Estimate {
    tasks: Vec<TaskEstimate>,
    /// All of it, one after the other.
    work_seconds: f64,
    /// As it would be made on this machine.
    seconds: f64,
    /// What it costs at most, if nothing has to be asked twice.
    most_usd: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_cost_usd: Option<f64>,
    /// How many videos the brief asks for; the sums are of one.
    videos: u32,
}

/// One task of it.
#[derive(Debug, Serialize)]
struct TaskEstimate {
    task: String,
    items: usize,
    /// All items together.
    seconds: f64,
    /// Whether that is what the task took here lately, and not what its workflow expects.
    measured: bool,
    /// What it costs at most.
    most_usd: f64,
}

pub(super) async fn estimate(mut brief: Brief, base: &Path, as_json: bool) -> Result<(), Failure> {
    let home = Home::open().await?;
    let services = &home.services;
    let videos = brief.variants.take().map_or(1, |variants| variants.count());
    let (brief, _) = store_brief(brief, Files::Beside(base), &services.artifacts)
        .await
        .map_err(Failure::input)?;
    let estimate = Estimate::of(services, &brief, videos).await?;
    if as_json {
        print_json(&estimate)
    } else {
        say::answer(estimate.text())
    }
}

impl Estimate {
    async fn of(services: &Services, brief: &Brief, videos: u32) -> Result<Self, Failure> {
        let prices = Prices::of(&services.providers, brief).await?;
        let measured = measured(services, brief).await?;
        let workflow = workflow(SHORT_VIDEO).map_err(Failure::other)?;
        let tasks: Vec<TaskEstimate> = workflow
            .tasks
            .iter()
            .map(|(name, spec)| {
                let name = name.as_str();
                let items = match (name, &spec.for_each) {
                    (_, None) => 1,
                    ("video", _) => prices.clips,
                    _ => prices.scenes,
                };
                let lately = measured.get(name).copied();
                let each = lately.unwrap_or_else(|| expected(name, spec.expect, brief));
                TaskEstimate {
                    task: name.to_owned(),
                    items,
                    seconds: each * items as f64,
                    measured: lately.is_some(),
                    most_usd: prices.usd.get(name).copied().unwrap_or_default(),
                }
            })
            .collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let work_seconds: f64 = tasks.iter().map(|task| task.seconds).sum();
        // What runs beside what shares the cores; and no task is done before its longest item.
        let spread = |task: &TaskEstimate| {
            let rounds = task.items.div_ceil(cores).max(1) as f64;
            task.seconds / task.items.max(1) as f64 * rounds
        };
        let dag = workflow.dag();
        let spread = dag
            .with_seconds(tasks.iter().map(spread).collect())
            .map_err(Failure::other)?;
        let (path, _) = spread.critical_path();
        Ok(Self {
            most_usd: tasks.iter().map(|task| task.most_usd).sum(),
            seconds: path.max(work_seconds / cores as f64),
            tasks,
            work_seconds,
            max_cost_usd: brief.max_cost_usd,
            videos,
        })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<10} {:>5} {:>10}   {:<10} {:>10}",
            "task", "items", "work", "", "at most"
        );
        for task in &self.tasks {
            let from = if task.measured {
                "measured"
            } else {
                "expected"
            };
            let _ = writeln!(
                text,
                "{:<10} {:>5} {:>8.2} s   {from:<10} {:>9.4} $",
                task.task, task.items, task.seconds, task.most_usd
            );
        }
        let _ = writeln!(
            text,
            "\nabout {:.0} s ({:.1} s of work), at most ${:.4}; an answer that can't be used is asked for once more",
            self.seconds.ceil(),
            self.work_seconds,
            self.most_usd
        );
        if self.videos > 1 {
            let _ = writeln!(
                text,
                "the brief asks for {} videos: this is the first, and the others make only what differs",
                self.videos
            );
        }
        match self.max_cost_usd {
            Some(limit) if limit < self.most_usd => {
                let _ = writeln!(
                    text,
                    "max_cost_usd is {limit}: a call that might pass it would be refused"
                );
            }
            _ => {}
        }
        text
    }
}

/// What each task costs at most, and how often it runs.
pub(super) struct Prices {
    usd: BTreeMap<&'static str, f64>,
    scenes: usize,
    clips: usize,
}

impl Prices {
    /// What a round costs at most, if nothing has to be asked twice.
    pub(super) fn total(&self) -> f64 {
        self.usd.values().sum()
    }

    /// Asks nobody who is to be paid. Where somebody is, the embedded writer says about how much there will be to speak and to draw.
    pub(super) async fn of(providers: &Providers, brief: &Brief) -> Result<Self, Failure> {
        let text = &providers.text;
        let mut usd = BTreeMap::new();
        let words = brief.clone().words_only();
        let asked = brief.clone().for_story();
        let story = priced(&mut usd, "story", quoted(text.story(&asked, None)).await)?;
        let story: Story = match story {
            Some(answer) => answer.value,
            None => writer::story(brief).map_err(Failure::input)?,
        };
        let short = words.without_source();
        let script = priced(
            &mut usd,
            "script",
            quoted(text.script(&short, &story, None)).await,
        )?;
        let script: Script = match script {
            Some(answer) => answer.value,
            None => writer::script(brief, &story).map_err(Failure::input)?,
        };
        let wish = HookWish {
            form: brief.hook,
            ..HookWish::default()
        };
        let hook = priced(
            &mut usd,
            "hook",
            quoted(text.hook(&short, &story, &wish, None)).await,
        )?;
        let hook: Hook = match hook {
            Some(answer) => answer.value,
            None => writer::hook_variant(brief, &story, &wish).map_err(Failure::input)?,
        };
        let spoken: f64 = (0..script.scenes.len())
            .map(|scene| {
                let lines = script.spoken(&hook, scene).iter();
                let lines: Vec<String> = lines.map(|line| line.text.clone()).collect();
                providers.speech.most_usd(&SpeechRequest {
                    pronunciations: brief.brand.pronunciations.needed_by(&lines),
                    lines,
                    language: brief.language.clone(),
                    planned_wpm: script.planned_wpm,
                })
            })
            .sum();
        usd.insert("audio", spoken);
        usd.insert(
            "images",
            providers.pictures.most_usd() * script.scenes.len() as f64,
        );
        if let Some(judge) = &providers.judge {
            let content = Content::of_script(&script, &hook).with_brief(brief.clone());
            if let Ok(subject) = content.subject() {
                priced(
                    &mut usd,
                    "score",
                    quoted(judge.provider.judge(&subject)).await,
                )?;
            }
        }
        Ok(Self {
            usd,
            scenes: script.scenes.len(),
            clips: script.moving().len(),
        })
    }
}

/// What was made for nothing; else what it costs is noted.
fn priced<T>(
    usd: &mut BTreeMap<&'static str, f64>,
    task: &'static str,
    quoted: Result<Quoted<T>, providers::ProviderError>,
) -> Result<Option<T>, Failure> {
    match quoted.map_err(Failure::input)? {
        Quoted::Free(made) => Ok(Some(made)),
        Quoted::Most(most) => {
            usd.insert(task, most);
            Ok(None)
        }
    }
}

/// How long the tasks took here lately: the median of an item, in seconds. What a draft takes isn't measured apart, nor is what composing takes by
/// the length of the video and by what of it was kept from before.
async fn measured(services: &Services, brief: &Brief) -> Result<BTreeMap<String, f64>, Failure> {
    if brief.draft {
        return Ok(BTreeMap::new());
    }
    let period = Period::new(None, Some(DAYS)).map_err(Failure::other)?;
    let recorded = period.read(&services.store, services.now()).await?;
    let tasks = PerformanceInsights::of(&recorded).operations.into_iter();
    Ok(tasks
        .filter(|operation| operation.family == Family::Task && operation.name != "compose")
        .map(|operation| (operation.name, operation.p50_ms / 1000.0))
        .collect())
}

/// How long the workflow expects an item to take. Composing takes as long as the video is.
fn expected(task: &str, usual: f64, brief: &Brief) -> f64 {
    let length = f64::from(brief.target_seconds) / USUAL_SECONDS;
    let draft = if brief.draft { DRAFT_SHARE } else { 1.0 };
    match task {
        "compose" => usual * length * draft,
        "images" | "video" => usual * draft,
        _ => usual,
    }
}
