//! A sheet: what a layout puts on it becomes a picture of what stands still, pieces that come in, and the boxes that say where.

use std::fmt::Write;
use std::ops::Range;

use domain::{Color, LayoutBox, SpokenWord};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;
use typeset::safe::Rect;
use typeset::{Canvas, Fonts, Laid};

use crate::layouts::{one_line, within};
use crate::motion::{Motion, Split};
use crate::piece::{Piece, cut_out};
use crate::{DrawingError, Logo, encode, pace};

/// A text on the sheet.
pub(crate) struct Block {
    laid: Laid,
    x: i32,
    y: i32,
    color: Color,
    /// A part of its text (in bytes) in another colour.
    marked: Option<(Range<usize>, Color)>,
}

impl Block {
    fn color_of(&self, word: &typeset::LaidWord) -> [u8; 4] {
        let color = match &self.marked {
            Some((bytes, color)) if within(word, bytes) => *color,
            _ => self.color,
        };
        [color.r, color.g, color.b, 255]
    }
}

/// What stands on a sheet, or comes in.
enum Content {
    /// SVG elements that lie within a rectangle, below all texts.
    Shape(Rect, String),
    Text(Block),
}

/// Collects shapes below, texts and the logo above.
pub(crate) struct Sheet<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) size: (u32, u32),
    parts: Vec<(Content, Option<Motion>)>,
    /// Bars that come in over texts.
    over: Vec<(Rect, String, Motion)>,
    logo: Option<(&'a Logo, Rect)>,
    /// How what is put next comes in.
    motion: Option<Motion>,
    /// The words that pieces come in with, in the order in which they are read.
    cues: Vec<String>,
    pub(crate) boxes: Vec<LayoutBox>,
    pub(crate) missing: Vec<char>,
    pub(crate) truncated: Vec<String>,
}

/// Boxes of shapes, which may lie under text, have names that start with this.
pub const SHAPE_PREFIX: &str = "shape ";

impl<'a> Sheet<'a> {
    pub(crate) fn new(fonts: &'a Fonts, size: (u32, u32)) -> Self {
        Self {
            fonts,
            size,
            parts: Vec::new(),
            over: Vec::new(),
            logo: None,
            motion: None,
            cues: Vec::new(),
            boxes: Vec::new(),
            missing: Vec::new(),
            truncated: Vec::new(),
        }
    }

