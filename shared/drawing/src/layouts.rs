//! The layouts: where each kind of scene has its words.

use domain::{Color, Enter, Platform, Style, Visual};
use typeset::safe::{self, Rect};
use typeset::{Fit, Fonts, Laid, LaidWord, TextStyle};

use crate::Logo;
use crate::icon::icon;
use crate::look::{Look, Marker, Rule};
use crate::motion::{Motion, Split};
use crate::scheme::Scheme;
use crate::seed::Seeded;
use crate::sheet::{Sheet, plate};

mod bars;
mod call;
mod compare;
mod count;
mod define;
mod line;
mod list;
mod myth;
mod number;
mod question;
mod quote;
mod share;
mod statement;
mod steps;
mod title;

/// A sheet with what its layouts go by.
pub(crate) struct Page<'a> {
    pub(crate) sheet: Sheet<'a>,
    pub(crate) scheme: Scheme,
    /// Where words may stand: what the logo has left of the frame's stage.
    pub(crate) stage: Rect,
    /// A thousand-and-eightieth of the frame's shorter side: sizes are given in these.
    pub(crate) unit: f32,
    pub(crate) seeded: Seeded,
    pub(crate) look: Look,
    /// Names of icons that there are none of.
    pub(crate) unknown_icons: Vec<String>,
}

/// What a page is made for.
pub(crate) struct Setting<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) size: (u32, u32),
    pub(crate) platform: Platform,
    pub(crate) style: Style,
    pub(crate) logo: Option<&'a Logo>,
    /// Whether a picture of the user's own lies behind.
    pub(crate) pictured: bool,
}

impl<'a> Page<'a> {
    pub(crate) fn new(setting: &Setting<'a>, scheme: Scheme, seeded: Seeded) -> Self {
        let Setting {
            fonts, size, logo, ..
        } = *setting;
        let unit = size.0.min(size.1) as f32 / 1080.0;
        let mut page = Self {
            sheet: Sheet::new(fonts, size),
            scheme,
            stage: safe::stage(size, setting.platform),
            unit,
            seeded,
            look: Look::of(setting.style),
            unknown_icons: Vec::new(),
        };
        if let Some(logo) = logo {
            page.put_logo(logo, setting.pictured);
        }
        page
    }

    /// Whether columns stand side by side.
    pub(crate) fn wide(&self) -> bool {
        self.sheet.size.0 as f32 > 1.2 * self.sheet.size.1 as f32
    }

    pub(crate) fn put(&mut self, visual: &Visual) {
        match visual {
            Visual::Title { title, kicker } => self.title(title, kicker.as_deref()),
            Visual::Statement { text, emphasis } => self.statement(text, emphasis.as_deref()),
            Visual::Quote { text, attribution } => self.quote(text, attribution.as_deref()),
            Visual::List {
                heading,
                items,
                icons,
            } => self.list(heading, items, icons),
            Visual::BigNumber { value, caption } => self.number(value, caption),
            Visual::CallToAction { text, brand } => self.call(text, brand.as_deref()),
            Visual::BarChart { heading, bars } => self.bars(heading.as_deref(), bars),
            Visual::LineChart { heading, points } => self.line_chart(heading.as_deref(), points),
            Visual::Share { value, caption } => self.share(value, caption),
            Visual::Comparison { first, second } => self.compare(first, second),
            Visual::Steps { heading, steps } => self.steps(heading.as_deref(), steps),
            Visual::Definition { term, meaning } => self.define(term, meaning),
            Visual::Question { text } => self.question(text),
            Visual::MythFact { myth, fact } => self.myth(myth, fact),
            Visual::IconStatement {
                icon,
                text,
                emphasis,
            } => self.icon_statement(icon, text, emphasis.as_deref()),
        }
    }

    /// In the upper corner; on a plate over a picture, and where its colours are lost on the ground.
    fn put_logo(&mut self, logo: &'a Logo, pictured: bool) {
        let lost = logo.lost_on(self.scheme.base) > 0.3;
        let plated = lost || pictured;
        let pad = if plated { 20.0 * self.unit } else { 0.0 };
        let (width, height) = logo.within(280.0 * self.unit, 84.0 * self.unit);
        let rect = Rect {
            x: self.stage.x + pad,
            y: self.stage.y + pad,
            width,
            height,
        };
        if plated {
            let plate = Rect {
                x: self.stage.x,
                y: self.stage.y,
                width: width + 2.0 * pad,
                height: height + 2.0 * pad,
            };
            let color = if !lost {
                self.scheme.base
            } else if logo.lost_on(self.scheme.ink) > 0.3 {
                self.scheme.mark
            } else {
                self.scheme.ink
            };
            self.sheet
                .plate("logo plate", plate, 20.0 * self.unit, color, 1.0);
        }
        self.sheet.logo(logo, rect);
        let used = height + 2.0 * pad + 44.0 * self.unit + 0.022 * self.sheet.size.1 as f32;
        self.stage = Rect {
            y: self.stage.y + used,
            height: self.stage.height - used,
            ..self.stage
        };
    }

