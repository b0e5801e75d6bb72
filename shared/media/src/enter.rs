//! How sprites and foregrounds come in.

use std::ops::Range;

use domain::Enter;
use serde::Serialize;

use crate::timeline::FPS;

/// How much of something is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shown {
    /// All of it.
    All,
    /// This share of its width, from the left.
    FromLeft(f32),
    /// This share of its width, from the right.
    FromRight(f32),
    /// It comes up from behind its lower edge, this share of its height.
    Up(f32),
    /// It comes out from behind its left edge, this share of its width.
    Right(f32),
    /// It comes out from behind its right edge, this share of its width.
    Left(f32),
    /// This share of a turn around its middle, clockwise from the top.
    Turn(f32),
}

/// How something stands at a moment: grown by `scale`, moved by (`dx`, `dy`) pixels, with `opacity` 0 to 256.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pose {
    pub(crate) scale: f32,
    pub(crate) dx: f32,
    pub(crate) dy: f32,
    pub(crate) opacity: u16,
    pub(crate) shown: Shown,
}

impl Pose {
    pub(crate) const REST: Self = Self {
        scale: 1.0,
        dx: 0.0,
        dy: 0.0,
        opacity: 256,
        shown: Shown::All,
    };
    pub(crate) const HIDDEN: Self = Self {
        opacity: 0,
        ..Self::REST
    };
}

/// When a sprite comes in and how long it is seen, in frames of its scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Entrance {
    pub(crate) enter: Enter,
    /// The first frame in which it is seen.
    pub(crate) at: u32,
    /// Length of the entrance.
    pub(crate) takes: u32,
    /// The first frame in which it no longer is.
    pub(crate) until: Option<u32>,
}

impl Entrance {
    /// Whether it is seen in one of these frames.
    pub(crate) fn seen_in(&self, frames: &Range<u32>) -> bool {
        self.at < frames.end && self.until.is_none_or(|until| until > frames.start)
    }
}

/// Length of a sprite's entrance in frames, where it doesn't say.
pub(crate) const SPRITE: u32 = FPS * 3 / 10;
/// Length of a foreground's entrance in frames.
const FOREGROUND: u32 = FPS * 3 / 10;

/// Fast, then slower and slower: 1 - (1 - t)^3.
fn ease_out(t: f32) -> f32 {
    1.0 - (1.0 - t).powi(3)
}

/// Slow, then fast, then slow: 3 t^2 - 2 t^3.
fn ease_both(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Beyond the end by about 4% and back: 1 + c3 (t - 1)^3 + c1 (t - 1)^2, the "back" easing with c1 = 1.
fn overshoot(t: f32) -> f32 {
    let back = t - 1.0;
    1.0 + 2.0 * back.powi(3) + back.powi(2)
}

/// How far an entrance is, 0 to 1; `None` before it begins. Its first frame already shows something.
fn progress(frame: u32, at: u32, length: u32) -> Option<f32> {
    let since = frame.checked_sub(at)?;
    Some(((since + 1) as f32 / length as f32).min(1.0))
}

fn opacity(share: f32) -> u16 {
    (share.clamp(0.0, 1.0) * 256.0).round() as u16
}

/// A sprite's pose in a frame of a picture that is `width` pixels wide.
pub(crate) fn sprite(entrance: &Entrance, frame: u32, width: u32) -> Pose {
    if entrance.until.is_some_and(|until| frame >= until) {
        return Pose::HIDDEN;
    }
    let Some(t) = progress(frame, entrance.at, entrance.takes.max(1)) else {
        return Pose::HIDDEN;
    };
    if t >= 1.0 || entrance.enter == Enter::Cut {
        return Pose::REST;
    }
    let width = width as f32;
    let (seen, eased) = (opacity(t * 2.0), ease_out(t));
    let shown = |shown| Pose {
        shown,
        ..Pose::REST
    };
    match entrance.enter {
        Enter::Rise => Pose {
            dy: 0.04 * width * (1.0 - eased),
            opacity: seen,
            ..Pose::REST
        },
        Enter::Pop => Pose {
            scale: 0.7 + 0.3 * overshoot(t),
            opacity: seen,
            ..Pose::REST
        },
        Enter::Slide => Pose {
            dx: -0.12 * width * (1.0 - eased),
            opacity: seen,
            ..Pose::REST
        },
        Enter::Cut => Pose::REST,
        Enter::Fade => Pose {
            opacity: opacity(t),
            ..Pose::REST
        },
        // A line that is drawn keeps its pace, and only comes to rest gently.
        Enter::WipeRight => shown(Shown::FromLeft(ease_both(t))),
        Enter::WipeLeft => shown(Shown::FromRight(ease_both(t))),
        Enter::GrowUp => shown(Shown::Up(eased)),
        Enter::GrowRight => shown(Shown::Right(eased)),
        Enter::GrowLeft => shown(Shown::Left(eased)),
        Enter::Sweep => shown(Shown::Turn(eased)),
    }
}

/// A foreground's pose in a frame.
pub(crate) fn foreground(frame: u32, at: Option<u32>, width: u32) -> Pose {
    let Some(at) = at else { return Pose::REST };
    let Some(t) = progress(frame, at, FOREGROUND) else {
        return Pose::HIDDEN;
    };
    if t >= 1.0 {
        return Pose::REST;
    }
    Pose {
        dy: 0.022 * width as f32 * (1.0 - ease_out(t)),
        opacity: opacity(ease_out(t)),
        ..Pose::REST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Enter; 11] = [
        Enter::Rise,
        Enter::Pop,
        Enter::Slide,
        Enter::Cut,
        Enter::Fade,
        Enter::WipeRight,
        Enter::WipeLeft,
        Enter::GrowUp,
        Enter::GrowRight,
        Enter::GrowLeft,
        Enter::Sweep,
    ];

    fn entrance(enter: Enter, at: u32) -> Entrance {
        Entrance {
            enter,
            at,
            takes: SPRITE,
            until: None,
        }
    }

    #[test]
    fn an_entrance_starts_hidden_and_ends_at_rest() {
        for enter in ALL {
            let entrance = entrance(enter, 10);
            assert_eq!(sprite(&entrance, 9, 1080), Pose::HIDDEN);
            assert!(sprite(&entrance, 10, 1080).opacity > 0);
            assert_eq!(sprite(&entrance, 10 + SPRITE - 1, 1080), Pose::REST);
        }
        assert_eq!(foreground(0, None, 1080), Pose::REST);
    }

    #[test]
    fn what_lasts_for_a_while_is_gone_behind_it() {
        let entrance = Entrance {
            until: Some(13),
            ..entrance(Enter::Cut, 10)
        };
        let seen: Vec<u32> = (0..20)
            .filter(|&frame| sprite(&entrance, frame, 1080).opacity > 0)
            .collect();
        assert_eq!(seen, [10, 11, 12]);
        assert!(entrance.seen_in(&(12..20)) && !entrance.seen_in(&(13..20)));
        assert!(entrance.seen_in(&(0..11)) && !entrance.seen_in(&(0..10)));
    }

    #[test]
    fn pop_goes_a_little_beyond_its_end() {
        let most = (0..SPRITE)
            .map(|frame| sprite(&entrance(Enter::Pop, 0), frame, 1080).scale)
            .fold(0.0, f32::max);
        assert!(most > 1.0 && most < 1.06, "{most}");
    }
}
