//! Something with alpha that is laid over frames: a foreground, a sprite, a caption.

use crate::color::Matrix;
use crate::enter::Shown;
use crate::picture::Rgba;
use crate::planes::Planes;
use crate::sheet::{Area, Sheet, full, taps};

/// Something with alpha at a place in the frame.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// Left edge in the frame, even.
    x: i32,
    /// Top edge in the frame, even.
    y: i32,
    luma: Sheet<1>,
    chroma: Sheet<2>,
}

impl Layer {
    /// An empty layer over a rectangle of the frame, grown to even edges.
    fn empty(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        let (x, y) = (left & !1, top & !1);
        let width = ((right - x + 1) & !1).max(2) as usize;
        let height = ((bottom - y + 1) & !1).max(2) as usize;
        Self {
            x,
            y,
            luma: Sheet::new(width, height),
            chroma: Sheet::new(width / 2, height / 2),
        }
    }

    /// A picture with its corner at (`x`, `y`), cut to what is visible of it.
    pub(crate) fn from_rgba(picture: &Rgba, x: i32, y: i32) -> Self {
        let alpha = |x: usize, y: usize| picture.pixels[(y * picture.width + x) * 4 + 3];
        let row_seen = |&y: &usize| (0..picture.width).any(|x| alpha(x, y) != 0);
        let column_seen = |&x: &usize| (0..picture.height).any(|y| alpha(x, y) != 0);
        let rows = (0..picture.height)
            .find(row_seen)
            .zip((0..picture.height).rfind(row_seen));
        let columns = (0..picture.width)
            .find(column_seen)
            .zip((0..picture.width).rfind(column_seen));
        let (Some((top, bottom)), Some((left, right))) = (rows, columns) else {
            return Self::empty(x, y, x, y);
        };
        let mut layer = Self::empty(
            x + left as i32,
            y + top as i32,
            x + right as i32 + 1,
            y + bottom as i32 + 1,
        );
        let (shift_x, shift_y) = ((layer.x - x) as isize, (layer.y - y) as isize);
        layer.fill(|px, py| {
            let (px, py) = (px as isize + shift_x, py as isize + shift_y);
            if px < 0 || py < 0 || px >= picture.width as isize || py >= picture.height as isize {
                return [0; 4];
            }
            let at = (py as usize * picture.width + px as usize) * 4;
            [
                picture.pixels[at],
                picture.pixels[at + 1],
                picture.pixels[at + 2],
                picture.pixels[at + 3],
            ]
        });
        layer
    }

