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

#[test]
fn planted_falsehoods_are_found() {
    for (source, line) in [
        (
            "About 62% of small shops closed in 2020.",
            "About 72% of small shops closed.",
        ),
        (
            "About 62% of small shops closed in 2020.",
            "62% of all shops closed.",
        ),
        ("It cost 3 million dollars.", "It cost 3 billion dollars."),
        ("The tower is not the tallest.", "The tower is the tallest."),
        ("The tower is the tallest.", "The tower is not the tallest."),
        ("Bees don't sleep in winter.", "Bees sleep in winter."),
        ("The drug may cure headaches.", "The drug cures headaches."),
        (
            "Paris beat London in the final.",
            "London beat Paris in the final.",
        ),
        ("Bees dance.", "Bees dance at night."),
        (
            "Sales rose after the launch.",
            "Sales fell after the launch.",
        ),
        ("Only two workers stayed.", "Two workers stayed."),
    ] {
        assert!(trace(source, line).is_err(), "{line}");
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
