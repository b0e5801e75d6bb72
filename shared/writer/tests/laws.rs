//! What holds for every brief, whatever is in it.

#![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

use domain::{Brief, LineSource, Role, Script, SourceId, Tone};
use proptest::prelude::*;

/// Everything that a viewer hears or sees.
fn everything(brief: &Brief) -> Option<(Script, Vec<String>)> {
    let story = writer::story(brief).ok()?;
    let script = writer::script(brief, &story).unwrap();
    let hook = writer::hook(brief, &story).unwrap();
    writer::trace_script(&script, &story).unwrap();
    writer::trace_hook(&hook, &story).unwrap();
    let mut texts: Vec<String> = hook.lines.iter().map(|line| line.text.clone()).collect();
    texts.extend(hook.alternatives.iter().cloned());
    texts.extend([story.title.clone(), hook.on_screen.clone()]);
    for scene in &script.scenes {
        texts.extend(scene.lines.iter().map(|line| line.text.clone()));
        texts.extend(scene.visual.texts().into_iter().map(str::to_owned));
        if let Some(part) = scene.visual.emphasis() {
            assert!(scene.visual.texts()[0].contains(part));
        }
        if !scene.moving {
            let shown = writer::trace_visual(&scene.visual, &scene.lines, &story.title);
            assert_eq!(shown, Ok(()), "{scene:?}");
        }
    }
    assert!(
        (2..=40).contains(&script.scenes.len()),
        "{}",
        script.scenes.len()
    );
    assert_eq!(script.scenes[0].role, Role::Hook);
    assert_eq!(script.scenes.last().unwrap().role, Role::CallToAction);
    assert_eq!(script.moving(), [0, script.scenes.len() - 1]);
    Some((script, texts))
}

fn tone() -> impl Strategy<Value = Tone> {
    prop::sample::select(vec![
        Tone::Informative,
        Tone::Energetic,
        Tone::Friendly,
        Tone::Professional,
        Tone::Calm,
        Tone::Bold,
    ])
}