    /// Fits a text; sizes in units.
    pub(crate) fn fit(
        &self,
        text: &str,
        style: TextStyle,
        (width, height): (f32, f32),
        (min, max): (f32, f32),
    ) -> Laid {
        let fit = Fit {
            max_width: width,
            max_height: height,
            min_size: min * self.unit,
            max_size: max * self.unit,
        };
        self.sheet.fonts.layout_fit(&one_line(text), &style, &fit)
    }

    /// One line of small words, cut off where there is no room.
    pub(crate) fn line(&self, text: &str, weight: u16, size: f32, width: f32) -> Laid {
        let style = TextStyle {
            weight,
            ..TextStyle::body(0.0)
        };
        self.fit(
            text,
            style,
            (width, size * self.unit * style.line_height + 1.0),
            (size, size),
        )
    }

    /// The top of a stack of `height` pixels: a little above the middle, where the eye looks for it.
    pub(crate) fn top_of(&self, height: f32) -> f32 {
        self.stage.y + ((self.stage.height - height) * 0.44).max(0.0)
    }

    /// Where something of a width starts: on the side where lines do, or in the middle.
    pub(crate) fn start_of(&self, width: f32, rtl: bool) -> f32 {
        if self.look.centered {
            self.stage.x + (self.stage.width - width) / 2.0
        } else {
            self.side_of(width, rtl)
        }
    }

    /// Where something of a width starts that stands on the side where lines do, whatever the style.
    pub(crate) fn side_of(&self, width: f32, rtl: bool) -> f32 {
        if rtl {
            self.stage.right() - width
        } else {
            self.stage.x
        }
    }

    /// The rule above headings on the side where lines start, as the style has it.
    pub(crate) fn rule_at(&self, y: f32, rtl: bool) -> (Rect, f32) {
        let unit = self.unit;
        let (width, height, round) = match self.look.rule {
            Rule::Bar => (112.0 * unit, RULE * unit, 0.0),
            Rule::Block => (72.0 * unit, RULE * 1.75 * unit, 0.0),
            Rule::Pill => (88.0 * unit, RULE * 0.75 * unit, RULE * unit),
            Rule::Hairline => (self.stage.width, 3.0 * unit, 0.0),
        };
        let rect = Rect {
            x: self.start_of(width, rtl),
            y,
            width,
            height,
        };
        (rect, round)
    }

    /// Draws the rule above headings, which grows from where lines start.
    pub(crate) fn rule(&mut self, y: f32, rtl: bool) {
        let (rect, round) = self.rule_at(y, rtl);
        self.put_rule(rect, round, rtl);
    }

    /// Draws the rule above a heading that starts its lines at the side, whatever the style.
    pub(crate) fn side_rule(&mut self, y: f32, rtl: bool) {
        let (rect, round) = self.rule_at(y, rtl);
        let x = self.side_of(rect.width, rtl);
        self.put_rule(Rect { x, ..rect }, round, rtl);
    }

    fn put_rule(&mut self, rect: Rect, round: f32, rtl: bool) {
        let color = self.scheme.mark;
        self.sheet.moves(Motion::new(Self::along(rtl)).taking(420));
        self.sheet.plate("rule", rect, round, color, 1.0);
        self.sheet.moves(None);
    }

    /// How what has a direction grows.
    pub(crate) fn along(rtl: bool) -> Enter {
        if rtl {
            Enter::GrowLeft
        } else {
            Enter::GrowRight
        }
    }

    /// Marks under a part of `laid`, whose block lies at (`x`, `y`); each comes in with the first of its words, counted from `cue`.
    pub(crate) fn markers(
        &mut self,
        laid: &Laid,
        (x, y): (f32, f32),
        bytes: &std::ops::Range<usize>,
        cue: &std::ops::Range<usize>,
    ) {
        let rtl = is_rtl(laid);
        for (line, rect) in marker_rects(laid, bytes) {
            let (rect, radius) = self.marker(&rect, laid.size_px);
            let first = laid
                .words
                .iter()
                .filter(|word| word.line == line && within(word, bytes))
                .map(|word| word.index)
                .min()
                .unwrap_or_default();
            let cue = (cue.start + first).min(cue.end)..cue.end;
            self.sheet
                .moves(Motion::new(Self::along(rtl)).with(&cue).taking(360));
            let color = self.scheme.mark;
            self.sheet.plate(
                "marker",
                Rect {
                    x: x.round() + rect.x,
                    y: y.round() + rect.y,
                    ..rect
                },
                radius,
                color,
                1.0,
            );
        }
        self.sheet.moves(None);
    }

    /// A mark's place and its radius, in the style's shape, for a plate behind letters of a size.
    pub(crate) fn marker(&self, plate: &Rect, size: f32) -> (Rect, f32) {
        match self.look.marker {
            Marker::Plate => (*plate, size * 0.1),
            Marker::Pill => (*plate, size * 0.32),
            Marker::Block => (*plate, 0.0),
            Marker::Underline => {
                let height = size * 0.085;
                let y = plate.bottom() - height;
                (
                    Rect {
                        y,
                        height,
                        ..*plate
                    },
                    0.0,
                )
            }
        }
    }

