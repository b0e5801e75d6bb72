//! Agreement of verbs with their subjects and of nouns with what stands before them, where it can be told from neighbours.

use harper_brill::UPOS;
use harper_core::{Document, Token, TokenStringExt};

/// Subjects that take "am", "is" and "are": I, he, they.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    First,
    Third,
    Plural,
}

/// A word of a sentence with what is known of it.
struct Tagged<'a> {
    form: String,
    token: &'a Token,
    tag: Option<UPOS>,
}

const SINGULAR_BEFORE: &[&str] = &[
    "a", "an", "this", "that", "each", "every", "another", "either", "neither",
];
const PLURAL_BEFORE: &[&str] = &[
    "these", "those", "many", "several", "few", "both", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten",
];
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our",
    "their", "each", "every", "another",
];
/// Nouns without an s of the plural that are plural, or may be.
const COLLECTIVE: &[&str] = &[
    "people",
    "police",
    "children",
    "men",
    "women",
    "feet",
    "teeth",
    "mice",
    "geese",
    "fish",
    "sheep",
    "deer",
    "cattle",
    "staff",
    "team",
    "crew",
    "family",
    "group",
    "couple",
    "majority",
    "minority",
    "number",
    "rest",
    "half",
    "lot",
    "variety",
    "percent",
    "series",
    "species",
    "government",
    "audience",
    "public",
    "media",
    "data",
    "youth",
    "elderly",
    "poor",
    "rich",
    "young",
    "old",
    "others",
    "some",
    "pair",
    "british",
    "french",
    "english",
    "chinese",
    "dutch",
    "irish",
    "japanese",
    "spanish",
    "unemployed",
    "homeless",
    "sick",
    "blind",
    "deaf",
    "dead",
    "living",
    "wounded",
    "same",
    "latter",
    "former",
    "bulk",
];

/// Start and end (in characters) of what doesn't agree, and what is wrong with it.
pub(super) fn find(document: &Document) -> Vec<(usize, usize, &'static str)> {
    let source = document.get_source();
    let mut found = Vec::new();
    for sentence in document.get_tokens().iter_sentences() {
        // A mark between two words parts them: it becomes an empty word.
        let words: Vec<Tagged<'_>> = sentence
            .iter()
            .filter(|token| !token.kind.is_whitespace())
            .map(|token| Tagged {
                form: if token.kind.is_word() {
                    token
                        .get_ch(source)
                        .iter()
                        .collect::<String>()
                        .to_lowercase()
                        .replace('\u{2019}', "'")
                } else {
                    String::new()
                },
                token,
                tag: token
                    .kind
                    .as_word()
                    .and_then(Option::as_ref)
                    .and_then(|word| word.pos_tag),
            })
            .collect();
        for at in 1..words.len() {
            let message = verb(&words, at).or_else(|| noun(&words, at));
            if let (Some(message), Some(before), Some(word)) =
                (message, words.get(at - 1), words.get(at))
            {
                found.push((before.token.span.start, word.token.span.end, message));
            }
        }
    }
    found
}

