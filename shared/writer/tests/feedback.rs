//! What holds for every round after the first, whatever it is told to do differently.

#![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

use domain::quality::{Action, Feedback, Suggestion, Target};
use domain::{Brief, Hook, LineSource, Script, SourceId, Story, Tone};
use proptest::prelude::*;

fn feedback(task: Target, actions: &[Action]) -> Feedback {
    let suggestion = |action: &Action| Suggestion {
        task,
        scene: None,
        action: action.clone(),
        instruction: action.instruction(),
        gain: 1.0,
    };
    Feedback {
        of_round: 1,
        suggestions: actions.iter().map(suggestion).collect(),
        note: None,
        earlier: Vec::new(),
    }
}

/// Story, script and hook of a second round that does all of this.
fn again(brief: &Brief, actions: &[Action]) -> (Story, Script, Hook) {
    let story = writer::story_again(brief, &feedback(Target::Story, actions)).unwrap();
    let script = writer::script_again(brief, &story, &feedback(Target::Script, actions)).unwrap();
    let hook = writer::hook_again(brief, &story, &feedback(Target::Hook, actions)).unwrap();
    writer::trace_story(&story).unwrap();
    writer::trace_script(&script, &story).unwrap();
    writer::trace_hook(&hook, &story).unwrap();
    (story, script, hook)
}

/// The script and hook that the first round makes of a brief.
fn first(brief: &Brief) -> (Script, Hook) {
    let story = writer::story(brief).unwrap();
    let script = writer::script(brief, &story).unwrap();
    (script, writer::hook(brief, &story).unwrap())
}

fn spoken(script: &Script, hook: &Hook) -> Vec<String> {
    let scenes = 0..script.scenes.len();
    let lines = scenes.flat_map(|at| script.spoken(hook, at));
    lines.map(|line| line.text.clone()).collect()
}

/// The planned length in seconds.
fn length(script: &Script, hook: &Hook) -> f64 {
    let ms = |text: &String| f64::from(writer::spoken_ms(text, script.planned_wpm));
    spoken(script, hook).iter().map(ms).sum::<f64>() / 1000.0
}

fn example(name: &str, seed: u64) -> Brief {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/briefs/");
    let mut brief =
        domain::read_brief(&std::fs::read_to_string(format!("{folder}{name}")).unwrap()).unwrap();
    if let Some(file) = brief.source_file.clone() {
        let text = std::fs::read_to_string(format!("{folder}{file}")).unwrap();
        brief = brief.with_source(text).unwrap();
    }
    Brief { seed, ..brief }
}

const EXAMPLES: [&str; 3] = [
    "01-solar-lamp.yaml",
    "02-eiffel-tower.yaml",
    "03-passkeys.json",
];

fn sentence() -> impl Strategy<Value = String> {
    let words = vec![
        "the",
        "bee",
        "hive",
        "honey",
        "is",
        "not",
        "made",
        "of",
        "62%",
        "basically",
        "million",
        "flowers",
        "never",
        "winter",
        "queen",
        "They",
        "It",
        "and",
        "it",
        "“we",
        "dance”",
        "said",
        "Ada",
        "which",
        "flying",
        "cheap",
        "1889",
        "may",
        "a",
        "to",
        "you",
        "more,",
        "less,",
        "but",
        "; ",
        ", and it",
    ];
    prop::collection::vec(prop::sample::select(words), 3..24)
        .prop_map(|words| format!("{}.", words.join(" ")))
}

