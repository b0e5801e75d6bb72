//! What lies behind: a gradient and a few large shapes, another composition in every scene.

use domain::Style;

use crate::raster::{Form, Raster, Shape};
use crate::scheme::Scheme;
use crate::seed::Seeded;

mod families;

/// A background is this much larger than the frame, in each direction: the room that pan and zoom need.
pub const BACKGROUND_SCALE: f32 = 1.08;

/// The size of the background of a frame, in pixels.
pub fn background_size((width, height): (u32, u32)) -> (u32, u32) {
    let larger = |side: u32| ((side as f32 * BACKGROUND_SCALE / 2.0) as u32).max(1) * 2;
    (larger(width), larger(height))
}

const COMPOSITIONS: usize = 7;

/// RGB bytes of the background of scene `scene`, of so many pixels. Scenes that follow each other differ in composition.
pub(crate) fn draw(
    scheme: &Scheme,
    (width, height): (u32, u32),
    style: Style,
    seed: u64,
    scene: usize,
) -> Vec<u8> {
    let mut seeded = Seeded::new(seed, 101 + scene as u64);
    let composition = (Seeded::new(seed, 7).below(COMPOSITIONS) + scene * 3) % COMPOSITIONS;
    let (w, h) = (width as f32, height as f32);
    let lean = seeded.between(-0.25, 0.25) * w;
    // A page, and what is flat, has no light of its own.
    let foot = match style {
        Style::Classic | Style::Calm => scheme.deep,
        Style::Bold | Style::Editorial => scheme.base,
    };
    let mut raster = Raster::new(
        width,
        height,
        [scheme.base, foot],
        [[w / 2.0 - lean, 0.05 * h], [w / 2.0 + lean, h]],
    );
    let mut canvas = Composition {
        scheme,
        w,
        h,
        unit: w.min(h),
        seeded,
    };
    let turn = composition + scene;
    let shapes = match composition {
        _ if style == Style::Bold => canvas.bold(turn),
        _ if style == Style::Calm => canvas.calm(turn),
        _ if style == Style::Editorial => canvas.editorial(turn),
        0 => canvas.orb(),
        1 => canvas.bands(),
        2 => canvas.rings(),
        3 => canvas.tiles(),
        4 => canvas.hills(),
        5 => canvas.slabs(),
        _ => canvas.dots(),
    };
    for shape in &shapes {
        raster.fill(shape);
    }
    raster.dithered()
}

struct Composition<'a> {
    scheme: &'a Scheme,
    w: f32,
    h: f32,
    /// The shorter side.
    unit: f32,
    seeded: Seeded,
}

