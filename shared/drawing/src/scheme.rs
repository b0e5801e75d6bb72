//! A scene's colours: the brand's palette, moved where that is needed until every word can be read.

use domain::{Color, Palette, Role, Style, Visual};

use crate::seed::Seeded;

/// Contrast that running text keeps to everything behind it. WCAG 2.2 AA asks for 4.5; the rest is for what encoding takes away.
const READABLE: f64 = 4.8;

const WHITE: Color = Color::new(0xff, 0xff, 0xff);
const BLACK: Color = Color::new(0x0a, 0x0c, 0x12);

/// Which of the palette's colours fills the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// The background.
    Night,
    /// The primary colour.
    Field,
    /// The accent.
    Signal,
}

/// The colours that one scene is drawn in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scheme {
    /// Fills the frame.
    pub(crate) base: Color,
    /// Where the base fades to.
    pub(crate) deep: Color,
    /// Large shapes, strong and quiet: `ink` can be read on them.
    pub(crate) shapes: [Color; 2],
    /// Text.
    pub(crate) ink: Color,
    /// Rules, plates, figures: stands out from the base.
    pub(crate) mark: Color,
    /// The mark's hue for small words: readable on the base.
    pub(crate) mark_ink: Color,
    /// Text on a plate of `mark`.
    pub(crate) on_mark: Color,
}

/// Contrast that a dark base keeps to white, so that there is room for other colours on it.
const DARK: f64 = 9.0;

/// The ground of a scene. Moving scenes, whose words are drawn apart from their background, go by seed and role alone.
pub(crate) fn ground(
    style: Style,
    seed: u64,
    role: Role,
    scene: usize,
    visual: Option<&Visual>,
) -> Ground {
    let mut seeded = Seeded::new(seed, 11);
    let turn = seeded.below(3);
    // A page stays a page; a figure or a quotation may have a coloured one.
    if style == Style::Editorial {
        return match visual {
            Some(Visual::BigNumber { .. } | Visual::Quote { .. }) if turn > 0 => Ground::Field,
            _ => Ground::Night,
        };
    }
    match (role, visual) {
        (Role::Hook, _) => [Ground::Field, Ground::Night, Ground::Field][turn],
        (Role::CallToAction, _) => [Ground::Night, Ground::Field, Ground::Night][turn],
        (_, Some(Visual::BigNumber { .. })) => {
            [Ground::Signal, Ground::Signal, Ground::Field][turn]
        }
        (_, Some(Visual::Quote { .. })) => [Ground::Field, Ground::Night, Ground::Signal][turn],
        (_, None) => Ground::Night,
        _ if (scene + turn).is_multiple_of(3) => Ground::Field,
        _ => Ground::Night,
    }
}

impl Scheme {
    /// The colours of words over a picture of the user's own: light ones on the palette's darkest, whatever the ground would be.
    pub(crate) fn over_picture(palette: &Palette) -> Self {
        let mut colors = [palette.background, palette.primary, palette.text];
        colors.sort_by(|a, b| a.luminance().total_cmp(&b.luminance()));
        let [darkest, _, lightest] = colors;
        let base = step(darkest, BLACK, |color| WHITE.contrast(color) >= DARK);
        let palette = Palette {
            background: base,
            text: lightest,
            ..palette.clone()
        };
        Self::new(&palette, Ground::Night)
    }

    /// The most luminance that may lie behind its words and marks, if its base is dark.
    pub(crate) fn lightest_behind(&self) -> f64 {
        let below = |color: Color, contrast: f64| (color.luminance() + 0.05) / contrast - 0.05;
        below(self.ink, READABLE)
            .min(below(self.mark_ink, READABLE))
            .min(below(self.mark, 3.0))
    }

    /// The colours on a ground, or on a picture of the user's own in its place.
    pub(crate) fn of(palette: &Palette, ground: Ground, pictured: bool) -> Self {
        if pictured {
            Self::over_picture(palette)
        } else {
            Self::new(palette, ground)
        }
    }

    pub(crate) fn new(palette: &Palette, ground: Ground) -> Self {
        let base = match ground {
            Ground::Night => palette.background,
            Ground::Field => palette.primary,
            Ground::Signal => palette.accent,
        };
        let candidates = [
            palette.text,
            palette.background,
            palette.primary,
            WHITE,
            BLACK,
        ];
        let ink = candidates
            .into_iter()
            .find(|ink| ink.contrast(base) >= READABLE)
            .unwrap_or_else(|| best(&[WHITE, BLACK], base));
        // On a middling base even black or white is hardly readable: the base gives way.
        let base = readable_under(base, away_from(ink), ink);
        let dark_ink = ink.luminance() < base.luminance();
        let other = match ground {
            Ground::Night => palette.primary,
            Ground::Field => palette.background,
            Ground::Signal => palette
                .accent
                .mix(if dark_ink { WHITE } else { BLACK }, 0.35),
        };
        let wanted = if other.contrast(base) < 1.15 {
            base.mix(ink, 0.12)
        } else {
            other
        };
        // Shapes fade into their ground, and what lies between two colours may be darker than both.
        let strong = step(wanted, base, |strong| {
            (0..=4).all(|at| strong.mix(base, f64::from(at) / 4.0).contrast(ink) >= READABLE)
        });
        let quiet = readable_under(base.mix(strong, 0.42), base, ink);
        let deep = readable_under(
            base.mix(away_from(ink), if dark_ink { 0.22 } else { 0.38 }),
            base,
            ink,
        );

        let wanted = if ground == Ground::Signal {
            palette.background
        } else {
            palette.accent
        };
        let behind = between(&[base, deep, strong, quiet]);
        let mark = standing_out(wanted, &behind, ink, 3.0);
        Self {
            base,
            deep,
            shapes: [strong, quiet],
            ink,
            mark,
            mark_ink: standing_out(mark, &behind, ink, READABLE),
            on_mark: [palette.background, palette.text, palette.primary]
                .into_iter()
                .find(|color| color.contrast(mark) >= READABLE)
                .unwrap_or_else(|| best(&[WHITE, BLACK], mark)),
        }
    }
}

