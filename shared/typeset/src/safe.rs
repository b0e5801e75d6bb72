//! Where words may stand: the one place that knows the frame's margins and the captions' band.
//!
//! Apps that show upright video lay their own controls over its top and bottom; what must be read keeps clear of them.

use domain::Platform;

/// A rectangle in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Rect {
    /// The right edge.
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The bottom edge.
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `other` lies within this.
    pub fn contains(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }
}

/// Upright frames, by what they are shown in: see `docs/pictures.md` for where the figures come from.
fn upright(platform: Platform) -> Shares {
    match platform {
        Platform::Any => Shares {
            left: 0.06,
            right: 0.06,
            top: 0.10,
            bottom: 0.20,
            captions: 0.14,
        },
        Platform::TikTok => Shares {
            left: 0.06,
            right: 150.0 / 1080.0,
            top: 150.0 / 1920.0,
            bottom: 440.0 / 1920.0,
            captions: 0.13,
        },
        Platform::Reels => Shares {
            left: 0.06,
            right: 0.06,
            top: 0.14,
            bottom: 0.35,
            captions: 0.12,
        },
        Platform::Shorts => Shares {
            left: 48.0 / 1080.0,
            right: 192.0 / 1080.0,
            top: 288.0 / 1920.0,
            bottom: 672.0 / 1920.0,
            captions: 0.12,
        },
    }
}

/// Shares of the frame: margins, and the height of the captions' band, which ends where the lower margin begins.
struct Shares {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    captions: f32,
}

/// Upright frames are those at least a fifth higher than wide; wide frames the other way round; the rest counts as square.
fn shares((width, height): (u32, u32), platform: Platform) -> Shares {
    let ratio = width as f32 / height.max(1) as f32;
    if ratio < 0.83 {
        return upright(platform);
    }
    let (top, bottom, captions) = if ratio > 1.2 {
        (0.07, 0.07, 0.17)
    } else {
        (0.06, 0.08, 0.18)
    };
    Shares {
        left: 0.06,
        right: 0.06,
        top,
        bottom,
        captions,
    }
}

/// Everything that must be read lies in here, captions included.
pub fn area(size: (u32, u32), platform: Platform) -> Rect {
    let s = shares(size, platform);
    let (w, h) = (size.0 as f32, size.1 as f32);
    Rect {
        x: w * s.left,
        y: h * s.top,
        width: w * (1.0 - s.left - s.right),
        height: h * (1.0 - s.top - s.bottom),
    }
}

/// Burnt captions stand in here, and nothing else does: the safe area's width, and a band of its lower part.
pub fn caption_band(size: (u32, u32), platform: Platform) -> Rect {
    let s = shares(size, platform);
    let (w, h) = (size.0 as f32, size.1 as f32);
    Rect {
        x: w * s.left,
        y: h * (1.0 - s.bottom - s.captions),
        width: w * (1.0 - s.left - s.right),
        height: h * s.captions,
    }
}

/// Pictures and moving type put their words in here: the safe area above the captions, with a gap of 1.5% of the height.
pub fn stage(size: (u32, u32), platform: Platform) -> Rect {
    let area = area(size, platform);
    let bottom = caption_band(size, platform).y - 0.015 * size.1 as f32;
    Rect {
        height: bottom - area.y,
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stage_and_captions_share_the_safe_area_without_touching() {
        for size in [(1080, 1920), (1080, 1080), (1920, 1080), (540, 960)] {
            for platform in Platform::ALL {
                let (area, band) = (area(size, platform), caption_band(size, platform));
                let stage = stage(size, platform);
                assert!(!stage.overlaps(&band), "{size:?} {platform:?}");
                assert!(area.contains(&stage), "{size:?} {platform:?}");
                assert!(
                    area.y <= band.y && band.bottom() <= area.bottom() + 0.1,
                    "{size:?} {platform:?}"
                );
            }
        }
    }
}
