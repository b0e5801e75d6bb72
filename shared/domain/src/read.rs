//! Reading briefs: what is wrong, where, and what to do.

use serde_json::{Value, json};

use crate::brief_rules::{BriefProblem, MAX_SOURCE_BYTES, control_character};
use crate::brief_shape::{Shape, brief_shape};
use crate::brief_tree::{Node, parse};
use crate::{AssetId, Brief, Color};

/// The largest text that is read as a brief, in bytes: a source text with room for its escapes and everything else.
pub const MAX_BRIEF_BYTES: usize = 4 * MAX_SOURCE_BYTES;

/// Why a text is no brief.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BriefError {
    /// Longer than any brief.
    #[error("the brief is {:.1} MB: a source text may be 1 MB, so give the part that matters, or name a file with source_file", *bytes as f64 / 1_048_576.0)]
    TooLarge {
        /// How long, in bytes.
        bytes: usize,
    },
    /// Binary.
    #[error(
        "line {line}, column {column}: the control character U+{code:04X} makes this no text: save the brief as UTF-8 text"
    )]
    Binary {
        /// The line, from 1.
        line: u64,
        /// The column in characters, from 1.
        column: u64,
        /// The character.
        code: u32,
    },
    /// Neither JSON nor YAML.
    #[error("line {line}, column {column}: not {format}: {message}")]
    Syntax {
        /// `JSON` or `YAML`, whichever it looks like.
        format: &'static str,
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: u64,
        /// What the parser expected.
        message: String,
    },
    /// Of the right shape, but no brief all the same; or a brief that can't be written down.
    #[error("{0}")]
    Wrong(String),
    /// Read, but with fields that are unknown, of the wrong type or out of range: all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<BriefProblem>),
}

/// Reads a brief from JSON or YAML and checks it. Everything that is wrong is reported at once.
///
/// ```
/// let brief = domain::read_brief("topic: Bees\ntarget_seconds: 20").unwrap();
/// assert_eq!(brief.topic, "Bees");
/// let error = domain::read_brief("topic: Bees\ntarget_secnds: 20").unwrap_err().to_string();
/// assert!(error.contains("line 2, column 1") && error.contains("target_seconds"), "{error}");
/// ```
pub fn read_brief(text: &str) -> Result<Brief, BriefError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BRIEF_BYTES {
        return Err(BriefError::TooLarge { bytes: text.len() });
    }
    if let Some((line, column, c)) = control_character(text) {
        return Err(BriefError::Binary {
            line,
            column,
            code: u32::from(c),
        });
    }
    let root = parse(text)?;
    let mut problems = Vec::new();
    let mut value = match conform(&root, &brief_shape(), "", &mut problems) {
        Value::Null => Value::Object(serde_json::Map::new()),
        value => value,
    };
    if problems.is_empty() && value["variants"].is_object() && value["variants"]["of"].is_null() {
        problems.push(BriefProblem {
            field: "variants.of".to_owned(),
            place: root.place_of("variants"),
            message: "it isn't said what the variants differ in: choose hook, thumbnail or voice"
                .to_owned(),
        });
        value["variants"].take();
    }
    for (at, picture) in value["pictures"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let field = format!("pictures[{at}]");
        if picture["file"].is_null()
            && !problems.iter().any(|known| known.field.starts_with(&field))
        {
            problems.push(BriefProblem {
                place: root.place_of(&field),
                field: format!("{field}.file"),
                message: "a file is needed: write its path, or { \"asset\": \"ast_...\" } for one that was uploaded".to_owned(),
            });
        }
    }
    let brief: Brief = match serde_json::from_value(value) {
        Ok(brief) => brief,
        Err(error) if problems.is_empty() => {
            return Err(BriefError::Wrong(error.to_string()));
        }
        Err(_) => return Err(BriefError::Problems(problems)),
    };
    let misread = problems.clone();
    for mut problem in brief.problems() {
        // A field that was of the wrong type was left at its default: what is missing then is no second problem.
        let known = misread
            .iter()
            .any(|known| !known.field.is_empty() && problem.field.starts_with(&known.field));
        let follows = problem.field == "topic"
            && problem.message.starts_with("there is nothing")
            && !misread.is_empty();
        if !known && !follows {
            problem.place = root.place_of(&problem.field).or(Some((1, 1)));
            problems.push(problem);
        }
    }
    if problems.is_empty() {
        Ok(brief)
    } else {
        Err(BriefError::Problems(problems))
    }
}

