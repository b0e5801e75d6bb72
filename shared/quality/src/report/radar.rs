//! The ten scores as a radar.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use crate::assess::Assessment;
use crate::score::Criterion;

/// The drawing's middle and the length of an axis, in its own units.
const MIDDLE: (f64, f64) = (200.0, 150.0);
const RADIUS: f64 = 105.0;

/// Where so many points lie on a criterion's axis; the first points up, the others follow clockwise.
fn place(at: usize, points: f64) -> (f64, f64) {
    let angle = TAU * at as f64 / Criterion::ALL.len() as f64;
    let far = RADIUS * points / 100.0;
    (MIDDLE.0 + far * angle.sin(), MIDDLE.1 - far * angle.cos())
}

fn polygon(class: &str, places: impl Iterator<Item = (f64, f64)>) -> String {
    let points: Vec<String> = places.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    format!(
        "<polygon class=\"{class}\" points=\"{}\"/>\n",
        points.join(" ")
    )
}

/// The ten scores as a radar: an SVG element. What isn't measured has an axis, but no point.
pub fn radar(assessment: &Assessment) -> String {
    let told: Vec<String> = assessment
        .scores
        .iter()
        .map(|score| format!("{} {}", score.criterion.title(), score.value))
        .collect();
    let mut out = format!(
        "<svg class=\"q-radar\" viewBox=\"0 0 400 300\" role=\"img\" aria-label=\"{}\">\n",
        told.join(", ")
    );
    for ring in [25.0, 50.0, 75.0, 100.0] {
        out.push_str(&polygon(
            "q-ring",
            (0..Criterion::ALL.len()).map(|at| place(at, ring)),
        ));
    }
    let mut points = Vec::new();
    for (at, criterion) in Criterion::ALL.into_iter().enumerate() {
        let score = assessment.score(criterion);
        let (x, y) = place(at, 100.0);
        let none = if score.is_none() { " q-none" } else { "" };
        let _ = writeln!(
            out,
            "<line class=\"q-axis{none}\" x1=\"{}\" y1=\"{}\" x2=\"{x:.1}\" y2=\"{y:.1}\"/>",
            MIDDLE.0, MIDDLE.1
        );
        let (label_x, label_y) = place(at, 112.0);
        let anchor = if (label_x - MIDDLE.0).abs() < 1.0 {
            "middle"
        } else if label_x > MIDDLE.0 {
            "start"
        } else {
            "end"
        };
        let name = criterion.title().split(' ').next().unwrap_or_default();
        let value = score.map_or_else(|| "\u{2013}".to_owned(), |score| score.value.to_string());
        let _ = writeln!(
            out,
            "<text class=\"q-label{none}\" x=\"{label_x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{name} {value}</text>",
            label_y + 4.0
        );
        points.extend(score.map(|score| place(at, f64::from(score.value))));
    }
    out.push_str(&polygon("q-area", points.iter().copied()));
    for (x, y) in points {
        let _ = writeln!(
            out,
            "<circle class=\"q-point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>"
        );
    }
    out.push_str("</svg>\n");
    out
}
