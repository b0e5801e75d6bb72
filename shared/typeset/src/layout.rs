//! Laying out: shaping, bidirectional order, line breaking, alignment.

use cosmic_text::{
    Attrs, AttrsList, BufferLine, CacheKeyFlags, Ellipsize, Family, FontSystem, Hinting,
    LayoutGlyph, LayoutLine, LineEnding, Shaping, Weight, Wrap,
};

use crate::direction::in_order;
use crate::fonts::Engine;
use crate::laid::{Laid, LaidLine, LaidWord, PlacedGlyph};
use crate::prepare::{Paragraph, Prepared, is_space, prepare};
use crate::{Align, Fonts, TextStyle};

impl Fonts {
    /// Lays `text` out within `max_width` pixels: lines break between words (where a script has no spaces, where it allows), and
    /// within a word only if it is wider than a whole line. Line feeds break too.
    pub fn layout(&self, text: &str, style: &TextStyle, max_width: f32) -> Laid {
        let mut engine = self.engine();
        Setting::new(&mut engine, text, style).lay(&mut engine, style, max_width)
    }
}

/// A shaped text. Shapes are of no size, so one setting is laid out in many sizes and widths.
pub(crate) struct Setting {
    lines: Vec<(BufferLine, Paragraph)>,
    missing: Vec<char>,
    /// For each byte of the text, the word it belongs to; `NO_WORD` for white space.
    words: Vec<u32>,
}

const NO_WORD: u32 = u32::MAX;

impl Setting {
    pub(crate) fn new(engine: &mut Engine, text: &str, style: &TextStyle) -> Self {
        let Prepared {
            paragraphs,
            missing,
        } = prepare(engine, text, style.face, style.weight);
        let lines = paragraphs
            .into_iter()
            .map(|paragraph| {
                let mut attributes = AttrsList::new(&Attrs::new());
                for run in &paragraph.runs {
                    let face = &engine.faces[run.face];
                    let spacing = if run.spaced && face.spaced() {
                        style.letter_spacing
                    } else {
                        0.0
                    };
                    let attrs = Attrs::new()
                        .family(Family::Name(&face.family))
                        .weight(Weight(face.weight(style.weight)))
                        .letter_spacing(spacing)
                        .cache_key_flags(CacheKeyFlags::DISABLE_HINTING);
                    attributes.add_span(run.range.clone(), &attrs);
                }
                let mut line = BufferLine::new(
                    paragraph.text.clone(),
                    LineEnding::None,
                    attributes,
                    Shaping::Advanced,
                );
                line.shape(&mut engine.system, 1);
                (line, paragraph)
            })
            .collect();
        Self {
            lines,
            missing,
            words: words_of(text),
        }
    }

    /// The width of the widest piece that no line may break, in ems.
    pub(crate) fn widest_piece(&self) -> f32 {
        let shapes = self.lines.iter().filter_map(|(line, _)| line.shape_opt());
        let words = shapes
            .flat_map(|shape| &shape.spans)
            .flat_map(|span| &span.words);
        words
            .filter(|word| !word.blank)
            .map(|word| word.width(1.0))
            .fold(0.0, f32::max)
    }

    fn broken(&mut self, system: &mut FontSystem, size: f32, width: f32) -> Vec<&[LayoutLine]> {
        self.lines
            .iter_mut()
            .map(|(line, _)| {
                line.reset_layout();
                line.layout(
                    system,
                    size,
                    Some(width.max(1.0)),
                    Wrap::WordOrGlyph,
                    Ellipsize::None,
                    None,
                    1,
                    Hinting::Disabled,
                )
            })
            .collect()
    }

    /// How many lines it takes.
    pub(crate) fn count(&mut self, engine: &mut Engine, size: f32, width: f32) -> usize {
        self.broken(&mut engine.system, size, width)
            .iter()
            .map(|lines| lines.len())
            .sum()
    }