/// Any of what the quality system asks writers for, about words that the sentences above are made of.
fn action() -> impl Strategy<Value = Action> {
    let words = || {
        prop::collection::vec(
            sentence().prop_map(|text| text.chars().take(12).collect::<String>()),
            0..3,
        )
    };
    let sentences = || prop::collection::vec(sentence(), 0..3);
    prop_oneof![
        sentences().prop_map(|sentences| Action::ShortenSentences { sentences }),
        sentences().prop_map(|sentences| Action::ConnectSentences { sentences }),
        sentences().prop_map(|sentences| Action::KeepRegister { sentences }),
        sentences().prop_map(|instead_of| Action::OtherSources { instead_of }),
        words().prop_map(|words| Action::PlainWords { words }),
        words().prop_map(|phrases| Action::DropFiller { phrases }),
        words().prop_map(|phrases| Action::AvoidPhrases { phrases }),
        words().prop_map(|phrases| Action::SayOnce { phrases }),
        words().prop_map(|places| Action::CorrectGrammar { places }),
        words().prop_map(|avoid| Action::OtherHook { avoid }),
        (0_u32..901).prop_map(|percent| Action::SayLess { percent }),
        (0_u32..901).prop_map(|percent| Action::SayMore { percent }),
        prop::sample::select(vec![
            Action::UseActiveVoice,
            Action::SayWhatIs,
            Action::BeConcrete,
            Action::SpeakToViewer,
            Action::RaiseQuestion,
            Action::VarySentences,
            Action::KeepMood,
            Action::TellDifferently,
            Action::SplitScene,
            Action::JoinScene,
            Action::NameBrand {
                name: "Hive & Co".into()
            },
            Action::EndWithCall {
                call: "Plant a flower".into()
            },
            Action::MatchTone { tone: Tone::Calm },
            Action::UseVoice {
                words: vec!["honey".into()]
            },
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_for_every_claim_is_traced_and_the_same_words_come_back(sentences in prop::collection::vec(sentence(), 1..30), actions in prop::collection::vec(action(), 0..8), scene in prop::option::of(0_usize..12), of_round in 0_u32..5, seconds in 5_u32..90, seed: u64) {
        let mut brief = Brief { topic: "The honey bee".into(), source_text: Some(sentences.join(" ")), target_seconds: seconds, seed, ..Brief::default() };
        brief.brand.banned_words = vec!["cheap".into()];
        let (story, script, hook) = again(&brief, &actions);
        prop_assert!((2..=40).contains(&script.scenes.len()), "{}", script.scenes.len());
        prop_assert_eq!(again(&brief, &actions), (story.clone(), script.clone(), hook.clone()));
        let whole = spoken(&script, &hook).join(" ").to_lowercase();
        prop_assert!(!whole.split(|c: char| !c.is_alphanumeric()).any(|word| word == "cheap"), "{}", whole);
        let mut placed = feedback(Target::Script, &actions);
        placed.of_round = of_round;
        for suggestion in &mut placed.suggestions {
            suggestion.scene = scene;
        }
        let script = writer::script_again(&brief, &story, &placed).unwrap();
        writer::trace_script(&script, &story).unwrap();
        writer::trace_hook(&writer::hook_again(&brief, &story, &placed).unwrap(), &story).unwrap();
    }

    #[test]
    fn key_points_are_told_whatever_else_is_left_out(points in prop::collection::vec("[A-Z][a-z]{3,8} [a-z]{3,8} [a-z]{3,8}", 1..8), source in prop::collection::vec(sentence(), 0..20), actions in prop::collection::vec(action(), 0..8), seed: u64) {
        let brief = Brief { key_points: points.clone(), source_text: Some(source.join(" ")), seed, ..Brief::default() };
        let (_, script, hook) = again(&brief, &actions);
        for at in 0..points.len() {
            let id = LineSource::Source(SourceId(format!("k{at}")));
            let lines = script.scenes.iter().flat_map(|scene| &scene.lines).chain(&hook.lines);
            prop_assert!(lines.into_iter().any(|line| line.source == id), "k{}", at);
        }
    }

    #[test]
    fn a_word_that_is_named_as_banned_is_neither_said_nor_shown(sentences in prop::collection::vec(sentence(), 4..30), seed: u64) {
        let brief = Brief { topic: "The honey bee".into(), source_text: Some(sentences.join(" ")), seed, ..Brief::default() };
        let action = Action::AvoidWords { words: vec!["queen".into(), "more".into()] };
        let (_, script, hook) = again(&brief, &[action]);
        let made = serde_json::to_string(&(&script, &hook)).unwrap().to_lowercase();
        prop_assert!(!made.split(|c: char| !c.is_alphanumeric()).any(|word| word == "queen" || word == "more"), "{}", made);
    }
}

#[test]
fn a_hook_that_few_follow_is_exchanged_for_one_without_its_words() {
    for name in EXAMPLES {
        for seed in 0..12 {
            let brief = example(name, seed);
            let (_, before) = first(&brief);
            let story = writer::story(&brief).unwrap();
            // What only the turn of speech says, or what a fact says that needn't be told.
            let topic = brief.topic.to_lowercase();
            let kept = |word: &&str| {
                let word = word
                    .trim_matches(|c: char| !c.is_alphanumeric())
                    .to_lowercase();
                word.len() > 3 && !topic.contains(&word)
            };
            let avoid: Vec<String> = before.lines[0]
                .text
                .split_whitespace()
                .filter(kept)
                .take(2)
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
                .collect();
            let must_tell = before.lines.iter().any(
                |line| matches!(&line.source, LineSource::Source(id) if id.0.starts_with('k')),
            );
            let asked = feedback(
                Target::Hook,
                &[Action::OtherHook {
                    avoid: avoid.clone(),
                }],
            );
            let hook = writer::hook_again(&brief, &story, &asked).unwrap();
            assert_ne!(hook.lines[0].text, before.lines[0].text, "{name} {seed}");
            let next = feedback(Target::Hook, &[Action::OtherHook { avoid: vec![] }]);
            let third = writer::hook_again(
                &brief,
                &story,
                &Feedback {
                    of_round: 2,
                    ..next.clone()
                },
            )
            .unwrap();
            let second = writer::hook_again(&brief, &story, &next).unwrap();
            assert_ne!(second.lines[0].text, third.lines[0].text, "{name} {seed}");
            let taken_up = must_tell || hook.lines.len() > 1;
            let words: Vec<String> = hook
                .lines
                .iter()
                .flat_map(|line| line.text.split_whitespace())
                .map(|word| {
                    word.trim_matches(|c: char| !c.is_alphanumeric())
                        .to_lowercase()
                })
                .collect();
            for word in avoid.iter().filter(|_| !taken_up) {
                assert!(
                    !words.contains(&word.to_lowercase()),
                    "{name} {seed}: {word:?} in {words:?}"
                );
            }
        }
    }
}

#[test]
fn filler_goes_and_what_is_said_with_it_stays() {
    let brief = Brief {
        topic: "Clearing snow".into(),
        key_points: vec![
            "Basically, at the end of the day, the plough clears forty streets.".into(),
            "It goes without saying that salt melts the rest.".into(),
            "Every driver starts at four.".into(),
        ],
        ..Brief::default()
    };
    let phrases = vec![
        "Basically, at the end of the day,".to_owned(),
        "It goes without saying that".to_owned(),
    ];
    let (before, hook_before) = first(&brief);
    let said = |script: &Script, hook: &Hook| spoken(script, hook).join(" ").to_lowercase();
    assert!(said(&before, &hook_before).contains("basically"));
    let (_, script, hook) = again(&brief, &[Action::DropFiller { phrases }]);
    let whole = said(&script, &hook);
    for gone in ["basically", "end of the day", "goes without saying"] {
        assert!(!whole.contains(gone), "{whole}");
    }
    for kept in ["the plough clears forty streets.", "salt melts the rest."] {
        assert!(whole.contains(kept), "{whole}");
    }
}

#[test]
fn cliches_and_turns_of_speech_that_were_found_fault_with_are_not_said_again() {
    for seed in 0..12 {
        let brief = example("02-eiffel-tower.yaml", seed);
        let (before, hook) = first(&brief);
        let middle = &before.scenes[1..before.scenes.len() - 1];
        let lines = || middle.iter().flat_map(|scene| &scene.lines);
        let phrase = lines()
            .find(|line| line.source == LineSource::Phrase)
            .unwrap();
        let line = lines()
            .find(|line| line.source != LineSource::Phrase)
            .unwrap();
        let phrases = vec![phrase.text.clone(), line.text.clone()];
        let story = writer::story(&brief).unwrap();
        let asked = feedback(
            Target::Script,
            &[Action::AvoidPhrases {
                phrases: phrases.clone(),
            }],
        );
        let script = writer::script_again(&brief, &story, &asked).unwrap();
        let whole = spoken(&script, &hook);
        for phrase in phrases {
            assert!(!whole.contains(&phrase), "seed {seed}: {phrase}");
        }
    }
}

#[test]
fn more_and_less_are_said_as_asked_for_and_nothing_else_changes_the_length() {
    for name in EXAMPLES {
        for seed in 0..8 {
            let brief = example(name, seed);
            let asked = f64::from(brief.target_seconds);
            let (script, hook) = first(&brief);
            let before = length(&script, &hook);
            let (_, script, hook) = again(
                &brief,
                &[
                    Action::OtherHook { avoid: vec![] },
                    Action::BeConcrete,
                    Action::SpeakToViewer,
                    Action::DropFiller { phrases: vec![] },
                ],
            );
            let share = length(&script, &hook) / asked;
            assert!(
                (0.88..=1.12).contains(&share),
                "{name} with seed {seed}: {share:.2}"
            );
            let of = |action| {
                let story = writer::story(&brief).unwrap();
                let script =
                    writer::script_again(&brief, &story, &feedback(Target::Script, &[action]))
                        .unwrap();
                length(&script, &writer::hook(&brief, &story).unwrap())
            };
            let less = of(Action::SayLess { percent: 20 });
            assert!(
                less <= before,
                "{name} with seed {seed}: {before:.1} s, then {less:.1} s"
            );
            if name == EXAMPLES[1] {
                let more = of(Action::SayMore { percent: 20 });
                assert!(
                    (0.7..=0.9).contains(&(less / before)),
                    "seed {seed}: {before:.1} s, then {less:.1} s"
                );
                assert!(
                    (1.1..=1.3).contains(&(more / before)),
                    "seed {seed}: {before:.1} s, then {more:.1} s"
                );
            }
        }
    }
}

#[test]
fn a_story_told_before_is_told_from_other_sentences() {
    let brief = example("02-eiffel-tower.yaml", 3);
    let told = |story: &Story| -> Vec<SourceId> {
        story.beats[1..]
            .iter()
            .flat_map(|beat| beat.sources.clone())
            .collect()
    };
    let before = told(&writer::story(&brief).unwrap());
    let (story, ..) = again(&brief, &[Action::TellDifferently]);
    let both = told(&story).iter().filter(|id| before.contains(id)).count();
    assert!(both * 2 <= before.len(), "{both} of {}", before.len());
}

#[test]
fn sentences_that_leave_cold_make_room_for_others() {
    let brief = example("02-eiffel-tower.yaml", 3);
    let story = writer::story(&brief).unwrap();
    let script = writer::script(&brief, &story).unwrap();
    let cold = script.scenes[1].lines[0].text.clone();
    let (_, script, hook) = again(
        &brief,
        &[Action::OtherSources {
            instead_of: vec![cold.clone()],
        }],
    );
    assert!(!spoken(&script, &hook).contains(&cold), "{cold}");
}

#[test]
fn questions_calls_and_names_are_said_where_they_are_asked_for() {
    let mut brief = example("02-eiffel-tower.yaml", 3);
    brief.brand.call_to_action = None;
    let (_, script, _) = again(
        &brief,
        &[
            Action::SpeakToViewer,
            Action::EndWithCall {
                call: "Climb it once".into(),
            },
            Action::NameBrand {
                name: "Small Histories".into(),
            },
        ],
    );
    let middle: Vec<&str> = script.scenes[1..]
        .iter()
        .flat_map(|scene| &scene.lines)
        .map(|line| line.text.as_str())
        .collect();
    assert!(
        middle
            .iter()
            .any(|line| line.ends_with('?') && line.contains("you")),
        "{middle:?}"
    );
    assert_eq!(
        middle[middle.len() - 2..],
        ["Small Histories.", "Climb it once."]
    );
}

#[test]
fn long_sentences_are_told_in_two_and_scenes_divided() {
    let brief = Brief {
        topic: "The harbour".into(),
        key_points: vec![
            "The sea is calm at dawn over the whole bay, and the boats are already out on it."
                .into(),
            "The fish is sold before eight in the old hall.".into(),
        ],
        ..Brief::default()
    };
    let (_, script, hook) = again(&brief, &[Action::ShortenSentences { sentences: vec![] }]);
    let lines = spoken(&script, &hook);
    assert!(
        lines.contains(&"The boats are already out on it.".to_owned()),
        "{lines:?}"
    );
    let story = writer::story(&brief).unwrap();
    let (before, _) = first(&brief);
    let long = before
        .scenes
        .iter()
        .position(|scene| scene.lines.iter().any(|line| line.text.contains("boats")))
        .unwrap();
    let mut asked = feedback(Target::Script, &[Action::SplitScene]);
    asked.suggestions[0].scene = Some(long);
    let script = writer::script_again(&brief, &story, &asked).unwrap();
    assert_eq!(script.scenes.len(), before.scenes.len() + 1);
    asked.suggestions[0].action = Action::JoinScene;
    asked.suggestions[0].scene = Some(2);
    let joined = writer::script_again(&brief, &story, &asked).unwrap();
    assert_eq!(joined.scenes.len(), before.scenes.len() - 1);
}

#[test]
fn other_languages_get_no_english() {
    let mut brief = Brief {
        topic: "Die Honigbiene".into(),
        source_text: Some("Bienen tanzen, um den Weg zu zeigen. Ein Volk zählt 40.000 Tiere. Im Winter schlafen sie nicht. Der Honig reicht bis zum Mai. Die Königin legt im Juni 2.000 Eier am Tag. Der Imker sieht jede Woche nach dem Volk.".into()),
        ..Brief::default()
    };
    brief.language.0 = "de".into();
    let (_, script, hook) = again(
        &brief,
        &[
            Action::OtherHook { avoid: vec![] },
            Action::RaiseQuestion,
            Action::SpeakToViewer,
            Action::ShortenSentences { sentences: vec![] },
        ],
    );
    let lines = script
        .scenes
        .iter()
        .flat_map(|scene| &scene.lines)
        .chain(&hook.lines);
    assert!(
        lines
            .into_iter()
            .all(|line| line.source != LineSource::Phrase)
    );
}
