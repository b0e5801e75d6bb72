//! Whether doing what feedback asks for helps: every brief is told, judged, told again by what was found wanting, and judged again, by its
//! words alone, as speaking and drawing change none.

use std::path::{Path, PathBuf};

use domain::quality::{Feedback, Target};
use domain::{Brief, Hook, Script};
use quality::{Assessment, Content, Policy, assess};

/// The least share of briefs that a second round must not make worse. Where it does, the first one is kept.
const NOT_WORSE: f64 = 0.75;

/// The least mean of what a second round gains, in points of the total.
const GAIN: f64 = 1.5;

/// How many seeds each brief is told with.
const SEEDS: u64 = 3;

/// The briefs that the writer can tell: the examples, and those that the quality system is tried on, half of them bad on purpose.
fn briefs() -> Vec<(String, Brief)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folders = ["examples/briefs", "tests/data/quality/briefs"];
    let mut paths: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "txt"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // A brief that is refused is never told.
        let mut brief = domain::read_brief(&std::fs::read_to_string(&path).unwrap()).ok()?;
        if let Some(file) = brief.source_file.clone() {
            let text = std::fs::read_to_string(path.with_file_name(file)).unwrap();
            brief = brief.with_source(text).unwrap();
        }
        Some((name, brief))
    };
    paths.into_iter().filter_map(read).collect()
}

fn judged(brief: &Brief, script: &Script, hook: &Hook) -> Assessment {
    let policy = Policy::of(&brief.brand.quality).unwrap();
    assess(
        &Content::of_script(script, hook).with_brief(brief.clone()),
        &policy,
    )
}

fn points(assessment: &Assessment) -> f64 {
    assessment.total.to_string().parse().unwrap()
}

/// The totals of a first round and of a second that does what was suggested.
fn rounds(brief: &Brief) -> (f64, f64) {
    let story = writer::story(brief).unwrap();
    let script = writer::script(brief, &story).unwrap();
    let hook = writer::hook(brief, &story).unwrap();
    let first = judged(brief, &script, &hook);
    let feedback = Feedback {
        of_round: 1,
        suggestions: first.advice.suggestions.clone(),
        note: None,
        earlier: Vec::new(),
    };
    let story = match feedback.of(Target::Story) {
        Some(feedback) => writer::story_again(brief, &feedback).unwrap(),
        None => story,
    };
    let script = match feedback.of(Target::Script) {
        Some(feedback) => writer::script_again(brief, &story, &feedback).unwrap(),
        None => writer::script(brief, &story).unwrap(),
    };
    let hook = match feedback.of(Target::Hook) {
        Some(feedback) => writer::hook_again(brief, &story, &feedback).unwrap(),
        None => writer::hook(brief, &story).unwrap(),
    };
    writer::trace_script(&script, &story).unwrap();
    writer::trace_hook(&hook, &story).unwrap();
    (points(&first), points(&judged(brief, &script, &hook)))
}

#[test]
fn a_second_round_is_seldom_worse_and_gains_on_the_whole() {
    let briefs = briefs();
    assert!(briefs.len() > 30, "{} briefs", briefs.len());
    let mut gains = Vec::new();
    for (name, brief) in &briefs {
        for seed in 0..SEEDS {
            let brief = Brief {
                seed: brief.seed + seed,
                ..brief.clone()
            };
            let (first, second) = rounds(&brief);
            println!(
                "{name:<24} {first:5.1} -> {second:5.1}  {:+.1}",
                second - first
            );
            gains.push(second - first);
        }
    }
    let not_worse = gains.iter().filter(|gain| **gain > -0.05).count();
    let mean = gains.iter().sum::<f64>() / gains.len() as f64;
    println!(
        "{not_worse} of {} at least as good, {mean:+.2} points on average",
        gains.len()
    );
    assert!(
        not_worse as f64 >= NOT_WORSE * gains.len() as f64,
        "{not_worse} of {}",
        gains.len()
    );
    assert!(mean >= GAIN, "{mean}");
}
