//! The text with the places that cost points.

use std::fmt::Write as _;

use super::escape;
use crate::assess::Assessment;
use crate::score::{Mark, Score};

/// How many places are marked at most: the dearest.
const MARKS: usize = 40;

/// From how many points of the total on a mark is a dear one.
const DEAR: f64 = 0.4;

/// A place with its number.
struct Place<'a> {
    number: usize,
    score: &'a Score,
    mark: &'a Mark,
    /// Points of the total.
    cost: f64,
}

/// The text with its dearest places marked and numbered, a paragraph a scene, and the list of what is wrong there. `text` is the one
/// that was judged; places that aren't in it are listed, not marked. Nothing for an empty text.
pub fn marked_text(text: &str, assessment: &Assessment) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let places = places(assessment);
    let mut out = String::from("<div class=\"q-text\">\n");
    let mut start = 0;
    for paragraph in text.split("\n\n") {
        let end = start + paragraph.len();
        if !paragraph.trim().is_empty() {
            out.push_str("<p dir=\"auto\">");
            marked(&mut out, text, start, end, &places);
            out.push_str("</p>\n");
        }
        start = end + "\n\n".len();
    }
    out.push_str("</div>\n");
    list(&mut out, &places);
    out
}

/// The dearest places, numbered as they stand in the text; those without a place in it last.
fn places(assessment: &Assessment) -> Vec<Place<'_>> {
    let weights: f64 = assessment
        .scores
        .iter()
        .map(|score| f64::from(score.weight))
        .sum();
    let mut places: Vec<Place<'_>> = assessment
        .scores
        .iter()
        .flat_map(|score| score.spans.iter().map(move |mark| (score, mark)))
        .map(|(score, mark)| Place {
            number: 0,
            score,
            mark,
            cost: mark.cost * f64::from(score.weight) / weights.max(1.0),
        })
        .collect();
    places.sort_by(|a, b| b.cost.total_cmp(&a.cost));
    places.truncate(MARKS);
    places.sort_by_key(|place| {
        let (start, end) = (place.mark.start, place.mark.end);
        (end <= start, start, end)
    });
    for (number, place) in (1..).zip(&mut places) {
        place.number = number;
    }
    places
}

/// A stretch of the text, cut wherever a mark begins or ends.
fn marked(out: &mut String, text: &str, start: usize, end: usize, places: &[Place<'_>]) {
    let here: Vec<&Place<'_>> = places
        .iter()
        .filter(|place| {
            let mark = place.mark;
            mark.start < mark.end
                && mark.start < end
                && start < mark.end
                && text.get(mark.start..mark.end).is_some()
        })
        .collect();
    let mut cuts = vec![start, end];
    for place in &here {
        cuts.extend([place.mark.start.max(start), place.mark.end.min(end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    // Writing to a string can't fail.
    for pair in cuts.windows(2) {
        let [from, to] = *pair else { continue };
        let piece = escape(text.get(from..to).unwrap_or_default());
        let covering: Vec<&&Place<'_>> = here
            .iter()
            .filter(|place| place.mark.start <= from && to <= place.mark.end)
            .collect();
        if covering.is_empty() {
            out.push_str(&piece);
            continue;
        }
        let dear = covering.iter().map(|place| place.cost).sum::<f64>() >= DEAR;
        let why: Vec<String> = covering
            .iter()
            .map(|place| format!("{}: {}", place.score.criterion.title(), place.mark.what))
            .collect();
        let _ = write!(
            out,
            "<mark class=\"q-mark{}\" title=\"{}\">{piece}</mark>",
            if dear { " q-dear" } else { "" },
            escape(&why.join("; "))
        );
        for place in covering
            .iter()
            .filter(|place| place.mark.end.min(end) == to)
        {
            let _ = write!(
                out,
                "<a class=\"q-ref\" href=\"#q-mark-{0}\">{0}</a>",
                place.number
            );
        }
    }
}

fn list(out: &mut String, places: &[Place<'_>]) {
    if places.is_empty() {
        return;
    }
    out.push_str("<ol class=\"q-marks\">\n");
    for place in places {
        let mark = place.mark;
        let _ = write!(
            out,
            "<li id=\"q-mark-{}\"><b>{}</b>: {}",
            place.number,
            place.score.criterion.title(),
            escape(&mark.what)
        );
        if !mark.text.is_empty() {
            let _ = write!(out, " <q dir=\"auto\">{}</q>", escape(&mark.text));
        }
        if let Some([from_ms, to_ms]) = mark.time_ms.filter(|[from_ms, to_ms]| from_ms < to_ms) {
            let seconds = |ms: u32| f64::from(ms) / 1000.0;
            let _ = write!(out, " ({:.1} to {:.1} s)", seconds(from_ms), seconds(to_ms));
        }
        let _ = writeln!(
            out,
            " <span class=\"q-costs\">\u{2212}{:.1}</span></li>",
            mark.cost
        );
    }
    out.push_str("</ol>\n");
}
