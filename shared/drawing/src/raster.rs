//! Shapes by their signed distance, in floating point, and the dithering that brings them down to eight bits.
//!
//! Smooth gradients cut to eight bits show bands, which the video encoder makes worse; so nothing is rounded before the noise is added.

use domain::Color;

/// Distances are in pixels; negative inside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// Centre and radius.
    Disc([f32; 2], f32),
    /// Centre, radius of the middle of the stroke, half the stroke.
    Ring([f32; 2], f32, f32),
    /// A point on the middle line, the line's direction (cosine and sine), half the width. It goes on for ever.
    Band([f32; 2], [f32; 2], f32),
    /// Centre, half width and half height, corner radius, direction (cosine and sine).
    Slab([f32; 2], [f32; 2], f32, [f32; 2]),
    /// The corner that two straight edges leave, the signs that say which way they go, and the radius: a quarter of a disc.
    Quarter([f32; 2], [f32; 2], f32),
    /// Everything below a sine: its middle height, its amplitude, its wavelength and its phase in radians.
    Hill(f32, f32, f32, f32),
    /// A grid of dots: origin, pitch, radius.
    Dots([f32; 2], f32, f32),
}

impl Form {
    fn distance(self, x: f32, y: f32) -> f32 {
        match self {
            Self::Disc([cx, cy], r) => (x - cx).hypot(y - cy) - r,
            Self::Ring([cx, cy], r, half) => ((x - cx).hypot(y - cy) - r).abs() - half,
            Self::Band([px, py], [cos, sin], half) => {
                ((y - py) * cos - (x - px) * sin).abs() - half
            }
            Self::Slab([cx, cy], [hw, hh], corner, [cos, sin]) => {
                let (dx, dy) = (x - cx, y - cy);
                let (along, across) = (
                    (dx * cos + dy * sin).abs() - hw + corner,
                    (dy * cos - dx * sin).abs() - hh + corner,
                );
                along.max(0.0).hypot(across.max(0.0)) + along.max(across).min(0.0) - corner
            }
            Self::Quarter([cx, cy], [sx, sy], r) => {
                let (dx, dy) = ((x - cx) * sx, (y - cy) * sy);
                (dx.hypot(dy) - r).max(-dx).max(-dy)
            }
            Self::Hill(middle, amplitude, wavelength, phase) => {
                let turn = std::f32::consts::TAU / wavelength;
                let slope = amplitude * turn;
                // The vertical distance, shortened where the hill is steep: near the edge, the true one.
                (middle + amplitude * (x * turn + phase).sin() - y) / (1.0 + slope * slope).sqrt()
            }
            Self::Dots([ox, oy], pitch, r) => {
                let to_center = |value: f32| value - pitch * (value / pitch).round();
                to_center(x - ox).hypot(to_center(y - oy)) - r
            }
        }
    }

    /// Rows that it can touch.
    fn rows(self) -> (f32, f32) {
        match self {
            Self::Disc([_, cy], r) | Self::Quarter([_, cy], _, r) => (cy - r, cy + r),
            Self::Ring([_, cy], r, half) => (cy - r - half, cy + r + half),
            Self::Slab([_, cy], [hw, hh], _, _) => (cy - hw.hypot(hh), cy + hw.hypot(hh)),
            Self::Hill(middle, amplitude, _, _) => (middle - amplitude, f32::INFINITY),
            Self::Band(..) | Self::Dots(..) => (f32::NEG_INFINITY, f32::INFINITY),
        }
    }
}

/// A form filled with a colour that fades along a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) form: Form,
    pub(crate) color: Color,
    /// Opacity at the start and at the end of the line.
    pub(crate) alpha: [f32; 2],
    /// The line's ends.
    pub(crate) fade: [[f32; 2]; 2],
    /// Width of the edge in pixels: 1 is crisp.
    pub(crate) soft: f32,
}

/// A picture of RGB floats, 0 to 255.
pub(crate) struct Raster {
    width: usize,
    height: usize,
    pixels: Vec<[f32; 3]>,
}

impl Raster {
    /// Filled with a gradient from one colour to another along a line.
    pub(crate) fn new(width: u32, height: u32, colors: [Color; 2], line: [[f32; 2]; 2]) -> Self {
        let (width, height) = (width as usize, height as usize);
        let [from, to] = colors.map(floats);
        let along = Along::new(line);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                // Eased at both ends, so that no edge shows where the gradient stops.
                let t = along.at(x as f32, y as f32);
                let t = t * t * (3.0 - 2.0 * t);
                pixels.push(std::array::from_fn(|c| from[c] + (to[c] - from[c]) * t));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    pub(crate) fn fill(&mut self, shape: &Shape) {
        let color = floats(shape.color);
        let along = Along::new(shape.fade);
        let (top, bottom) = shape.form.rows();
        let first = (top - shape.soft).max(0.0) as usize;
        let last = ((bottom + shape.soft + 1.0).max(0.0) as usize).min(self.height);
        for y in first..last {
            let row = &mut self.pixels[y * self.width..(y + 1) * self.width];
            for (x, pixel) in row.iter_mut().enumerate() {
                let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
                let coverage = (0.5 - shape.form.distance(x, y) / shape.soft).clamp(0.0, 1.0);
                if coverage <= 0.0 {
                    continue;
                }
                let t = along.at(x, y);
                let alpha = coverage * (shape.alpha[0] + (shape.alpha[1] - shape.alpha[0]) * t);
                for (channel, value) in pixel.iter_mut().zip(color) {
                    *channel += (value - *channel) * alpha;
                }
            }
        }
    }

    /// RGB bytes. The noise is interleaved gradient noise (Jimenez, "Next generation post processing in Call of Duty: Advanced Warfare", SIGGRAPH
    /// 2014), spread over two steps of the eight-bit scale, so that some of it survives the encoder.
    pub(crate) fn dithered(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for (y, row) in self.pixels.chunks_exact(self.width.max(1)).enumerate() {
            for (x, pixel) in row.iter().enumerate() {
                let noise = (52.982_918
                    * (0.067_110_56 * x as f32 + 0.005_837_15 * y as f32).fract())
                .fract();
                bytes
                    .extend(pixel.map(|value| (value + 2.0 * noise - 0.5).clamp(0.0, 255.0) as u8));
            }
        }
        bytes
    }
}

fn floats(color: Color) -> [f32; 3] {
    [color.r, color.g, color.b].map(f32::from)
}

/// How far along a line a point lies: 0 before its start, 1 behind its end.
struct Along {
    origin: [f32; 2],
    step: [f32; 2],
}

impl Along {
    fn new([from, to]: [[f32; 2]; 2]) -> Self {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let length = (dx * dx + dy * dy).max(1.0);
        Self {
            origin: from,
            step: [dx / length, dy / length],
        }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        ((x - self.origin[0]) * self.step[0] + (y - self.origin[1]) * self.step[1]).clamp(0.0, 1.0)
    }
}
