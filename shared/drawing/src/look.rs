//! What a style sets: type, marks, the pace of motion.

use domain::Style;
use typeset::{Align, Face, TextStyle};

/// What stands above headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Short and thick.
    Bar,
    /// A square block.
    Block,
    /// Short, with round ends.
    Pill,
    /// A thin line across the stage.
    Hairline,
}

/// What sets words off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A plate with small round corners under them.
    Plate,
    /// A plate with round ends.
    Pill,
    /// A square plate.
    Block,
    /// A line under them.
    Underline,
}

/// What a style sets. Sizes are in shares of the usual ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) style: Style,
    pub(crate) rule: Rule,
    pub(crate) marker: Marker,
    /// Largest sizes of headings.
    pub(crate) scale: f32,
    /// Whether statements stand in the middle.
    pub(crate) centered: bool,
    /// Whether titles and headings are in capitals.
    pub(crate) capitals: bool,
    /// Radius of plates' corners, as a share of the usual.
    pub(crate) round: f32,
    /// How long entrances take, as a share of the usual.
    pub(crate) tempo: f32,
    face: Face,
    weight: u16,
    /// Distance of lines, as a share of the layout's own.
    leading: f32,
    tracking: f32,
}

impl Look {
    pub(crate) fn of(style: Style) -> Self {
        let classic = Self {
            style,
            rule: Rule::Bar,
            marker: Marker::Plate,
            scale: 1.0,
            centered: false,
            capitals: false,
            round: 1.0,
            tempo: 1.0,
            face: Face::Display,
            weight: 800,
            leading: 1.0,
            tracking: -0.015,
        };
        match style {
            Style::Classic => classic,
            Style::Bold => Self {
                rule: Rule::Block,
                marker: Marker::Block,
                scale: 1.15,
                capitals: true,
                round: 0.0,
                tempo: 0.65,
                leading: 0.93,
                tracking: -0.02,
                ..classic
            },
            Style::Calm => Self {
                rule: Rule::Pill,
                marker: Marker::Pill,
                scale: 0.82,
                centered: true,
                round: 1.6,
                tempo: 1.8,
                face: Face::Text,
                weight: 700,
                leading: 1.08,
                tracking: -0.01,
                ..classic
            },
            Style::Editorial => Self {
                rule: Rule::Hairline,
                marker: Marker::Underline,
                scale: 0.92,
                round: 0.0,
                tempo: 1.25,
                face: Face::Serif,
                weight: 600,
                leading: 1.0,
                tracking: -0.01,
                ..classic
            },
        }
    }

    /// The style of headings and of what is read first, with lines so many ems apart.
    pub(crate) fn heading(&self, line_height: f32) -> TextStyle {
        TextStyle {
            face: self.face,
            weight: self.weight,
            line_height: line_height * self.leading,
            letter_spacing: self.tracking,
            ..TextStyle::heading(0.0)
        }
    }

    /// The same in the middle, where the style stands there.
    pub(crate) fn leading_text(&self, line_height: f32) -> TextStyle {
        let align = if self.centered {
            Align::Center
        } else {
            Align::Start
        };
        TextStyle {
            align,
            ..self.heading(line_height)
        }
    }

    /// The style of running text, balanced.
    pub(crate) fn text(weight: u16, line_height: f32) -> TextStyle {
        TextStyle {
            weight,
            line_height,
            balance: true,
            ..TextStyle::body(0.0)
        }
    }

    /// A title or heading as it is written in this style.
    pub(crate) fn titled(&self, text: &str) -> String {
        if self.capitals {
            text.to_uppercase()
        } else {
            text.to_owned()
        }
    }
}
