//! How a brand's own words are said.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief_rules::{control_character, excerpt};

/// The most entries, and the most characters of a written word and of how it is said.
const ENTRIES: usize = 200;
const WORD_CHARS: usize = 60;
const SAID_CHARS: usize = 120;

/// What IPA may be written with: the sounds that the embedded voice knows, stress, length, and what sets syllables and words apart.
const IPA: &str = "abcdefghijklmnopqrstuvwxyzæçðøŋœɐɑɒɓɔɕɖɗəɚɛɜɝɟɡɣɤɥɦɨɪɫɬɭɯɲɳɵɹɻɽɾʁʂʃʈʉʊʋʌʍʎʏʐʑʒʔˈˌː.\u{329}\u{32f}\u{361}\u{303}βθχᵻ ";
/// Its vowels: there is nothing to say without one, or a consonant that stands for one.
const VOWELS: &str = "aeiouyæøœɐɑɒɔəɚɛɜɝɤɨɪɯɵʉʊʌʏᵻ\u{329}";

/// What may stand before and after a word that is still the same word.
const BEFORE: &str = "\"'“‘«([{*_¿¡";
const AFTER: &str = "\"'”’»)]}*_.,;:!?…";
/// What joins words to compounds, whose parts are words of their own.
const JOINTS: &str = "-–—/‑";

/// Words with how they are said: `Nginx` as "engine ex", or in IPA between slashes: "/ˈɛndʒɪn ˈɛks/". Captions and script keep what is written.
///
/// A whole word is found with punctuation around it, with `'s` behind it, and as a part of a compound ("Nginx-based"), in whatever case;
/// initials, capitals throughout, as they are written only ("US" isn't "us"). An entry in the very case goes first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Pronunciations(
    #[schemars(extend("maxProperties" = 200, "propertyNames" = { "minLength": 1, "maxLength": 60, "pattern": "^\\S+$" }))]
     BTreeMap<String, String>,
);

/// Whether a sign of IPA makes a syllable: a vowel, or the mark of a consonant that stands for one.
pub fn is_syllabic(sign: char) -> bool {
    VOWELS.contains(sign)
}

/// How a word is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// As other words would be read.
    Words(&'a str),
    /// By its sounds, in IPA; spaces part words.
    Ipa(&'a str),
}

/// A part of a written word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Read as ever.
    Written(&'a str),
    /// Said as the brand wants it.
    Said {
        /// What is written, its `'s` included.
        written: &'a str,
        /// How it is said, without the `'s`.
        said: Said<'a>,
        /// Whether an `'s` follows.
        possessive: bool,
    },
}

impl FromIterator<(String, String)> for Pronunciations {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl Pronunciations {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every written word with how it is said.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Said<'_>)> {
        (self.0.iter()).map(|(word, said)| (word.as_str(), how(said)))
    }

    /// Those that some lines need: another entry changes nothing of them.
    #[must_use]
    pub fn needed_by(&self, lines: &[String]) -> Self {
        let mut needed = BTreeMap::new();
        for word in lines.iter().flat_map(|line| line.split_whitespace()) {
            let found = self.found(word).into_iter();
            needed.extend(found.map(|found| (found.word.to_owned(), found.said.to_owned())));
        }
        Self(needed)
    }

    /// A written word in parts, if there is an entry for any of it.
    pub fn parts<'a>(&'a self, word: &'a str) -> Option<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        let mut written = 0;
        for found in self.found(word) {
            if written < found.start {
                parts.push(Part::Written(&word[written..found.start]));
            }
            parts.push(Part::Said {
                written: &word[found.start..found.end],
                said: how(found.said),
                possessive: found.possessive,
            });
            written = found.end;
        }
        if parts.is_empty() {
            return None;
        }
        if written < word.len() {
            parts.push(Part::Written(&word[written..]));
        }
        Some(parts)
    }

    /// The entries that stand in a written word, in their order.
    fn found(&self, word: &str) -> Vec<Found<'_>> {
        let mut all = Vec::new();
        let mut at = 0;
        while at < word.len() {
            let found = self.at(word, at);
            at = found.as_ref().map_or(at + 1, |found| found.end);
            all.extend(found);
        }
        all
    }

    /// The longest entry that stands as a whole word at a byte of a written word; of two that differ in case the one in that very case.
    fn at<'a>(&'a self, word: &str, start: usize) -> Option<Found<'a>> {
        if self.0.is_empty() || !begins(word.get(..start)?) {
            return None;
        }
        let rest = &word[start..];
        let found = self.0.iter().filter_map(|(key, said)| {
            let length = same(rest, key)?;
            let (possessive, after) = possessive(&rest[length..]);
            ends(&rest[length + after..]).then(|| Found {
                word: key,
                said,
                start,
                end: start + length + after,
                possessive,
            })
        });
        found.max_by_key(|found| (found.word.len(), rest.starts_with(found.word)))
    }

    /// Everything that is wrong, each with the entry's path below the field that holds it.
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        if self.0.len() > ENTRIES {
            problems.push((
                String::new(),
                format!(
                    "{} entries are too many: keep at most {ENTRIES}",
                    self.0.len()
                ),
            ));
        }
        for (word, said) in &self.0 {
            let problem = word_problem(word).or_else(|| said_problem(word, said));
            if let Some(message) = problem {
                problems.push((format!(".{}", excerpt(word)), message));
            }
        }
        problems
    }
}

