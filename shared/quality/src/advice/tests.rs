//! Each weakness names what to do, where, and whose task it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::quality::{Action, Suggestion, Target};
use domain::{
    Brief, Hook, HookForm, Line, LineSource, Narration, Role, Scene, Script, SpokenWord, Visual,
};

use super::{Advice, remedy};
use crate::content::{Content, MediaFacts};
use crate::score::{Criterion, Feature, Score};
use crate::{Policy, assess, clarity, emotion, hook};

fn line(text: &str) -> Line {
    Line {
        text: text.to_owned(),
        source: LineSource::Phrase,
    }
}

fn script(scenes: &[(Role, &[&str])]) -> Script {
    let scenes = scenes.iter().map(|(role, lines)| Scene {
        role: *role,
        lines: lines.iter().map(|text| line(text)).collect(),
        visual: Visual::Statement {
            text: "Bread".to_owned(),
            emphasis: None,
        },
        moving: false,
        backdrop: None,
    });
    Script {
        scenes: scenes.collect(),
        planned_wpm: 150,
    }
}

/// A script of four scenes, the hook in the first.
fn told(hook: &str, context: &[&str], payoff: &[&str]) -> Content {
    let script = script(&[
        (Role::Hook, &[]),
        (Role::Context, context),
        (Role::Payoff, payoff),
        (Role::CallToAction, &["Bake one this weekend."]),
    ]);
    let hook = Hook {
        form: HookForm::Statement,
        lines: vec![line(hook)],
        on_screen: "Bread".to_owned(),
        alternatives: vec![],
    };
    Content::of_script(&script, &hook)
}

const HOOK: &str = "What makes bread rise while nobody looks at it?";
const CONTEXT: &[&str] = &[
    "Yeast eats the sugar in flour.",
    "It breathes out gas, and the dough holds that gas in a thousand small bubbles.",
];
const PAYOFF: &[&str] = &[
    "In the oven the bubbles grow by a third before the crust sets.",
    "That is why you never open the door in the first ten minutes.",
];

fn suggestions(content: &Content) -> Vec<Suggestion> {
    assess(content, &Policy::default()).advice.suggestions
}

fn found(suggestions: &[Suggestion], is: impl Fn(&Action) -> bool) -> &Suggestion {
    suggestions
        .iter()
        .find(|suggestion| is(&suggestion.action))
        .unwrap_or_else(|| panic!("{suggestions:#?}"))
}

#[test]
fn what_is_wrong_in_a_scene_is_named_with_its_words_and_falls_to_the_task_that_wrote_it() {
    let payoff = [
        PAYOFF[0],
        "It are becuase the crust is a game changer at the end of the day.",
    ];
    let all = suggestions(&told(HOOK, CONTEXT, &payoff));
    let grammar = found(&all, |a| matches!(a, Action::CorrectGrammar { .. }));
    assert_eq!((grammar.task, grammar.scene), (Target::Script, Some(2)));
    let Action::CorrectGrammar { places } = &grammar.action else {
        unreachable!()
    };
    assert!(places.iter().any(|place| place == "becuase"), "{places:?}");
    let cliche = found(&all, |a| matches!(a, Action::AvoidPhrases { .. }));
    assert_eq!((cliche.task, cliche.scene), (Target::Script, Some(2)));
    assert!(
        cliche.instruction.contains("\"game changer\""),
        "{cliche:?}"
    );

    let hooked = suggestions(&told(
        "It are becuase yeast is a game changer that bread rises.",
        CONTEXT,
        PAYOFF,
    ));
    let grammar = found(&hooked, |a| matches!(a, Action::CorrectGrammar { .. }));
    assert_eq!((grammar.task, grammar.scene), (Target::Hook, Some(0)));
}

#[test]
fn a_brand_gets_what_it_asks_for() {
    let mut brief = Brief {
        key_points: vec![
            "Yeast eats the sugar in flour.".to_owned(),
            "Sourdough keeps fresh for a whole week.".to_owned(),
        ],
        ..Brief::default()
    };
    brief.brand.name = Some("Krume".to_owned());
    brief.brand.call_to_action = Some("Order the starter kit".to_owned());
    brief.brand.banned_words = vec!["bubbles".to_owned()];
    let all = suggestions(&told(HOOK, CONTEXT, PAYOFF).with_brief(brief));
    let claims: Vec<_> = all
        .iter()
        .filter(|s| matches!(s.action, Action::RequireClaims { .. }))
        .collect();
    assert_eq!(
        claims.iter().map(|s| s.task).collect::<Vec<_>>(),
        [Target::Story, Target::Script]
    );
    assert_eq!(
        claims[0].action,
        Action::RequireClaims {
            claims: vec!["Sourdough keeps fresh for a whole week.".to_owned()]
        }
    );
    let call = found(&all, |a| matches!(a, Action::EndWithCall { .. }));
    assert_eq!((call.task, call.scene), (Target::Script, Some(3)));
    let banned: Vec<_> = all
        .iter()
        .filter(|s| matches!(s.action, Action::AvoidWords { .. }))
        .map(|s| s.scene)
        .collect();
    assert_eq!(banned.len(), 2, "{all:#?}");
    assert!(banned.contains(&Some(1)) && banned.contains(&Some(2)));
}