    /// The least width that takes no more lines than `width` does, and breaks no word that `width` doesn't.
    fn balanced_width(&mut self, engine: &mut Engine, size: f32, width: f32) -> f32 {
        let lines = self.count(engine, size, width);
        if lines < 2 {
            return width;
        }
        let (mut low, mut high) = (
            (self.widest_piece() * size)
                .max(width / lines as f32)
                .min(width),
            width,
        );
        // Within two pixels nobody sees the difference.
        while high - low > 2.0 {
            let middle = f32::midpoint(low, high);
            if self.count(engine, size, middle) <= lines {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }

    pub(crate) fn lay(&mut self, engine: &mut Engine, style: &TextStyle, max_width: f32) -> Laid {
        let size = style.size_px;
        let width = if style.balance {
            self.balanced_width(engine, size, max_width)
        } else {
            max_width
        };
        self.broken(&mut engine.system, size, width);
        let mut laid = Laid {
            max_width,
            width: 0.0,
            height: 0.0,
            size_px: size,
            truncated: false,
            broken: self.widest_piece() * size > max_width,
            lines: Vec::new(),
            words: Vec::new(),
            missing: self.missing.clone(),
            glyphs: Vec::new(),
        };
        for (line, paragraph) in &self.lines {
            let rtl = line.shape_opt().is_some_and(|shape| shape.rtl);
            for broken in line.layout_opt().map_or(&[][..], Vec::as_slice) {
                self.place(&mut laid, broken, paragraph, style, rtl);
            }
        }
        laid.height = laid.lines.len() as f32 * size * style.line_height;
        laid.width = laid.lines.iter().map(|line| line.width).fold(0.0, f32::max);
        laid
    }

    /// Adds one line below those that are there.
    fn place(
        &self,
        laid: &mut Laid,
        broken: &LayoutLine,
        paragraph: &Paragraph,
        style: &TextStyle,
        rtl: bool,
    ) {
        let word_of = |glyph: &LayoutGlyph| {
            let origin = *paragraph.origin.get(glyph.start)? as usize;
            let word = *self.words.get(origin)?;
            (word != NO_WORD && glyph.glyph_id != 0).then_some((word as usize, origin))
        };
        let glyphs = in_order(&broken.glyphs, |glyph| Some(word_of(glyph)?.0));
        let inked = || glyphs.iter().filter(|glyph| word_of(glyph).is_some());
        let left = inked()
            .map(|glyph| glyph.x)
            .reduce(f32::min)
            .unwrap_or_default();
        let right = inked()
            .map(|glyph| glyph.x + glyph.w)
            .reduce(f32::max)
            .unwrap_or_default();
        // The last letter's spacing is no part of it.
        let width = (right - left).max(0.0);
        let x = match style.align {
            Align::Center => (laid.max_width - width) / 2.0,
            Align::Start if rtl => laid.max_width - width,
            Align::Start => 0.0,
        };
        let height = style.size_px * style.line_height;
        let y = laid.lines.len() as f32 * height;
        // Capitals (0.72 em high, nearly) stand in the middle of the line, a little low to leave room for accents.
        let baseline = y + height / 2.0 + 0.35 * style.size_px;
        let line = laid.lines.len();
        laid.lines.push(LaidLine {
            x,
            y,
            width,
            height,
            baseline,
            rtl,
        });

        let mut joins = false;
        for glyph in &glyphs {
            let Some((index, origin)) = word_of(glyph) else {
                continue;
            };
            // Characters of scripts without spaces are pieces of their own, so that some of them can be marked.
            let joined =
                std::mem::replace(&mut joins, !stands_alone(&paragraph.text[glyph.start..]));
            let at = laid.glyphs.len();
            let glyph_x = x + glyph.x - left;
            laid.glyphs.push(PlacedGlyph {
                font: glyph.font_id,
                glyph: glyph.glyph_id,
                weight: glyph.font_weight.0,
                x: glyph_x + glyph.x_offset * glyph.font_size,
                y: baseline + glyph.y - glyph.y_offset * glyph.font_size,
            });
            let end = paragraph
                .origin
                .get(glyph.end)
                .map_or(self.words.len(), |&end| end as usize)
                .max(origin);
            let end = (origin..end)
                .find(|&byte| self.words[byte] != index as u32)
                .unwrap_or(end);
            match laid.words.last_mut() {
                Some(word)
                    if word.index == index
                        && word.line == line
                        && (joined && joins || word.text_range.start == origin) =>
                {
                    let right = (word.x + word.width).max(glyph_x + glyph.w);
                    word.x = word.x.min(glyph_x);
                    word.width = right - word.x;
                    word.text_range =
                        word.text_range.start.min(origin)..word.text_range.end.max(end);
                    word.glyphs.end = at + 1;
                }
                _ => laid.words.push(LaidWord {
                    index,
                    text_range: origin..end,
                    line,
                    x: glyph_x,
                    y,
                    width: glyph.w,
                    height,
                    glyphs: at..at + 1,
                }),
            }
        }
    }
}

/// Whether the text begins with a character of Chinese or Japanese, or with one of their signs.
fn stands_alone(text: &str) -> bool {
    text.chars().next().is_some_and(|c| {
        matches!(c, '\u{2e80}'..='\u{312f}' | '\u{31a0}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff65}' | '\u{20000}'..='\u{3ffff}')
    })
}

/// For each byte, the number of the word it is in.
fn words_of(text: &str) -> Vec<u32> {
    let mut words = Vec::with_capacity(text.len());
    let (mut next, mut inside) = (0, false);
    for character in text.chars() {
        let space = is_space(character);
        if !space && !inside {
            next += 1;
        }
        inside = !space;
        words.resize(
            words.len() + character.len_utf8(),
            if space { NO_WORD } else { next - 1 },
        );
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places of a text's glyphs, from left to right, by the order of its characters.
    fn lefts(text: &str) -> Vec<f32> {
        let laid = Fonts::builtin().layout(text, &TextStyle::body(50.0), 900.0);
        assert_eq!(laid.missing, []);
        laid.glyphs.iter().map(|glyph| glyph.x).collect()
    }

    #[test]
    fn a_sign_that_ends_a_right_to_left_word_stands_at_its_left() {
        for word in ["המתנה", "الراحة", "\u{5dc}\u{5b6}\u{5d7}\u{5b6}\u{5dd}"] {
            let fonts = Fonts::builtin();
            let style = TextStyle::body(50.0);
            let plain = fonts.layout(word, &style, 900.0);
            let ended = fonts.layout(&format!("{word}."), &style, 900.0);
            assert_eq!(ended.words.len(), 1, "{word}");
            let shift = ended.width - plain.width;
            assert!(shift > 3.0, "{word}");
            // The letters are where they were, measured from the right edge, and the stop is left of them all.
            let mut letters = lefts(word);
            let mut all = lefts(&format!("{word}."));
            let by_place = |a: &f32, b: &f32| a.total_cmp(b);
            letters.sort_by(by_place);
            all.sort_by(by_place);
            let stop = all.remove(0);
            assert!(stop < letters[0], "{word}: {stop} {letters:?}");
            for (before, after) in letters.iter().zip(&all) {
                assert!((before - after).abs() < 3.0, "{word}: {letters:?} {all:?}");
            }
        }
    }
}
