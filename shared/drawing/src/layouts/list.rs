//! A heading and its items, numbered, with rules between them.

use domain::Enter;
use typeset::safe::Rect;
use typeset::{Laid, TextStyle};

use super::{Page, RULE, is_rtl};
use crate::motion::Motion;

/// More than this is no list that a viewer reads in a few seconds.
const MAX_ITEMS: usize = 5;

impl Page<'_> {
    pub(super) fn list(&mut self, heading: &str, items: &[String]) {
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
        let rows = self.rows(items, &column);
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
        self.put_rows(rows, items, &Rect { y: first, ..column });
    }

    /// The items in the largest size in which all of them have room.
    fn rows(&self, items: &[String], column: &Rect) -> Vec<Row> {
        let unit = self.unit;
        let style = crate::look::Look::text(700, 1.18);
        let width = column.width - NUMBER * unit;
        let share = column.height / items.len().max(1) as f32;
        let sizes = (44..=76).rev().step_by(4).map(|size| size as f32);
        let mut rows = Vec::new();
        for size in sizes {
            let pad = (size * 0.42 * unit).min(((share - size * 1.18 * unit) / 2.0).max(0.0));
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
                    Row {
                        height: laid.height + 2.0 * pad,
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

    fn put_rows(&mut self, rows: Vec<Row>, items: &[String], column: &Rect) {
        let unit = self.unit;
        let (ink, mark) = (self.scheme.ink, self.scheme.mark_ink);
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
            let style = TextStyle {
                letter_spacing: 0.0,
                line_height: 1.18,
                size_px: row.laid.size_px,
                ..self.look.heading(1.18)
            };
            let number = self
                .sheet
                .fonts
                .layout(&(at + 1).to_string(), &style, NUMBER * unit);
            let number_x = if rtl {
                column.right() - number.width
            } else {
                column.x
            };
            let text_x = if rtl {
                column.x
            } else {
                column.x + NUMBER * unit
            };
            self.sheet.text(
                &format!("number {}", at + 1),
                number,
                number_x,
                y + row.pad,
                mark,
            );
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
}

/// Width of the column of numbers, in units.
const NUMBER: f32 = 92.0;

struct Row {
    laid: Laid,
    pad: f32,
    height: f32,
}
