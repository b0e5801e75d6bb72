//! What a style sets where frames are put together: captions and transitions.

use domain::{Color, Palette, Platform, Style};
use serde::Serialize;

/// How one scene's background gives way to the next one's. Words never lie over each other: the old ones are gone when the new ones come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Transition {
    /// Through each other.
    Fade,
    /// The next one pushes it out to the left.
    Push,
    /// The next one is uncovered from left to right.
    Wipe,
}

/// How captions look. Lengths are in ems.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct CaptionLook {
    /// The plate, and how much of what lies behind it covers.
    pub(crate) plate: Color,
    pub(crate) cover: f32,
    /// Words that are not being spoken.
    pub(crate) word: Color,
    pub(crate) radius: f32,
    /// As a share of the usual size.
    pub(crate) size: f32,
    pub(crate) weight: u16,
    /// Whether the word being spoken stands on a plate of its own, even where its colour would be readable without.
    pub(crate) boxed: bool,
    /// Radius of that plate's corners.
    pub(crate) box_radius: f32,
}

/// How a film's captions and transitions look, and where captions stand.
#[derive(Debug, Clone, Serialize)]
pub struct Look {
    palette: Palette,
    platform: Platform,
    caption: CaptionLook,
    transition: Transition,
    /// Length of a transition in milliseconds.
    #[serde(skip)]
    transition_ms: u32,
}

const CLASSIC: CaptionLook = CaptionLook {
    plate: Color::new(8, 10, 16),
    cover: 0.72,
    word: Color::new(255, 255, 255),
    radius: 0.36,
    size: 1.0,
    weight: 800,
    boxed: false,
    box_radius: 0.18,
};

impl Look {
    /// The look of a style in a brand's colours, for a platform.
    pub fn new(style: Style, palette: &Palette, platform: Platform) -> Self {
        let (caption, transition, transition_ms) = match style {
            Style::Classic => (CLASSIC, Transition::Fade, 400),
            Style::Bold => {
                let caption = CaptionLook {
                    cover: 1.0,
                    radius: 0.0,
                    size: 1.06,
                    boxed: true,
                    box_radius: 0.0,
                    ..CLASSIC
                };
                (caption, Transition::Push, 267)
            }
            Style::Calm => {
                let caption = CaptionLook {
                    cover: 0.66,
                    radius: 0.72,
                    size: 0.9,
                    weight: 700,
                    box_radius: 0.4,
                    ..CLASSIC
                };
                (caption, Transition::Fade, 800)
            }
            Style::Editorial => {
                let caption = CaptionLook {
                    plate: Color::new(250, 248, 243),
                    cover: 0.94,
                    word: Color::new(24, 22, 20),
                    radius: 0.0,
                    size: 0.9,
                    weight: 600,
                    boxed: false,
                    box_radius: 0.0,
                };
                (caption, Transition::Wipe, 500)
            }
        };
        Self {
            palette: palette.clone(),
            platform,
            caption,
            transition,
            transition_ms,
        }
    }

    /// Length of a transition between two scenes, in milliseconds.
    pub fn transition_ms(&self) -> u32 {
        self.transition_ms
    }

    pub(crate) fn platform(&self) -> Platform {
        self.platform
    }

    pub(crate) fn caption(&self) -> &CaptionLook {
        &self.caption
    }

    pub(crate) fn transition(&self) -> Transition {
        self.transition
    }

    /// The colour of the word being spoken.
    pub(crate) fn accent(&self) -> Color {
        self.palette.accent
    }
}

impl CaptionLook {
    /// The plate as it is seen over a colour.
    pub(crate) fn plate_over(&self, behind: Color) -> Color {
        behind.mix(self.plate, f64::from(self.cover))
    }

    /// Least contrast of a colour to the plate, whatever lies behind it.
    pub(crate) fn least_contrast(&self, color: Color) -> f64 {
        [Color::new(0, 0, 0), Color::new(255, 255, 255)]
            .map(|behind| color.contrast(self.plate_over(behind)))
            .into_iter()
            .fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_readable_over_anything_in_every_style() {
        for style in Style::ALL {
            let look = Look::new(style, &Palette::default(), Platform::Any);
            let caption = look.caption();
            let contrast = caption.least_contrast(caption.word);
            assert!(contrast >= 4.5, "{style:?}: {contrast}");
        }
    }
}