#[test]
fn a_banned_word_that_is_only_shown_names_the_scene_that_shows_it() {
    let mut brief = Brief::default();
    brief.brand.banned_words = vec!["cheap".to_owned()];
    let mut content = told(HOOK, CONTEXT, PAYOFF).with_brief(brief);
    content.shown[2] = "Cheap bread".to_owned();
    let all = suggestions(&content);
    let avoid = found(&all, |a| matches!(a, Action::AvoidWords { .. }));
    assert_eq!((avoid.task, avoid.scene), (Target::Script, Some(2)));

    *content.shown.last_mut().unwrap() = "Cheap bread".to_owned();
    content.shown[2] = "Bread".to_owned();
    let all = suggestions(&content);
    let avoid = found(&all, |a| matches!(a, Action::AvoidWords { .. }));
    assert_eq!((avoid.task, avoid.scene), (Target::Hook, Some(0)));
}

/// Narrations of the content's four scenes, so many milliseconds a word, with a pause behind each.
fn narrations(word_ms: [u32; 4], pause_ms: u32) -> Vec<Narration> {
    let words = |scene: usize| match scene {
        0 => HOOK.split(' ').count(),
        1 => CONTEXT.join(" ").split(' ').count(),
        2 => PAYOFF.join(" ").split(' ').count(),
        _ => 4,
    };
    (0..4)
        .map(|scene| {
            let each = word_ms[scene];
            let spoken: Vec<SpokenWord> = (0..words(scene) as u32)
                .map(|at| SpokenWord {
                    text: "word".to_owned(),
                    start_ms: at * each,
                    end_ms: at * each + each * 9 / 10,
                    line: 0,
                })
                .collect();
            Narration {
                audio: None,
                length_ms: words(scene) as u32 * each + pause_ms,
                words: spoken,
            }
        })
        .collect()
}

#[test]
fn pace_and_sound_fall_to_the_tasks_that_make_them() {
    let content = told(HOOK, CONTEXT, PAYOFF);
    let fast = content.clone().with_narrations(&narrations([220; 4], 100));
    let all = suggestions(&fast);
    let slower = found(&all, |a| matches!(a, Action::SpeakSlower { .. }));
    let Action::SpeakSlower { percent } = slower.action else {
        unreachable!()
    };
    assert_eq!(slower.task, Target::Audio);
    assert!((30..60).contains(&percent), "{percent}");

    let holes = content
        .clone()
        .with_narrations(&narrations([400; 4], 6_000));
    let all = suggestions(&holes);
    assert_eq!(
        found(&all, |a| *a == Action::ShortenPauses).task,
        Target::Audio
    );

    let media = MediaFacts {
        size: Some((1080, 1920)),
        length_ms: Some(60_000),
        loudness_lufs: Some(-25.0),
        true_peak_dbtp: Some(0.5),
        longest_silence_ms: Some(500),
        caption_coverage: Some(0.6),
        black_frames: Some(0.1),
    };
    let all = suggestions(&content.with_brief(Brief::default()).with_media(media));
    let less = found(&all, |a| matches!(a, Action::SayLess { .. }));
    assert_eq!(less.task, Target::Script);
    assert_eq!(less.action, Action::SayLess { percent: 50 });
    for action in [
        Action::SetLoudness,
        Action::CaptionEveryWord,
        Action::RemoveBlackFrames,
    ] {
        assert_eq!(found(&all, |a| *a == action).task, Target::Compose);
    }
}

#[test]
fn a_label_for_a_hook_wants_another_one() {
    let all = suggestions(&told(
        "Report on bread: figures and tables.",
        CONTEXT,
        PAYOFF,
    ));
    let other = found(&all, |a| matches!(a, Action::OtherHook { .. }));
    assert_eq!((other.task, other.scene), (Target::Hook, Some(0)));
}