    /// The colour of words that are marked.
    pub(crate) fn marked_ink(&self) -> Color {
        if self.look.marker == Marker::Underline {
            self.scheme.ink
        } else {
            self.scheme.on_mark
        }
    }

    /// How lines of what is read come in, with their words.
    pub(crate) fn building(&self, cue: &std::ops::Range<usize>) -> Motion {
        let (enter, split) = match self.look.style {
            Style::Classic => (Enter::Rise, Split::Lines),
            Style::Bold => (Enter::Pop, Split::Words),
            Style::Calm | Style::Editorial => (Enter::Fade, Split::Lines),
        };
        Motion::new(enter).with(cue).by(split)
    }

    /// How a block comes in with its words.
    pub(crate) fn arriving(&self, cue: &std::ops::Range<usize>) -> Motion {
        let enter = match self.look.style {
            Style::Classic => Enter::Rise,
            Style::Bold => Enter::Pop,
            Style::Calm | Style::Editorial => Enter::Fade,
        };
        Motion::new(enter).with(cue)
    }

    /// A disc, or what the style has instead, with an icon in it. `false` where there is no such icon: then nothing is drawn.
    pub(crate) fn badge(&mut self, name: &str, place: Rect, motion: Motion) -> bool {
        let size = place.width;
        let bare = self.look.style == Style::Editorial;
        let (inset, ink) = if bare {
            (0.0, self.scheme.mark)
        } else {
            (size * 0.24, self.scheme.on_mark)
        };
        let inner = Rect {
            x: place.x + inset,
            y: place.y + inset,
            width: size - 2.0 * inset,
            height: size - 2.0 * inset,
        };
        let Some(lines) = icon(name, &inner, ink) else {
            self.unknown_icons.push(name.to_owned());
            return false;
        };
        let ground = if bare {
            String::new()
        } else {
            let radius = if self.look.style == Style::Bold {
                0.0
            } else {
                size / 2.0
            };
            plate(&place, radius, self.scheme.mark, 1.0)
        };
        self.sheet.moves(motion);
        self.sheet.drawn("icon", place, ground + &lines);
        self.sheet.moves(None);
        true
    }
}

/// Thickness of the rule, in units.
pub(crate) const RULE: f32 = 16.0;

/// How far a marker's plate goes beyond its words, as a share of the em: at the start of a line it hangs into the margin, so that
/// letters stay flush.
const MARKER_PAD: f32 = 0.1;

/// One rectangle a line, with the line's number, around the words that share a byte with `bytes`.
pub(crate) fn marker_rects(laid: &Laid, bytes: &std::ops::Range<usize>) -> Vec<(usize, Rect)> {
    let size = laid.size_px;
    let mut rects = Vec::new();
    for (at, line) in laid.lines.iter().enumerate() {
        let on_line = || laid.words.iter().filter(|word| word.line == at);
        let marked = || on_line().filter(|word| within(word, bytes));
        let left = marked().map(|word| word.x).reduce(f32::min);
        let right = marked().map(|word| word.x + word.width).reduce(f32::max);
        let (Some(left), Some(right)) = (left, right) else {
            continue;
        };
        // Half of the space to the next word at most: where there is none, the plate stops at its letters.
        let space = |gap: f32| (gap / 2.0).clamp(0.0, MARKER_PAD * size);
        let before = on_line()
            .map(|word| left - word.x - word.width)
            .filter(|gap| *gap > -1.0)
            .fold(size, f32::min);
        let after = on_line()
            .map(|word| word.x - right)
            .filter(|gap| *gap > -1.0)
            .fold(size, f32::min);
        let x = left - space(before);
        let rect = Rect {
            x,
            y: line.baseline - 0.90 * size,
            width: right + space(after) - x,
            height: 1.13 * size,
        };
        rects.push((at, rect));
    }
    rects
}

/// Whether a word shares a byte with `bytes`.
pub(crate) fn within(word: &LaidWord, bytes: &std::ops::Range<usize>) -> bool {
    word.text_range.start < bytes.end && bytes.start < word.text_range.end
}

/// White space made single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text that was laid out starts at the right.
pub(crate) fn is_rtl(laid: &Laid) -> bool {
    laid.lines.first().is_some_and(|line| line.rtl)
}

/// An arrow in a disc, as SVG: forward, whichever way that is.
pub(crate) fn arrow(x: f32, y: f32, size: f32, disc: Color, ink: Color, rtl: bool) -> String {
    let (cx, cy, r) = (x + size / 2.0, y + size / 2.0, size / 2.0);
    let way = if rtl { -1.0 } else { 1.0 };
    let (reach, head, stroke) = (r * 0.46 * way, r * 0.36, r * 0.17);
    format!(
        r#"<circle cx="{cx}" cy="{cy}" r="{r}" fill="{disc}"/><path d="M{} {cy}L{tip} {cy}M{} {}L{tip} {cy}L{} {}" fill="none" stroke="{ink}" stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round"/>"#,
        cx - reach,
        cx + reach - head * way,
        cy - head,
        cx + reach - head * way,
        cy + head,
        tip = cx + reach,
    )
}
