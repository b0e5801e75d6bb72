//! Where captions are drawn before they become a layer.

use domain::Color;

use crate::layer::Layer;
use crate::picture::Rgba;

/// A canvas for flat colours drawn through masks, from which a layer is made: how captions are drawn.
pub(crate) struct Canvas {
    left: i32,
    top: i32,
    width: usize,
    /// Red, green, blue (each multiplied by alpha) and alpha, 0 to 1.
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    /// A clear canvas over a rectangle of the frame.
    pub(crate) fn new(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        let (width, height) = (
            (right - left).max(1) as usize,
            (bottom - top).max(1) as usize,
        );
        Self {
            left,
            top,
            width,
            pixels: vec![[0.0; 4]; width * height],
        }
    }

    /// Lays one pixel of a colour over what is there; outside of the canvas nothing happens.
    pub(crate) fn paint(&mut self, x: i32, y: i32, color: Color, alpha: f32) {
        let (px, py) = (x - self.left, y - self.top);
        if alpha <= 0.0 || px < 0 || py < 0 || px >= self.width as i32 {
            return;
        }
        if let Some(under) = self.pixels.get_mut(py as usize * self.width + px as usize) {
            let over = [
                f32::from(color.r),
                f32::from(color.g),
                f32::from(color.b),
                1.0,
            ];
            for (under, over) in under.iter_mut().zip(over) {
                *under = *under * (1.0 - alpha) + over * alpha;
            }
        }
    }

    /// What was painted.
    pub(crate) fn into_layer(self) -> Layer {
        let height = self.pixels.len() / self.width;
        let pixels = self.pixels.iter().flat_map(|&[r, g, b, a]| {
            let straight = |channel: f32| {
                if a > 0.0 {
                    (channel / a).round().min(255.0) as u8
                } else {
                    0
                }
            };
            [
                straight(r),
                straight(g),
                straight(b),
                (a * 255.0).round() as u8,
            ]
        });
        let picture = Rgba {
            width: self.width,
            height,
            pixels: pixels.collect(),
        };
        Layer::from_rgba(&picture, self.left, self.top)
    }
}
