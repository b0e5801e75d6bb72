//! A sheet: what a layout puts on it becomes a picture, and the boxes that say where.

use std::fmt::Write;

use domain::{Color, LayoutBox};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;
use typeset::safe::Rect;
use typeset::{Canvas, Fonts, Laid};

use crate::layouts::within;
use crate::{DrawingError, Logo};

/// A text on the sheet.
pub(crate) struct Block {
    pub(crate) laid: Laid,
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) color: Color,
    /// A part of its text (in bytes) in another colour.
    pub(crate) marked: Option<(std::ops::Range<usize>, Color)>,
}

/// Collects shapes below, texts and the logo above.
pub(crate) struct Sheet<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) size: (u32, u32),
    svg: String,
    blocks: Vec<Block>,
    logo: Option<(&'a Logo, Rect)>,
    pub(crate) boxes: Vec<LayoutBox>,
    pub(crate) missing: Vec<char>,
    pub(crate) truncated: Vec<String>,
}

/// Boxes of shapes, which may lie under text, have names that start with this.
pub const SHAPE_PREFIX: &str = "shape ";

impl<'a> Sheet<'a> {
    pub(crate) fn new(fonts: &'a Fonts, size: (u32, u32)) -> Self {
        Self {
            fonts,
            size,
            svg: String::new(),
            blocks: Vec::new(),
            logo: None,
            boxes: Vec::new(),
            missing: Vec::new(),
            truncated: Vec::new(),
        }
    }

    /// Puts a text with its block's left top corner at (`x`, `y`).
    pub(crate) fn text(&mut self, name: &str, laid: Laid, x: f32, y: f32, color: Color) {
        self.text_marked(name, laid, x, y, color, None);
    }

    pub(crate) fn text_marked(
        &mut self,
        name: &str,
        laid: Laid,
        x: f32,
        y: f32,
        color: Color,
        marked: Option<(std::ops::Range<usize>, Color)>,
    ) {
        for character in &laid.missing {
            if !self.missing.contains(character) {
                self.missing.push(*character);
            }
        }
        if laid.truncated {
            self.truncated.push(name.to_owned());
        }
        if laid.is_empty() {
            return;
        }
        let (x, y) = (x.round(), y.round());
        self.boxes.push(LayoutBox {
            name: name.to_owned(),
            x: x + laid.x(),
            y,
            width: laid.width,
            height: laid.height,
        });
        self.blocks.push(Block {
            laid,
            x: x as i32,
            y: y as i32,
            color,
            marked,
        });
    }

    /// A rectangle with round corners, in one colour.
    pub(crate) fn plate(
        &mut self,
        name: &str,
        rect: Rect,
        radius: f32,
        color: Color,
        opacity: f32,
    ) {
        self.drawn(name, rect, &plate(&rect, radius, color, opacity));
    }

    /// SVG elements that lie within `rect`.
    pub(crate) fn drawn(&mut self, name: &str, rect: Rect, elements: &str) {
        self.boxes.push(LayoutBox {
            name: format!("{SHAPE_PREFIX}{name}"),
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
        });
        self.svg.push_str(elements);
    }

    pub(crate) fn logo(&mut self, logo: &'a Logo, rect: Rect) {
        self.boxes.push(LayoutBox {
            name: "logo".to_owned(),
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
        });
        self.logo = Some((logo, rect));
    }

    /// The picture, clear where nothing was put.
    pub(crate) fn render(&self) -> Result<Pixmap, DrawingError> {
        let mut pixmap = render_svg(self.size.0, self.size.1, &self.svg)?;
        let (width, height) = self.size;
        let mut canvas = Canvas {
            pixels: pixmap.data_mut(),
            width,
            height,
        };
        for block in &self.blocks {
            self.fonts
                .paint(&block.laid, &mut canvas, block.x, block.y, |word| {
                    let color = match &block.marked {
                        Some((bytes, color)) if within(word, bytes) => *color,
                        _ => block.color,
                    };
                    [color.r, color.g, color.b, 255]
                });
        }
        if let Some((logo, rect)) = self.logo {
            logo.draw(&mut pixmap.as_mut(), rect.x, rect.y, rect.width);
        }
        Ok(pixmap)
    }
}

/// The element of a rectangle with round corners.
pub(crate) fn plate(rect: &Rect, radius: f32, color: Color, opacity: f32) -> String {
    let mut element = String::new();
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    let _ = write!(
        element,
        r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" rx="{radius:.2}" fill="{color}" fill-opacity="{opacity}"/>"#
    );
    element
}

/// Draws SVG elements on a clear sheet.
pub(crate) fn render_svg(width: u32, height: u32, elements: &str) -> Result<Pixmap, DrawingError> {
    let mut pixmap = Pixmap::new(width, height).ok_or(DrawingError::Size { width, height })?;
    if !elements.is_empty() {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{elements}</svg>"#
        );
        let tree = usvg::Tree::from_str(&svg, &usvg::Options::default())
            .map_err(|error| DrawingError::Template(error.to_string()))?;
        resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    }
    Ok(pixmap)
}