    /// Sets every pixel from a function of its place in the layer that gives red, green, blue and alpha.
    fn fill(&mut self, pixel: impl Fn(usize, usize) -> [u8; 4]) {
        let matrix = Matrix::BT709;
        let width = self.luma.width;
        for cy in 0..self.chroma.height {
            for cx in 0..self.chroma.width {
                let mut sum = [0_i32; 4];
                for (px, py) in [
                    (2 * cx, 2 * cy),
                    (2 * cx + 1, 2 * cy),
                    (2 * cx, 2 * cy + 1),
                    (2 * cx + 1, 2 * cy + 1),
                ] {
                    let [r, g, b, a] = pixel(px, py);
                    if a == 0 {
                        continue;
                    }
                    let at = py * width + px;
                    self.luma.alpha[at] = a;
                    let rgb = [r, g, b].map(i32::from);
                    self.luma.values[0][at] = u16::from(matrix.luma(rgb)) * full(a);
                    let a = i32::from(a);
                    sum = [
                        sum[0] + rgb[0] * a,
                        sum[1] + rgb[1] * a,
                        sum[2] + rgb[2] * a,
                        sum[3] + a,
                    ];
                }
                if sum[3] == 0 {
                    continue;
                }
                let at = cy * self.chroma.width + cx;
                let a = ((sum[3] + 2) / 4) as u8;
                let (u, v) = matrix.chroma([sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]], 0);
                self.chroma.alpha[at] = a;
                self.chroma.values[0][at] = u16::from(u) * full(a);
                self.chroma.values[1][at] = u16::from(v) * full(a);
            }
        }
        self.luma.find_spans();
        self.chroma.find_spans();
    }

    /// Lays it over a frame. `opacity` is 0 to 256.
    pub(crate) fn draw(&self, frame: &mut Planes, opacity: u16) {
        self.draw_moved(frame, opacity, (0, 0), Area::ALL);
    }

    /// Lays it over a frame, moved by an even number of pixels, as far as it lies in an area with even edges.
    fn draw_moved(&self, frame: &mut Planes, opacity: u16, (dx, dy): (i32, i32), within: Area) {
        if opacity == 0 {
            return;
        }
        let width = frame.width;
        let (x, y) = (self.x + dx, self.y + dy);
        self.luma
            .draw((x, y), &within, width, [&mut frame.y], opacity);
        self.chroma.draw(
            (x / 2, y / 2),
            &within.halved(),
            width / 2,
            [&mut frame.u, &mut frame.v],
            opacity,
        );
    }

    /// Lays over a frame what is shown of it.
    pub(crate) fn draw_shown(&self, frame: &mut Planes, opacity: u16, shown: Shown) {
        let (width, height) = (self.luma.width as i32, self.luma.height as i32);
        let part = |share: f32, of: i32| ((share * of as f32).round() as i32) & !1;
        let place = Area {
            left: self.x,
            top: self.y,
            right: self.x + width,
            bottom: self.y + height,
        };
        let (moved, within) = match shown {
            Shown::All => ((0, 0), Area::ALL),
            Shown::FromLeft(share) => {
                let right = self.x + part(share, width);
                ((0, 0), Area { right, ..place })
            }
            Shown::FromRight(share) => {
                let left = self.x + width - part(share, width);
                ((0, 0), Area { left, ..place })
            }
            Shown::Up(share) => ((0, height - part(share, height)), place),
            Shown::Right(share) => ((part(share, width) - width, 0), place),
            Shown::Left(share) => ((width - part(share, width), 0), place),
            Shown::Turn(share) => {
                let (x, y) = (width as f32 / 2.0, height as f32 / 2.0);
                let turned = Self {
                    x: self.x,
                    y: self.y,
                    luma: self.luma.turned((x, y), share),
                    chroma: self.chroma.turned((x / 2.0, y / 2.0), share),
                };
                turned.draw(frame, opacity);
                return;
            }
        };
        self.draw_moved(frame, opacity, moved, within);
    }

    /// The same, grown by `scale` about its middle and moved by (`dx`, `dy`) pixels, to a 256th of a pixel.
    pub(crate) fn transformed(&self, scale: f32, dx: f32, dy: f32) -> Self {
        let (width, height) = (self.luma.width as f32, self.luma.height as f32);
        let (middle_x, middle_y) = (self.x as f32 + width / 2.0, self.y as f32 + height / 2.0);
        let left = (middle_x + dx - width * scale / 2.0).floor() as i32 - 1;
        let top = (middle_y + dy - height * scale / 2.0).floor() as i32 - 1;
        let right = (middle_x + dx + width * scale / 2.0).ceil() as i32 + 1;
        let bottom = (middle_y + dy + height * scale / 2.0).ceil() as i32 + 1;
        let mut out = Self::empty(left, top, right, bottom);
        let (shift_x, shift_y) = (
            middle_x + dx - middle_x * scale,
            middle_y + dy - middle_y * scale,
        );
        let axis = |first: i32, count: usize, shift: f32, origin: i32, unit: f32| {
            taps(
                first as f32 / unit,
                count,
                shift / unit,
                scale,
                origin as f32 / unit,
            )
        };
        let (x, y) = (out.x, out.y);
        out.luma = self.luma.resampled(
            &axis(x, out.luma.width, shift_x, self.x, 1.0),
            &axis(y, out.luma.height, shift_y, self.y, 1.0),
        );
        out.chroma = self.chroma.resampled(
            &axis(x, out.chroma.width, shift_x, self.x, 2.0),
            &axis(y, out.chroma.height, shift_y, self.y, 2.0),
        );
        out
    }
}