    /// Counts a text's words among those that pieces come in with.
    pub(crate) fn say(&mut self, text: &str) -> Range<usize> {
        let start = self.cues.len();
        let text = one_line(text);
        self.cues.extend(
            text.split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned),
        );
        start..self.cues.len()
    }

    /// What is put next comes in like this; without a motion it stands there from the start.
    pub(crate) fn moves(&mut self, motion: impl Into<Option<Motion>>) {
        self.motion = motion.into();
    }

    /// Puts a text with its block's left top corner at (`x`, `y`).
    pub(crate) fn text(&mut self, name: &str, laid: Laid, x: f32, y: f32, color: Color) {
        self.text_marked(name, laid, x, y, color, None);
    }

    pub(crate) fn text_marked(
        &mut self,
        name: &str,
        laid: Laid,
        x: f32,
        y: f32,
        color: Color,
        marked: Option<(Range<usize>, Color)>,
    ) {
        for character in &laid.missing {
            if !self.missing.contains(character) {
                self.missing.push(*character);
            }
        }
        if laid.truncated {
            self.truncated.push(name.to_owned());
        }
        if laid.is_empty() {
            return;
        }
        self.note(
            name.to_owned(),
            Rect {
                x: x.round() + laid.x(),
                y: y.round(),
                width: laid.width,
                height: laid.height,
            },
        );
        self.lettering(laid, x, y, color, marked);
    }

    /// A text without a box: what takes turns with another in the same place.
    pub(crate) fn lettering(
        &mut self,
        laid: Laid,
        x: f32,
        y: f32,
        color: Color,
        marked: Option<(Range<usize>, Color)>,
    ) {
        let block = Block {
            laid,
            x: x.round() as i32,
            y: y.round() as i32,
            color,
            marked,
        };
        self.parts.push((Content::Text(block), self.motion.clone()));
    }

    /// A rectangle with round corners, in one colour.
    pub(crate) fn plate(
        &mut self,
        name: &str,
        rect: Rect,
        radius: f32,
        color: Color,
        opacity: f32,
    ) {
        self.drawn(name, rect, plate(&rect, radius, color, opacity));
    }

    /// SVG elements that lie within `rect`.
    pub(crate) fn drawn(&mut self, name: &str, rect: Rect, elements: String) {
        self.note(format!("{SHAPE_PREFIX}{name}"), rect);
        self.parts
            .push((Content::Shape(rect, elements), self.motion.clone()));
    }

    /// A bar that comes in over texts.
    pub(crate) fn over(&mut self, name: &str, rect: Rect, color: Color, motion: Motion) {
        self.note(format!("{SHAPE_PREFIX}{name}"), rect);
        let elements = plate(&rect, 0.0, color, 1.0);
        self.over.push((rect, elements, motion));
    }

    pub(crate) fn logo(&mut self, logo: &'a Logo, rect: Rect) {
        self.note("logo".to_owned(), rect);
        self.logo = Some((logo, rect));
    }

    pub(crate) fn note(&mut self, name: String, rect: Rect) {
        self.boxes.push(LayoutBox {
            name,
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
        });
    }

    /// The picture of what stands still, clear where nothing was put; `None` where all of it is.
    pub(crate) fn still(&self) -> Result<Option<Pixmap>, DrawingError> {
        let still: Vec<_> = self
            .parts
            .iter()
            .filter(|(_, motion)| motion.is_none())
            .map(|(content, _)| content)
            .collect();
        if still.is_empty() && self.logo.is_none() {
            return Ok(None);
        }
        let shapes: String = still
            .iter()
            .filter_map(|content| match content {
                Content::Shape(_, elements) => Some(elements.as_str()),
                Content::Text(_) => None,
            })
            .collect();
        let mut pixmap = render_svg(self.size.0, self.size.1, &shapes)?;
        let (width, height) = self.size;
        for content in still {
            if let Content::Text(block) = content {
                let mut canvas = Canvas {
                    pixels: pixmap.data_mut(),
                    width,
                    height,
                };
                self.fonts
                    .paint(&block.laid, &mut canvas, block.x, block.y, |word| {
                        block.color_of(word)
                    });
            }
        }
        if let Some((logo, rect)) = self.logo {
            logo.draw(&mut pixmap.as_mut(), rect.x, rect.y, rect.width);
        }
        Ok(Some(pixmap))
    }

    /// What comes in, back to front, with the spoken words that it comes in with; entrances take `tempo` times as long as usual.
    pub(crate) fn pieces(
        &self,
        spoken: &[SpokenWord],
        planned_wpm: u32,
        tempo: f32,
    ) -> Result<Vec<Piece>, DrawingError> {
        let cues: Vec<&str> = self.cues.iter().map(String::as_str).collect();
        let schedule = pace::schedule(&cues, spoken, planned_wpm);
        let moving = self
            .parts
            .iter()
            .filter_map(|(content, motion)| Some((content, motion.as_ref()?)));
        let (mut pieces, mut lettering, mut over) = (Vec::new(), Vec::new(), Vec::new());
        for (content, motion) in moving {
            match content {
                Content::Shape(rect, elements) => {
                    pieces.extend(shape(rect, elements, motion, &schedule, tempo)?);
                }
                Content::Text(block) => {
                    self.letters(block, motion, &schedule, tempo, &mut lettering)?;
                }
            }
        }
        for (rect, elements, motion) in &self.over {
            over.extend(shape(rect, elements, motion, &schedule, tempo)?);
        }
        pieces.append(&mut lettering);
        pieces.append(&mut over);
        Ok(pieces)
    }

    /// A text's pieces: as one, line by line or word by word; what is marked comes with its own words.
    fn letters(
        &self,
        block: &Block,
        motion: &Motion,
        schedule: &pace::Schedule,
        tempo: f32,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), DrawingError> {
        let mut groups: Vec<((usize, bool), Vec<usize>)> = Vec::new();
        for (at, word) in block.laid.words.iter().enumerate() {
            let marked = block
                .marked
                .as_ref()
                .is_some_and(|(bytes, _)| within(word, bytes));
            let key = match motion.split {
                Split::Whole => (0, false),
                Split::Lines => (word.line, marked),
                Split::Words => (word.index, marked),
            };
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, words)) => words.push(at),
                None => groups.push((key, vec![at])),
            }
        }
        let masks = self.fonts.masks(&block.laid);
        for (_, words) in groups {
            let seen = || words.iter().filter(|at| masks[**at].width > 0);
            let edges = seen()
                .map(|&at| {
                    let mask = &masks[at];
                    let (right, bottom) = (mask.x + mask.width as i32, mask.y + mask.height as i32);
                    [mask.x, mask.y, right, bottom]
                })
                .reduce(|a, b| {
                    [
                        a[0].min(b[0]),
                        a[1].min(b[1]),
                        a[2].max(b[2]),
                        a[3].max(b[3]),
                    ]
                });
            let Some([left, top, right, bottom]) = edges else {
                continue;
            };
            let mut pixmap = render_svg((right - left) as u32, (bottom - top) as u32, "")?;
            let (width, height) = (pixmap.width(), pixmap.height());
            for &at in seen() {
                let mut canvas = Canvas {
                    pixels: pixmap.data_mut(),
                    width,
                    height,
                };
                let color = block.color_of(&block.laid.words[at]);
                masks[at].paint(&mut canvas, -left, -top, color);
            }
            // Which of the words that are read it comes in with: its first.
            let first = words.iter().map(|&at| block.laid.words[at].index).min();
            let cue = match (motion.split, first) {
                (Split::Whole, _) | (_, None) => motion.cue.clone(),
                (_, Some(first)) => (motion.cue.start + first).min(motion.cue.end)..motion.cue.end,
            };
            let place = (block.x + left, block.y + top);
            pieces.push(motion.piece(encode::pixmap(&pixmap)?, place, schedule.of(&cue), tempo));
        }
        Ok(())
    }
}

