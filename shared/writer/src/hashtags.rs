//! The hashtags of a post.

use domain::{Brief, Line, Story};

use crate::banned::WordList;
use crate::forms::is_imperative;
use crate::trace::shown_words;
use crate::words::{capitalised, content, count, is_function_word, words};

/// The most characters of a hashtag that people read.
const LONGEST: usize = 30;

/// The most words of a title that is a hashtag by itself.
const TITLE_WORDS: usize = 3;

/// At most this many hashtags: the title, where it is short enough, what the story is about as far as the video says it, and the brand's name last. None says
/// what another does.
pub(crate) fn hashtags(brief: &Brief, story: &Story, told: &[&Line], most: usize) -> Vec<String> {
    let banned = WordList::banned(&brief.brand);
    let said: Vec<&str> = told
        .iter()
        .map(|line| line.text.as_str())
        .chain([story.title.as_str()])
        .collect();
    let brand = brief.brand.name.as_deref().filter(|name| !banned.hit(name));
    let brand = brand.and_then(|name| tag(name, &[name]));
    let room = most.saturating_sub(usize::from(brand.is_some()));
    let title = Some(bare(&story.title)).filter(|title| names(title));
    let keywords = || story.keywords.iter().map(String::as_str);
    // Of a longer keyword, the word that the title holds.
    let of_title = keywords().flat_map(str::split_whitespace);
    let of_title = of_title.filter(|word| held(&content(word), &story.title));
    let keywords = keywords()
        .filter(|phrase| is_subject(phrase, story))
        .chain(of_title);
    let mut found: Vec<String> = Vec::new();
    let mut about: Vec<String> = Vec::new();
    for phrase in title.into_iter().chain(keywords) {
        let terms = content(phrase);
        let new = !terms.is_empty() && !terms.iter().all(|term| about.contains(term));
        let fits =
            found.len() < room && !banned.hit(phrase) && shown_words(phrase, &said).is_none();
        if !(new && fits) {
            continue;
        }
        if let Some(tag) = tag(phrase, &said).filter(|tag| !found.contains(tag)) {
            found.push(tag);
            about.extend(terms);
        }
    }
    found.extend(brand.filter(|brand| !found.iter().any(|tag| same(tag, brand))));
    found.truncate(most);
    found
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A title without its article.
fn bare(title: &str) -> &str {
    let articles = ["The ", "A ", "An "];
    let rest = articles
        .iter()
        .find_map(|article| title.strip_prefix(article));
    rest.unwrap_or(title)
}

/// Whether a keyword is what the story is about, and not only what is said of it once: the title holds it, two sources do, or it is a name.
fn is_subject(phrase: &str, story: &Story) -> bool {
    let terms = content(phrase);
    let whole = terms.len() == count(phrase) && !terms.is_empty();
    let held = |text: &str| held(&terms, text);
    let sources = story.sources.iter().map(|source| source.text.as_str());
    let often = sources.clone().filter(|text| held(text)).count() >= 2;
    let is_name = || {
        let mut words = phrase.split_whitespace();
        words.all(|word| sources.clone().any(|text| stands_as_name(word, text)))
    };
    whole
        && !phrase.contains(|c: char| c.is_numeric())
        && (held(&story.title) || often || is_name())
}

/// Whether a text holds these words, stemmed, beside each other.
fn held(terms: &[String], text: &str) -> bool {
    let known = content(text);
    !terms.is_empty() && known.windows(terms.len()).any(|window| window == terms)
}

/// Whether a text writes a word with a capital where no sentence begins.
fn stands_as_name(word: &str, text: &str) -> bool {
    let mut before = '.';
    text.split_whitespace().any(|token| {
        let begins = matches!(before, '.' | '!' | '?' | ':' | '“' | '"');
        before = token.chars().last().unwrap_or('.');
        let token = token.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = token.chars().next().is_some_and(char::is_uppercase);
        !begins && capital && same(token, word)
    })
}

/// Whether a title is the name of what it is about, and no sentence.
fn names(title: &str) -> bool {
    let lower = words(title);
    let asks = title.ends_with(['?', '!', '？', '؟']);
    (1..=TITLE_WORDS).contains(&count(title))
        && !asks
        && !is_imperative(&lower)
        && !lower.iter().any(|word| is_function_word(word))
}

/// A phrase as a hashtag, each word with a capital, or as it is written in what is `said` ("NASA"); none if it holds what no hashtag can.
fn tag(phrase: &str, said: &[&str]) -> Option<String> {
    let parts: Vec<&str> = phrase
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‑' | '–' | '_' | '&'))
        .filter(|part| !part.is_empty())
        .collect();
    let whole = parts.iter().all(|part| part.chars().all(in_a_word));
    let text: String = parts.iter().map(|part| as_written(part, said)).collect();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let fits = whole && letters >= 2 && text.chars().count() <= LONGEST;
    fits.then(|| format!("#{text}"))
}

/// Letters, digits, and the marks that stand above or below letters.
fn in_a_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{94d}' | '\u{9cd}' | '\u{bcd}' | '\u{c4d}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

fn as_written(word: &str, said: &[&str]) -> String {
    let lower = word.to_lowercase();
    let capitals = |token: &&str| token.chars().skip(1).any(char::is_uppercase);
    said.iter()
        .flat_map(|text| text.split(|c: char| !in_a_word(c)))
        .filter(|token| token.to_lowercase() == lower)
        .find(capitals)
        .map_or_else(|| capitalised(word), str::to_owned)
}
