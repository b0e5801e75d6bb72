//! How long an SVG takes to draw, about: a few filters over a large area can take minutes.

use resvg::usvg::filter::{Filter, Kind};
use resvg::usvg::{Fill, Group, Mask, Node, Paint, Path, Rect, Stroke, Tree};

/// About what a pixel takes, in nanoseconds: filled, taken from one layer to another, put through one step of a filter.
const FILLED: f64 = 4.0;
const LAID: f64 = 8.0;
const FILTERED: f64 = 50.0;

/// About what a pixel takes for each neighbour that a step of a filter looks at, in nanoseconds.
const LOOKED_AT: f64 = 5.0;

/// Layers reach beyond the canvas; the renderer cuts them to so many times its sides.
const BEYOND: f64 = 5.0;

/// Nanoseconds, about, that drawing the tree takes, so many times its own size. Counting ends soon after `limit`.
pub(crate) fn of(tree: &Tree, scale: f32, limit: f64) -> f64 {
    let side = |length: f32| f64::from(length * scale).max(1.0);
    let mut drawing = Drawing {
        scale: f64::from(scale),
        width: side(tree.size().width()),
        height: side(tree.size().height()),
        spent: 0.0,
        limit,
    };
    drawing.group(tree.root());
    drawing.spent
}

struct Drawing {
    scale: f64,
    width: f64,
    height: f64,
    spent: f64,
    limit: f64,
}

impl Drawing {
    /// Pixels of a part of the picture, if no more than so many canvases of it are drawn.
    fn pixels(&self, of: Rect, canvases: f64) -> f64 {
        let within =
            |length: f32, side: f64| (f64::from(length) * self.scale).clamp(1.0, side * canvases);
        within(of.width(), self.width) * within(of.height(), self.height)
    }

    fn group(&mut self, group: &Group) {
        if group.should_isolate() {
            let pixels = self.pixels(group.abs_layer_bounding_box().to_rect(), BEYOND);
            let layers =
                1 + u32::from(group.mask().is_some()) + u32::from(group.clip_path().is_some());
            self.spent += pixels * f64::from(layers) * LAID;
            for filter in group.filters() {
                self.spent += pixels * self.filter(filter);
            }
        }
        if let Some(mask) = group.mask() {
            self.mask(mask);
        }
        let mut clip_path = group.clip_path();
        while let Some(clip) = clip_path {
            self.group(clip.root());
            clip_path = clip.clip_path();
        }
        for node in group.children() {
            if self.spent > self.limit {
                return;
            }
            match node {
                Node::Group(group) => self.group(group),
                Node::Path(path) => self.path(path),
                // Neither is in a logo: see `Logo::read`.
                Node::Image(_) | Node::Text(_) => {}
            }
        }
    }

    fn mask(&mut self, mask: &Mask) {
        self.group(mask.root());
        if let Some(mask) = mask.mask() {
            self.mask(mask);
        }
    }

    fn path(&mut self, path: &Path) {
        self.spent += self.pixels(path.abs_stroke_bounding_box(), 1.0) * FILLED;
        let fill = path.fill().map(Fill::paint);
        let stroke = path.stroke().map(Stroke::paint);
        for paint in fill.into_iter().chain(stroke) {
            if let Paint::Pattern(pattern) = paint {
                // One tile is drawn, at the size at which it is seen.
                self.spent += self.pixels(pattern.rect().to_rect(), BEYOND) * LAID;
                self.group(pattern.root());
            }
        }
    }

    /// What a pixel takes.
    fn filter(&self, filter: &Filter) -> f64 {
        let steps = filter.primitives().iter();
        steps
            .map(|step| {
                let looked_at = match step.kind() {
                    Kind::Morphology(step) => {
                        let across = |radius: f32| 2.0 * f64::from(radius) * self.scale + 1.0;
                        across(step.radius_x().get()) * across(step.radius_y().get())
                    }
                    Kind::ConvolveMatrix(step) => step.matrix().data().len() as f64,
                    Kind::Turbulence(step) => f64::from(step.num_octaves()) * 20.0,
                    Kind::Merge(step) => step.inputs().len() as f64,
                    _ => 0.0,
                };
                FILTERED + looked_at * LOOKED_AT
            })
            .sum()
    }
}