/// An entry that was found in a written word.
struct Found<'a> {
    word: &'a str,
    said: &'a str,
    start: usize,
    end: usize,
    possessive: bool,
}

fn how(said: &str) -> Said<'_> {
    let inner = said
        .strip_prefix('/')
        .and_then(|said| said.strip_suffix('/'));
    inner.map_or(Said::Words(said), Said::Ipa)
}

/// Whether a word begins after `before`, the start of a written word.
fn begins(before: &str) -> bool {
    before.ends_with(|c| JOINTS.contains(c)) || before.chars().all(|c| BEFORE.contains(c))
}

/// Whether a word ends before `rest`, the end of a written word.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c| AFTER.contains(c));
    rest.is_empty() || rest.starts_with(|c| JOINTS.contains(c))
}

/// Whether an `'s` follows, and how many bytes it has.
fn possessive(rest: &str) -> (bool, usize) {
    let found = ["'s", "’s", "'S", "’S"]
        .into_iter()
        .find(|end| rest.starts_with(end));
    (found.is_some(), found.map_or(0, str::len))
}

/// How many bytes of `text` an entry's word takes at its start: in the same case, or, unless it is initials, in any.
fn same(text: &str, word: &str) -> Option<usize> {
    if text.starts_with(word) {
        return Some(word.len());
    }
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    if capitals > 1 && !word.chars().any(char::is_lowercase) {
        return None;
    }
    let mut letters = text.chars();
    let mut length = 0;
    for wanted in word.chars() {
        let letter = letters.next()?;
        if letter != wanted && !letter.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
        length += letter.len_utf8();
    }
    Some(length)
}

/// What is wrong with a written word.
fn word_problem(word: &str) -> Option<String> {
    let count = word.chars().count();
    if !word.chars().any(char::is_alphanumeric) {
        Some("the entry has no letter: name the word as it is written".to_owned())
    } else if word.contains(char::is_whitespace) {
        Some(format!(
            "{:?} is more than one word: give each of its words an entry, or leave those out that are read well",
            excerpt(word)
        ))
    } else if count > WORD_CHARS {
        Some(format!(
            "the word has {count} characters, and may have {WORD_CHARS}"
        ))
    } else {
        control(word)
    }
}

/// What is wrong with how a word is said.
fn said_problem(word: &str, said: &str) -> Option<String> {
    let count = said.chars().count();
    if count > SAID_CHARS {
        return Some(format!(
            "how {word:?} is said takes {count} characters, and may take {SAID_CHARS}"
        ));
    }
    match how(said) {
        Said::Words(said) if !said.chars().any(char::is_alphanumeric) => Some(format!(
            "it isn't said how {word:?} is said: write it as other words are read, such as \"engine ex\", or in IPA between slashes"
        )),
        Said::Words(said) => control(said),
        Said::Ipa(ipa) => {
            if let Some(unknown) = ipa.chars().find(|c| !IPA.contains(*c)) {
                Some(format!(
                    "{unknown:?} in {:?} is no sound that the voice knows: between slashes there is IPA, such as \"/ˈɛndʒɪn ˈɛks/\"",
                    excerpt(said)
                ))
            } else if ipa.chars().any(is_syllabic) {
                None
            } else {
                Some(format!(
                    "{:?} has no vowel: between slashes there is IPA, such as \"/ˈɛndʒɪn ˈɛks/\"",
                    excerpt(said)
                ))
            }
        }
    }
}

