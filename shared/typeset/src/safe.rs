//! Where words may stand: the one place that knows the frame's margins and the captions' band.
//!
//! Apps that show upright video lay their own controls over its top and bottom; what must be read keeps clear of them.

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

/// Shares of the frame: margins at the sides, top and bottom, then the top and bottom of the captions' band.
struct Shares {
    side: f32,
    top: f32,
    bottom: f32,
    captions: (f32, f32),
}

/// Upright frames are those at least a fifth higher than wide; wide frames the other way round; the rest counts as square.
fn shares(width: u32, height: u32) -> Shares {
    let ratio = width as f32 / height.max(1) as f32;
    if ratio < 0.83 {
        Shares {
            side: 0.06,
            top: 0.10,
            bottom: 0.20,
            captions: (0.66, 0.80),
        }
    } else if ratio > 1.2 {
        Shares {
            side: 0.06,
            top: 0.07,
            bottom: 0.07,
            captions: (0.76, 0.93),
        }
    } else {
        Shares {
            side: 0.06,
            top: 0.06,
            bottom: 0.08,
            captions: (0.74, 0.92),
        }
    }
}

/// Everything that must be read lies in here, captions included.
pub fn area(width: u32, height: u32) -> Rect {
    let s = shares(width, height);
    let (w, h) = (width as f32, height as f32);
    Rect {
        x: w * s.side,
        y: h * s.top,
        width: w * (1.0 - 2.0 * s.side),
        height: h * (1.0 - s.top - s.bottom),
    }
}

/// Burnt captions stand in here, and nothing else does: the safe area's width, and a band of its lower part.
pub fn caption_band(width: u32, height: u32) -> Rect {
    let s = shares(width, height);
    let (w, h) = (width as f32, height as f32);
    Rect {
        x: w * s.side,
        y: h * s.captions.0,
        width: w * (1.0 - 2.0 * s.side),
        height: h * (s.captions.1 - s.captions.0),
    }
}

/// Pictures and moving type put their words in here: the safe area above the captions, with a gap of 1.5% of the height.
pub fn stage(width: u32, height: u32) -> Rect {
    let area = area(width, height);
    let bottom = caption_band(width, height).y - 0.015 * height as f32;
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
        for (w, h) in [(1080, 1920), (1080, 1080), (1920, 1080), (540, 960)] {
            let (area, band, stage) = (area(w, h), caption_band(w, h), stage(w, h));
            assert!(!stage.overlaps(&band), "{w}x{h}");
            assert!(area.contains(&stage), "{w}x{h}");
            assert!(
                area.y <= band.y && band.bottom() <= area.bottom() + 0.1,
                "{w}x{h}"
            );
        }
    }
}
