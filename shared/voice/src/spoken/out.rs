//! Spoken words as the rules write them.

use super::Say;

/// The spoken words of one written word.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) said: Vec<(Say, Option<char>)>,
}

/// A word longer than this is said in parts: the longest in dictionaries has 45 letters.
const LONGEST: usize = 30;

impl Out {
    /// Words to be said, parted by spaces.
    pub(super) fn words(&mut self, words: &str) {
        for word in words.split_whitespace() {
            let letters: Vec<char> = word.chars().collect();
            if letters.len() <= LONGEST {
                self.said.push((Say::Word(word.to_owned()), None));
            } else {
                let parts = letters
                    .chunks(LONGEST / 2)
                    .map(|part| (Say::Word(part.iter().collect()), None));
                self.said.extend(parts);
            }
        }
    }

    /// Letters to be named; a small `s` at the end makes the plural.
    pub(super) fn letters(&mut self, letters: &str) {
        let named: String = letters.chars().filter(char::is_ascii_alphabetic).collect();
        let (plural, body) = match named.strip_suffix('s') {
            Some(body)
                if !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_uppercase()) =>
            {
                ("s", body)
            }
            _ => ("", named.as_str()),
        };
        let body = body.to_ascii_uppercase();
        if !body.is_empty() {
            self.said.push((Say::Letters(body + plural), None));
        }
    }

    /// A short pause after what was said last.
    pub(super) fn pause(&mut self) {
        self.mark(',');
    }

    /// A mark after what was said last.
    pub(super) fn mark(&mut self, mark: char) {
        if let Some((_, after)) = self.said.last_mut() {
            after.get_or_insert(mark);
        }
    }
}
