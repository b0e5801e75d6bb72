//! The sound of a word that no dictionary knows.

use std::sync::OnceLock;

use super::names;
use super::rules::RULES;

struct Rule {
    before: Vec<char>,
    letters: Vec<char>,
    after: Vec<char>,
    sound: &'static str,
}

fn rules() -> &'static [Rule] {
    static RULES_ONCE: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES_ONCE.get_or_init(|| RULES.split_whitespace().filter_map(parse).collect())
}

fn parse(text: &'static str) -> Option<Rule> {
    let (pattern, sound) = text.split_once('=')?;
    let (before, rest) = pattern.split_once('[')?;
    let (letters, after) = rest.split_once(']')?;
    let chars = |text: &str| text.chars().collect();
    // What stands before is matched from the letters outwards.
    Some(Rule {
        before: before.chars().rev().collect(),
        letters: chars(letters),
        after: chars(after),
        sound,
    })
}

fn is_vowel(letter: char) -> bool {
    "aeiouy".contains(letter)
}

/// Whether `pattern` fits `text` from its start; the text's end is the word's.
fn fits(pattern: &[char], text: &[char]) -> bool {
    let Some((&sign, pattern)) = pattern.split_first() else {
        return true;
    };
    let first = text.first().copied();
    let one = |good: bool| good && fits(pattern, &text[1..]);
    match sign {
        '_' => text.is_empty() && fits(pattern, text),
        '#' => one(first.is_some_and(is_vowel)),
        '^' => one(first.is_some_and(|letter| !is_vowel(letter))),
        '+' => one(first.is_some_and(|letter| "eiy".contains(letter))),
        '.' => one(first.is_some_and(|letter| "bdgjlmnrvwz".contains(letter))),
        ':' => (0..=text.iter().take_while(|&&letter| !is_vowel(letter)).count())
            .any(|skip| fits(pattern, &text[skip..])),
        '%' => {
            let rest: String = text.iter().collect();
            ["e", "es", "ed", "er", "ers", "ing", "ely", "y"].contains(&rest.as_str())
                && pattern.is_empty()
        }
        letter => one(first == Some(letter)),
    }
}

/// Phonemes of a word from its letters, stress set. Strings without a vowel are spelled.
pub(crate) fn sound(word: &str) -> String {
    let letters: Vec<char> = word
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if !letters.iter().copied().any(is_vowel) {
        return names(word);
    }
    let mut phonemes = String::new();
    let mut at = 0;
    while at < letters.len() {
        let before: Vec<char> = letters[..at].iter().rev().copied().collect();
        let rule = rules().iter().find(|rule| {
            letters[at..].starts_with(&rule.letters)
                && fits(&rule.after, &letters[at + rule.letters.len()..])
                && fits(&rule.before, &before)
        });
        if let Some(rule) = rule {
            phonemes.push_str(rule.sound);
        }
        at += rule.map_or(1, |rule| rule.letters.len());
    }
    stress(&phonemes)
}

/// Endings that draw the stress to the syllable before them.
const DRAWING: [&str; 7] = ["ʃən", "ʒən", "ɪk", "ɪɾi", "ɪti", "iən", "iəs"];

/// Marks the stressed vowel: the one before an ending that draws it; else the first of two, the third from the end of more.
/// Then short unstressed vowels before it blur.
fn stress(phonemes: &str) -> String {
    let full = |letter: char| "AIOWYiuæɑɛɜɪʊʌɔ".contains(letter);
    let any = |letter: char| full(letter) || "əᵊᵻ".contains(letter);
    let letters: Vec<char> = phonemes.chars().collect();
    let vowels: Vec<usize> = (0..letters.len()).filter(|&at| any(letters[at])).collect();
    let drawn = DRAWING
        .iter()
        .find(|ending| phonemes.ends_with(**ending))
        .map(|ending| {
            let own = ending.chars().filter(|&letter| any(letter)).count();
            vowels.len().saturating_sub(own + 1)
        });
    let wished = drawn.unwrap_or_else(|| vowels.len().saturating_sub(3));
    let at = (wished..vowels.len())
        .chain(0..wished)
        .find(|&at| full(letters[vowels[at]]));
    let Some(stressed) = at.map(|at| vowels[at]) else {
        return phonemes.to_owned();
    };
    let mut marked = String::with_capacity(phonemes.len() + 4);
    for (at, &letter) in letters.iter().enumerate() {
        if at == stressed {
            marked.push('ˈ');
        }
        let blurs = at != stressed
            && at > 0
            && matches!(letter, 'æ' | 'ʌ' | 'ɑ')
            && letters.get(at + 1) != Some(&'ɹ');
        marked.push(if blurs { 'ə' } else { letter });
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::{RULES, rules, sound};

    #[test]
    fn every_rule_is_read() {
        assert_eq!(rules().len(), RULES.split_whitespace().count());
    }

    #[test]
    fn made_up_words_sound_as_an_english_reader_would_say_them() {
        for (word, sounds) in [
            ("bip", "bˈɪp"),
            ("blate", "blˈAt"),
            ("shoop", "ʃˈup"),
            ("thrine", "θɹˈIn"),
            ("knarp", "nˈɑɹp"),
            ("zentio", "zˈɛntiO"),
            ("blicking", "blˈɪkɪŋ"),
            ("phantation", "fəntˈAʃən"),
            ("gloyed", "ɡlˈYd"),
            ("wraff", "ɹˈæf"),
            ("flidge", "flˈɪʤ"),
            ("vubble", "vˈʌbᵊl"),
            ("cymbric", "sˈɪmbɹɪk"),
            ("trumpeted", "tɹˈʌmpɛtᵻd"),
            ("bcdf", "bˌisˌidˌiˈɛf"),
        ] {
            assert_eq!(sound(word), sounds, "{word}");
        }
    }

    #[test]
    fn every_word_has_a_sound() {
        for word in [
            "x",
            "yyyy",
            "aeiou",
            "xqj",
            "e",
            "qqqqq",
            "rhythmz",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(!sound(word).is_empty(), "{word}");
        }
    }
}
