//! What a model wants to be seen with its lines, and how that becomes a visual.

use domain::{Entry, Line, Visual};
use serde::Deserialize;
use serde_json::{Value, json};

use super::object;

/// The layouts that a model may ask for; the others are chosen by what the lines say.
const LAYOUTS: [&str; 9] = [
    "bar_chart",
    "line_chart",
    "share",
    "comparison",
    "steps",
    "definition",
    "question",
    "myth_fact",
    "icon_statement",
];

/// The schema of a scene's picture: one of the layouts with its words, or none.
pub(super) fn schema() -> Value {
    let icons: Vec<&str> = writer::icons().chain([""]).collect();
    let text = || json!({ "type": "string" });
    let entry = object(json!({ "label": text(), "value": text() }));
    let shown = object(json!({
        "layout": { "type": "string", "enum": LAYOUTS },
        "heading": text(),
        "entries": { "type": "array", "items": entry },
        "icon": { "type": "string", "enum": icons },
    }));
    json!({ "anyOf": [shown, { "type": "null" }] })
}

/// A picture as a model answers it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownAnswer {
    layout: String,
    #[serde(default)]
    heading: String,
    #[serde(default)]
    entries: Vec<Entry>,
    #[serde(default)]
    icon: String,
}

impl ShownAnswer {
    /// The visual, held to what the scene's lines say.
    pub(super) fn visual(self, lines: &[Line], title: &str) -> Result<Visual, String> {
        let layout = self.layout.clone();
        let visual = self
            .read()
            .ok_or_else(|| format!("the layout {layout:?} has not the entries that it needs"))?;
        writer::trace_visual(&visual, lines, title)?;
        Ok(visual)
    }

    fn read(self) -> Option<Visual> {
        let heading = Some(self.heading).filter(|heading| !heading.trim().is_empty());
        let mut entries = self.entries.into_iter();
        Some(match self.layout.as_str() {
            "bar_chart" => Visual::BarChart {
                heading,
                bars: entries.collect(),
            },
            "line_chart" => Visual::LineChart {
                heading,
                points: entries.collect(),
            },
            "share" => {
                let Entry { label, value } = entries.next()?;
                Visual::Share {
                    value,
                    caption: label,
                }
            }
            "comparison" => Visual::Comparison {
                first: entries.next()?,
                second: entries.next()?,
            },
            "steps" => Visual::Steps {
                heading,
                steps: (2..=5)
                    .contains(&entries.len())
                    .then(|| entries.map(|entry| entry.value).collect())?,
            },
            "definition" => {
                let Entry { label, value } = entries.next()?;
                Visual::Definition {
                    term: label,
                    meaning: value,
                }
            }
            "question" => Visual::Question {
                text: entries.next()?.value,
            },
            "myth_fact" => Visual::MythFact {
                myth: entries.next()?.value,
                fact: entries.next()?.value,
            },
            "icon_statement" => Visual::IconStatement {
                icon: self.icon,
                text: entries.next()?.value,
                emphasis: None,
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]
    use domain::{LineSource, SourceId};

    use super::*;

    fn read(answer: Value, said: &str) -> Result<Visual, String> {
        let answer: ShownAnswer = serde_json::from_value(answer).map_err(|e| e.to_string())?;
        let line = Line {
            text: said.to_owned(),
            source: LineSource::Source(SourceId("s0".to_owned())),
        };
        answer.visual(&[line], "Heat pumps")
    }

    fn bars(values: [&str; 2]) -> Value {
        json!({ "layout": "bar_chart", "heading": "Heat pumps", "icon": "", "entries": [
            { "label": "Norway", "value": values[0] }, { "label": "Sweden", "value": values[1] },
        ] })
    }

    #[test]
    fn a_chart_shows_only_figures_that_are_said() {
        let said = "Norway has 60% and Sweden 43%.";
        assert!(
            matches!(read(bars(["60%", "43%"]), said), Ok(Visual::BarChart { bars, .. }) if bars.len() == 2)
        );
        let invented = read(bars(["60%", "44%"]), said).unwrap_err();
        assert!(invented.contains("44"), "{invented}");
        let mixed = read(bars(["60%", "43 km"]), "Norway has 60% and Sweden 43 km.").unwrap_err();
        assert!(mixed.contains("unit"), "{mixed}");
    }

    #[test]
    fn what_does_not_fit_its_layout_is_refused_with_the_reason() {
        for (answer, reason) in [
            (json!({ "layout": "pie", "entries": [] }), "pie"),
            (json!({ "layout": "comparison", "entries": [] }), "entries"),
            (
                json!({ "layout": "icon_statement", "icon": "dragon", "entries": [{ "label": "", "value": "Norway" }] }),
                "dragon",
            ),
            (
                json!({ "layout": "share", "entries": [{ "label": "Norway", "value": "60" }] }),
                "share",
            ),
        ] {
            let problem = read(answer, "Norway has 60.").unwrap_err();
            assert!(problem.contains(reason), "{problem}");
        }
    }
}
