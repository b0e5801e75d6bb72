//! Confidence sequences over time, as text.

use std::fmt::Write;

use assign::Found;
use experiments::definition::Lift;
use experiments::results::PathPoint;
use experiments::stats::Interval;

use super::table::told;

/// Characters between the plot's ends.
const WIDTH: usize = 60;

/// One comparison's path, the oldest day first.
pub(super) struct Path<'a> {
    /// The variation.
    pub(super) variation: &'a str,
    /// The metric.
    pub(super) metric: &'a str,
    /// How its lift is told.
    pub(super) lift: Lift,
    /// The days.
    pub(super) points: Vec<&'a PathPoint>,
}

/// The paths of an experiment, of the first `metrics` metrics.
pub(super) fn paths(found: &Found, metrics: usize) -> Vec<Path<'_>> {
    let definition = &found.record.definition;
    let mut paths = Vec::new();
    for metric in definition.metrics.iter().take(metrics) {
        for variation in definition.variations.iter().skip(1) {
            let points: Vec<_> = found
                .path
                .iter()
                .filter(|point| point.variation == variation.key && point.metric == metric.key)
                .collect();
            if !points.is_empty() {
                paths.push(Path {
                    variation: &variation.key,
                    metric: &metric.key,
                    lift: metric.lift,
                    points,
                });
            }
        }
    }
    paths
}

impl Path<'_> {
    /// The least and the greatest value, 0 among them.
    pub(super) fn range(&self) -> (f64, f64) {
        let mut range = (0.0_f64, 0.0_f64);
        for point in &self.points {
            let Interval(low, high) = point.interval.unwrap_or(point.fixed);
            for value in [low, high, point.estimate]
                .into_iter()
                .filter(|value| value.is_finite())
            {
                range = (range.0.min(value), range.1.max(value));
            }
        }
        range
    }
}

/// A plot for each variation, of the first `metrics` metrics.
pub(super) fn plots(found: &Found, metrics: usize) -> String {
    paths(found, metrics).iter().map(plot).collect()
}

/// A line a day: the interval as a bar, the estimate as a dot, no difference as a line down.
fn plot(path: &Path<'_>) -> String {
    let (least, most) = path.range();
    let span = if most > least { most - least } else { 1.0 };
    // Rounded to a column, so what is between the ends stays between them.
    let column = |value: f64| {
        let part = ((value - least) / span).clamp(0.0, 1.0);
        (part * (WIDTH - 1) as f64).round() as usize
    };
    let mut text = format!(
        "\n{}: {} against the control\n",
        path.metric, path.variation
    );
    for point in &path.points {
        let mut line = vec![' '; WIDTH];
        if let Some(Interval(low, high)) = point.interval {
            let bar = column(low)..=column(high);
            line.iter_mut()
                .enumerate()
                .filter(|(at, _)| bar.contains(at))
                .for_each(|(_, mark)| *mark = '─');
        }
        for (value, drawn) in [(0.0, '│'), (point.estimate, '●')] {
            if let Some(mark) = line.get_mut(column(value)) {
                *mark = drawn;
            }
        }
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{} {} {:>8} {:>9}",
            assign::date(point),
            line.into_iter().collect::<String>(),
            point.units,
            told(path.lift, point.estimate)
        );
    }
    let (low, high) = (told(path.lift, least), told(path.lift, most));
    let _ = writeln!(
        text,
        "{:10} {low}{high:>rest$} {:>8} {:>9}",
        "",
        "units",
        "lift",
        rest = WIDTH.saturating_sub(low.chars().count())
    );
    text
}
