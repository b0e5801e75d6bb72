//! Whether everything that is said in the scripts of real briefs can be looked up in them.

#![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

use std::collections::BTreeMap;

use domain::{Brief, Hook, HookWish, LineSource, PostLimits, Script};

const EXAMPLES: [&str; 3] = [
    "01-solar-lamp.yaml",
    "02-eiffel-tower.yaml",
    "03-passkeys.json",
];

fn example(name: &str) -> Brief {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/briefs/");
    let read = |file: &str| std::fs::read_to_string(format!("{folder}{file}")).unwrap();
    let brief = domain::read_brief(&read(name)).unwrap();
    match brief.source_file.clone() {
        Some(file) => brief.with_source(read(&file)).unwrap(),
        None => brief,
    }
}

fn spoken(script: &Script, hook: &Hook) -> Vec<String> {
    let scenes = 0..script.scenes.len();
    let lines = scenes.flat_map(|at| script.spoken(hook, at));
    lines.map(|line| line.text.clone()).collect()
}

/// Every brief of the examples and of the quality suite, with what it says.
fn briefs() -> Vec<(String, Brief, String)> {
    let mut found: Vec<(String, Brief, String)> = EXAMPLES
        .iter()
        .map(|name| ((*name).to_owned(), example(name)))
        .map(|(name, brief)| {
            let told = said_by(&brief);
            (name, brief, told)
        })
        .collect();
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/data/quality/briefs"
    );
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let brief = domain::read_brief(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let told = said_by(&brief);
        found.push((path.display().to_string(), brief, told));
    }
    found
}

/// All that a brief says, in one text.
fn said_by(brief: &Brief) -> String {
    let texts = [
        brief.topic.as_str(),
        brief.source_text.as_deref().unwrap_or_default(),
        brief.brand.name.as_deref().unwrap_or_default(),
        brief.brand.call_to_action.as_deref().unwrap_or_default(),
    ];
    format!("{}\n{}", texts.join("\n"), brief.key_points.join("\n"))
}

#[test]
fn every_claim_of_the_scripts_of_all_test_briefs_has_its_source() {
    let briefs = briefs();
    assert!(briefs.len() >= 20, "{} briefs", briefs.len());
    for (name, brief, told) in briefs {
        for seed in [brief.seed, 1, 7] {
            let brief = Brief {
                seed,
                ..brief.clone()
            };
            let story = writer::story(&brief).unwrap();
            let script = writer::script(&brief, &story).unwrap();
            writer::trace_story(&story).unwrap();
            writer::trace_script(&script, &story).unwrap_or_else(|error| panic!("{name}: {error}"));
            // As many hooks as the brief offers.
            let hooks: Vec<Hook> = (1..=6)
                .map_while(|number| {
                    writer::hook_variant(&brief, &story, &HookWish::variant(number)).ok()
                })
                .collect();
            for hook in &hooks {
                writer::trace_hook(hook, &story).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            for hook in &hooks {
                let posts = writer::posts(&brief, &story, &script, hook);
                writer::trace_posts(&posts, &story, brief.brand.name.as_deref())
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
                for (platform, post) in posts.each() {
                    assert!(PostLimits::of(platform).take(post), "{name}: {post:?}");
                    assert!(!post.lines.is_empty(), "{name}: {post:?}");
                }
            }
            // Apart from what the writer's own check says: the brief holds every figure that is said.
            for text in hooks.iter().flat_map(|hook| spoken(&script, hook)) {
                let tokens = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',')));
                for token in tokens.map(|token| token.trim_matches(['.', ','])) {
                    let figure = token.contains(|c: char| c.is_ascii_digit());
                    assert!(!figure || told.contains(token), "{name}: {token} in {text}");
                }
            }
        }
    }
}

#[test]
fn a_planted_sentence_is_found_in_the_script_of_every_test_brief() {
    for (name, brief, _) in briefs() {
        let story = writer::story(&brief).unwrap();
        let mut script = writer::script(&brief, &story).unwrap();
        let source = LineSource::Source(story.sources[0].id.clone());
        script.scenes[1].lines.push(domain::Line {
            text: "Scientists at Zanzibar measured 4711 of them.".to_owned(),
            source,
        });
        assert!(writer::trace_script(&script, &story).is_err(), "{name}");
    }
}

#[test]
fn good_briefs_are_told_on_several_arcs() {
    let mut arcs: BTreeMap<&str, usize> = BTreeMap::new();
    // The others have nothing to tell, which offers no arc.
    let good: Vec<Brief> = briefs()
        .into_iter()
        .filter(|(name, ..)| !name.contains("/bad-"))
        .map(|(_, brief, _)| brief)
        .collect();
    for brief in &good {
        *arcs
            .entry(writer::story(brief).unwrap().arc.name())
            .or_default() += 1;
    }
    println!("{arcs:?}");
    assert!(good.len() >= 20 && arcs.len() >= 4, "{arcs:?}");
    assert!(
        arcs.values().all(|count| *count * 2 <= good.len()),
        "{arcs:?}"
    );
}