fn control(text: &str) -> Option<String> {
    // Line ends and tabs are no part of a word either.
    let found = control_character(text).map(|(.., c)| c);
    let found = found.or_else(|| text.chars().find(|c| c.is_control()));
    found.map(|c| {
        format!(
            "the control character U+{:04X} in {:?} can't be said: take it out",
            u32::from(c),
            excerpt(text)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(entries: &[(&str, &str)]) -> Pronunciations {
        let entries = entries.iter();
        entries
            .map(|(word, said)| ((*word).to_owned(), (*said).to_owned()))
            .collect()
    }

    /// A written word with what is said in angle brackets.
    fn shown(said: &Pronunciations, word: &str) -> String {
        let parts = said
            .parts(word)
            .unwrap_or_else(|| vec![Part::Written(word)]);
        parts
            .into_iter()
            .map(|part| match part {
                Part::Written(text) => text.to_owned(),
                Part::Said {
                    said, possessive, ..
                } => {
                    let (Said::Words(said) | Said::Ipa(said)) = said;
                    format!("<{said}{}>", if possessive { "+s" } else { "" })
                }
            })
            .collect()
    }

    #[test]
    fn whole_words_are_found_whatever_stands_around_them() {
        let said = of(&[
            ("Nginx", "engine ex"),
            ("C++", "see plus plus"),
            ("C", "see"),
            ("Node.js", "node"),
            (".NET", "dot net"),
            ("Göteborg", "yuh te bor"),
        ]);
        for (word, wanted) in [
            ("Nginx", "<engine ex>"),
            ("“nginx,”", "“<engine ex>,”"),
            ("NGINX's", "<engine ex+s>"),
            ("(Nginx’s)", "(<engine ex+s>)"),
            ("Nginx-based", "<engine ex>-based"),
            ("Apache/Nginx/C++", "Apache/<engine ex>/<see plus plus>"),
            ("Nginxes", "Nginxes"),
            ("xNginx", "xNginx"),
            ("C++!", "<see plus plus>!"),
            ("C", "<see>"),
            ("C#", "C#"),
            ("node.js.", "<node>."),
            (".NET", "<dot net>"),
            ("ASP.NET", "ASP.NET"),
            ("GÖTEBORG", "<yuh te bor>"),
            ("nginx.org", "nginx.org"),
            ("", ""),
            ("…", "…"),
        ] {
            assert_eq!(shown(&said, word), wanted);
        }
    }

    #[test]
    fn of_two_entries_in_one_place_the_longer_is_said() {
        let said = of(&[
            ("Coca", "coke a"),
            ("Coca-Cola", "coke"),
            ("Cola", "coal a"),
        ]);
        assert_eq!(shown(&said, "Coca-Cola’s"), "<coke+s>");
        assert_eq!(shown(&said, "Coca-tea-cola."), "<coke a>-tea-<coal a>.");
    }

    #[test]
    fn initials_keep_their_case_and_the_very_case_goes_first() {
        let said = of(&[
            ("US", "you ess"),
            ("Polish", "poe lish"),
            ("polish", "pol ish"),
        ]);
        assert_eq!(shown(&said, "us"), "us");
        assert_eq!(shown(&said, "US."), "<you ess>.");
        assert_eq!(shown(&said, "Polish"), "<poe lish>");
        assert_eq!(shown(&said, "polish"), "<pol ish>");
    }

    #[test]
    fn lines_need_only_their_own_words() {
        let said = of(&[
            ("Nginx", "engine ex"),
            ("Kafka", "caf ka"),
            ("Ceph", "/sɛf/"),
        ]);
        let lines = ["We run nginx-based, Ceph's too.".to_owned()];
        let needed = said.needed_by(&lines);
        assert_eq!(needed, of(&[("Nginx", "engine ex"), ("Ceph", "/sɛf/")]));
        assert!(said.needed_by(&[]).is_empty());
    }

    #[test]
    fn bad_entries_are_refused_with_their_reason() {
        for (word, said, told) in [
            ("", "x", "no letter"),
            ("--", "x", "no letter"),
            ("New Relic", "x", "more than one word"),
            (&"a".repeat(61), "x", "61 characters"),
            ("a\u{7}", "x", "U+0007"),
            ("Nginx", "", "isn't said how"),
            ("Nginx", "!?", "isn't said how"),
            ("Nginx", "//", "no vowel"),
            ("Nginx", "/ˈɛnd§/", "'§'"),
            ("Nginx", "/ŋks/", "no vowel"),
            ("Nginx", &"a ".repeat(61), "122 characters"),
            ("Nginx", "engine\nex", "U+000A"),
        ] {
            let problems = of(&[(word, said)]).problems();
            assert!(
                problems.len() == 1 && problems[0].1.contains(told),
                "{word:?} {said:?}: {problems:?}"
            );
        }
        let (longest, most) = ("a".repeat(60), "ab".repeat(60));
        let good = of(&[
            ("Nginx", "engine ex"),
            ("Ceph", "/ˈsɛf/"),
            ("K8s", "kates"),
            (&longest, &most),
        ]);
        assert_eq!(good.problems(), []);
        let many: Pronunciations = (0..201)
            .map(|at| (format!("w{at}"), "x".to_owned()))
            .collect();
        assert!(many.problems()[0].1.contains("201 entries"));
    }
}
