//! From written text to spoken words.
//!
//! Captions show "$5.20"; the voice says "five dollars and twenty cents". Every spoken word remembers the written word
//! that it comes from, so that the caption can mark it.

/// How one spoken word is to be pronounced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// As a word: letters and apostrophes only.
    Word(String),
    /// Letter by letter: upper-case letters only.
    Letters(String),
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
    /// The spoken words, sentence by sentence. Written words with nothing to say for them appear in none.
    pub sentences: Vec<Vec<Piece>>,
    /// Written words (by index) that hold letters this voice can't read, such as those of another script.
    pub unspoken: Vec<usize>,
}

/// Reads a line.
pub fn read(line: &str) -> Reading {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let mut pieces = Vec::new();
    for (word, text) in words.iter().enumerate() {
        let plain: String = text
            .chars()
            .filter(|c| c.is_ascii_alphabetic() || *c == '\'')
            .collect();
        if !plain.is_empty() {
            let after = text.chars().last().filter(|c| ",;:.?!".contains(*c));
            pieces.push(Piece {
                say: Say::Word(plain),
                word,
                after,
            });
        }
    }
    Reading {
        words,
        sentences: vec![pieces],
        unspoken: Vec::new(),
    }
}

/// Spoken words as text, for messages and tests.
pub fn plain(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        if !text.is_empty() {
            text.push(' ');
        }
        match &piece.say {
            Say::Word(word) | Say::Letters(word) => text.push_str(word),
        }
        text.extend(piece.after);
    }
    text
}
