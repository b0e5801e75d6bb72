//! The backdrops of the styles beside the classic one.

use super::{Composition, direction};
use crate::raster::{Form, Shape};

/// Never fades.
const FLAT: [f32; 2] = [1.0, 1.0];

impl Composition<'_> {
    /// A shape of one tone all over.
    fn flat(&self, form: Form, tone: usize, alpha: f32) -> Shape {
        self.shape(
            form,
            tone,
            FLAT.map(|one| one * alpha),
            [[0.0, 0.0], [self.w, self.h]],
        )
    }

    /// A shape whose edge is softened over so many pixels.
    fn glow(&self, center: [f32; 2], r: f32, alpha: f32) -> Shape {
        Shape {
            soft: r * 1.5,
            ..self.flat(Form::Disc(center, r * 0.6), 0, alpha)
        }
    }

    fn block(&self, center: [f32; 2], half: [f32; 2], tone: usize) -> Shape {
        self.flat(Form::Slab(center, half, 0.0, [1.0, 0.0]), tone, 1.0)
    }

    /// Bold: flat blocks with hard edges.
    pub(super) fn bold(&mut self, composition: usize) -> Vec<Shape> {
        let (w, h, unit) = (self.w, self.h, self.unit);
        let side = self.side();
        match composition % 4 {
            // The frame parted by a steep edge.
            0 => {
                let angle = 0.17 * (1.0 - 2.0 * side);
                let half = h;
                let down = h * self.seeded.between(0.68, 0.74) + half;
                vec![
                    self.flat(Form::Band([w / 2.0, down], direction(angle), half), 0, 1.0),
                    self.flat(
                        Form::Band(
                            [w / 2.0, down - half - unit * 0.06],
                            direction(angle),
                            unit * 0.018,
                        ),
                        0,
                        1.0,
                    ),
                ]
            }
            // A column at one edge and a square at the foot.
            1 => {
                let width = w * 0.05;
                let x = w * side;
                vec![
                    self.block([x, h / 2.0], [width, h], 0),
                    self.block([w - x, h * 0.97], [unit * 0.3, unit * 0.16], 1),
                ]
            }
            // Broad stripes across the foot.
            2 => (0..4)
                .map(|at| {
                    let y = h * (0.76 + 0.085 * at as f32);
                    self.block([w / 2.0, y], [w, h * 0.022], usize::from(at % 2 == 1))
                })
                .collect(),
            // A quarter of a disc that fills a corner, and a field of dots over it.
            _ => {
                let r = unit * self.seeded.between(0.72, 0.86);
                let corner = [w * side, h];
                let signs = [1.0 - 2.0 * side, -1.0];
                let pitch = unit / 22.0;
                let mut dots = self.shape(
                    Form::Dots([0.0, 0.0], pitch, pitch * 0.2),
                    1,
                    [1.0, 0.0],
                    [[w * (1.0 - side), 0.0], [w * side, h * 0.5]],
                );
                dots.soft = 1.0;
                vec![dots, self.flat(Form::Quarter(corner, signs, r), 0, 1.0)]
            }
        }
    }

    /// Calm: light that has no edges.
    pub(super) fn calm(&mut self, composition: usize) -> Vec<Shape> {
        let (w, h, unit) = (self.w, self.h, self.unit);
        let side = self.side();
        let drift = self.seeded.between(-0.06, 0.06);
        match composition % 3 {
            // Two lights across from each other.
            0 => vec![
                self.glow([w * side, h * (0.16 + drift)], unit * 0.95, 0.9),
                self.glow([w * (1.0 - side), h * (0.9 + drift)], unit * 0.8, 0.55),
            ],
            // A halo behind the words.
            1 => vec![self.glow([w * 0.5, h * (0.36 + drift)], unit * 1.05, 0.75)],
            // Hills in a haze.
            _ => (0..3)
                .map(|at| {
                    let middle = h * (0.68 + 0.11 * at as f32);
                    let phase = self.seeded.between(0.0, std::f32::consts::TAU);
                    let mut hill = self.shape(
                        Form::Hill(middle, unit * 0.05, w * 1.4, phase),
                        0,
                        [0.5, 0.0],
                        [[0.0, middle - unit * 0.1], [0.0, middle + unit * 0.6]],
                    );
                    hill.soft = unit * 0.12;
                    hill
                })
                .collect(),
        }
    }

    /// Editorial: a page, with a line or two.
    pub(super) fn editorial(&mut self, composition: usize) -> Vec<Shape> {
        let (w, h, unit) = (self.w, self.h, self.unit);
        let side = self.side();
        let thin = unit * 0.0016;
        let margin = unit * 0.075;
        match composition % 4 {
            // A margin line.
            0 => {
                let x = if side > 0.5 { w - margin } else { margin };
                vec![self.block([x, h / 2.0], [thin, h], 0)]
            }
            // A large ring that leaves the page.
            1 => vec![self.flat(
                Form::Ring([w * (0.1 + 0.8 * side), h * 1.04], unit * 0.52, thin * 1.4),
                0,
                0.8,
            )],
            // The foot of the page in another tone.
            2 => {
                let top = h * self.seeded.between(0.82, 0.86);
                vec![self.block(
                    [w / 2.0, f32::midpoint(top, h * 1.1)],
                    [w, (h * 1.1 - top) / 2.0],
                    1,
                )]
            }
            // A ruled page.
            _ => (0..5)
                .map(|at| {
                    let y = h * (0.84 + 0.026 * at as f32);
                    self.block([w / 2.0, y], [w / 2.0 - margin, thin], 0)
                })
                .collect(),
        }
    }
}
