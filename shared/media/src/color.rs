//! From RGB to Y'CbCr and back: ITU-R BT.709-6, section 3, 8 bits, narrow range (Y 16-235, Cb and Cr 16-240).

/// The luma weights of red, green and blue as fixed-point factors.
pub(crate) struct Matrix {
    y: [i32; 3],
    u: [i32; 3],
    v: [i32; 3],
}

/// Bits behind the point.
const BITS: u32 = 16;
const ONE: f64 = 65536.0;

const KR: f64 = 0.2126;
const KG: f64 = 0.7152;
const KB: f64 = 0.0722;

const fn fixed(value: f64) -> i32 {
    (value * ONE + if value < 0.0 { -0.5 } else { 0.5 }) as i32
}

const LUMA: f64 = 219.0 / 255.0;
const CHROMA: f64 = 224.0 / 255.0;

impl Matrix {
    pub(crate) const BT709: Self = Self {
        y: [fixed(LUMA * KR), fixed(LUMA * KG), fixed(LUMA * KB)],
        u: [
            fixed(-CHROMA * KR / (2.0 - 2.0 * KB)),
            fixed(-CHROMA * KG / (2.0 - 2.0 * KB)),
            fixed(CHROMA * 0.5),
        ],
        v: [
            fixed(CHROMA * 0.5),
            fixed(-CHROMA * KG / (2.0 - 2.0 * KR)),
            fixed(-CHROMA * KB / (2.0 - 2.0 * KR)),
        ],
    };

    pub(crate) fn luma(&self, rgb: [i32; 3]) -> u8 {
        let dot: i32 = self
            .y
            .iter()
            .zip(rgb)
            .map(|(weight, part)| weight * part)
            .sum();
        ((dot + (16 << BITS) + (1 << (BITS - 1))) >> BITS) as u8
    }

    /// Cb and Cr of the sum of `1 << shift` pixels.
    pub(crate) fn chroma(&self, sum: [i32; 3], shift: u32) -> (u8, u8) {
        let bits = BITS + shift;
        let half = (128_i64 << bits) + (1 << (bits - 1));
        let dot = |weights: &[i32; 3]| {
            let parts = weights.iter().zip(sum);
            parts
                .map(|(weight, part)| i64::from(*weight) * i64::from(part))
                .sum::<i64>()
        };
        (
            ((dot(&self.u) + half) >> bits) as u8,
            ((dot(&self.v) + half) >> bits) as u8,
        )
    }
}

/// A colour as Y, Cb and Cr.
#[cfg(test)]
pub(crate) fn yuv(color: domain::Color) -> [u8; 3] {
    let parts = [color.r, color.g, color.b].map(i32::from);
    let (cb, cr) = Matrix::BT709.chroma(parts, 0);
    [Matrix::BT709.luma(parts), cb, cr]
}

/// Back to red, green and blue.
pub(crate) fn rgb([y, cb, cr]: [f32; 3]) -> [u8; 3] {
    let (y, cb, cr) = (
        (y - 16.0) / 219.0,
        (cb - 128.0) / 224.0,
        (cr - 128.0) / 224.0,
    );
    let (kr, kg, kb) = (KR as f32, KG as f32, KB as f32);
    let red = y + (2.0 - 2.0 * kr) * cr;
    let blue = y + (2.0 - 2.0 * kb) * cb;
    let green = (y - kr * red - kb * blue) / kg;
    [red, green, blue].map(|part| (part * 255.0).round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use domain::Color;

    use super::*;

    #[test]
    fn white_black_and_red_are_as_bt709_gives_them() {
        assert_eq!(yuv(Color::new(255, 255, 255)), [235, 128, 128]);
        assert_eq!(yuv(Color::new(0, 0, 0)), [16, 128, 128]);
        assert_eq!(yuv(Color::new(255, 0, 0)), [63, 102, 240]);
    }

    #[test]
    fn colours_survive_there_and_back() {
        for color in [
            Color::new(250, 204, 21),
            Color::new(29, 78, 216),
            Color::new(15, 23, 42),
            Color::new(120, 200, 90),
        ] {
            let [r, g, b] = rgb(yuv(color).map(f32::from));
            for (is, was) in [(r, color.r), (g, color.g), (b, color.b)] {
                assert!(is.abs_diff(was) <= 3, "{color}: {r} {g} {b}");
            }
        }
    }
}
