//! JSON and YAML as a tree whose every node knows where it stands.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use crate::read::BriefError;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Line and column, both from 1, where known.
    pub(crate) place: Option<(u64, u64)>,
    content: Content,
}

/// A field of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: Option<(u64, u64)>,
    pub(crate) node: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Null,
    Flag(bool),
    Whole(u64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

impl Node {
    pub(crate) fn is_null(&self) -> bool {
        self.content == Content::Null
    }

    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        if let Content::Table(entries) = &self.content {
            Some(entries)
        } else {
            None
        }
    }

    pub(crate) fn items(&self) -> Option<&[Node]> {
        if let Content::List(items) = &self.content {
            Some(items)
        } else {
            None
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Content::Text(text) = &self.content {
            Some(text)
        } else {
            None
        }
    }

    pub(crate) fn whole(&self) -> Option<u64> {
        if let Content::Whole(number) = self.content {
            Some(number)
        } else {
            None
        }
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        if let Content::Flag(flag) = self.content {
            Some(flag)
        } else {
            None
        }
    }

    /// A number, whole or not.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.content {
            Content::Whole(number) => Some(number as f64),
            Content::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The same without places.
    pub(crate) fn to_value(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Flag(flag) => Value::Bool(*flag),
            Content::Whole(number) => Value::from(*number),
            Content::Number(number) => Value::from(*number),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => items.iter().map(Self::to_value).collect(),
            Content::Table(entries) => (entries.iter())
                .map(|entry| (entry.name.clone(), entry.node.to_value()))
                .collect(),
        }
    }

    /// What it is, for people.
    pub(crate) fn kind(&self) -> String {
        match &self.content {
            Content::Null => "nothing".to_owned(),
            Content::Flag(flag) => format!("the truth value {flag}"),
            Content::Whole(number) => format!("the number {number}"),
            Content::Number(number) => format!("the number {number}"),
            Content::Text(text) => format!("the text {:?}", crate::brief_rules::excerpt(text)),
            Content::List(_) => "a list".to_owned(),
            Content::Table(_) => "a table".to_owned(),
        }
    }

    /// The place of a field by its path, such as `brand.voice_words[2]`; of the nearest one above it that was given.
    pub(crate) fn place_of(&self, path: &str) -> Option<(u64, u64)> {
        let mut node = self;
        let mut place = None;
        for part in path.split('.') {
            let (name, index) = part.split_once('[').map_or((part, None), |(name, rest)| {
                (name, rest.trim_end_matches(']').parse::<usize>().ok())
            });
            let Some(entry) = node
                .entries()
                .and_then(|entries| entries.iter().find(|entry| entry.name == name))
            else {
                break;
            };
            (node, place) = (&entry.node, entry.place);
            if let Some(item) = index.and_then(|at| node.items()?.get(at)) {
                (node, place) = (item, item.place);
            }
        }
        place
    }
}

/// Reads JSON or YAML into a tree.
pub(crate) fn parse(text: &str) -> Result<Node, BriefError> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: 16,
            max_nodes: 2_000,
            max_events: 10_000,
            max_aliases: 100,
            max_documents: 1,
        },
    };
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    match serde_saphyr::from_str_with_options::<Spanned<Located>>(text, options) {
        Ok(root) => Ok(located(root)),
        Err(error) if looks_like_json => match serde_json::from_str::<Located>(text) {
            // JSON that the YAML reader stumbles over: read, without places.
            Ok(Located(content)) => Ok(Node {
                place: None,
                content,
            }),
            Err(json) if json.is_syntax() || json.is_eof() => Err(BriefError::Syntax {
                format: "JSON",
                line: json.line() as u64,
                column: json.column().max(1) as u64,
                message: plain(&json.to_string()),
            }),
            Err(_) => Err(yaml_error(&error)),
        },
        Err(error) => Err(yaml_error(&error)),
    }
}

fn yaml_error(error: &serde_saphyr::Error) -> BriefError {
    let (line, column) = error.location().and_then(place).unwrap_or((1, 1));
    BriefError::Syntax {
        format: "YAML",
        line,
        column,
        message: match error.without_snippet() {
            serde_saphyr::Error::Budget { .. } => {
                "a brief is one document, with fewer entries and less nesting than this".to_owned()
            }
            error => plain(&error.to_string()),
        },
    }
}

/// A parser's message on one line, without the position, which is told apart.
fn plain(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = [" at line ", " at (line", ", set DuplicateKeyPolicy"]
        .iter()
        .filter_map(|mark| line.find(mark))
        .min()
        .unwrap_or(line.len());
    line[..end].trim_end_matches('.').to_owned()
}

fn place(location: Location) -> Option<(u64, u64)> {
    (location.line() > 0).then(|| (location.line(), location.column()))
}

fn located(spanned: Spanned<Located>) -> Node {
    Node {
        place: place(spanned.referenced),
        content: spanned.value.0,
    }
}

/// Content on its way in. Within YAML its parts carry their places; within plain JSON they don't.
struct Located(Content);

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor).map(Self)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, a list or a table")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Content, E> {
        Ok(Content::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Content, E> {
        Ok(Content::Whole(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(u64::try_from(number).map_or(Content::Number(number as f64), Content::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Content, E> {
        Ok(Content::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Located>>()? {
            list.push(located(item));
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Content, A::Error> {
        let mut table = Vec::new();
        let mut names = BTreeSet::new();
        while let Some(name) = entries.next_key::<Spanned<String>>()? {
            if !names.insert(name.value.clone()) {
                return Err(A::Error::custom(format!(
                    "the field `{}` stands there twice",
                    crate::brief_rules::excerpt(&name.value)
                )));
            }
            let node = located(entries.next_value::<Spanned<Located>>()?);
            table.push(Entry {
                name: name.value,
                place: place(name.referenced),
                node,
            });
        }
        Ok(Content::Table(table))
    }
}
