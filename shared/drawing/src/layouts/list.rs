//! A heading and its items, with numbers or icons before them and rules between them.

use domain::Enter;
use typeset::safe::Rect;
use typeset::{Laid, TextStyle};

use super::{Page, RULE, is_rtl};
use crate::motion::Motion;

/// More than this is no list that a viewer reads in a few seconds.
const MAX_ITEMS: usize = 5;

impl Page<'_> {
    pub(super) fn list(&mut self, heading: &str, items: &[String], icons: &[Option<String>]) {
        let unit = self.unit;
        let stage = self.stage;
        let wide = self.wide();
        if items.len() > MAX_ITEMS {
            self.sheet.truncated.push("items".to_owned());
        }
        let items = &items[..items.len().min(MAX_ITEMS)];
        let above = (RULE + 30.0) * unit;
        let (heading_room, gap) = if wide {
            ((stage.width * 0.36, stage.height - above), 0.0)
        } else {
            (
                (
                    stage.width,
                    stage.height * if items.len() > 3 { 0.26 } else { 0.34 } - above,
                ),
                40.0 * unit,
            )
        };
        let cue = self.sheet.say(heading);
        let heading = self.fit(
            &self.look.titled(heading),
            self.look.heading(1.06),
            heading_room,
            (64.0, 112.0 * self.look.scale.min(1.0)),
        );
        let rtl = is_rtl(&heading);
        let head = above + heading.height;
        let column = if wide {
            let width = stage.width * 0.57;
            Rect {
                x: if rtl { stage.x } else { stage.right() - width },
                width,
                ..stage
            }
        } else {
            Rect {
                y: 0.0,
                height: stage.height - head - gap,
                ..stage
            }
        };
        let inset = if icons.is_empty() { NUMBER } else { ICON } * unit;
        let rows = self.rows(items, &column, inset);
        let height = rows.iter().map(|row| row.height).sum();
        let top = if wide {
            self.top_of(head)
        } else {
            self.top_of(head + gap + height)
        };
        self.side_rule(top, rtl);
        let ink = self.scheme.ink;
        let x = self.side_of(heading.max_width, rtl);
        self.sheet.moves(self.arriving(&cue).with(&(0..0)));
        self.sheet.text("heading", heading, x, top + above, ink);
        self.sheet.moves(None);
        let first = if wide {
            self.top_of(height)
        } else {
            top + head + gap
        };
        self.put_rows(rows, (items, icons), &Rect { y: first, ..column }, inset);
    }

    /// The items in the largest size in which all of them have room.
    fn rows(&self, items: &[String], column: &Rect, inset: f32) -> Vec<Row> {
        let unit = self.unit;
        let style = crate::look::Look::text(700, ROW_HEIGHT);
        let width = column.width - inset;
        let share = column.height / items.len().max(1) as f32;
        let sizes = (44..=76).rev().step_by(4).map(|size| size as f32);
        let mut rows = Vec::new();
        for size in sizes {
            let pad = (size * 0.42 * unit).min(((share - size * ROW_HEIGHT * unit) / 2.0).max(0.0));
            // In the smallest size, what is longer than its share is cut off.
            let most = if size > 44.0 {
                column.height
            } else {
                share - 2.0 * pad
            };
            rows = items
                .iter()
                .map(|item| {
                    let laid = self.fit(item, style, (width, most), (size, size));
                    let height = laid.height + 2.0 * pad;
                    Row {
                        // Whole pixels, as texts stand on whole ones.
                        height: if size > 44.0 { height.ceil() } else { height },
                        pad,
                        laid,
                    }
                })
                .collect();
            let whole = rows
                .iter()
                .all(|row| !row.laid.truncated && !row.laid.broken);
            if whole && rows.iter().map(|row| row.height).sum::<f32>() <= column.height {
                break;
            }
        }
        rows
    }

    fn put_rows(
        &mut self,
        rows: Vec<Row>,
        (items, icons): (&[String], &[Option<String>]),
        column: &Rect,
        inset: f32,
    ) {
        let unit = self.unit;
        let ink = self.scheme.ink;
        let lowest = rows.iter().map(|row| row.height).fold(f32::MAX, f32::min);
        let mut y = column.y;
        for (at, (row, item)) in rows.into_iter().zip(items).enumerate() {
            let cue = self.sheet.say(item);
            if at > 0 {
                self.sheet.plate(
                    "divider",
                    Rect {
                        x: column.x,
                        y: y - unit,
                        width: column.width,
                        height: 3.0 * unit,
                    },
                    0.0,
                    ink,
                    0.28,
                );
            }
            let rtl = is_rtl(&row.laid);
            let text_x = if rtl { column.x } else { column.x + inset };
            let line = Rect {
                y: y + row.pad,
                height: row.laid.size_px * ROW_HEIGHT,
                ..*column
            };
            if icons.is_empty() {
                self.item_number(at + 1, &line, row.laid.size_px, rtl);
            } else {
                let side = (row.laid.size_px * 1.3).min(lowest - 4.0 * unit);
                let icon = icons.get(at).and_then(Option::as_deref);
                let motion = Motion::new(Enter::Pop).with(&cue);
                self.item_icon(icon, &line, (side, rtl), motion);
            }
            let motion = if rtl {
                self.arriving(&cue)
            } else {
                Motion::new(Enter::Slide).with(&cue)
            };
            self.sheet.moves(motion);
            self.sheet.text(
                &format!("item {}", at + 1),
                row.laid,
                text_x,
                y + row.pad,
                ink,
            );
            self.sheet.moves(None);
            y += row.height;
        }
    }

    /// An item's number before its first line.
    fn item_number(&mut self, number: usize, line: &Rect, size_px: f32, rtl: bool) {
        let style = TextStyle {
            letter_spacing: 0.0,
            line_height: ROW_HEIGHT,
            size_px,
            ..self.look.heading(ROW_HEIGHT)
        };
        let fonts = self.sheet.fonts;
        let laid = fonts.layout(&number.to_string(), &style, NUMBER * self.unit);
        let x = if rtl {
            line.right() - laid.width
        } else {
            line.x
        };
        let mark = self.scheme.mark_ink;
        self.sheet
            .text(&format!("number {number}"), laid, x, line.y, mark);
    }

    /// An item's icon before its first line; a dot where it has none.
    fn item_icon(
        &mut self,
        icon: Option<&str>,
        line: &Rect,
        (side, rtl): (f32, bool),
        motion: Motion,
    ) {
        let place = Rect {
            x: if rtl { line.right() - side } else { line.x },
            y: line.y + (line.height - side) / 2.0,
            width: side,
            height: side,
        };
        if icon.is_some_and(|name| self.badge(name, place, motion.clone())) {
            return;
        }
        let dot = side * 0.3;
        let rest = (side - dot) / 2.0;
        let place = Rect {
            x: place.x + rest,
            y: place.y + rest,
            width: dot,
            height: dot,
        };
        let color = self.scheme.mark;
        let radius = dot / 2.0 * self.look.round.min(1.0);
        self.sheet.moves(motion);
        self.sheet.plate("dot", place, radius, color, 1.0);
        self.sheet.moves(None);
    }
}

/// Width of the column of numbers, in units.
const NUMBER: f32 = 92.0;

/// Width of the column of icons, in units.
const ICON: f32 = 132.0;

/// Height of an item's line, in ems.
const ROW_HEIGHT: f32 = 1.18;

struct Row {
    laid: Laid,
    pad: f32,
    height: f32,
}