#[test]
fn suggestions_are_few_each_once_and_the_dearest_first() {
    let awful: Vec<String> = (0..6)
        .map(|at| {
            format!(
                "It goes without saying that the {at} ramifications of the aforementioned procedurals, which they is not considered by the committee \
                 that was appointed although nobody asked, were becuase thinking outside the box disregarded in the implementation of a holistic synergy."
            )
        })
        .collect();
    let awful: Vec<&str> = awful.iter().map(String::as_str).collect();
    let mut brief = Brief {
        key_points: vec!["Bread needs salt.".to_owned()],
        ..Brief::default()
    };
    brief.brand.call_to_action = Some("Order the kit".to_owned());
    brief.brand.voice_words = vec!["crumb".to_owned()];
    let content = told("Committee report.", &awful[..3], &awful[3..])
        .with_brief(brief)
        .with_narrations(&narrations([150, 700, 200, 150], 5_000));
    let all = suggestions(&content);
    assert_eq!(all.len(), Advice::SUGGESTIONS, "{all:#?}");
    assert!(all.windows(2).all(|pair| pair[0].gain >= pair[1].gain));
    for (at, one) in all.iter().enumerate() {
        assert!(one.gain > 0.0 && one.instruction == one.action.instruction());
        let again = all[at + 1..].iter().any(|other| {
            (one.task, one.scene) == (other.task, other.scene) && one.action.is_like(&other.action)
        });
        assert!(!again, "{one:?} comes twice");
    }
}

#[test]
fn a_suggestion_is_read_back_as_it_was_written() {
    for suggestion in suggestions(&told("Committee report.", CONTEXT, PAYOFF)) {
        let text = serde_json::to_string(&suggestion).unwrap();
        assert!(text.contains("\"action\":{\"kind\":\""), "{text}");
        assert_eq!(
            serde_json::from_str::<Suggestion>(&text).unwrap(),
            suggestion
        );
    }
}

#[test]
fn nothing_that_is_good_is_to_be_changed() {
    let assessment = assess(&told(HOOK, CONTEXT, PAYOFF), &Policy::default());
    for suggestion in &assessment.advice.suggestions {
        assert!(suggestion.gain <= 100.0 - f64::from(assessment.total.tenths()) / 10.0 + 0.05);
        assert!(
            !matches!(
                suggestion.action,
                Action::CorrectGrammar { .. }
                    | Action::AvoidPhrases { .. }
                    | Action::DropFiller { .. }
                    | Action::ShortenSentences { .. }
            ),
            "{suggestion:?}"
        );
    }
}

/// The models' own lists of features are the ones that remedies are chosen by: a renamed feature would get the wrong one.
#[test]
fn features_of_models_get_the_remedies_meant_for_them() {
    let content = Content::of_text("Bread.");
    let remedy = |criterion, name: &'static str| {
        let feature = Feature::new(name, 1.0, -5.0);
        let reading = crate::score::Reading::new(50.0, vec![feature.clone()], 1.0);
        remedy::of(&Score::new(criterion, 10, reading), &feature, &content).unwrap()
    };
    let plain = clarity::FIGURES
        .iter()
        .filter(|name| matches!(remedy(Criterion::Clarity, name), Action::PlainWords { .. }))
        .count();
    // Letters, syllables (2), rareness (4) and variety are about words; the other ten have remedies of their own.
    assert_eq!(plain, 8);
    for name in hook::FIGURES {
        assert!(matches!(
            remedy(Criterion::Hook, name),
            Action::OtherHook { .. }
        ));
    }
    for name in emotion::impact::FIGURES {
        assert!(matches!(
            remedy(Criterion::Emotion, name),
            Action::OtherSources { .. }
        ));
    }
}

#[test]
fn what_is_told_of_a_score_is_counted_as_people_count() {
    let said = |text: &str| {
        let Advice {
            strengths,
            weaknesses,
            ..
        } = assess(&Content::of_text(text), &Policy::default()).advice;
        (strengths.join("\n"), weaknesses.join("\n"))
    };
    let (good, bad) = said(&[HOOK, CONTEXT[0], CONTEXT[1], PAYOFF[0]].join(" "));
    assert!(
        good.contains("in words 15") && !good.contains("logarithm"),
        "{good}"
    );
    // A sum of weights is no number of anything.
    assert!(!bad.contains("its words -"), "{bad}");
    // Nobody praises what nobody is sure of.
    let (good, bad) = said("Bread");
    assert!(
        good.is_empty() && bad.contains("only one word"),
        "{good}\n{bad}"
    );
}
