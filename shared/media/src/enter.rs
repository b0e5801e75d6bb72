//! How sprites and foregrounds come in.

use domain::Enter;

use crate::timeline::FPS;

/// How something stands at a moment: grown by `scale`, moved by (`dx`, `dy`) pixels, with `opacity` 0 to 256.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pose {
    pub(crate) scale: f32,
    pub(crate) dx: f32,
    pub(crate) dy: f32,
    pub(crate) opacity: u16,
}

impl Pose {
    pub(crate) const REST: Self = Self {
        scale: 1.0,
        dx: 0.0,
        dy: 0.0,
        opacity: 256,
    };
    pub(crate) const HIDDEN: Self = Self {
        scale: 1.0,
        dx: 0.0,
        dy: 0.0,
        opacity: 0,
    };
}

/// Length of a sprite's entrance in frames.
const SPRITE: u32 = FPS * 3 / 10;
/// Length of a foreground's entrance in frames.
const FOREGROUND: u32 = FPS * 3 / 10;

/// Fast, then slower and slower: 1 - (1 - t)^3.
fn ease_out(t: f32) -> f32 {
    1.0 - (1.0 - t).powi(3)
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

/// A sprite's pose in a frame when it comes in at `at`. Distances are in shares of the frame's width.
pub(crate) fn sprite(enter: Enter, frame: u32, at: u32, width: u32) -> Pose {
    let Some(t) = progress(frame, at, SPRITE) else {
        return Pose::HIDDEN;
    };
    if t >= 1.0 {
        return Pose::REST;
    }
    let width = width as f32;
    let seen = opacity(t * 2.0);
    match enter {
        Enter::Rise => Pose {
            dy: 0.04 * width * (1.0 - ease_out(t)),
            opacity: seen,
            ..Pose::REST
        },
        Enter::Pop => Pose {
            scale: 0.7 + 0.3 * overshoot(t),
            opacity: seen,
            ..Pose::REST
        },
        Enter::Slide => Pose {
            dx: -0.12 * width * (1.0 - ease_out(t)),
            opacity: seen,
            ..Pose::REST
        },
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

    #[test]
    fn an_entrance_starts_hidden_and_ends_at_rest() {
        for enter in [Enter::Rise, Enter::Pop, Enter::Slide] {
            assert_eq!(sprite(enter, 9, 10, 1080), Pose::HIDDEN);
            assert!(sprite(enter, 10, 10, 1080).opacity > 0);
            assert_eq!(sprite(enter, 10 + SPRITE - 1, 10, 1080), Pose::REST);
        }
        assert_eq!(foreground(0, None, 1080), Pose::REST);
    }

    #[test]
    fn pop_goes_a_little_beyond_its_end() {
        let most = (0..SPRITE)
            .map(|frame| sprite(Enter::Pop, frame, 0, 1080).scale)
            .fold(0.0, f32::max);
        assert!(most > 1.0 && most < 1.06, "{most}");
    }
}