/// The end of the scale that `ink` is far from.
fn away_from(ink: Color) -> Color {
    best(&[WHITE, BLACK], ink)
}

fn best(colors: &[Color], on: Color) -> Color {
    let contrast = |color: &&Color| color.contrast(on);
    *colors
        .iter()
        .max_by(|a, b| contrast(a).total_cmp(&contrast(b)))
        .unwrap_or(&WHITE)
}

/// `color`, as far on the way to `toward` as `ink` needs to be readable on it.
fn readable_under(color: Color, toward: Color, ink: Color) -> Color {
    step(color, toward, |color| color.contrast(ink) >= READABLE)
}

/// The colours and what lies between any two of them: shapes fade into what is below them.
fn between(colors: &[Color]) -> Vec<Color> {
    let pairs = colors
        .iter()
        .flat_map(|one| colors.iter().map(move |other| (one, other)));
    pairs
        .flat_map(|(one, other)| (0..4).map(|at| one.mix(*other, f64::from(at) / 4.0)))
        .collect()
}

/// `color`, as far on the way to `ink` as it needs to stand out from everything that may lie behind it.
fn standing_out(color: Color, behind: &[Color], ink: Color, contrast: f64) -> Color {
    step(color, ink, |color| {
        behind.iter().all(|behind| color.contrast(*behind) >= contrast)
            // On a middling grey neither black nor white can be read: it can't be a plate under text.
            && best(&[WHITE, BLACK], color).contrast(color) >= READABLE
    })
}

fn step(color: Color, toward: Color, good: impl Fn(Color) -> bool) -> Color {
    (0..=20)
        .map(|at| color.mix(toward, f64::from(at) / 20.0))
        .find(|color| good(*color))
        .unwrap_or(toward)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette(colors: [&str; 4]) -> Palette {
        let [background, primary, accent, text] =
            colors.map(|text| Color::parse(text).unwrap_or(WHITE));
        Palette {
            background,
            primary,
            accent,
            text,
        }
    }

    fn check(palette: &Palette) {
        let over = Scheme::over_picture(palette);
        assert!(over.ink.luminance() > over.base.luminance(), "{over:?}");
        assert!(over.base.luminance() <= over.lightest_behind(), "{over:?}");
        let schemes = [Ground::Night, Ground::Field, Ground::Signal]
            .map(|ground| Scheme::new(palette, ground));
        for scheme in schemes.into_iter().chain([over]) {
            let grounds = [scheme.base, scheme.deep, scheme.shapes[0], scheme.shapes[1]];
            for (one, other) in grounds
                .iter()
                .flat_map(|one| grounds.map(|other| (*one, other)))
            {
                // Shapes fade, so everything between two colours may lie behind words.
                for at in 0..=8 {
                    let behind = one.mix(other, f64::from(at) / 8.0);
                    let found = scheme.ink.contrast(behind);
                    assert!(found >= 4.5, "{found} {palette:?} {scheme:?}");
                }
                for mark in [scheme.mark, scheme.mark_ink] {
                    let found = mark.contrast(one);
                    assert!(found >= 2.99, "{found} {palette:?} {scheme:?}");
                }
            }
            let (small, plate) = (
                scheme.mark_ink.contrast(scheme.base),
                scheme.on_mark.contrast(scheme.mark),
            );
            assert!(
                small >= 4.5 && plate >= 4.5,
                "{small} {plate} {palette:?} {scheme:?}"
            );
        }
    }

    #[test]
    fn awkward_palettes_become_readable() {
        let palettes = [
            Palette::default(),
            palette(["#ffffff", "#ffffff", "#ffffff", "#ffffff"]),
            palette(["#000000", "#000000", "#000000", "#000000"]),
            palette(["#777777", "#7a7a7a", "#808080", "#767676"]),
            palette(["#fff7ed", "#f97316", "#0f766e", "#1c1917"]),
            palette(["#ffe600", "#ff0000", "#00ff00", "#0000ff"]),
            palette(["#39ff14", "#ff00ff", "#00ffff", "#ffff00"]),
        ];
        palettes.iter().for_each(check);
    }

    proptest::proptest! {
        #[test]
        fn every_palette_becomes_readable(colors in proptest::array::uniform4(proptest::array::uniform3(proptest::num::u8::ANY))) {
            let [background, primary, accent, text] = colors.map(|[r, g, b]| Color::new(r, g, b));
            check(&Palette { background, primary, accent, text });
        }
    }
}