/// A sentence of ordinary words, now and then with a figure, a quotation, a list or an aside.
fn sentence() -> impl Strategy<Value = String> {
    let words = vec![
        "the", "bee", "hive", "honey", "is", "not", "made", "of", "62%", "$1.2", "million",
        "flowers", "never", "winter", "queen", "They", "It", "and", "(as", "ever)", "“we",
        "dance”", "said", "Ada", "which", "flying", "cheap", "1889", "may", "a", "to", "3",
        "times", "—", "more,", "less,", "but",
    ];
    prop::collection::vec(prop::sample::select(words), 1..28)
        .prop_map(|words| format!("{}.", words.join(" ")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_unicode_is_survived(topic in "\\PC{0,60}", points in prop::collection::vec("\\PC{0,120}", 0..4), source in "(\\PC|[.!?\\n#<>&*“”()]){0,600}", tone in tone(), seed: u64) {
        let brief = Brief { topic, key_points: points, source_text: Some(source), tone, seed, ..Brief::default() };
        everything(&brief);
    }

    #[test]
    fn every_line_is_borne_out_and_banned_words_are_absent(sentences in prop::collection::vec(sentence(), 1..40), seconds in 5_u32..120, seed: u64, tone in tone()) {
        let mut brief = Brief { topic: "The honey bee".into(), source_text: Some(sentences.join(" ")), target_seconds: seconds, tone, seed, ..Brief::default() };
        brief.brand.banned_words = vec!["cheap".into(), "more".into(), "queen".into()];
        if let Some((script, texts)) = everything(&brief) {
            for text in texts {
                let words: Vec<String> = text.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
                prop_assert!(!words.iter().any(|word| ["cheap", "more", "queen"].contains(&word.as_str())), "{}", text);
            }
            prop_assert_eq!(everything(&brief).unwrap().0, script);
        }
    }

    #[test]
    fn key_points_come_in(points in prop::collection::vec("[A-Z][a-z]{3,8} [a-z]{3,8} [a-z]{3,8}", 1..8), source in prop::collection::vec(sentence(), 0..20), seed: u64) {
        let brief = Brief { key_points: points.clone(), source_text: Some(source.join(" ")), seed, ..Brief::default() };
        let story = writer::story(&brief).unwrap();
        let (script, hook) = (writer::script(&brief, &story).unwrap(), writer::hook(&brief, &story).unwrap());
        for at in 0..points.len() {
            let id = LineSource::Source(SourceId(format!("k{at}")));
            let told = script.scenes.iter().flat_map(|scene| &scene.lines).chain(&hook.lines).filter(|line| line.source == id).count();
            prop_assert_eq!(told, 1, "k{}", at);
        }
    }
}

fn example(name: &str) -> Brief {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/briefs/");
    let mut brief =
        domain::read_brief(&std::fs::read_to_string(format!("{folder}{name}")).unwrap()).unwrap();
    if let Some(file) = brief.source_file.clone() {
        brief = brief
            .with_source(std::fs::read_to_string(format!("{folder}{file}")).unwrap())
            .unwrap();
    }
    brief
}

/// The planned length of a brief's video in seconds.
fn length(brief: &Brief) -> f64 {
    let story = writer::story(brief).unwrap();
    let (script, hook) = (
        writer::script(brief, &story).unwrap(),
        writer::hook(brief, &story).unwrap(),
    );
    let lines = (0..script.scenes.len()).flat_map(|at| script.spoken(&hook, at));
    lines
        .map(|line| f64::from(writer::spoken_ms(&line.text, script.planned_wpm)))
        .sum::<f64>()
        / 1000.0
}

#[test]
fn the_length_asked_for_is_met_within_a_tenth() {
    for name in [
        "01-solar-lamp.yaml",
        "02-eiffel-tower.yaml",
        "03-passkeys.json",
    ] {
        for seed in 0..12 {
            let brief = Brief {
                seed,
                ..example(name)
            };
            let share = length(&brief) / f64::from(brief.target_seconds);
            assert!(
                (0.9..=1.1).contains(&share),
                "{name} with seed {seed}: {share:.2}"
            );
        }
    }
    for seconds in [15, 30, 60, 90, 120] {
        let brief = Brief {
            target_seconds: seconds,
            ..example("02-eiffel-tower.yaml")
        };
        let share = length(&brief) / f64::from(seconds);
        assert!((0.9..=1.1).contains(&share), "{seconds} s: {share:.2}");
    }
}

#[test]
fn a_source_with_too_little_is_told_shorter_not_padded() {
    let brief = Brief {
        topic: "Bees".into(),
        source_text: Some("Bees dance to show the way.".into()),
        target_seconds: 120,
        ..Brief::default()
    };
    assert!(length(&brief) < 15.0);
}

#[test]
fn another_seed_writes_another_script() {
    for name in [
        "01-solar-lamp.yaml",
        "02-eiffel-tower.yaml",
        "03-passkeys.json",
    ] {
        let mut scripts: Vec<Vec<String>> = (0..8)
            .map(|seed| {
                everything(&Brief {
                    seed,
                    ..example(name)
                })
                .unwrap()
                .1
            })
            .collect();
        scripts.sort();
        scripts.dedup();
        assert!(scripts.len() >= 4, "{name}: {} of 8 differ", scripts.len());
    }
}

#[test]
fn no_english_is_mixed_into_other_languages() {
    let mut brief = Brief {
        topic: "Die Honigbiene".into(),
        source_text: Some("Bienen tanzen, um den Weg zu zeigen. Ein Volk zählt 40.000 Tiere. Im Winter schlafen sie nicht.".into()),
        ..Brief::default()
    };
    brief.language.0 = "de".into();
    let (script, _) = everything(&brief).unwrap();
    assert!(
        script
            .scenes
            .iter()
            .flat_map(|scene| &scene.lines)
            .all(|line| line.source != LineSource::Phrase)
    );
}

#[test]
fn odd_briefs_are_told() {
    for source in [
        "富士山は日本一高い山です。毎年多くの人が登ります。",
        "النحل يرقص ليدل على الطريق. لا ينام في الشتاء.",
        "🐝🐝🐝 Bees 👩‍🌾 hum.",
        &"x".repeat(300),
        "e\u{301}cole e\u{301}te\u{301} n'est pas finie.",
    ] {
        for topic in [source, ""] {
            for language in ["en", "ja"] {
                let mut brief = Brief {
                    topic: topic.chars().take(200).collect(),
                    source_text: Some(source.into()),
                    key_points: vec![source.into()],
                    ..Brief::default()
                };
                brief.language.0 = language.into();
                everything(&brief).unwrap();
            }
        }
    }
    assert!(
        writer::story(&Brief::default())
            .unwrap_err()
            .to_string()
            .contains("nothing to tell")
    );
}

#[test]
fn a_megabyte_is_read_in_good_time() {
    let text = example("02-eiffel-tower.yaml").source_text.unwrap();
    let mut source = String::new();
    for copy in 0.. {
        if source.len() + text.len() > 1_000_000 {
            break;
        }
        source.push_str(&text.replace("tower", &format!("tower{copy}")));
    }
    let brief = Brief {
        source_text: Some(source),
        target_seconds: 60,
        ..Brief::default()
    };
    let start = std::time::Instant::now();
    everything(&brief).unwrap();
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
