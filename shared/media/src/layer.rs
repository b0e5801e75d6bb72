//! Something with alpha that is laid over frames: a foreground, a sprite, a caption.

use crate::color::Matrix;
use crate::enter::Shown;
use crate::picture::Rgba;
use crate::planes::Planes;

/// Samples with alpha. Values are multiplied by their alpha as 0 to 256, so one multiplication lays a sample over another.
#[derive(Debug, Clone)]
struct Sheet<const N: usize> {
    width: usize,
    height: usize,
    alpha: Vec<u8>,
    values: [Vec<u16>; N],
    /// Where each row begins and ends to be visible.
    spans: Vec<(usize, usize)>,
}

/// An alpha of 0 to 255 as 0 to 256.
fn full(alpha: u8) -> u16 {
    u16::from(alpha) + u16::from(alpha >> 7)
}

impl<const N: usize> Sheet<N> {
    fn new(width: usize, height: usize) -> Self {
        let size = width * height;
        Self {
            width,
            height,
            alpha: vec![0; size],
            values: std::array::from_fn(|_| vec![0; size]),
            spans: Vec::new(),
        }
    }

    fn find_spans(&mut self) {
        let visible = |row: &[u8]| {
            let first = row.iter().position(|&a| a != 0)?;
            let last = row.iter().rposition(|&a| a != 0)?;
            Some((first, last + 1))
        };
        self.spans = self
            .alpha
            .chunks_exact(self.width.max(1))
            .map(|row| visible(row).unwrap_or((0, 0)))
            .collect();
    }

    /// Lays the sheet over planes of `stride` samples a row with its corner at (`x`, `y`), which may lie outside; nothing is drawn outside
    /// of `within`.
    fn draw(
        &self,
        (x, y): (i32, i32),
        within: &Area,
        stride: usize,
        mut planes: [&mut [u8]; N],
        opacity: u16,
    ) {
        let rows = within.top.max(0)..within.bottom.min((planes[0].len() / stride) as i32);
        let (left, right) = (within.left.max(0), within.right.min(stride as i32));
        for (row, &(first, last)) in self.spans.iter().enumerate() {
            let at = y + row as i32;
            if !rows.contains(&at) {
                continue;
            }
            let at = at as usize;
            let first = first.max((left - x).max(0) as usize);
            let last = last.min((right - x).max(0) as usize);
            if first >= last {
                continue;
            }
            let from = row * self.width;
            let to = at * stride + (first as i32 + x) as usize;
            let alpha = &self.alpha[from + first..from + last];
            for (plane, values) in planes.iter_mut().zip(&self.values) {
                let under = &mut plane[to..to + last - first];
                let values = &values[from + first..from + last];
                if opacity == 256 {
                    for ((under, &alpha), &value) in under.iter_mut().zip(alpha).zip(values) {
                        *under =
                            ((u16::from(*under) * (256 - full(alpha)) + value + 127) >> 8) as u8;
                    }
                } else {
                    let opacity = u32::from(opacity);
                    for ((under, &alpha), &value) in under.iter_mut().zip(alpha).zip(values) {
                        let through =
                            (256 * 256 - u32::from(full(alpha)) * opacity) * u32::from(*under);
                        *under = ((through + u32::from(value) * opacity + (1 << 15)) >> 16) as u8;
                    }
                }
            }
        }
    }

    /// What of this sheet lies within a share of a turn around (`x`, `y`), clockwise from the top.
    fn turned(&self, (x, y): (f32, f32), share: f32) -> Self {
        let mut out = self.clone();
        let end = share * std::f32::consts::TAU;
        for (row, &(first, last)) in self.spans.iter().enumerate() {
            let down = row as f32 + 0.5 - y;
            for column in first..last {
                let along = column as f32 + 0.5 - x;
                // The angle from the top; what lies a pixel behind the end is no longer seen, and its edge is smooth.
                let angle = (-along).atan2(down) + std::f32::consts::PI;
                let covered = ((end - angle) * along.hypot(down) + 0.5).clamp(0.0, 1.0);
                if covered >= 1.0 {
                    continue;
                }
                let at = row * self.width + column;
                let alpha = (f32::from(self.alpha[at]) * covered) as u8;
                for values in &mut out.values {
                    let share = f32::from(full(alpha)) / f32::from(full(self.alpha[at]).max(1));
                    values[at] = (f32::from(values[at]) * share) as u16;
                }
                out.alpha[at] = alpha;
            }
        }
        out.find_spans();
        out
    }

