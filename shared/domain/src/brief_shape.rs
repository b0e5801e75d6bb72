//! The shape of a brief as its reader knows it, and its JSON schema.

use serde_json::{Value, json};

use crate::Brief;
use crate::quality::Criterion;

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Named fields.
    Table(Vec<(&'static str, Shape)>),
    /// Any number of one shape.
    List(Box<Shape>),
    /// Any text.
    Text,
    /// A text for each of any names.
    Dictionary,
    /// A colour.
    Color,
    /// A file: its path, or the id of an upload in a table.
    Asset,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A number from 0.
    Whole {
        /// The largest.
        most: u64,
    },
    /// Yes or no.
    Flag,
    /// An amount of money.
    Amount,
    /// A total of 0 to 100.
    Total,
    /// A share of 0 to 1.
    Share,
    /// A point of a picture: two shares.
    Point,
}

impl Shape {
    /// The shape of a field by its path, such as `brand.palette.accent`.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |shape, name| match shape {
            Self::Table(fields) => (fields.iter())
                .find(|(field, _)| *field == name)
                .map(|(_, shape)| shape),
            _ => None,
        })
    }

    /// The paths of all fields in this shape, each below `above`.
    pub(crate) fn paths(&self, above: &str) -> Vec<String> {
        let Self::Table(fields) = self else {
            return Vec::new();
        };
        let path = |name: &str| {
            if above.is_empty() {
                name.to_owned()
            } else {
                format!("{above}.{name}")
            }
        };
        fields
            .iter()
            .flat_map(|(name, shape)| std::iter::once(path(name)).chain(shape.paths(&path(name))))
            .collect()
    }
}

/// The shape of a brief. A test holds it to the schema made from the types.
pub(crate) fn brief_shape() -> Shape {
    let texts = || Shape::List(Box::new(Shape::Text));
    let palette = ["background", "primary", "accent", "text"]
        .map(|name| (name, Shape::Color))
        .to_vec();
    let brand = Shape::Table(vec![
        ("name", Shape::Text),
        ("voice", Shape::Text),
        ("pronunciations", Shape::Dictionary),
        ("voice_words", texts()),
        ("banned_words", texts()),
        ("palette", Shape::Table(palette)),
        (
            "style",
            Shape::Choice(&["classic", "bold", "calm", "editorial"]),
        ),
        ("font", Shape::Asset),
        ("logo", Shape::Asset),
        ("call_to_action", Shape::Text),
        ("quality", quality_shape()),
    ]);
    Shape::Table(vec![
        ("topic", Shape::Text),
        ("audience", Shape::Text),
        (
            "tone",
            Shape::Choice(&[
                "informative",
                "energetic",
                "friendly",
                "professional",
                "calm",
                "bold",
            ]),
        ),
        ("language", Shape::Text),
        (
            "target_seconds",
            Shape::Whole {
                most: u64::from(u32::MAX),
            },
        ),
        ("aspect", Shape::Choice(&["9:16", "1:1", "16:9"])),
        ("draft", Shape::Flag),
        (
            "platform",
            Shape::Choice(&["any", "tiktok", "reels", "shorts"]),
        ),
        ("key_points", texts()),
        ("source_text", Shape::Text),
        ("source_file", Shape::Text),
        ("hook", hook_forms()),
        ("arc", arcs()),
        ("brand", brand),
        ("pictures", Shape::List(Box::new(picture_shape()))),
        ("music", Shape::Asset),
        ("seed", Shape::Whole { most: u64::MAX }),
        ("max_cost_usd", Shape::Amount),
        ("variants", variants_shape()),
    ])
}

/// A picture of the user's own.
fn picture_shape() -> Shape {
    Shape::Table(vec![
        ("file", Shape::Asset),
        (
            "scene",
            Shape::Whole {
                most: u64::from(u32::MAX),
            },
        ),
        ("for", Shape::Text),
        ("focus", Shape::Point),
        (
            "motion",
            Shape::Choice(&["in", "out", "left", "right", "still"]),
        ),
    ])
}

/// The arcs of a story.
fn arcs() -> Shape {
    Shape::Choice(&[
        "explanation",
        "question_answer",
        "number_led",
        "before_after",
        "myth_fact",
        "how_to",
        "chronology",
        "countdown",
        "quote_led",
        "problem_solution",
    ])
}

/// The forms of a hook.
fn hook_forms() -> Shape {
    Shape::Choice(&[
        "question",
        "number",
        "contrast",
        "myth",
        "how_to",
        "story",
        "list",
        "quote",
        "statement",
    ])
}

/// What is to be compared.
fn variants_shape() -> Shape {
    Shape::Table(vec![
        ("of", Shape::Choice(&["hook", "thumbnail", "voice"])),
        (
            "count",
            Shape::Whole {
                most: u64::from(u32::MAX),
            },
        ),
        ("voices", Shape::List(Box::new(Shape::Text))),
    ])
}

