//! An assessment as HTML: the ten scores as a radar, each with its reasons, the text with its marks, the scenes in time.
//!
//! [`html`] is a whole page that needs nothing else: no script, no other file. Its pieces ([`radar`], [`criteria`], [`marked_text`],
//! [`timeline`], [`advice`]) are fragments for other pages, which put [`STYLE`] into a style sheet. Everything that comes from a text
//! is escaped. No fragment has a `style` attribute or a script, so they stand under a strict content security policy.
//!
//! Classes of the fragments:
//!
//! | class | on |
//! |---|---|
//! | `q-radar` | the drawing of [`radar`]; in it `q-ring`, `q-axis`, `q-area`, `q-point`, `q-label`; `q-none` on an axis that isn't measured |
//! | `q-total`, `q-tier`, `q-approve`, `q-review`, `q-regenerate` | the total and its tier |
//! | `q-criteria` | the list of [`criteria`]; in it `q-criterion`, `q-value`, `q-bar`, `q-fill`, `q-unsure`, `q-note`, `q-none` |
//! | `q-judge` | what a judge said |
//! | `q-features`, `q-gives`, `q-costs` | what gave and cost points |
//! | `q-text`, `q-mark`, `q-dear`, `q-ref` | the text of [`marked_text`], its marks, those that cost most, the numbers behind them |
//! | `q-marks` | the list of what is marked |
//! | `q-timeline` | the drawing of [`timeline`]; in it `q-scene`, `q-fault`, `q-label` |
//! | `q-advice`, `q-gain`, `q-task` | what to do, what it brings, whose it is |

mod criteria;
mod escape;
mod marked;
mod radar;
mod timeline;

use std::fmt::Write as _;

use crate::assess::Assessment;
use crate::content::Content;
use crate::score::Tier;

pub use criteria::criteria;
pub use escape::escape;
pub use marked::marked_text;
pub use radar::radar;
pub use timeline::{SceneTime, Timeline, timeline};

/// The style sheet of the fragments: light and dark, from a phone's width up.
pub const STYLE: &str = include_str!("style.css");

/// What a page says beside the assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title: what was judged.
    pub title: String,
    /// Facts to be listed under it, each with its name: `("run", "01j…")`.
    pub facts: Vec<(String, String)>,
}

/// The whole page.
pub fn html(content: &Content, assessment: &Assessment, page: &Page) -> String {
    let title = escape(&page.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body class=\"q-page\">\n<header>\n<h1>{title}</h1>\n"
    );
    // Writing to a string can't fail.
    let _ = write!(out, "{}", total(assessment));
    if !page.facts.is_empty() {
        out.push_str("<dl class=\"q-facts\">\n");
        for (name, value) in &page.facts {
            let _ = writeln!(
                out,
                "<div><dt>{}</dt><dd>{}</dd></div>",
                escape(name),
                escape(value)
            );
        }
        out.push_str("</dl>\n");
    }
    out.push_str("</header>\n<main>\n");
    let sections = [
        ("The ten criteria", radar(assessment)),
        ("What to do", advice(assessment)),
        ("Each score with its reasons", criteria(assessment)),
        (
            "What is said, and where it costs points",
            marked_text(content.text(), assessment),
        ),
        (
            "Scene by scene",
            timeline(&Timeline::of(content), assessment),
        ),
    ];
    for (heading, body) in sections.iter().filter(|(_, body)| !body.is_empty()) {
        let _ = write!(out, "<section>\n<h2>{heading}</h2>\n{body}</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// The total with its tier, what a judge had to do with it, and what holds it back.
pub fn total(assessment: &Assessment) -> String {
    let tier = assessment.tier.name();
    let meaning = match assessment.tier {
        Tier::Approve => "approved",
        Tier::Review => "a person decides",
        Tier::Regenerate => "to be made again",
    };
    let mut out = format!(
        "<p class=\"q-total\"><strong>{}</strong> of 100 <span class=\"q-tier q-{tier}\">{meaning}</span></p>\n",
        assessment.total
    );
    if let Some(judging) = &assessment.judging {
        let _ = writeln!(
            out,
            "<p class=\"q-judge\">{}</p>",
            escape(&judging.sentence())
        );
    }
    for hold in &assessment.holds {
        let _ = writeln!(
            out,
            "<p class=\"q-note\">Held back: {}</p>",
            escape(hold.reason())
        );
    }
    out
}

/// What is good, what isn't, and what each task is to do; nothing where there is nothing to say.
pub fn advice(assessment: &Assessment) -> String {
    let advice = &assessment.advice;
    let mut out = String::new();
    let mut list = |heading: &str, items: &[String]| {
        if items.is_empty() {
            return;
        }
        let _ = writeln!(out, "<h3>{heading}</h3>\n<ul>");
        for item in items {
            let _ = writeln!(out, "<li>{}</li>", escape(item));
        }
        out.push_str("</ul>\n");
    };
    list("Good", &advice.strengths);
    list("Weak", &advice.weaknesses);
    if !advice.suggestions.is_empty() {
        out.push_str("<h3>Suggestions</h3>\n<ol class=\"q-suggestions\">\n");
        for suggestion in &advice.suggestions {
            let scene = suggestion
                .scene
                .map(|scene| format!(", scene {}", scene + 1))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "<li><span class=\"q-task\">{}{scene}</span> {} <span class=\"q-gain\">+{:.1}</span></li>",
                suggestion.task,
                escape(&suggestion.instruction),
                suggestion.gain
            );
        }
        out.push_str("</ol>\n");
    }
    if out.is_empty() {
        return out;
    }
    format!("<div class=\"q-advice\">\n{out}</div>\n")
}

#[cfg(test)]
mod tests;