    /// This sheet with its columns and rows picked anew (see [`taps`]).
    fn resampled(&self, columns: &[Tap], rows: &[Tap]) -> Self {
        let mut out = Self::new(columns.len(), rows.len());
        let size = (self.width, self.height);
        resample(&self.alpha, size, columns, rows, |at, value| {
            out.alpha[at] = value.min(255) as u8;
        });
        for (to, values) in out.values.iter_mut().zip(&self.values) {
            // Rounding must not leave more light than the alpha lets through.
            let alpha = &out.alpha;
            resample(values, size, columns, rows, |at, value| {
                to[at] = value.min(u32::from(full(alpha[at])) * 255) as u16;
            });
        }
        out.find_spans();
        out
    }
}

/// Room around a line of samples, so that what is picked from beyond its ends is nothing.
const MARGIN: usize = 8;

/// Picks columns and rows from samples of `size`: mixes the two rows that a row lies between, then picks from the mixture.
fn resample<T: Copy + Into<u32>>(
    from: &[T],
    size: (usize, usize),
    columns: &[Tap],
    rows: &[Tap],
    mut put: impl FnMut(usize, u32),
) {
    let mut line = vec![0_u32; size.0 + 2 * MARGIN];
    for (y, row) in rows.iter().enumerate() {
        let whole = |at: i32| {
            usize::try_from(at)
                .ok()
                .filter(|&at| at < size.1)
                .map(|at| &from[at * size.0..(at + 1) * size.0])
        };
        let mixed = &mut line[MARGIN..MARGIN + size.0];
        mixed.fill(0);
        for (at, share) in [(row.at, 256 - row.share), (row.at + 1, row.share)] {
            if let Some(samples) = whole(at) {
                // Values reach 2^16 and shares 2^8, twice: four bits are dropped in between to stay within 32.
                mixed
                    .iter_mut()
                    .zip(samples)
                    .for_each(|(mixed, &sample)| *mixed += (sample.into() * share) >> 4);
            }
        }
        for (x, column) in columns.iter().enumerate() {
            let at =
                (column.at + MARGIN as i32).clamp(0, (size.0 + 2 * MARGIN - 2) as i32) as usize;
            let value = line[at] * (256 - column.share) + line[at + 1] * column.share;
            put(y * columns.len() + x, (value + (1 << 11)) >> 12);
        }
    }
}

/// Where a sample of a resampled sheet lies between two of the old: `share` of 256 of the way from `at` to the next.
struct Tap {
    at: i32,
    share: u32,
}

/// The taps of `count` samples from `first` on, where the new coordinate c (of sample centres) is the old one (c - `shift`) / `scale`.
fn taps(first: f32, count: usize, shift: f32, scale: f32, origin: f32) -> Vec<Tap> {
    (0..count)
        .map(|at| {
            let place = (first + at as f32 + 0.5 - shift) / scale - origin - 0.5;
            let fixed = (place * 256.0).round() as i32;
            Tap {
                at: fixed >> 8,
                share: (fixed & 255) as u32,
            }
        })
        .collect()
}

/// A rectangle of the frame, edges in pixels.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Area {
    const ALL: Self = Self {
        left: 0,
        top: 0,
        right: i32::MAX,
        bottom: i32::MAX,
    };

    /// The same rectangle where there is one sample to two by two pixels.
    fn halved(self) -> Self {
        let half = |edge: i32| edge / 2;
        Self {
            left: half(self.left),
            top: half(self.top),
            right: half(self.right),
            bottom: half(self.bottom),
        }
    }
}

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
