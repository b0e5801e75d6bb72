//! A frame as the encoder takes it: planar Y'CbCr, both chroma planes at half width and height.

use openh264::formats::YUVSource;

use crate::color::{Matrix, rgb};

/// A picture in planar 4:2:0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) y: Vec<u8>,
    pub(crate) u: Vec<u8>,
    pub(crate) v: Vec<u8>,
}

impl Planes {
    /// A black picture; both sides must be even.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        debug_assert!(
            width.is_multiple_of(2) && height.is_multiple_of(2),
            "4:2:0 needs even sides"
        );
        let chroma = width / 2 * (height / 2);
        Self {
            width,
            height,
            y: vec![16; width * height],
            u: vec![128; chroma],
            v: vec![128; chroma],
        }
    }

    /// Sets two rows from packed pixels of 1 to 4 bytes (grey, grey and alpha, RGB, RGBA).
    pub(crate) fn set_rows(
        &mut self,
        top: usize,
        channels: usize,
        upper: &[u8],
        lower: &[u8],
        matrix: &Matrix,
    ) {
        let width = self.width;
        let (first, second) = self.y[top * width..(top + 2) * width].split_at_mut(width);
        let half = width / 2;
        let chroma = top / 2 * half..(top / 2 + 1) * half;
        let chroma = self.u[chroma.clone()].iter_mut().zip(&mut self.v[chroma]);
        let (green, blue) = if channels < 3 { (0, 0) } else { (1, 2) };
        let squares = upper
            .chunks_exact(2 * channels)
            .zip(lower.chunks_exact(2 * channels));
        let luma = first.chunks_exact_mut(2).zip(second.chunks_exact_mut(2));
        for (((above, below), (first, second)), (cb, cr)) in squares.zip(luma).zip(chroma) {
            let mut sum = [0; 3];
            let mut pixel = |bytes: &[u8]| {
                let rgb = [bytes[0], bytes[green], bytes[blue]].map(i32::from);
                sum = [sum[0] + rgb[0], sum[1] + rgb[1], sum[2] + rgb[2]];
                matrix.luma(rgb)
            };
            first[0] = pixel(&above[..channels]);
            first[1] = pixel(&above[channels..]);
            second[0] = pixel(&below[..channels]);
            second[1] = pixel(&below[channels..]);
            (*cb, *cr) = matrix.chroma(sum, 2);
        }
    }

    /// Moves this picture towards another of the same size: `share` of 256.
    pub(crate) fn blend(&mut self, other: &Self, share: u16) {
        for (to, from) in [
            (&mut self.y, &other.y),
            (&mut self.u, &other.u),
            (&mut self.v, &other.v),
        ] {
            for (a, b) in to.iter_mut().zip(from) {
                *a = ((u16::from(*a) * (256 - share) + u16::from(*b) * share + 128) >> 8) as u8;
            }
        }
    }

    /// Lets another of the same size push this picture out to the left: `share` of the way.
    pub(crate) fn push(&mut self, other: &Self, share: f64) {
        let moved = (self.width as f64 * share) as usize & !1;
        self.by_row(other, moved, |row, from, moved| {
            row.copy_within(moved.., 0);
            let kept = row.len() - moved;
            row[kept..].copy_from_slice(&from[..moved]);
        });
    }

    /// Lets another of the same size cover this picture from the left: `share` of it.
    pub(crate) fn wipe(&mut self, other: &Self, share: f64) {
        let covered = (self.width as f64 * share) as usize & !1;
        self.by_row(other, covered, |row, from, covered| {
            row[..covered].copy_from_slice(&from[..covered]);
        });
    }

    /// Changes each row by the other picture's, given so many samples of it.
    fn by_row(&mut self, other: &Self, count: usize, change: impl Fn(&mut [u8], &[u8], usize)) {
        let width = self.width;
        for (to, from, width, count) in [
            (&mut self.y, &other.y, width, count),
            (&mut self.u, &other.u, width / 2, count / 2),
            (&mut self.v, &other.v, width / 2, count / 2),
        ] {
            let rows = to
                .chunks_exact_mut(width.max(1))
                .zip(from.chunks_exact(width.max(1)));
            rows.for_each(|(to, from)| change(to, from, count.min(width)));
        }
    }

    /// As packed RGB, chroma interpolated.
    pub(crate) fn to_rgb(&self) -> Vec<u8> {
        let half = self.width / 2;
        let chroma = |plane: &[u8], x: usize, y: usize| {
            // Each chroma sample lies in the middle of four pixels: the nearest weighs 9 of 16, its neighbours 3, 3 and 1.
            let near = |at: usize, count: usize| {
                let other = if at.is_multiple_of(2) {
                    (at / 2).saturating_sub(1)
                } else {
                    (at / 2 + 1).min(count - 1)
                };
                (at / 2, other)
            };
            let ((x0, x1), (y0, y1)) = (near(x, half), near(y, self.height / 2));
            let at = |x: usize, y: usize| f32::from(plane[y * half + x]);
            (9.0 * at(x0, y0) + 3.0 * at(x1, y0) + 3.0 * at(x0, y1) + at(x1, y1)) / 16.0
        };
        let mut out = Vec::with_capacity(self.width * self.height * 3);
        for y in 0..self.height {
            for x in 0..self.width {
                let luma = f32::from(self.y[y * self.width + x]);
                out.extend(rgb([luma, chroma(&self.u, x, y), chroma(&self.v, x, y)]));
            }
        }
        out
    }
}

impl YUVSource for Planes {
    fn dimensions(&self) -> (usize, usize) {
        (self.width, self.height)
    }
    fn strides(&self) -> (usize, usize, usize) {
        (self.width, self.width / 2, self.width / 2)
    }
    fn y(&self) -> &[u8] {
        &self.y
    }
    fn u(&self) -> &[u8] {
        &self.u
    }
    fn v(&self) -> &[u8] {
        &self.v
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(first: u8) -> Planes {
        let mut planes = Planes::new(8, 4);
        for (at, sample) in planes.y.iter_mut().enumerate() {
            *sample = first + (at % 8) as u8;
        }
        planes
    }

    #[test]
    fn a_picture_is_pushed_out_or_covered_by_the_next() {
        let (old, new) = (columns(10), columns(100));
        let row = |change: fn(&mut Planes, &Planes, f64), share: f64| {
            let mut frame = old.clone();
            change(&mut frame, &new, share);
            frame.y[8..16].to_vec()
        };
        assert_eq!(row(Planes::push, 0.5), [14, 15, 16, 17, 100, 101, 102, 103]);
        assert_eq!(row(Planes::wipe, 0.5), [100, 101, 102, 103, 14, 15, 16, 17]);
        for change in [Planes::push, Planes::wipe] {
            assert_eq!(row(change, 0.0), old.y[..8]);
            assert_eq!(row(change, 1.0), new.y[..8]);
        }
    }
}
