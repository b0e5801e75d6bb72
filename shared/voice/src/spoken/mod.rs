//! From written text to spoken words.
//!
//! Captions show "$5.20"; the voice says "five dollars and twenty cents". Every spoken word remembers the written word
//! that it comes from, so that the caption can mark it.

mod calendar;
mod expand;
mod fold;
mod initials;
mod numbers;
mod out;
mod quantity;
mod said;
mod short;
#[cfg(test)]
mod tests;
mod token;
mod units;
mod web;

use domain::Pronunciations;
use out::Out;
use token::{Around, Token};

/// How one spoken word is to be pronounced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// As a word: letters and apostrophes only.
    Word(String),
    /// Letter by letter: upper-case letters, and a small `s` after them for the plural.
    Letters(String),
    /// By its sounds.
    Ipa {
        /// The sounds, as espeak-ng writes American English.
        ipa: String,
        /// What is written.
        written: String,
    },
}

impl Say {
    /// The word or the letters; what is written where only the sounds are known.
    pub fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Letters(text) | Self::Ipa { written: text, .. } => text,
        }
    }
}

/// One spoken word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is said.
    pub say: Say,
    /// Which written word of the line it comes from.
    pub word: usize,
    /// The punctuation mark after it that the voice pauses or turns at: one of `,;:.?!`.
    pub after: Option<char>,
}

/// How a line is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The written words: the line split at white space.
    pub words: Vec<String>,
    /// The spoken words, sentence by sentence, none empty. Written words with nothing to say for them appear in none.
    pub sentences: Vec<Vec<Piece>>,
    /// Written words (by index) that hold letters this voice can't read, such as those of another script.
    pub unspoken: Vec<usize>,
}

/// Sentences with more spoken words than this are taken in parts: the voice holds one in memory at a time.
const LONGEST_SENTENCE: usize = 36;

/// Reads a line of English, with a brand's own way to say some of its words.
pub fn read(line: &str, own: &Pronunciations) -> Reading {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let tokens: Vec<Token> = words.iter().map(|word| Token::new(word)).collect();
    let shouted = is_shouted(&tokens);
    let mut unspoken = Vec::new();

    let mut sentences = Vec::new();
    let mut sentence: Vec<Piece> = Vec::new();
    for (word, token) in tokens.iter().enumerate() {
        let core = |at: Option<usize>| {
            at.and_then(|at| tokens.get(at))
                .map_or("", |token| token.core.as_str())
        };
        let around = Around {
            core: &token.core,
            dot: token.dot,
            prev: core(word.checked_sub(1)),
            next: core(Some(word + 1)),
            goes_on: !matches!(token.mark, Some(',' | ';' | ':')),
            shouted,
        };
        if let Some(mark) = token.mark_before
            && let Some(last) = sentence.last_mut()
        {
            last.after.get_or_insert(mark);
        }
        let mut out = Out::default();
        let foreign = if let Some(parts) = own.parts(&words[word]) {
            said::read(&parts, &around, &mut out)
        } else {
            expand::read(&around, &mut out);
            token.foreign
        };
        unspoken.extend(foreign.then_some(word));
        // Silence stands for what can't be read, so the voice ends what it was saying.
        if foreign && out.said.is_empty() {
            sentences.extend(end(&mut sentence, ','));
            continue;
        }
        sentence.extend(
            out.said
                .into_iter()
                .map(|(say, after)| Piece { say, word, after }),
        );
        match token.mark {
            Some('.') if token.dot && !short::ends_sentence(&around) => {}
            Some(mark @ ('.' | '?' | '!')) => sentences.extend(end(&mut sentence, mark)),
            Some(mark) => {
                if let Some(last) = sentence.last_mut() {
                    last.after = Some(mark);
                }
            }
            None => {}
        }
    }
    sentences.extend(end(&mut sentence, '.'));
    let sentences = sentences.into_iter().flat_map(parts).collect();
    Reading {
        words,
        sentences,
        unspoken,
    }
}

/// Ends a sentence with a mark, if there is one to end.
fn end(sentence: &mut Vec<Piece>, mark: char) -> Option<Vec<Piece>> {
    let last = sentence.last_mut()?;
    last.after = Some(mark);
    Some(std::mem::take(sentence))
}

/// Whether a line is written in capitals throughout, so that capitals don't tell an initialism.
fn is_shouted(tokens: &[Token]) -> bool {
    let long = tokens
        .iter()
        .filter(|token| token.core.bytes().filter(u8::is_ascii_alphabetic).count() >= 3);
    let capitals = long
        .clone()
        .filter(|token| !token.core.contains(|c: char| c.is_ascii_lowercase()))
        .count();
    capitals >= 2 && capitals * 4 >= long.count() * 3
}

/// A long sentence in parts, cut after a mark where there is one in the second half of a part.
fn parts(mut sentence: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut parts = Vec::new();
    while sentence.len() > LONGEST_SENTENCE {
        let half = LONGEST_SENTENCE / 2;
        let cut = (half..LONGEST_SENTENCE)
            .rev()
            .find(|&at| sentence[at].after.is_some())
            .unwrap_or(LONGEST_SENTENCE - 1);
        let rest = sentence.split_off(cut + 1);
        if let Some(last) = sentence.last_mut() {
            last.after.get_or_insert(',');
        }
        parts.push(std::mem::replace(&mut sentence, rest));
    }
    parts.push(sentence);
    parts
}

/// Spoken words as text, for messages and tests.
pub fn plain(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(piece.say.text());
        text.extend(piece.after);
    }
    text
}
