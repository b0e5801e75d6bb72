//! Planted falsehoods are found, honest shortenings pass.

use domain::{Line, LineSource, SourceId, SourceSentence, Story};

use crate::{Untraced, trace_line};

fn trace(source: &str, line: &str) -> Result<(), Untraced> {
    let id = SourceId("s0".to_owned());
    let story = Story {
        arc: domain::Arc::Explanation,
        title: String::new(),
        keywords: Vec::new(),
        sources: vec![SourceSentence {
            id: id.clone(),
            text: source.to_owned(),
        }],
        beats: Vec::new(),
    };
    trace_line(
        &Line {
            text: line.to_owned(),
            source: LineSource::Source(id),
        },
        &story,
    )
}

#[test]
fn a_clause_that_ends_within_a_word_does_not_alter_it() {
    let source = "1(%=\"a\"f\"\u{11019}/(<Y%";
    assert_eq!(trace(source, "1(%= a f \u{11019}/(<Y%."), Ok(()));
}

#[test]
fn shortened_sentences_pass() {
    for (source, line) in [
        (
            "However, about 62% of small shops (most of them old) closed in 2020.",
            "About 62% of small shops closed.",
        ),
        (
            "The tower, which was built in 1889, is not the tallest.",
            "The tower is not the tallest.",
        ),
        (
            "In 1889 the tower opened to visitors.",
            "The tower opened to visitors in 1889.",
        ),
        (
            "Bees don't sleep in winter.",
            "Bees do not sleep in winter.",
        ),
        (
            "It can cost up to $1,200 a year.",
            "It can cost up to $1,200.",
        ),
        ("富士山は高い山です。", "富士山は高い。"),
    ] {
        assert_eq!(trace(source, line), Ok(()), "{line}");
    }
}

/// What is wrong with a line, in a word, and which word is.
fn wrong(source: &str, line: &str) -> (&'static str, String) {
    match trace(source, line) {
        Err(Untraced::NotInSource { word, .. }) => ("new", word),
        Err(Untraced::ChangedSense { word, .. }) => ("sense", word),
        Err(Untraced::Rearranged { .. }) => ("order", String::new()),
        other => panic!("{source:?} -> {line:?}: {other:?}"),
    }
}

#[test]
fn numbers_units_dates_and_names_that_the_source_does_not_hold_are_found() {
    for (source, line, word) in [
        (
            "About 62% of small shops closed in 2020.",
            "About 72% of small shops closed.",
            "72%",
        ),
        (
            "About 62% of small shops closed in 2020.",
            "62% of all shops closed.",
            "all",
        ),
        (
            "About 62% of shops closed.",
            "About 62 of shops closed.",
            "62",
        ),
        (
            "It cost 3 million dollars.",
            "It cost 3 billion dollars.",
            "billion",
        ),
        (
            "It costs $1,200 a year.",
            "It costs $1,250 a year.",
            "$1,250",
        ),
        (
            "It costs $1,200 a year.",
            "It costs €1,200 a year.",
            "€1,200",
        ),
        ("It costs $1.20 a day.", "It costs $120 a day.", "$120"),
        (
            "The lamp weighs 85 grams.",
            "The lamp weighs 85 kilograms.",
            "kilograms",
        ),
        (
            "It opened on 3 June 1889.",
            "It opened on 5 June 1889.",
            "5",
        ),
        (
            "It opened on 3 June 1889.",
            "It opened on 3 July 1889.",
            "july",
        ),
        (
            "Marie Curie won the prize in 1903.",
            "Pierre Curie won the prize in 1903.",
            "pierre",
        ),
        (
            "Sales rose after the launch.",
            "Sales fell after the launch.",
            "fell",
        ),
        (
            "The hall seats 300.",
            "The hall seats more than 300.",
            "more",
        ),
        (
            "The red lamp is bigger.",
            "The red lamp is smaller.",
            "smaller",
        ),
        ("Bees dance.", "Bees dance at night.", "night"),
        ("富士山は高い山です。", "富士山は低い。", "低"),
    ] {
        assert_eq!(wrong(source, line), ("new", word.to_owned()));
    }
}

