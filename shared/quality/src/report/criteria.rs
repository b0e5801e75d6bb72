//! Each score with its reasons.

use std::fmt::Write as _;

use domain::quality::Judging;

use super::escape;
use crate::assess::Assessment;
use crate::score::{Feature, Score};

/// How many features are told before the rest is folded away.
const TOLD: usize = 3;

/// What gives or costs less than this isn't told.
const LEAST: f64 = 0.05;

/// Each score with a bar, the features behind it and what has to be said about it, then what isn't measured and why: a list.
pub fn criteria(assessment: &Assessment) -> String {
    let mut out = String::from("<ul class=\"q-criteria\">\n");
    for score in &assessment.scores {
        criterion(&mut out, score);
        if let Some(judging) = &assessment.judging {
            judged(&mut out, judging, score);
        }
        out.push_str("</li>\n");
    }
    // Writing to a string can't fail.
    for unmeasured in &assessment.unmeasured {
        let _ = writeln!(
            out,
            "<li class=\"q-criterion q-none\"><h3>{} <span class=\"q-value\">\u{2013}</span></h3>\n\
             <p class=\"q-note\">Not measured: {}</p></li>",
            unmeasured.criterion.title(),
            escape(&unmeasured.reason)
        );
    }
    out.push_str("</ul>\n");
    out
}

fn criterion(out: &mut String, score: &Score) {
    let unsure = if score.confidence < 0.5 {
        " <span class=\"q-unsure\">unsure</span>"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<li class=\"q-criterion\"><h3>{} <span class=\"q-value\">{}</span></h3>\n\
         <svg class=\"q-bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"100\" height=\"4\"/><rect class=\"q-fill\" width=\"{}\" height=\"4\"/></svg>\n\
         <p class=\"q-weight\">weighs {}%, {:.0}% sure{unsure}</p>",
        score.criterion.title(),
        score.value,
        score.value,
        score.weight,
        score.confidence * 100.0
    );
    let mut features: Vec<&Feature> = score
        .features
        .iter()
        .filter(|feature| feature.contribution.abs() >= LEAST)
        .collect();
    features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    let (told, folded) = features.split_at(features.len().min(TOLD));
    list(out, told);
    if !folded.is_empty() {
        let _ = writeln!(out, "<details><summary>{} more</summary>", folded.len());
        list(out, folded);
        out.push_str("</details>\n");
    }
    for note in &score.notes {
        let _ = writeln!(out, "<p class=\"q-note\">{}</p>", escape(note));
    }
}

/// What the judge gave, beside what the built-in score was, and why.
fn judged(out: &mut String, judging: &Judging, score: &Score) {
    let Some(told) = judging.score(score.criterion) else {
        return;
    };
    let _ = writeln!(
        out,
        "<p class=\"q-judge\">The judge: <strong>{}</strong>, built in: {}. {}</p>",
        told.value,
        told.built_in,
        escape(&told.reason)
    );
}

fn list(out: &mut String, features: &[&Feature]) {
    if features.is_empty() {
        return;
    }
    out.push_str("<ul class=\"q-features\">\n");
    for feature in features {
        let (class, sign) = if feature.contribution > 0.0 {
            ("q-gives", '+')
        } else {
            ("q-costs", '\u{2212}')
        };
        let _ = writeln!(
            out,
            "<li><span class=\"{class}\">{sign}{:.1}</span> {}: {}</li>",
            feature.contribution.abs(),
            escape(&feature.name),
            figure(feature.value)
        );
    }
    out.push_str("</ul>\n");
}

/// A value as short as it stays telling.
fn figure(value: f64) -> String {
    if value.fract().abs() < 1e-9 || value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