/// Takes over what has the right shape; what hasn't is a problem and left out.
fn conform(node: &Node, shape: &Shape, field: &str, problems: &mut Vec<BriefProblem>) -> Value {
    let mut wrong = |message: String| {
        problems.push(BriefProblem {
            field: field.to_owned(),
            place: node.place,
            message,
        });
        Value::Null
    };
    match shape {
        Shape::Color if node.is_null() => {
            wrong("the colour is missing: in YAML a colour needs quotes, as # begins a comment: \"#1d3557\"".to_owned())
        }
        // A field without a value is one that was left out.
        _ if node.is_null() => Value::Null,
        Shape::Table(fields) => {
            let Some(entries) = node.entries() else {
                let what = if field.is_empty() { "a brief" } else { "this field" };
                return wrong(format!("{what} is a table of fields, not {}: write `name: value` lines", node.kind()));
            };
            let mut table = serde_json::Map::new();
            for entry in entries {
                let path = if field.is_empty() { entry.name.clone() } else { format!("{field}.{}", entry.name) };
                let Some((name, shape)) = fields.iter().find(|(name, _)| *name == entry.name) else {
                    if field.is_empty() && entry.name == "$schema" {
                        continue;
                    }
                    problems.push(BriefProblem { field: String::new(), place: entry.place, message: unknown(&entry.name, field, fields) });
                    continue;
                };
                let before = problems.len();
                let value = conform(&entry.node, shape, &path, problems);
                if problems.len() == before && !value.is_null() {
                    table.insert((*name).to_owned(), value);
                }
            }
            Value::Object(table)
        }
        Shape::List(inner) => {
            let Some(items) = node.items() else {
                return wrong(format!("a list is needed, not {}: write one item a line, each after a dash", node.kind()));
            };
            let items = items.iter().enumerate().map(|(at, item)| {
                let field = format!("{field}[{at}]");
                match **inner {
                    Shape::Text if item.is_null() => Value::String(String::new()),
                    Shape::Table(_) if item.is_null() => {
                        problems.push(BriefProblem { field, place: item.place, message: "there is nothing: write its fields, or take the entry out".to_owned() });
                        Value::Null
                    }
                    _ => conform(item, inner, &field, problems),
                }
            });
            Value::Array(items.filter(|value| !value.is_null()).collect())
        }
        Shape::Dictionary => {
            let Some(entries) = node.entries() else {
                return wrong(format!("a table is needed, not {}: write `name: text` lines", node.kind()));
            };
            let texts = entries.iter().map(|entry| {
                let path = format!("{field}.{}", crate::brief_rules::excerpt(&entry.name));
                let text = if entry.node.is_null() {
                    Value::String(String::new())
                } else {
                    conform(&entry.node, &Shape::Text, &path, problems)
                };
                (entry.name.clone(), text)
            });
            Value::Object(texts.filter(|(_, text)| !text.is_null()).collect())
        }
        Shape::Text => match node.text() {
            Some(text) => Value::String(text.to_owned()),
            None => wrong(format!("text is needed, not {}: put it in quotes", node.kind())),
        },
        Shape::Color => match node.text().map(Color::parse) {
            Some(Ok(color)) => Value::String(color.to_string()),
            Some(Err(error)) => wrong(error.to_string()),
            None => wrong(format!("a colour is needed, not {}: write it as \"#rrggbb\", in quotes", node.kind())),
        },
        Shape::Asset => match (node.text(), node.entries()) {
            (Some(path), _) => Value::String(path.to_owned()),
            (None, Some([only])) if only.name == "asset" => match only.node.text().map(AssetId::parse) {
                Some(Ok(id)) => json!({ "asset": id }),
                Some(Err(error)) => wrong(error.to_string()),
                None => wrong(format!("an asset's id is text, not {}", only.node.kind())),
            },
            _ => wrong(format!("a file is needed, not {}: write its path, or {{ \"asset\": \"ast_...\" }} for one that was uploaded", node.kind())),
        },
        Shape::Choice(choices) => match node.text() {
            Some(text) if choices.contains(&text) => Value::String(text.to_owned()),
            _ => {
                let given = node.text().map_or_else(|| node.kind(), |text| format!("{:?}", crate::brief_rules::excerpt(text)));
                let hint = node.text().and_then(|text| nearest(text, choices)).map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
                wrong(format!("{given} is none of {}{hint}", choices.iter().map(|choice| format!("{choice:?}")).collect::<Vec<_>>().join(", ")))
            }
        },
        Shape::Whole { most } => match node.whole() {
            Some(number) if number <= *most => Value::from(number),
            _ => wrong(format!("a whole number from 0 to {most} is needed, not {}", node.kind())),
        },
        Shape::Flag => match node.flag() {
            Some(flag) => Value::Bool(flag),
            None => wrong(format!("true or false is needed, not {}", node.kind())),
        },
        // Infinity and what is no number at all have no place in JSON.
        Shape::Amount => match node.number().and_then(serde_json::Number::from_f64) {
            Some(number) => Value::Number(number),
            None => wrong(format!("an amount such as 0.50 is needed, not {}", node.kind())),
        },
        Shape::Total => match node.number().and_then(serde_json::Number::from_f64) {
            Some(number) => Value::Number(number),
            None => wrong(format!("a total such as 85 or 72.5 is needed, not {}", node.kind())),
        },
        Shape::Point => {
            let shares: Option<Vec<_>> = node.items().map(|items| items.iter().filter_map(Node::number).collect());
            match shares.as_deref() {
                Some([x, y]) if node.items().is_some_and(|items| items.len() == 2) => json!([x, y]),
                _ => wrong(format!("a point such as [0.5, 0.3] is needed, not {}: two shares of 0 to 1, from the left and from the top", node.kind())),
            }
        }
        Shape::Share => match node.number().and_then(serde_json::Number::from_f64) {
            Some(number) => Value::Number(number),
            None => wrong(format!("a share such as 0.25 is needed, not {}", node.kind())),
        },
    }
}

fn unknown(name: &str, field: &str, fields: &[(&'static str, Shape)]) -> String {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let whose = if field.is_empty() {
        "a brief".to_owned()
    } else {
        field.to_owned()
    };
    let elsewhere = brief_shape()
        .paths("")
        .into_iter()
        .find(|path| path.rsplit('.').next() == Some(name));
    let hint = match (nearest(name, &names), elsewhere) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(path)) => format!("did you mean `{path}`?"),
        (None, None) => format!("it has {}", names.join(", ")),
    };
    format!(
        "{whose} has no field `{}`: {hint}",
        crate::brief_rules::excerpt(name)
    )
}

/// The candidate that a mistyped name most likely means, if any is near.
fn nearest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let name: String = name
        .chars()
        .take(64)
        .collect::<String>()
        .to_lowercase()
        .replace(['-', ' '], "_");
    candidates
        .iter()
        .map(|candidate| {
            let part =
                name.len() >= 3 && (candidate.starts_with(&name) || name.starts_with(candidate));
            (
                if part {
                    0.9
                } else {
                    strsim::jaro_winkler(&name, candidate)
                },
                *candidate,
            )
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .map(|(_, candidate)| candidate)
}