#[test]
fn a_negation_or_hedge_that_is_dropped_from_what_it_stands_before_is_found() {
    for mark in [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "hardly",
        "barely",
        "rarely",
        "may",
        "might",
        "could",
        "perhaps",
        "probably",
        "possibly",
        "likely",
        "almost",
        "nearly",
        "some",
        "few",
        "only",
        "allegedly",
        "reportedly",
        "roughly",
        "approximately",
        "maybe",
        "unless",
        "if",
        "except",
    ] {
        let dropped = wrong(&format!("Ships {mark} sink."), "Ships sink.");
        assert_eq!(dropped, ("sense", mark.to_owned()));
        let kept = format!("Ships {mark} sink.");
        assert_eq!(trace(&format!("Old ships {mark} sink."), &kept), Ok(()));
    }
    for (source, line, word) in [
        (
            "The tower is not the tallest.",
            "The tower is the tallest.",
            "not",
        ),
        (
            "Bees don't sleep in winter.",
            "Bees sleep in winter.",
            "not",
        ),
        ("Bees can't see red.", "Bees can see red.", "not"),
        ("The cure is not widely known.", "The cure is known.", "not"),
        (
            "The drug does not always cure headaches.",
            "The drug cures headaches.",
            "not",
        ),
        (
            "It may, in the end, cure headaches, doctors say.",
            "It cures headaches in the end.",
            "may",
        ),
        ("Only two workers stayed.", "Two workers stayed.", "only"),
        (
            "The warranty holds if you register.",
            "The warranty holds.",
            "if",
        ),
        (
            "If you register, the warranty holds.",
            "The warranty holds.",
            "if",
        ),
        (
            "The lamp floats, unless it is broken.",
            "The lamp floats.",
            "unless",
        ),
    ] {
        assert_eq!(wrong(source, line), ("sense", word.to_owned()));
    }
}

#[test]
fn a_negation_that_is_added_is_found() {
    for mark in ["not", "no", "never", "nobody", "without", "rarely"] {
        let line = format!("Ships {mark} sink.");
        assert_eq!(wrong("Ships sink.", &line), ("sense", mark.to_owned()));
    }
    assert_eq!(
        wrong("Nobody has seen it.", "Nobody has not seen it."),
        ("sense", "nobody".to_owned())
    );
}

#[test]
fn a_negation_or_hedge_goes_with_what_it_stands_before() {
    for (source, line) in [
        (
            "The drug cures headaches and may cause sleep.",
            "The drug cures headaches.",
        ),
        (
            "The drug may cause sleep but cures headaches.",
            "The drug cures headaches.",
        ),
        (
            "The tower, not the oldest, is the tallest.",
            "The tower is the tallest.",
        ),
        (
            "The tower (not the oldest) is the tallest.",
            "The tower is the tallest.",
        ),
        (
            "No ship sinks, and the harbour is deep.",
            "The harbour is deep.",
        ),
        // A month is no hedge.
        ("In May 1889 the tower opened.", "The tower opened in 1889."),
        (
            "The tower opened on 3 May, and 200 people came.",
            "The tower opened, and 200 people came.",
        ),
        // Nor is a question's "if" a condition.
        ("Doctors wondered if the drug works.", "Doctors wondered."),
        (
            "It looks as if it were made of glass.",
            "It looks made of glass.",
        ),
    ] {
        assert_eq!(trace(source, line), Ok(()), "{source}");
    }
}

#[test]
fn words_in_another_order_say_something_else() {
    for (source, line) in [
        (
            "Paris beat London in the final.",
            "London beat Paris in the final.",
        ),
        ("Dogs chase cats.", "Cats chase dogs."),
    ] {
        let got = trace(source, line);
        assert_eq!(wrong(source, line).0, "order", "{got:?}");
    }
}

#[test]
fn phrases_claim_nothing_and_sources_exist() {
    let story = Story {
        arc: domain::Arc::Explanation,
        title: String::new(),
        keywords: Vec::new(),
        sources: Vec::new(),
        beats: Vec::new(),
    };
    let phrase = |text: &str| {
        trace_line(
            &Line {
                text: text.to_owned(),
                source: LineSource::Phrase,
            },
            &story,
        )
    };
    assert_eq!(phrase("One last thing."), Ok(()));
    for claim in ["Bees cure cancer.", "In 1889.", "It is the best in town."] {
        assert!(phrase(claim).is_err(), "{claim}");
    }
    let unknown = Line {
        text: "Bees dance.".to_owned(),
        source: LineSource::Source(SourceId("s9".to_owned())),
    };
    assert!(matches!(
        trace_line(&unknown, &story),
        Err(Untraced::UnknownSource { .. })
    ));
}