/// A shape as a piece; nothing of one that can't be seen.
fn shape(
    rect: &Rect,
    elements: &str,
    motion: &Motion,
    schedule: &pace::Schedule,
    tempo: f32,
) -> Result<Option<Piece>, DrawingError> {
    let (left, top) = ((rect.x - 2.0).floor() as i32, (rect.y - 2.0).floor() as i32);
    let (right, bottom) = (
        (rect.right() + 2.0).ceil() as i32,
        (rect.bottom() + 2.0).ceil() as i32,
    );
    let moved = format!(
        r#"<g transform="translate({} {})">{elements}</g>"#,
        -left, -top
    );
    let pixmap = render_svg(
        (right - left).max(1) as u32,
        (bottom - top).max(1) as u32,
        &moved,
    )?;
    // What is uncovered around a middle keeps it: that of its own rectangle.
    let seen = if motion.turns() {
        Some((0, 0, pixmap))
    } else {
        cut_out(&pixmap)
    };
    let Some((x, y, pixmap)) = seen else {
        return Ok(None);
    };
    let (place, when) = ((left + x, top + y), schedule.of(&motion.cue));
    Ok(Some(motion.piece(
        encode::pixmap(&pixmap)?,
        place,
        when,
        tempo,
    )))
}

/// The element of a rectangle with round corners.
pub(crate) fn plate(rect: &Rect, radius: f32, color: Color, opacity: f32) -> String {
    let mut element = String::new();
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    let _ = write!(
        element,
        r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" rx="{radius:.2}" fill="{color}" fill-opacity="{opacity}"/>"#
    );
    element
}

/// Draws SVG elements on a clear sheet.
pub(crate) fn render_svg(width: u32, height: u32, elements: &str) -> Result<Pixmap, DrawingError> {
    let mut pixmap = Pixmap::new(width, height).ok_or(DrawingError::Size { width, height })?;
    if !elements.is_empty() {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{elements}</svg>"#
        );
        let tree = usvg::Tree::from_str(&svg, &usvg::Options::default())
            .map_err(|error| DrawingError::Template(error.to_string()))?;
        resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    }
    Ok(pixmap)
}
