//! Briefs from the cells of a table: a column a field.

use serde_json::{Map, Number, Value, json};

use crate::Brief;
use crate::brief_rules::BriefProblem;
use crate::brief_shape::{Shape, brief_shape};
use crate::read::{BriefError, read_brief};

/// What parts the entries of a list within a cell, beside line breaks.
const LIST: char = '|';

/// Reads a brief from cells, each with the field that its column is for (`topic`, `brand.name`, `brand.palette.accent` …). The entries of a
/// list stand on lines of their own, or between bars; an empty cell is a field that was left out.
///
/// ```
/// let cells = [("topic", "Bees"), ("key_points", "Bees dance.| Bees hum."), ("target_seconds", "20"), ("tone", "")];
/// let brief = domain::brief_of_cells(cells).unwrap();
/// assert_eq!((brief.key_points.len(), brief.target_seconds), (2, 20));
/// let error = domain::brief_of_cells([("target_secs", "20")]).unwrap_err().to_string();
/// assert!(error.contains("target_seconds"), "{error}");
/// ```
pub fn brief_of_cells<'a>(
    cells: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Brief, BriefError> {
    let shape = brief_shape();
    let mut root = Map::new();
    let mut problems = Vec::new();
    for (field, cell) in cells {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        match shape.at(field) {
            Some(Shape::Table(_) | Shape::Dictionary) => problems.push(BriefProblem::new(
                field,
                "this field is a table: give each of its fields a column, such as brand.name",
            )),
            Some(found) => put(&mut root, field, value(found, cell)),
            // The reader of briefs knows what was meant.
            None => put(&mut root, field, Value::String(cell.to_owned())),
        }
    }
    if !problems.is_empty() {
        return Err(BriefError::Problems(problems));
    }
    read_brief(&Value::Object(root).to_string()).map_err(without_places)
}

/// A cell as its field's shape has it; text where it can't be that, so that the reader says what is wrong.
fn value(shape: &Shape, cell: &str) -> Value {
    let read = match shape {
        Shape::List(entry) => {
            let entries = cell.split(['\n', LIST]).map(str::trim);
            let entries = entries.filter(|text| !text.is_empty());
            return entries.map(|text| value(entry, text)).collect();
        }
        Shape::Flag => match cell.to_ascii_lowercase().as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Shape::Whole { .. } => cell.parse::<u64>().ok().map(Value::from),
        Shape::Amount | Shape::Total | Shape::Share => {
            // Infinity and what is no number have no place in JSON.
            let number = cell.parse().ok().and_then(Number::from_f64);
            number.map(Value::Number)
        }
        // What an entry of a list is for stands first.
        Shape::Table(fields) => {
            let first = fields.first();
            first.map(|(name, shape)| json!({ *name: value(shape, cell) }))
        }
        Shape::Dictionary
        | Shape::Text
        | Shape::Color
        | Shape::Asset
        | Shape::Choice(_)
        | Shape::Point => None,
    };
    read.unwrap_or_else(|| Value::String(cell.to_owned()))
}

/// Puts a value where its path leads.
fn put(root: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            root.insert(path.to_owned(), value);
        }
        Some((name, rest)) => {
            let table = root
                .entry(name)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(table) = table {
                put(table, rest, value);
            }
        }
    }
}

/// Lines and columns would be those of a text that nobody wrote.
fn without_places(error: BriefError) -> BriefError {
    match error {
        BriefError::Problems(mut problems) => {
            for problem in &mut problems {
                problem.place = None;
            }
            BriefError::Problems(problems)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::{Asset, Tone};

    #[test]
    fn every_kind_of_field_can_stand_in_a_cell() {
        let cells = [
            ("topic", "2024"),
            ("tone", "bold"),
            ("draft", "TRUE"),
            ("max_cost_usd", "0.5"),
            ("seed", "7"),
            ("brand.name", "Crumb"),
            ("brand.palette.accent", "#ff8800"),
            ("brand.banned_words", "cheap\nfree"),
            ("brand.quality.approve", "88.5"),
            ("brand.logo", "logo.png"),
            ("pictures", "a.jpg|b.jpg"),
        ];
        let brief = brief_of_cells(cells).unwrap();
        assert_eq!((brief.topic.as_str(), brief.tone), ("2024", Tone::Bold));
        assert_eq!((brief.draft, brief.seed), (true, 7));
        assert_eq!(brief.max_cost_usd, Some(0.5));
        assert_eq!(brief.brand.banned_words, ["cheap", "free"]);
        assert_eq!(brief.brand.palette.accent.to_string(), "#ff8800");
        assert_eq!(brief.brand.name.as_deref(), Some("Crumb"));
        assert_eq!(brief.pictures.len(), 2);
        assert_eq!(brief.pictures[1].file, Asset::Path("b.jpg".to_owned()));
    }

    #[test]
    fn what_a_cell_cannot_hold_is_told_by_its_field() {
        for (field, cell, told) in [
            ("target_seconds", "soon", "target_seconds: a whole number"),
            ("draft", "maybe", "draft: true or false"),
            ("tone", "loud", "tone: \"loud\" is none of"),
            ("brand", "Crumb", "brand: this field is a table"),
            ("brand.colour", "red", "brand"),
            ("max_cost_usd", "NaN", "max_cost_usd"),
        ] {
            let refused = brief_of_cells([("topic", "Bees"), (field, cell)]).unwrap_err();
            let refused = refused.to_string();
            assert!(refused.contains(told), "{refused}");
            assert!(!refused.contains("line "), "{refused}");
        }
    }
}