/// A verb right after its subject.
fn verb(words: &[Tagged<'_>], at: usize) -> Option<&'static str> {
    let verb = words.get(at)?;
    let subject = words.get(at.checked_sub(1)?)?;
    let person = person(words, at - 1, subject)?;
    let third = match verb.form.as_str() {
        "is" | "has" | "does" | "isn't" | "hasn't" | "doesn't" => true,
        "was" | "wasn't" => {
            return (person == Person::Plural).then_some("a plural subject with \"was\"");
        }
        "are" | "aren't" => {
            return (person != Person::Plural).then_some("a singular subject with \"are\"");
        }
        "were" | "weren't" => {
            // "If I were", "as he were": a wish.
            let wished = words[..at].iter().any(|word| {
                matches!(
                    word.form.as_str(),
                    "if" | "wish" | "as" | "though" | "unless" | "than"
                )
            });
            return (person == Person::Third && !wished)
                .then_some("a singular subject with \"were\"");
        }
        "am" => return (person != Person::First).then_some("\"am\" without \"I\""),
        "have" | "do" | "haven't" | "don't" => false,
        _ => {
            // Other verbs only after pronouns, where nothing else can be meant.
            if !subject.token.kind.is_pronoun()
                || verb.tag != Some(UPOS::VERB)
                || inverted(words, at - 1)
            {
                return None;
            }
            let kind = &verb.token.kind;
            if kind.is_verb_third_person_singular_present_form() && !kind.is_verb_lemma() {
                true
            } else if kind.is_verb_lemma() && !kind.is_verb_simple_past_form() {
                false
            } else {
                return None;
            }
        }
    };
    if inverted(words, at - 1) && !third {
        return None;
    }
    match (person, third) {
        (Person::First | Person::Plural, true) => {
            Some("a plural subject, or \"I\" or \"you\", with a verb for \"he\"")
        }
        (Person::Third, false) => Some("a singular subject with a verb for \"they\""),
        _ => None,
    }
}

/// Whether something before the subject takes the verb's ending away: "did he go", "let it go", "that she have".
fn inverted(words: &[Tagged<'_>], subject: usize) -> bool {
    words[..subject].iter().rev().take(4).any(|word| {
        matches!(
            word.form.as_str(),
            "do" | "does"
                | "did"
                | "don't"
                | "doesn't"
                | "didn't"
                | "can"
                | "could"
                | "will"
                | "would"
                | "shall"
                | "should"
                | "may"
                | "might"
                | "must"
                | "can't"
                | "couldn't"
                | "won't"
                | "wouldn't"
                | "shouldn't"
                | "let"
                | "lets"
                | "make"
                | "makes"
                | "made"
                | "help"
                | "helps"
                | "helped"
                | "see"
                | "saw"
                | "seen"
                | "hear"
                | "heard"
                | "watch"
                | "watched"
                | "have"
                | "had"
                | "has"
                | "that"
                | "suggest"
                | "insist"
                | "demand"
                | "recommend"
                | "is"
                | "are"
                | "was"
                | "were"
                | "isn't"
                | "aren't"
                | "wasn't"
                | "to"
                | "feel"
                | "felt"
                | "and"
                | "or"
                | "letting"
                | "making"
                | "helping"
                | "seeing"
        )
    })
}

/// Who the subject is that ends at a word, if that is beyond doubt.
fn person(words: &[Tagged<'_>], at: usize, subject: &Tagged<'_>) -> Option<Person> {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let joined =
        before.is_some_and(|word| matches!(word.form.as_str(), "and" | "or" | "nor" | "&"));
    match subject.form.as_str() {
        "i" => return (!joined).then_some(Person::First),
        "he" | "she" => return (!joined).then_some(Person::Third),
        "it" => {
            // "makes it are" is no sentence, but "about it have" may be one's end.
            let object = before
                .is_some_and(|word| word.tag == Some(UPOS::ADP) || word.tag == Some(UPOS::VERB));
            return (!joined && !object).then_some(Person::Third);
        }
        "we" | "they" => return Some(Person::Plural),
        "you" => {
            let object = before
                .is_some_and(|word| word.tag == Some(UPOS::ADP) || word.tag == Some(UPOS::VERB));
            return (!object).then_some(Person::Plural);
        }
        _ => {}
    }
    let kind = &subject.token.kind;
    if subject.tag != Some(UPOS::NOUN) || COLLECTIVE.contains(&subject.form.as_str()) {
        return None;
    }
    // The noun phrase: back to its determiner, over adjectives and nouns.
    let mut start = at;
    while let Some(earlier) = start.checked_sub(1).and_then(|at| words.get(at)) {
        let inside = matches!(earlier.tag, Some(UPOS::ADJ | UPOS::NOUN | UPOS::NUM))
            && !earlier.form.is_empty();
        if DETERMINERS.contains(&earlier.form.as_str()) {
            start -= 1;
            break;
        }
        if !inside {
            break;
        }
        start -= 1;
    }
    // After a preposition, a verb or "and" it isn't the subject, or not alone.
    let opens = match start.checked_sub(1).and_then(|at| words.get(at)) {
        None => true,
        Some(word) => {
            word.form.is_empty() && start < 3
                || matches!(
                    word.form.as_str(),
                    "because"
                        | "while"
                        | "when"
                        | "if"
                        | "although"
                        | "though"
                        | "but"
                        | "so"
                        | "where"
                )
        }
    };
    let determined = DETERMINERS.contains(&words.get(start)?.form.as_str());
    if !opens {
        return None;
    }
    if kind.is_plural_noun() && !kind.is_singular_noun() {
        Some(Person::Plural)
    } else if determined
        && kind.is_singular_noun()
        && !kind.is_plural_noun()
        && !subject.form.ends_with('s')
    {
        Some(Person::Third)
    } else {
        None
    }
}

/// A noun right after what tells its number.
fn noun(words: &[Tagged<'_>], at: usize) -> Option<&'static str> {
    let noun = words.get(at)?;
    let before = words.get(at.checked_sub(1)?)?;
    let kind = &noun.token.kind;
    let last = words.get(at + 1).is_none_or(|after| {
        !matches!(
            after.tag,
            Some(UPOS::NOUN | UPOS::PROPN | UPOS::ADJ | UPOS::NUM)
        )
    });
    if noun.tag != Some(UPOS::NOUN) || !last || COLLECTIVE.contains(&noun.form.as_str()) {
        return None;
    }
    let plural = kind.is_plural_noun() && !kind.is_singular_noun();
    let singular = kind.is_singular_noun()
        && !kind.is_plural_noun()
        && !noun.form.ends_with('s')
        && !kind.is_adjective();
    if plural
        && SINGULAR_BEFORE.contains(&before.form.as_str())
        && before.form != "that"
        && before.form != "either"
    {
        Some("a plural after a word for one")
    } else if singular && PLURAL_BEFORE.contains(&before.form.as_str()) && !kind.is_mass_noun_only()
    {
        Some("a singular after a word for several")
    } else {
        None
    }
}
