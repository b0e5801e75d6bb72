//! Abbreviations and signs.

use super::out::Out;
use super::token::{Around, is_capitalized, starts_with_digit};

/// When a short form stands for its words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Always.
    Always,
    /// With a full stop after it.
    Dotted,
    /// With a full stop, before a capitalised word.
    BeforeName,
    /// Before a number.
    BeforeNumber,
}
use When::{Always, BeforeName, BeforeNumber, Dotted};

const SHORT: &[(&str, When, &str)] = &[
    ("mr", Always, "mister"),
    ("mrs", Always, "missus"),
    ("ms", BeforeName, "miz"),
    ("dr", BeforeName, "doctor"),
    ("prof", Dotted, "professor"),
    ("gen", BeforeName, "general"),
    ("col", BeforeName, "colonel"),
    ("sgt", Dotted, "sergeant"),
    ("capt", Dotted, "captain"),
    ("lt", BeforeName, "lieutenant"),
    ("rev", BeforeName, "reverend"),
    ("hon", BeforeName, "honorable"),
    ("sen", BeforeName, "senator"),
    ("rep", BeforeName, "representative"),
    ("gov", BeforeName, "governor"),
    ("pres", BeforeName, "president"),
    ("st", BeforeName, "saint"),
    ("st", Dotted, "street"),
    ("dr", Dotted, "drive"),
    ("mt", BeforeName, "mount"),
    ("ft", BeforeName, "fort"),
    ("jr", Always, "junior"),
    ("sr", Dotted, "senior"),
    ("inc", Dotted, "incorporated"),
    ("ltd", Always, "limited"),
    ("co", Dotted, "company"),
    ("corp", Dotted, "corporation"),
    ("dept", Always, "department"),
    ("govt", Always, "government"),
    ("est", Dotted, "established"),
    ("approx", Always, "approximately"),
    ("vs", Always, "versus"),
    ("etc", Always, "et cetera"),
    ("e.g", Always, "for example"),
    ("eg", Dotted, "for example"),
    ("i.e", Always, "that is"),
    ("ie", Dotted, "that is"),
    ("aka", Always, "also known as"),
    ("a.k.a", Always, "also known as"),
    ("cf", Dotted, "compare"),
    ("ca", Dotted, "circa"),
    ("ave", Dotted, "avenue"),
    ("blvd", Always, "boulevard"),
    ("rd", Dotted, "road"),
    ("apt", Dotted, "apartment"),
    ("no", BeforeNumber, "number"),
    ("nos", BeforeNumber, "numbers"),
    ("fig", BeforeNumber, "figure"),
    ("vol", BeforeNumber, "volume"),
    ("ch", BeforeNumber, "chapter"),
    ("sec", BeforeNumber, "section"),
    ("pp", BeforeNumber, "pages"),
    ("p", BeforeNumber, "page"),
    ("ed", Dotted, "edition"),
    ("avg", Always, "average"),
    ("max", Dotted, "maximum"),
    ("min", Dotted, "minimum"),
    ("misc", Always, "miscellaneous"),
    ("w/", Always, "with"),
    ("w/o", Always, "without"),
    ("b/c", Always, "because"),
    ("&", Always, "and"),
    ("+", Always, "plus"),
    ("=", Always, "equals"),
    ("@", Always, "at"),
    ("%", Always, "percent"),
    ("<", Always, "is less than"),
    (">", Always, "is greater than"),
    ("/", Always, "or"),
    ("ok", Always, "okay"),
    ("wwi", Always, "World War one"),
    ("wwii", Always, "World War two"),
    ("ww1", Always, "World War one"),
    ("ww2", Always, "World War two"),
    ("c#", Always, "see sharp"),
    ("f#", Always, "eff sharp"),
    ("c++", Always, "see plus plus"),
];

/// Short forms after which a capitalised word starts a sentence.
const MAY_END: &[&str] = &["etc", "a.m", "p.m"];

/// Words that start a sentence far more often than they follow an abbreviation.
const STARTERS: &[&str] = &[
    "The", "It", "This", "That", "These", "Those", "In", "We", "He", "She", "They", "You", "But",
    "And", "So", "A", "An", "For", "If", "When", "Now", "Then", "Here", "There", "Our", "Its",
    "His", "Her", "Their", "What", "Why", "How", "At", "On", "To", "As",
];

fn find(around: &Around) -> Option<&'static str> {
    let key = around.core.to_ascii_lowercase();
    let holds = |when: When| match when {
        Always => true,
        Dotted => around.dot,
        BeforeName => {
            is_capitalized(around.next)
                && around.goes_on
                && (around.dot || is_capitalized(around.core))
        }
        BeforeNumber => {
            starts_with_digit(around.next) && (around.dot || is_capitalized(around.core))
        }
    };
    SHORT
        .iter()
        .find(|(short, when, _)| *short == key && holds(*when))
        .map(|(.., words)| *words)
}

/// `Dr.`, `e.g.`, `vs`, `&`.
pub(super) fn abbreviation(around: &Around, out: &mut Out) -> bool {
    let found = find(around);
    if let Some(words) = found {
        out.words(words);
    }
    found.is_some()
}

/// `U.S.`, `Ph.D.`, `J.`: letters with a stop after each.
pub(super) fn is_dotted(core: &str, dot: bool) -> bool {
    let parts: Vec<&str> = core.split('.').collect();
    let single = parts.len() == 1 && core.len() == 1 && dot && is_capitalized(core) && core != "I";
    single
        || (parts.len() > 1
            && parts.iter().all(|part| {
                matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
            })
            && parts.iter().any(|part| part.len() == 1))
}

/// `U.S.` and its like.
pub(super) fn dotted(around: &Around, out: &mut Out) -> bool {
    let is = is_dotted(around.core, around.dot);
    if is {
        out.letters(&around.core.to_ascii_uppercase());
    }
    is
}

/// Whether the full stop after a word ends the sentence.
pub(super) fn ends_sentence(around: &Around) -> bool {
    let month = super::calendar::name(around, &mut Out::default());
    let short =
        (around.dot && find(around).is_some()) || is_dotted(around.core, around.dot) || month;
    if !short || around.next.is_empty() {
        return true;
    }
    let key = around.core.to_ascii_lowercase();
    (MAY_END.contains(&key.as_str()) && is_capitalized(around.next))
        || STARTERS.contains(&around.next)
}
