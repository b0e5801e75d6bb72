//! Which arc the source of a brief offers, and how it is told on it.

#![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

use domain::{Arc, Brief, Role, Story};

/// A brief that offers each arc but the explanation, which everything offers.
const OFFERING: [(Arc, &str); 9] = [
    (
        Arc::QuestionAnswer,
        "topic: Why bread rises\ntarget_seconds: 30\nsource_text: |\n  Flour holds starch and sugar. Bread rises because yeast breathes out gas. \
         Bakers knead the dough for ten minutes. A warm kitchen speeds it up. Salt slows it down. Old dough tastes of beer. The crust sets late.\n",
    ),
    (
        Arc::NumberLed,
        "topic: The river\ntarget_seconds: 30\nsource_text: |\n  The river feeds 12 million people. Dams hold back 40% of its water. \
         Farms lost $300 million last year. Rain fell on 9% of the valley. The fish are gone. Nobody swims here.\n",
    ),
    (
        Arc::BeforeAfter,
        "topic: The harbour\ntarget_seconds: 30\nsource_text: |\n  Ships used to fill the harbour with smoke. The harbour is deep and wide. Cranes stand along its quay. \
         Electric ferries cross the harbour today. The quay has a market. The air above the harbour is clean.\n",
    ),
    (
        Arc::MythFact,
        "topic: Goldfish\ntarget_seconds: 30\nsource_text: |\n  Goldfish live in ponds and bowls. Keepers feed them twice a day. \
         Many people think that goldfish forget everything, but they remember for months. A goldfish learns to push a lever. Cold water slows a goldfish.\n",
    ),
    (
        Arc::HowTo,
        "topic: Sharpen a knife\ntarget_seconds: 30\nkey_points:\n  - Turn a cup upside down.\n  - Push the blade away over the rim.\n  - Wash the blade with cold water.\n  - A sharp knife slips less.\n",
    ),
    (
        Arc::Chronology,
        "topic: The bridge\ntarget_seconds: 30\nsource_text: |\n  In 1889 the engineers finished the second tower. In 1874 the city chose a place for the bridge. \
         In 1925 a storm tore the cables. Boats passed below it. The keeper saw the storm from his house.\n",
    ),
    (
        Arc::Countdown,
        "topic: Four reasons to walk\ntarget_seconds: 30\nkey_points:\n  - Walking calms the mind.\n  - Walking strengthens the heart.\n  - Walking costs nothing.\n  - Walking shows the city.\n",
    ),
    (
        Arc::QuoteLed,
        "topic: The kettle\ntarget_seconds: 30\nsource_text: |\n  The kettle holds a litre of water. “It is the best kettle I own,” said Maria Lopez. \
         The handle stays cool. The lid closes with a click. The spout pours a thin line.\n",
    ),
    (
        Arc::ProblemSolution,
        "topic: Passwords\ntarget_seconds: 30\nsource_text: |\n  Passwords leak from servers by the thousand. A phone holds the key in a chip. \
         The chip protects the key with a fingerprint. The key stays on the phone. A passkey replaces the password.\n",
    ),
];

fn brief(text: &str) -> Brief {
    domain::read_brief(text).unwrap()
}

fn told(brief: &Brief) -> Story {
    let story = writer::story(brief).unwrap();
    let script = writer::script(brief, &story).unwrap();
    let hook = writer::hook(brief, &story).unwrap();
    writer::trace_story(&story).unwrap();
    writer::trace_script(&script, &story).unwrap();
    writer::trace_hook(&hook, &story).unwrap();
    story
}

/// What a role tells, in the words of the sources.
fn of_role(story: &Story, role: Role) -> String {
    let ids = story
        .beats
        .iter()
        .filter(|beat| beat.role == role)
        .flat_map(|beat| &beat.sources);
    let texts = ids.filter_map(|id| story.sources.iter().find(|source| source.id == *id));
    texts
        .map(|source| source.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_source_that_offers_an_arc_is_told_on_it() {
    for (arc, text) in OFFERING {
        let story = told(&brief(text));
        assert_eq!(story.arc, arc, "{story:#?}");
    }
}

#[test]
fn an_arc_that_is_asked_for_is_taken_whatever_the_seed_and_one_that_is_not_offered_is_told_of() {
    for (arc, text) in OFFERING {
        for seed in 0..8 {
            let asked = Brief {
                arc: Some(arc),
                seed,
                ..brief(text)
            };
            assert_eq!(arc.missed(&told(&asked)), None);
            for other in [Arc::MythFact, Arc::QuoteLed, Arc::Countdown] {
                let asked = Brief {
                    arc: Some(other),
                    ..asked.clone()
                };
                let missed = other.missed(&told(&asked));
                assert_eq!(missed.is_none(), other == arc, "{other:?} of {text}");
                assert!(missed.is_none_or(|why| why.contains(other.needs())));
            }
        }
    }
}

#[test]
fn what_an_arc_turns_on_stands_where_it_belongs() {
    let of = |arc: Arc| {
        let text = OFFERING.iter().find(|(known, _)| *known == arc).unwrap().1;
        told(&brief(text))
    };
    let answer = of(Arc::QuestionAnswer);
    assert!(of_role(&answer, Role::Payoff).contains("because yeast"));
    let ferries = of(Arc::BeforeAfter);
    assert!(of_role(&ferries, Role::Payoff).contains("today"));
    let before = of_role(&ferries, Role::Context) + &of_role(&ferries, Role::Hook);
    assert!(before.contains("used to"), "{before}");
    let knife = of(Arc::HowTo);
    let steps = of_role(&knife, Role::Turn);
    let at = |step: &str| {
        steps
            .find(step)
            .unwrap_or_else(|| panic!("{step} in {steps}"))
    };
    assert!(at("Turn a cup") < at("Push the blade"));
    let bridge = of(Arc::Chronology);
    let whole: String = [Role::Context, Role::Turn, Role::Payoff]
        .map(|role| of_role(&bridge, role))
        .join(" ");
    let years: Vec<usize> = ["1874", "1889", "1925"]
        .iter()
        .filter_map(|year| whole.find(year))
        .collect();
    assert!(years.len() >= 2 && years.is_sorted(), "{whole}");
    let leak = of(Arc::ProblemSolution);
    let trouble = of_role(&leak, Role::Context) + &of_role(&leak, Role::Hook);
    assert!(trouble.contains("leak"), "{trouble}");
    assert!(!of_role(&leak, Role::Payoff).contains("leak"));
}

#[test]
fn a_call_to_action_fits_the_arc_unless_the_brand_has_its_own() {
    for (arc, text) in OFFERING {
        let mut asked = brief(text);
        let closing = |brief: &Brief| {
            let script = writer::script(brief, &told(brief)).unwrap();
            script.scenes.last().unwrap().lines[0].text.clone()
        };
        let usual = closing(&asked);
        match arc {
            Arc::HowTo | Arc::Countdown | Arc::NumberLed => assert!(usual.starts_with("Save")),
            Arc::MythFact | Arc::Chronology => assert!(usual.starts_with("Share")),
            Arc::QuestionAnswer => assert!(usual.starts_with("Tell")),
            _ => {}
        }
        asked.brand.call_to_action = Some("Come by on Monday".to_owned());
        assert_eq!(closing(&asked), "Come by on Monday.");
    }
}

#[test]
fn another_language_is_told_as_it_stands() {
    let german = brief(
        "topic: Hefe\nlanguage: de\nkey_points: [Hefe frisst Zucker., Hefe atmet Gas aus., Der Teig geht auf.]\n",
    );
    assert_eq!(told(&german).arc, Arc::Explanation);
}
