//! A text read into sentences and words, each of which knows where it stands in the original.

mod emoji;
mod language;
mod plain;
mod sentences;
mod syllables;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use language::{Language, OtherLanguage};
pub use syllables::syllables;

/// A stretch of the original text, in bytes, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
}

impl Span {
    /// The stretch of `text`; empty if `text` isn't the text that the span was found in.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// From the start of one to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// How a sentence ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// With a full stop.
    Stop,
    /// With a question mark.
    Question,
    /// With an exclamation mark.
    Exclamation,
    /// With dots that leave something unsaid.
    Ellipsis,
    /// Without a mark, as headings and captions do.
    Open,
}

/// A sentence, a heading or an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands, closing marks included.
    pub span: Span,
    /// Its words: indices into [`Text::words`].
    pub words: Range<usize>,
    /// How it ends.
    pub ending: Ending,
    /// Which paragraph it belongs to, counted from 0.
    pub paragraph: usize,
}

/// A word. "Don't" is one, "well-known" is two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// In lower case, with straight apostrophes.
    pub form: String,
    /// How many syllables it has when spoken: at least 1.
    pub syllables: u32,
    /// Whether it holds a digit.
    pub number: bool,
    /// Whether it begins with a capital letter.
    pub capitalised: bool,
    /// Whether all its letters are capitals, of which there are two at least.
    pub shouted: bool,
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    /// The text as it was given.
    pub original: &'a str,
    /// The same text, byte for byte at the same place, with markup, addresses and control characters blanked out.
    pub plain: String,
    /// Its sentences in order. A sentence has one word at least.
    pub sentences: Vec<Sentence>,
    /// All its words in order.
    pub words: Vec<Word>,
    /// Where emoji stand; they are no words.
    pub emoji: Vec<Span>,
    /// What language it seems to be in.
    pub language: Language,
}

impl<'a> Text<'a> {
    /// Reads a text. There is no text that it can't read: an empty one has no sentences.
    pub fn parse(original: &'a str) -> Self {
        let plain = plain::plain(original);
        let spans = sentences::sentences(&plain);
        let mut words = Vec::with_capacity(plain.len() / 5);
        let mut sentences = Vec::with_capacity(spans.len());
        for found in spans {
            let first = words.len();
            words::read(&plain, found.span, &mut words);
            if words.len() > first {
                sentences.push(Sentence {
                    span: found.span,
                    words: first..words.len(),
                    ending: found.ending,
                    paragraph: found.paragraph,
                });
            }
        }
        let emoji = emoji::emoji(&plain);
        let language = language::guess(&plain, &words);
        Self {
            original,
            plain,
            sentences,
            words,
            emoji,
            language,
        }
    }

    /// The words of one of its sentences.
    pub fn words_of(&self, sentence: &Sentence) -> &[Word] {
        self.words.get(sentence.words.clone()).unwrap_or_default()
    }

    /// What a sentence says, without markup.
    pub fn plain_of(&self, sentence: &Sentence) -> &str {
        sentence.span.of(&self.plain)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sentences(text: &str) -> Vec<String> {
        let read = Text::parse(text);
        read.sentences
            .iter()
            .map(|sentence| {
                let words = read.words_of(sentence);
                let forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
                forms.join(" ")
            })
            .collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(
            sentences(
                "Dr. Smith paid $3.50. \"Why?\" he asked. It was 5 p.m. in the U.S. on Monday!"
            ),
            [
                "dr smith paid 3.50",
                "why he asked",
                "it was 5 p.m in the u.s on monday"
            ]
        );
        assert_eq!(
            sentences(
                "# A heading\n\nOne line\nthat wraps. Then\u{2026} more.\n- an item\n- another"
            ),
            [
                "a heading",
                "one line that wraps",
                "then more",
                "an item",
                "another"
            ]
        );
    }

    #[test]
    fn markup_and_control_characters_are_no_words() {
        assert_eq!(
            sentences(
                "<p>Read <a href=\"https://x.org/q?a=1\">this **bold** page</a>&nbsp;now.</p>\u{0}\u{200b}"
            ),
            ["read this bold page now"]
        );
        assert_eq!(
            sentences("See https://example.org/a-b_c and [the docs](docs/a.md)."),
            ["see and the docs"]
        );
    }

    #[test]
    fn a_comparison_is_no_markup() {
        assert_eq!(sentences("3 < 5 and 7 > 2."), ["3 5 and 7 2"]);
    }

    #[test]
    fn words_keep_their_place_in_the_original() {
        let text = "<b>It’s</b> a WELL-known *trick*.";
        let read = Text::parse(text);
        let found: Vec<&str> = read.words.iter().map(|word| word.span.of(text)).collect();
        assert_eq!(found, ["It’s", "a", "WELL", "known", "trick"]);
        assert_eq!(read.words[0].form, "it's");
        assert!(read.words[2].shouted && !read.words[1].shouted);
    }

    #[test]
    fn emoji_are_seen_and_are_no_words() {
        let read = Text::parse("🎉🎉 👩‍🚀 ❤️ 5 stars");
        assert_eq!(read.emoji.len(), 4);
        assert_eq!(sentences("🎉🎉 👩‍🚀"), Vec::<String>::new());
        assert_eq!(sentences("🎉 5 stars 1️⃣"), ["5 stars 1"]);
    }

    #[test]
    fn a_megabyte_of_openings_is_read_as_fast_as_any_other() {
        // Each of these took minutes when every opening looked for its end anew.
        for piece in [
            "<script>", "<!--", "](", "\n \n", "a.", "&", "<", "**", "\u{200b}", "e.g. ",
        ] {
            let text = piece.repeat(1_000_000 / piece.len());
            assert_eq!(Text::parse(&text).plain.len(), text.len());
        }
    }

    proptest! {
        #[test]
        fn every_text_can_be_read_and_its_spans_are_in_order(text in "\\PC{0,200}|[ -~\\n]{0,300}|[<>&;a-z!?. \\n#*`\\[\\]()-]{0,200}") {
            let read = Text::parse(&text);
            prop_assert_eq!(read.plain.len(), text.len());
            let mut at = 0;
            for sentence in &read.sentences {
                prop_assert!(sentence.span.start >= at && !sentence.words.is_empty());
                prop_assert!(!sentence.span.of(&text).is_empty());
                for word in read.words_of(sentence) {
                    prop_assert!(word.span.start >= at && word.span.end <= sentence.span.end);
                    prop_assert!(!word.span.of(&text).is_empty());
                    prop_assert!(word.syllables >= 1);
                    at = word.span.end;
                }
            }
        }
    }
}
