//! Results as a page in a file: the verdict, and each comparison's confidence sequence over time. It needs nothing else: no script, no other
//! file.

use std::fmt::Write;

use assign::Found;
use experiments::stats::Interval;
use quality::report::escape;

use super::plot::{Path, paths};
use super::table::{figures, told, verdict};

const STYLE: &str = include_str!("style.css");

/// The drawing's size, and the room beside it for words.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 70.0;
const BELOW: f64 = 24.0;

/// The whole page.
pub(super) fn page(found: &Found) -> String {
    let title = escape(&format!("Experiment {}", found.record.definition.key));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n\
         <pre>{}</pre>\n</header>\n<main>\n",
        escape(&verdict(found))
    );
    for path in paths(found, usize::MAX) {
        // Writing to a string can't fail.
        let _ = write!(
            out,
            "<figure>\n<figcaption>{}: {} against the control</figcaption>\n{}</figure>\n",
            escape(path.metric),
            escape(path.variation),
            drawing(&path)
        );
    }
    let _ = write!(
        out,
        "<p>The band is the confidence sequence: it may be looked at on any day. The dotted lines are the interval of a test at a fixed \
         horizon, which holds on one day only, the planned one.</p>\n<pre>{}</pre>\n</main>\n</body>\n</html>\n",
        escape(&figures(found))
    );
    out
}

/// One path: the band of the sequence, the estimate in it, the fixed interval for comparison.
fn drawing(path: &Path<'_>) -> String {
    let (least, most) = path.range();
    let span = if most > least { most - least } else { 1.0 };
    let days = path.points.len();
    let x = |at: usize| LEFT + (WIDTH - LEFT - 10.0) * (at as f64 + 0.5) / days as f64;
    let y = |value: f64| {
        8.0 + (HEIGHT - BELOW - 8.0) * (1.0 - ((value - least) / span).clamp(0.0, 1.0))
    };
    let line = |values: &mut dyn Iterator<Item = (usize, f64)>| {
        let points: Vec<_> = values
            .map(|(at, value)| format!("{:.1},{:.1}", x(at), y(value)))
            .collect();
        points.join(" ")
    };
    let points = || path.points.iter().enumerate();
    let banded: Vec<_> = points()
        .filter_map(|(at, point)| Some((at, point.interval?)))
        .collect();
    let mut upper = banded.iter().map(|(at, Interval(_, high))| (*at, *high));
    let mut lower = banded
        .iter()
        .rev()
        .map(|(at, Interval(low, _))| (*at, *low));
    let band = format!("{} {}", line(&mut upper), line(&mut lower));
    let estimates = line(&mut points().map(|(at, point)| (at, point.estimate)));
    let fixed = [
        line(&mut points().map(|(at, point)| (at, point.fixed.0))),
        line(&mut points().map(|(at, point)| (at, point.fixed.1))),
    ];
    let zero = y(0.0);
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"lift by day\">\n\
         <polygon class=\"band\" points=\"{band}\"/>\n\
         <line class=\"zero\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{zero:.1}\" y2=\"{zero:.1}\"/>\n\
         <polyline class=\"fixed\" points=\"{}\"/>\n<polyline class=\"fixed\" points=\"{}\"/>\n\
         <polyline class=\"estimate\" points=\"{estimates}\"/>\n",
        fixed[0], fixed[1]
    );
    for value in [least, 0.0, most] {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y(value) + 4.0,
            escape(&told(path.lift, value))
        );
    }
    for (at, point) in points().filter(|(at, _)| *at == 0 || at + 1 == days) {
        let _ = writeln!(
            out,
            "<circle class=\"point\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(at),
            y(point.estimate),
            x(at).clamp(LEFT + 30.0, WIDTH - 40.0),
            HEIGHT - 6.0,
            assign::date(point)
        );
    }
    out.push_str("</svg>\n");
    out
}
