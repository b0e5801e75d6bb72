//! Moving type: the words of a scene as sprites that come in as they are spoken.

use domain::{Enter, LayoutBox, Palette, Platform, Role, SpokenWord, Style};
use typeset::Fonts;

use crate::layouts::{Page, RULE, Setting, arrow, is_rtl, one_line};
use crate::look::Look;
use crate::picture::check;
use crate::piece::{Piece, cut_out};
use crate::scheme::{Scheme, ground};
use crate::seed::Seeded;
use crate::sheet::plate;
use crate::{DrawingError, Logo, encode, motion, pace};

mod sprites;

/// What moving type is made from.
#[derive(Debug, Clone, Copy)]
pub struct KineticRequest<'a> {
    /// The words on the screen.
    pub text: &'a str,
    /// The brand's name, shown with a call to action.
    pub brand: Option<&'a str>,
    /// The scene's place on the arc: a call to action stands on a plate like a button, anything else is a headline.
    pub role: Role,
    /// The brand's colours.
    pub palette: &'a Palette,
    /// The look.
    pub style: Style,
    /// Where it is to be shown.
    pub platform: Platform,
    /// The fonts.
    pub fonts: &'a Fonts,
    /// The brand's logo.
    pub logo: Option<&'a Logo>,
    /// Width and height of the frame in pixels, each 64 to 4096.
    pub size: (u32, u32),
    /// The seed that the scene's picture is drawn with, so that both have the same colours.
    pub seed: u64,
    /// Whether a picture of the user's own lies behind.
    pub pictured: bool,
    /// The scene's spoken words with their planned times; may be empty.
    pub spoken: &'a [SpokenWord],
    /// Words a minute, for what has no spoken word.
    pub planned_wpm: u32,
}

/// The moving type of a scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Kinetic {
    /// What moves, back to front.
    pub sprites: Vec<Piece>,
    /// What is where at rest. Boxes whose names start with [`crate::SHAPE_PREFIX`] may lie under others.
    pub boxes: Vec<LayoutBox>,
    /// Characters that no font can draw: they were left out.
    pub missing: Vec<char>,
    /// Whether the text had no room and was cut off behind an ellipsis.
    pub truncated: bool,
}

/// Makes the moving type of a scene.
pub fn kinetic(request: &KineticRequest<'_>) -> Result<Kinetic, DrawingError> {
    check(request.size.0, request.size.1)?;
    let ground = ground(request.style, request.seed, request.role, 0, None);
    let scheme = Scheme::of(request.palette, ground, request.pictured);
    let mut seeded = Seeded::new(request.seed, 401 + request.role as u64);
    let enter = match request.style {
        Style::Classic => [Enter::Rise, Enter::Pop, Enter::Slide][seeded.below(3)],
        Style::Bold => [Enter::Pop, Enter::Slide][seeded.below(2)],
        Style::Calm | Style::Editorial => [Enter::Fade, Enter::Rise][seeded.below(2)],
    };
    let text = Look::of(request.style).titled(&one_line(request.text));
    let shown: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let (matches, times) = pace::paced(&shown, request.spoken, request.planned_wpm);
    let setting = Setting {
        fonts: request.fonts,
        size: request.size,
        platform: request.platform,
        style: request.style,
        logo: request.logo,
        pictured: request.pictured,
    };
    let page = Page::new(&setting, scheme, seeded);
    let mut stage = Moving {
        page,
        matches,
        times,
        enter,
        sprites: Vec::new(),
        truncated: false,
    };
    stage.logo()?;
    if request.role == Role::CallToAction {
        stage.call(&text, request.brand)?;
    } else {
        stage.headline(&text, &shown)?;
    }
    let takes_ms = motion::takes_ms(motion::USUAL_MS, stage.page.look.tempo);
    for sprite in &mut stage.sprites {
        sprite.takes_ms = takes_ms;
    }
    let sheet = stage.page.sheet;
    Ok(Kinetic {
        sprites: stage.sprites,
        boxes: sheet.boxes,
        missing: sheet.missing,
        truncated: stage.truncated,
    })
}

struct Moving<'a> {
    page: Page<'a>,
    /// For each word on the screen.
    matches: Vec<Option<u32>>,
    times: Vec<u32>,
    enter: Enter,
    sprites: Vec<Piece>,
    truncated: bool,
}

