//! Samples with alpha: what a layer has of each plane, laid over it, turned and resampled.

/// Samples with alpha. Values are multiplied by their alpha as 0 to 256, so one multiplication lays a sample over another.
#[derive(Debug, Clone)]
pub(crate) struct Sheet<const N: usize> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) alpha: Vec<u8>,
    pub(crate) values: [Vec<u16>; N],
    /// Where each row begins and ends to be visible.
    spans: Vec<(usize, usize)>,
}

/// An alpha of 0 to 255 as 0 to 256.
pub(crate) fn full(alpha: u8) -> u16 {
    u16::from(alpha) + u16::from(alpha >> 7)
}

impl<const N: usize> Sheet<N> {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let size = width * height;
        Self {
            width,
            height,
            alpha: vec![0; size],
            values: std::array::from_fn(|_| vec![0; size]),
            spans: Vec::new(),
        }
    }

    pub(crate) fn find_spans(&mut self) {
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
    pub(crate) fn draw(
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
    pub(crate) fn turned(&self, (x, y): (f32, f32), share: f32) -> Self {
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
    pub(crate) fn resampled(&self, columns: &[Tap], rows: &[Tap]) -> Self {
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
pub(crate) struct Tap {
    at: i32,
    share: u32,
}

/// The taps of `count` samples from `first` on, where the new coordinate c (of sample centres) is the old one (c - `shift`) / `scale`.
pub(crate) fn taps(first: f32, count: usize, shift: f32, scale: f32, origin: f32) -> Vec<Tap> {
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
pub(crate) struct Area {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) right: i32,
    pub(crate) bottom: i32,
}

impl Area {
    pub(crate) const ALL: Self = Self {
        left: 0,
        top: 0,
        right: i32::MAX,
        bottom: i32::MAX,
    };

    /// The same rectangle where there is one sample to two by two pixels.
    pub(crate) fn halved(self) -> Self {
        let half = |edge: i32| edge / 2;
        Self {
            left: half(self.left),
            top: half(self.top),
            right: half(self.right),
            bottom: half(self.bottom),
        }
    }
}
