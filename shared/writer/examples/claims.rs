//! Prints every claim of the scripts of a folder's briefs beside the sentence that it comes from, and how often each arc and form was told:
//! `cargo run -p writer --example claims -- tests/data/quality/briefs good`. The second argument is what the files' names begin with. Ends with an error where a claim has
//! no source.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::{Line, LineSource, SourceId, Story};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder of briefs")?;
    let start = arguments.next().unwrap_or_default();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| name(path).starts_with(&start));
    paths.sort();
    let mut arcs: BTreeMap<&str, usize> = BTreeMap::new();
    let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut claims, mut phrases) = (0, 0);
    for path in &paths {
        let brief = domain::read_brief(&std::fs::read_to_string(path)?)?;
        let story = writer::story(&brief)?;
        let script = writer::script(&brief, &story)?;
        let hook = writer::hook(&brief, &story)?;
        writer::trace_story(&story)?;
        writer::trace_script(&script, &story)?;
        writer::trace_hook(&hook, &story)?;
        let posts = writer::posts(&brief, &story, &script, &hook);
        writer::trace_posts(&posts, &story, brief.brand.name.as_deref())?;
        *arcs.entry(story.arc.name()).or_default() += 1;
        *forms.entry(hook.form.name()).or_default() += 1;
        println!(
            "\n{}: {} | {} | opens with {}",
            name(path),
            story.title,
            story.arc.told(),
            hook.form.told()
        );
        for (at, scene) in script.scenes.iter().enumerate() {
            for line in script.spoken(&hook, at) {
                println!("  {:<14} {}", role(scene.role), line.text);
                if let Some(source) = source(line, &story) {
                    println!("  {:<14} {source}", "");
                    claims += 1;
                } else {
                    phrases += 1;
                }
            }
        }
        println!(
            "  {:<14} {}",
            "to post with",
            posts.reels.text.replace("\n\n", " / ")
        );
    }
    println!(
        "\n{} scripts, {claims} claims with their sources, {phrases} lines that claim nothing",
        paths.len()
    );
    println!("arcs   {arcs:?}\nforms  {forms:?}");
    Ok(())
}

fn name(path: &std::path::Path) -> String {
    path.file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn role(role: domain::Role) -> &'static str {
    match role {
        domain::Role::Hook => "hook",
        domain::Role::Context => "context",
        domain::Role::Turn => "turn",
        domain::Role::Payoff => "payoff",
        domain::Role::CallToAction => "call to action",
    }
}

/// The sentence that a line comes from, with its id; nothing of a line that claims nothing.
fn source(line: &Line, story: &Story) -> Option<String> {
    let LineSource::Source(SourceId(id)) = &line.source else {
        return None;
    };
    let source = story.sources.iter().find(|source| source.id.0 == *id)?;
    Some(format!("<- [{id}] {}", source.text))
}