impl Composition<'_> {
    fn shape(&self, form: Form, tone: usize, alpha: [f32; 2], fade: [[f32; 2]; 2]) -> Shape {
        Shape {
            form,
            color: self.scheme.shapes[tone],
            alpha,
            fade,
            soft: 1.2,
        }
    }

    /// Left or right, top or bottom: which side a composition leans to.
    fn side(&mut self) -> f32 {
        if self.seeded.coin() { 1.0 } else { 0.0 }
    }

    /// One enormous disc that a corner cuts off, with an orbit around it.
    fn orb(&mut self) -> Vec<Shape> {
        let side = self.side();
        let high = self.seeded.between(0.1, 0.3);
        let center = [self.w * (0.08 + 0.84 * side), self.h * high];
        let r = self.unit * self.seeded.between(0.62, 0.74);
        let inward = 1.0 - 2.0 * side;
        let fade = [
            [center[0] - inward * r, center[1] - r],
            [center[0] + inward * r * 0.7, center[1] + r],
        ];
        // Below the captions, where no words are.
        let moon = [self.w * (0.5 + 0.32 * inward), self.h * 0.92];
        vec![
            self.shape(
                Form::Ring(center, r * 1.28, self.unit * 0.0035),
                0,
                [0.9, 0.25],
                fade,
            ),
            self.shape(Form::Disc(center, r), 0, [1.0, 0.12], fade),
            self.shape(
                Form::Disc(moon, self.unit * 0.1),
                0,
                [0.9, 0.5],
                [[moon[0], moon[1] - 80.0], [moon[0], moon[1] + 80.0]],
            ),
        ]
    }

    /// Broad diagonals across the frame.
    fn bands(&mut self) -> Vec<Shape> {
        let angle = self.seeded.between(0.5, 0.72) * if self.seeded.coin() { 1.0 } else { -1.0 };
        let mut across = self.seeded.between(0.02, 0.12) * self.h;
        let fade = if angle > 0.0 {
            [[0.0, 0.0], [self.w, self.h]]
        } else {
            [[self.w, 0.0], [0.0, self.h]]
        };
        let mut shapes = Vec::new();
        for (width, gap, alpha) in [
            (0.30, 0.10, [1.0, 0.35]),
            (0.11, 0.05, [0.75, 0.2]),
            (0.035, 0.3, [0.9, 0.4]),
            (0.2, 0.0, [0.55, 0.15]),
        ] {
            let half = self.unit * width / 2.0;
            let middle = across + half;
            shapes.push(self.shape(
                Form::Band([self.w / 2.0, middle], direction(angle), half),
                0,
                alpha,
                fade,
            ));
            across = middle + half + gap * self.unit;
        }
        shapes
    }

    /// Ripples from a point outside the frame.
    fn rings(&mut self) -> Vec<Shape> {
        let side = self.side();
        let center = [
            self.w * (side * 1.06 - 0.03),
            self.h * self.seeded.between(0.78, 1.02),
        ];
        let inward = 1.0 - 2.0 * side;
        let pitch = self.unit * self.seeded.between(0.19, 0.24);
        (1..=6)
            .map(|at| {
                let r = pitch * at as f32;
                let half = self.unit * (0.062 - 0.008 * at as f32);
                let fade = [
                    [center[0], center[1]],
                    [center[0] + inward * pitch * 6.5, center[1] - pitch * 6.5],
                ];
                self.shape(
                    Form::Ring(center, r, half),
                    usize::from(at % 2 == 0),
                    [1.0, 0.3],
                    fade,
                )
            })
            .collect()
    }

    /// Quarter discs on a grid, along one edge.
    fn tiles(&mut self) -> Vec<Shape> {
        let columns = if self.w > self.h * 1.2 { 6.0 } else { 3.0 };
        let tile = self.w / columns;
        let rows = (self.h / tile).ceil() as usize + 1;
        let fade = [[self.w, 0.0], [0.0, self.h]];
        let mut shapes = Vec::new();
        for row in 0..rows {
            for column in 0..columns as usize {
                let turn = self.seeded.below(4);
                let tone = self.seeded.below(2);
                // Thick in the upper right and along the foot, thin where most words stand.
                let edge = column + 1 == columns as usize || row + 2 >= rows;
                if self.seeded.between(0.0, 1.0) > if edge { 0.85 } else { 0.22 } {
                    continue;
                }
                let (sx, sy) = ([1.0, -1.0][turn & 1], [1.0, -1.0][turn >> 1]);
                let corner = [
                    tile * (column as f32 + if sx > 0.0 { 0.0 } else { 1.0 }),
                    tile * (row as f32 + if sy > 0.0 { 0.0 } else { 1.0 }),
                ];
                shapes.push(self.shape(
                    Form::Quarter(corner, [sx, sy], tile),
                    tone,
                    [0.95, 0.45],
                    fade,
                ));
            }
        }
        shapes
    }

    /// Layers of hills below, a sun behind them.
    fn hills(&mut self) -> Vec<Shape> {
        let sun = [
            self.w * self.seeded.between(0.62, 0.86),
            self.h * self.seeded.between(0.2, 0.3),
        ];
        let r = self.unit * 0.3;
        let mut shapes = vec![self.shape(
            Form::Disc(sun, r),
            0,
            [1.0, 0.1],
            [[sun[0], sun[1] - r], [sun[0], sun[1] + r]],
        )];
        for (at, alpha) in [(0, [0.55, 0.1]), (1, [0.7, 0.2]), (2, [0.95, 0.45])] {
            let middle = self.h * (0.60 + 0.12 * at as f32);
            let wave = self.w * self.seeded.between(0.9, 1.5);
            let phase = self.seeded.between(0.0, std::f32::consts::TAU);
            let form = Form::Hill(
                middle,
                self.unit * self.seeded.between(0.06, 0.1),
                wave,
                phase,
            );
            shapes.push(self.shape(
                form,
                0,
                alpha,
                [
                    [0.0, middle - self.unit * 0.1],
                    [0.0, middle + self.unit * 0.45],
                ],
            ));
        }
        shapes
    }

    /// Large tilted cards that overlap.
    fn slabs(&mut self) -> Vec<Shape> {
        let tilt = self.seeded.between(0.16, 0.34) * if self.seeded.coin() { 1.0 } else { -1.0 };
        let side = self.side();
        let mut shapes = Vec::new();
        for (at, alpha) in [(0, [0.3, 0.12]), (1, [0.6, 0.25]), (2, [1.0, 0.5])] {
            let shift = at as f32 * self.unit * 0.17;
            let center = [
                self.w * (0.1 + 0.8 * side) + shift * (1.0 - 2.0 * side) * -0.4,
                self.h * 0.42 + shift,
            ];
            let half = [self.unit * 0.46, self.unit * 0.46];
            let fade = [
                [center[0], center[1] - half[1]],
                [center[0], center[1] + half[1]],
            ];
            shapes.push(self.shape(
                Form::Slab(
                    center,
                    half,
                    self.unit * 0.07,
                    direction(tilt + at as f32 * 0.13),
                ),
                0,
                alpha,
                fade,
            ));
        }
        shapes
    }

    /// A field of dots that fades out, and half a disc that rises from the foot.
    fn dots(&mut self) -> Vec<Shape> {
        let side = self.side();
        let pitch = self.unit / 15.0;
        let far = self.w * (1.0 - side);
        let dots = Form::Dots([pitch * 0.5, pitch * 0.5], pitch, self.unit * 0.0075);
        let center = [self.w * (0.15 + 0.7 * side), self.h * 1.02];
        let r = self.unit * self.seeded.between(0.6, 0.72);
        vec![
            self.shape(
                Form::Disc(center, r),
                0,
                [1.0, 0.4],
                [[center[0], center[1] - r], center],
            ),
            self.shape(
                Form::Ring(center, r * 1.16, self.unit * 0.012),
                0,
                [0.8, 0.3],
                [[center[0], center[1] - r], center],
            ),
            self.shape(
                dots,
                0,
                [1.0, 0.0],
                [[self.w - far, 0.0], [far, self.h * 0.55]],
            ),
        ]
    }
}

/// Cosine and sine of an angle in radians.
fn direction(angle: f32) -> [f32; 2] {
    [angle.cos(), angle.sin()]
}
