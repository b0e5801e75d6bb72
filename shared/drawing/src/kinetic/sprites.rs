//! Sprites: shapes, words and blocks of text, each as a picture of its own.

use domain::{Color, Enter, LayoutBox};
use typeset::safe::Rect;
use typeset::{Canvas, Laid};

use super::Moving;
use crate::layouts::marker_rects;
use crate::piece::Piece;
use crate::sheet::{plate, render_svg};
use crate::{DrawingError, SHAPE_PREFIX, encode};

impl Moving<'_> {
    /// A sprite made of SVG elements, which are drawn for the place they are given.
    pub(super) fn shape(
        &mut self,
        name: &str,
        rect: Rect,
        svg: &dyn Fn(&Rect) -> String,
        planned_ms: u32,
        enter: Enter,
    ) -> Result<(), DrawingError> {
        let (x, y) = (rect.x.floor(), rect.y.floor());
        let place = Rect {
            x: rect.x - x,
            y: rect.y - y,
            ..rect
        };
        let pixmap = render_svg(
            place.right().ceil() as u32,
            place.bottom().ceil() as u32,
            &svg(&place),
        )?;
        self.sprites.push(Piece {
            planned_ms,
            ..Piece::new(encode::pixmap(&pixmap)?, (x as i32, y as i32), enter)
        });
        self.note(format!("{SHAPE_PREFIX}{name}"), rect);
        Ok(())
    }

    pub(super) fn note(&mut self, name: String, rect: Rect) {
        self.page.sheet.boxes.push(LayoutBox {
            name,
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
        });
    }

    pub(super) fn words(
        &mut self,
        laid: &Laid,
        x: f32,
        y: f32,
        ink: Color,
        heavy: Option<usize>,
    ) -> Result<(), DrawingError> {
        self.truncated |= laid.truncated;
        for character in &laid.missing {
            if !self.page.sheet.missing.contains(character) {
                self.page.sheet.missing.push(*character);
            }
        }
        let (mark, on_mark) = (self.page.scheme.mark, self.page.marked_ink());
        for (word, mask) in laid.words.iter().zip(self.page.sheet.fonts.masks(laid)) {
            if mask.width == 0 {
                continue;
            }
            let marked = heavy == Some(word.index);
            let (mut left, mut top) = (mask.x as f32, mask.y as f32);
            let (mut right, mut bottom) = (left + mask.width as f32, top + mask.height as f32);
            let mut svg = String::new();
            let marker = marker_rects(laid, &word.text_range).into_iter().next();
            if let (true, Some((_, rect))) = (marked, marker) {
                let (rect, radius) = self.page.marker(&rect, laid.size_px);
                (left, top) = (left.min(rect.x).floor(), top.min(rect.y).floor());
                (right, bottom) = (
                    right.max(rect.right()).ceil(),
                    bottom.max(rect.bottom()).ceil(),
                );
                let place = Rect {
                    x: rect.x - left,
                    y: rect.y - top,
                    ..rect
                };
                svg = plate(&place, radius, mark, 1.0);
                self.note(
                    format!("{SHAPE_PREFIX}marker"),
                    Rect {
                        x: x + rect.x,
                        y: y + rect.y,
                        ..rect
                    },
                );
            }
            let mut pixmap = render_svg((right - left) as u32, (bottom - top) as u32, &svg)?;
            let (width, height) = (pixmap.width(), pixmap.height());
            let color = if marked { on_mark } else { ink };
            let mut canvas = Canvas {
                pixels: pixmap.data_mut(),
                width,
                height,
            };
            mask.paint(
                &mut canvas,
                -left as i32,
                -top as i32,
                [color.r, color.g, color.b, 255],
            );
            let rect = Rect {
                x: x + word.x,
                y: y + word.y,
                width: word.width,
                height: word.height,
            };
            self.note(format!("word {}", self.sprites.len()), rect);
            let place = ((x + left) as i32, (y + top) as i32);
            self.sprites.push(Piece {
                planned_ms: self.times.get(word.index).copied().unwrap_or_default(),
                word: self.matches.get(word.index).copied().flatten(),
                ..Piece::new(encode::pixmap(&pixmap)?, place, self.enter)
            });
        }
        Ok(())
    }

    /// A text that comes in as one.
    pub(super) fn block(
        &mut self,
        name: &str,
        laid: &Laid,
        x: f32,
        y: f32,
        color: Color,
    ) -> Result<(), DrawingError> {
        let masks = self.page.sheet.fonts.masks(laid);
        let seen = || masks.iter().filter(|mask| mask.width > 0);
        let (Some(left), Some(top)) = (
            seen().map(|mask| mask.x).min(),
            seen().map(|mask| mask.y).min(),
        ) else {
            return Ok(());
        };
        let right = seen()
            .map(|mask| mask.x + mask.width as i32)
            .max()
            .unwrap_or(left);
        let bottom = seen()
            .map(|mask| mask.y + mask.height as i32)
            .max()
            .unwrap_or(top);
        let mut pixmap = render_svg((right - left) as u32, (bottom - top) as u32, "")?;
        let (width, height) = (pixmap.width(), pixmap.height());
        for mask in &masks {
            let mut canvas = Canvas {
                pixels: pixmap.data_mut(),
                width,
                height,
            };
            mask.paint(&mut canvas, -left, -top, [color.r, color.g, color.b, 255]);
        }
        let png = encode::pixmap(&pixmap)?;
        let place = (x as i32 + left, y as i32 + top);
        self.sprites.push(Piece::new(png, place, Enter::Rise));
        self.note(
            name.to_owned(),
            Rect {
                x: x + laid.x(),
                y,
                width: laid.width,
                height: laid.height,
            },
        );
        Ok(())
    }
}