impl Moving<'_> {
    /// The logo, already placed by the page, is there from the start.
    fn logo(&mut self) -> Result<(), DrawingError> {
        let still = self.page.sheet.still()?;
        if let Some((x, y, cut)) = still.as_ref().and_then(cut_out) {
            let png = encode::pixmap(&cut)?;
            self.sprites.push(Piece::new(png, (x, y), Enter::Rise));
        }
        Ok(())
    }

    /// A rule, and the words as large as they go; the one that matters on a plate.
    fn headline(&mut self, text: &str, shown: &[&str]) -> Result<(), DrawingError> {
        let page = &self.page;
        let unit = page.unit;
        let above = (RULE + 36.0) * unit;
        let width = if page.wide() && !page.look.centered {
            page.stage.width * 0.9
        } else {
            page.stage.width
        };
        let laid = page.fit(
            text,
            page.look.leading_text(1.16),
            (width, page.stage.height - above),
            (64.0, 216.0 * page.look.scale),
        );
        let rtl = is_rtl(&laid);
        let top = page.top_of(above + laid.height);
        let x = page.side_of(laid.max_width, rtl);
        let (rule, round) = page.rule_at(top, rtl);
        let mark = page.scheme.mark;
        self.shape(
            "rule",
            rule,
            &|rect| plate(rect, round, mark, 1.0),
            0,
            Enter::Slide,
        )?;
        let heavy = heaviest(shown);
        self.words(
            &laid,
            x.round(),
            (top + above).round(),
            self.page.scheme.ink,
            heavy,
        )
    }

    /// The plate comes first, then the words, then the brand's name and the arrow.
    fn call(&mut self, text: &str, brand: Option<&str>) -> Result<(), DrawingError> {
        let call = self.page.call_layout(text, brand);
        let (mark, on_mark) = (self.page.scheme.mark, self.page.scheme.on_mark);
        let radius = call.radius;
        self.shape(
            "plate",
            call.plate,
            &|rect| plate(rect, radius, mark, 1.0),
            0,
            Enter::Pop,
        )?;
        self.words(
            &call.text,
            call.text_at.0.round(),
            call.text_at.1.round(),
            on_mark,
            None,
        )?;
        let last = self.times.last().copied().unwrap_or_default();
        if let Some(brand) = &call.brand {
            let at = self.sprites.len();
            self.block(
                "brand",
                brand,
                call.brand_at.0.round(),
                call.brand_at.1.round(),
                on_mark,
            )?;
            for sprite in &mut self.sprites[at..] {
                sprite.planned_ms = last + 250;
            }
        }
        let rtl = call.rtl;
        self.shape(
            "arrow",
            call.arrow,
            &|rect| arrow(rect.x, rect.y, rect.width, on_mark, mark, rtl),
            last + 350,
            Enter::Slide,
        )
    }
}

/// Long words that only join others.
const JOINTS: &[&str] = &[
    "about", "after", "against", "around", "because", "before", "behind", "between", "could",
    "should", "their", "there", "these", "those", "through", "under", "until", "where", "which",
    "while", "without", "would",
];

/// The word to set off: a figure, else the longest, of a question the longest of its second half; none where it would be most of the text, or nothing to speak of.
fn heaviest(shown: &[&str]) -> Option<usize> {
    let letters = |word: &str| {
        let count = word.chars().filter(|c| c.is_alphanumeric()).count();
        if JOINTS.contains(&word.to_lowercase().as_str()) {
            0
        } else {
            count
        }
    };
    let figure = shown
        .iter()
        .position(|word| word.chars().any(|c| c.is_ascii_digit()));
    let longest = |from: usize| {
        (from..shown.len())
            .max_by_key(|&at| (letters(shown[at]), at))
            .filter(|&at| (5..=16).contains(&letters(shown[at])))
    };
    // What a question is about stands behind what asks.
    let asks = shown
        .last()
        .is_some_and(|word| word.ends_with(['?', '？', '؟']));
    let asked = longest(if asks { shown.len() / 2 } else { 0 });
    let longest = asked.or_else(|| longest(0));
    figure.or(longest).filter(|_| shown.len() >= 3)
}

#[cfg(test)]
mod tests {
    use super::heaviest;

    #[test]
    fn what_a_headline_is_about_is_set_off() {
        for (text, expected) in [
            ("Ever wondered where a home's energy goes?", Some("energy")),
            ("Wondering about bees?", Some("Wondering")),
            ("Curious about compost without the smell?", Some("smell?")),
            ("Honey found in a tomb is edible", Some("edible")),
            ("Yours for 900 euros a month", Some("900")),
            ("Try it", None),
        ] {
            let shown: Vec<&str> = text.split(' ').collect();
            assert_eq!(heaviest(&shown).map(|at| shown[at]), expected, "{text}");
        }
    }
}