/// Fills planes with one colour.
#[cfg(test)]
pub(crate) fn plain(width: usize, height: usize, color: domain::Color) -> Planes {
    let [y, u, v] = crate::color::yuv(color);
    let mut planes = Planes::new(width, height);
    planes.y.fill(y);
    planes.u.fill(u);
    planes.v.fill(v);
    planes
}

#[cfg(test)]
mod tests {
    use domain::Color;

    use super::*;

    fn square(alpha: u8) -> Rgba {
        let pixels = [250, 204, 21, alpha].repeat(20 * 20);
        Rgba {
            width: 20,
            height: 20,
            pixels,
        }
    }

    #[test]
    fn an_opaque_layer_covers_exactly_its_place() {
        let under = plain(64, 64, Color::new(10, 20, 30));
        let mut frame = under.clone();
        Layer::from_rgba(&square(255), 7, 9).draw(&mut frame, 256);
        let [y, ..] = crate::color::yuv(Color::new(250, 204, 21));
        for at in 0..64 * 64 {
            let inside = (7..27).contains(&(at % 64)) && (9..29).contains(&(at / 64));
            assert_eq!(
                frame.y[at],
                if inside { y } else { under.y[at] },
                "pixel {at}"
            );
        }
    }

    #[test]
    fn a_layer_out_of_the_frame_is_cut_off() {
        let mut frame = plain(32, 32, Color::new(0, 0, 0));
        for (x, y) in [(-13, -11), (25, 27), (-40, 3), (3, 90)] {
            Layer::from_rgba(&square(200), x, y).draw(&mut frame, 256);
        }
        assert!(frame.y[0] > 100 && frame.y[32 * 32 - 1] > 100);
        assert_eq!(frame.y[16 * 32 + 16], 16);
    }

    #[test]
    fn what_is_shown_of_a_layer_lies_within_its_place() {
        let layer = Layer::from_rgba(&square(255), 8, 8);
        let seen = |shown: Shown| {
            let mut frame = plain(48, 48, Color::new(0, 0, 0));
            layer.draw_shown(&mut frame, 256, shown);
            (0..48 * 48)
                .filter(|&at| frame.y[at] > 100)
                .map(|at| (at % 48, at / 48))
                .collect::<Vec<_>>()
        };
        let whole = seen(Shown::All);
        assert_eq!(whole.len(), 400);
        for (shown, inside) in [
            (Shown::FromLeft(0.5), (8..18, 8..28)),
            (Shown::FromRight(0.5), (18..28, 8..28)),
            (Shown::Up(0.5), (8..28, 18..28)),
            (Shown::Right(0.5), (8..18, 8..28)),
            (Shown::Left(0.5), (18..28, 8..28)),
            (Shown::Turn(0.5), (18..28, 8..28)),
        ] {
            let (found, (columns, rows)) = (seen(shown), inside);
            assert_eq!(found.len(), 200, "{shown:?}");
            assert!(
                found
                    .iter()
                    .all(|(x, y)| columns.contains(x) && rows.contains(y)),
                "{shown:?}"
            );
        }
        assert_eq!(seen(Shown::Turn(1.0)), whole);
    }

    #[test]
    fn moving_by_nothing_changes_nothing_and_half_opacity_is_half_way() {
        let layer = Layer::from_rgba(&square(255), 8, 8);
        let (mut a, mut b) = (
            plain(48, 48, Color::new(0, 0, 0)),
            plain(48, 48, Color::new(0, 0, 0)),
        );
        layer.draw(&mut a, 256);
        layer.transformed(1.0, 0.0, 0.0).draw(&mut b, 256);
        assert_eq!(a, b);
        let mut half = plain(48, 48, Color::new(0, 0, 0));
        layer.draw(&mut half, 128);
        let (from, to) = (16_i32, i32::from(a.y[20 * 48 + 20]));
        assert!((i32::from(half.y[20 * 48 + 20]) - i32::midpoint(from, to)).abs() <= 1);
    }
}