/// How a brand wants its rounds judged.
fn quality_shape() -> Shape {
    let percent = || Shape::Whole { most: 100 };
    let count = || Shape::Whole {
        most: u64::from(u32::MAX),
    };
    let weights = Criterion::ALL.map(|criterion| (criterion.name(), percent()));
    Shape::Table(vec![
        ("weights", Shape::Table(weights.to_vec())),
        ("approve", Shape::Total),
        ("review", Shape::Total),
        ("max_rounds", count()),
        ("review_hours", count()),
        ("judge_weight", Shape::Share),
    ])
}

/// The JSON schema of a brief (draft 2020-12).
pub fn brief_schema() -> Value {
    let mut schema = schemars::schema_for!(Brief).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("$id".to_owned(), json!("urn:reelwright:brief"));
        root.insert("title".to_owned(), json!("Brief"));
        if let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert(
                "$schema".to_owned(),
                json!({ "type": "string", "description": "Where this schema is, for editors." }),
            );
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

    use super::*;
    use crate::{Arc, HookForm, Varied};

    #[test]
    fn reader_and_schema_know_the_same_fields() {
        let schema = brief_schema();
        let names = |table: &Value| -> Vec<String> {
            let mut names: Vec<String> = table["properties"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            names.retain(|name| name != "$schema");
            names.sort();
            names
        };
        let of = |shape: &Shape| -> Vec<String> {
            let Shape::Table(fields) = shape else {
                panic!("not a table")
            };
            let mut names: Vec<String> =
                fields.iter().map(|(name, _)| (*name).to_owned()).collect();
            names.sort();
            names
        };
        let Shape::Table(root) = brief_shape() else {
            panic!("not a table")
        };
        let brand = &root.iter().find(|(name, _)| *name == "brand").unwrap().1;
        let Shape::Table(fields) = brand else {
            panic!("not a table")
        };
        let palette = &fields
            .iter()
            .find(|(name, _)| *name == "palette")
            .unwrap()
            .1;
        let quality = &fields
            .iter()
            .find(|(name, _)| *name == "quality")
            .unwrap()
            .1;
        let Shape::Table(rules) = quality else {
            panic!("not a table")
        };
        let weights = &rules.iter().find(|(name, _)| *name == "weights").unwrap().1;
        assert_eq!(names(&schema["$defs"]["QualityRules"]), of(quality));
        assert_eq!(names(&schema["$defs"]["WeightTable"]), of(weights));
        assert_eq!(names(&schema), of(&brief_shape()));
        assert_eq!(names(&schema["$defs"]["Brand"]), of(brand));
        assert_eq!(names(&schema["$defs"]["Palette"]), of(palette));
        assert_eq!(names(&schema["$defs"]["Variants"]), of(&variants_shape()));
        assert_eq!(names(&schema["$defs"]["UserPicture"]), of(&picture_shape()));
        for table in [
            &schema,
            &schema["$defs"]["Variants"],
            &schema["$defs"]["UserPicture"],
            &schema["$defs"]["Brand"],
            &schema["$defs"]["Palette"],
        ] {
            assert_eq!(table["additionalProperties"], json!(false));
        }
        assert_eq!(
            schema["$schema"],
            json!("https://json-schema.org/draft/2020-12/schema")
        );
    }

    #[test]
    fn choices_are_those_of_the_types() {
        let Shape::Table(root) = brief_shape() else {
            panic!("not a table")
        };
        for kind in Varied::ALL {
            assert_eq!(json!(kind), json!(kind.name()));
        }
        let Shape::Table(variants) = variants_shape() else {
            panic!("not a table")
        };
        let Shape::Choice(of) = variants[0].1 else {
            panic!("not a choice")
        };
        assert_eq!(of, Varied::ALL.map(Varied::name));
        let Shape::Choice(forms) = hook_forms() else {
            panic!("not a choice")
        };
        assert_eq!(forms, HookForm::ALL.map(HookForm::name));
        for form in HookForm::ALL {
            assert_eq!(json!(form), json!(form.name()));
        }
        let Shape::Choice(known) = arcs() else {
            panic!("not a choice")
        };
        assert_eq!(known, Arc::ALL.map(Arc::name));
        for arc in Arc::ALL {
            assert_eq!(json!(arc), json!(arc.name()));
        }
        for (name, shape) in root {
            if let Shape::Choice(choices) = shape {
                for choice in choices {
                    let brief: Brief = serde_json::from_value(json!({ name: choice })).unwrap();
                    let written = &serde_json::to_value(&brief).unwrap()[name];
                    // What is usual may be left out.
                    let usual = written.is_null() && brief == Brief::default();
                    assert!(usual || *written == json!(choice), "{name}: {choice}");
                }
            }
        }
    }
}
