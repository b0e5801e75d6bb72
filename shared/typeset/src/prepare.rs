//! From any text to what can be shaped: paragraphs of characters that a face can draw, each with the place it came from.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::Face;
use crate::fonts::Engine;

/// A part of a paragraph that is set in one face.
pub(crate) struct Run {
    pub(crate) range: std::ops::Range<usize>,
    pub(crate) face: usize,
    /// Whether its letters may be set wider or tighter: not those that carry marks of their own, which would move too.
    pub(crate) spaced: bool,
}

/// One paragraph, ready for shaping.
pub(crate) struct Paragraph {
    pub(crate) text: String,
    /// Byte ranges of `text` in order, each with the face it is set in.
    pub(crate) runs: Vec<Run>,
    /// For each byte of `text`, the byte of the original text that its grapheme cluster starts at.
    pub(crate) origin: Vec<u32>,
}

impl Paragraph {
    fn new() -> Self {
        Self {
            text: String::new(),
            runs: Vec::new(),
            origin: Vec::new(),
        }
    }

    fn push(&mut self, text: &str, face: usize, origin: usize) {
        let start = self.text.len();
        self.text.push_str(text);
        self.origin.resize(self.text.len(), origin as u32);
        let spaced = text.chars().nth(1).is_none();
        match self.runs.last_mut() {
            Some(run) if run.face == face && run.spaced == spaced => {
                run.range.end = self.text.len();
            }
            _ => self.runs.push(Run {
                range: start..self.text.len(),
                face,
                spaced,
            }),
        }
    }
}

/// A text ready for shaping.
pub(crate) struct Prepared {
    pub(crate) paragraphs: Vec<Paragraph>,
    /// Characters that no face can draw, in order of their first appearance.
    pub(crate) missing: Vec<char>,
}

/// Diacritics stacked on one letter beyond this many are left out: real orthographies need three, and a tower of them would
/// grow into whatever stands above.
const MAX_STACKED: usize = 3;

/// Chooses a face for every grapheme cluster. Line feeds end paragraphs; other white space becomes a space.
pub(crate) fn prepare(engine: &Engine, text: &str, face: Face, weight: u16) -> Prepared {
    let plain = engine.chain(face, weight, false);
    let pictures = engine.chain(face, weight, true);
    let mut prepared = Prepared {
        paragraphs: vec![Paragraph::new()],
        missing: Vec::new(),
    };
    let mut spaces = plain.first().copied().unwrap_or_default();
    for (at, cluster) in text.grapheme_indices(true) {
        if cluster.contains('\n') {
            prepared.paragraphs.push(Paragraph::new());
            continue;
        }
        let Some(paragraph) = prepared.paragraphs.last_mut() else {
            continue;
        };
        if cluster.chars().all(is_space) {
            // One space, however many there are: also where a word between two of them can't be drawn.
            if !paragraph.text.is_empty() && !paragraph.text.ends_with(' ') {
                paragraph.push(" ", spaces, at);
            }
            continue;
        }
        let wanted = readable(cluster);
        if wanted.is_empty() {
            continue;
        }
        let chain = if wanted.contains('\u{fe0f}') || wanted.contains('\u{20e3}') {
            &pictures
        } else {
            &plain
        };
        if let Some(face) = chain
            .iter()
            .copied()
            .find(|&face| covers_all(engine, face, &wanted))
        {
            // An emoji's face has spaces as wide as its pictures.
            if !engine.faces[face].is_emoji() {
                spaces = face;
            }
            paragraph.push(&wanted, face, at);
            continue;
        }
        // No face has all of it: what can be drawn is, character by character.
        for character in wanted.chars() {
            if let Some(face) = chain
                .iter()
                .copied()
                .find(|&face| !is_invisible(character) && engine.faces[face].covers(character))
            {
                paragraph.push(character.encode_utf8(&mut [0; 4]), face, at);
            } else if !is_invisible(character) && !prepared.missing.contains(&character) {
                prepared.missing.push(character);
            }
        }
    }
    prepared
}

/// The cluster composed (NFC), without control characters and towers of diacritics.
fn readable(cluster: &str) -> String {
    let mut stacked = 0;
    cluster
        .nfc()
        .filter(|&c| {
            !c.is_control() && !matches!(c, '\u{ad}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        })
        .filter(|&c| {
            stacked += usize::from(is_diacritic(c));
            !is_diacritic(c) || stacked <= MAX_STACKED
        })
        .collect()
}

fn covers_all(engine: &Engine, face: usize, cluster: &str) -> bool {
    let mut visible = false;
    cluster.chars().filter(|&c| !is_invisible(c)).all(|c| {
        visible = true;
        engine.faces[face].covers(c)
    }) && visible
}

/// White space at which a word ends; no-break spaces hold words together.
pub(crate) fn is_space(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}'))
        || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Diacritics of no script in particular, which fonts stack.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{34e}' | '\u{350}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20df}' | '\u{20e1}' | '\u{20e5}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that shape their neighbours and are not drawn themselves (Unicode: Default_Ignorable_Code_Point).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fonts;

    fn faces(text: &str) -> Vec<(String, bool)> {
        let fonts = Fonts::builtin();
        let engine = fonts.engine();
        let prepared = prepare(&engine, text, Face::Text, 700);
        let paragraph = &prepared.paragraphs[0];
        let of = |run: &Run| {
            let emoji = engine.faces[run.face].is_emoji();
            (paragraph.text[run.range.clone()].to_owned(), emoji)
        };
        paragraph.runs.iter().map(of).collect()
    }

    #[test]
    fn a_space_beside_an_emoji_is_a_letter_wide() {
        let runs = faces("🍞 rises 🚀 high");
        assert!(
            runs.iter()
                .all(|(text, emoji)| !emoji || !text.contains(' ')),
            "{runs:?}"
        );
    }
}
