//! Asking conditions.

use std::borrow::Cow;

use serde_json::Value;

use super::groups::Group;
use super::{Attributes, Clause, Condition, Element, Operator, SavedGroups, Test, js, version};

static MISSING: Value = Value::Null;

/// What paths are looked up in: a unit's attributes, or one element of a list.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Unit(&'a Attributes),
    Element(&'a Value),
}

impl<'a> Subject<'a> {
    fn find(self, path: &[String]) -> Cow<'a, Value> {
        let (first, rest) = match (self, path.split_first()) {
            (Self::Unit(attributes), Some((first, rest))) => {
                (attributes.get(first).unwrap_or(&MISSING), rest)
            }
            (Self::Element(value), _) => (value, path),
            (Self::Unit(_), None) => (&MISSING, path),
        };
        let mut value = first;
        for (place, step) in rest.iter().enumerate() {
            value = match value {
                Value::Object(members) => members.get(step).unwrap_or(&MISSING),
                // A list has its length as a property, in JavaScript.
                Value::Array(items) if step == "length" => {
                    let last = place + 1 == rest.len();
                    return Cow::Owned(if last {
                        items.len().into()
                    } else {
                        Value::Null
                    });
                }
                Value::Array(items) => {
                    let index = js::index(step).and_then(|index| usize::try_from(index).ok());
                    index.and_then(|index| items.get(index)).unwrap_or(&MISSING)
                }
                _ => &MISSING,
            };
        }
        Cow::Borrowed(value)
    }
}

/// What is the same throughout one question.
#[derive(Clone, Copy)]
struct Context<'a> {
    groups: &'a SavedGroups,
    /// The groups that are being looked into: a group that refers to itself matches nobody.
    visited: Option<&'a Visited<'a>>,
}

struct Visited<'a> {
    id: &'a str,
    outer: Option<&'a Visited<'a>>,
}

impl Context<'_> {
    fn is_in(&self, id: &str) -> bool {
        let mut visited = self.visited;
        while let Some(Visited { id: inner, outer }) = visited {
            if *inner == id {
                return true;
            }
            visited = *outer;
        }
        false
    }
}

impl Condition {
    /// Whether it holds for a unit.
    pub fn holds(&self, attributes: &Attributes, groups: &SavedGroups) -> bool {
        self.holds_in(
            Subject::Unit(attributes),
            Context {
                groups,
                visited: None,
            },
        )
    }

    fn holds_in(&self, subject: Subject<'_>, context: Context<'_>) -> bool {
        self.0.iter().all(|clause| clause.holds(subject, context))
    }
}

impl Clause {
    fn holds(&self, subject: Subject<'_>, context: Context<'_>) -> bool {
        let holds = |condition: &Condition| condition.holds_in(subject, context);
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Any(conditions) => conditions.iter().any(holds),
            Self::NotAny(conditions) => !conditions.iter().any(holds),
            Self::All(conditions) => conditions.iter().all(holds),
            Self::Not(condition) => !holds(condition),
            Self::InSavedGroup { id, attribute } => {
                in_saved_group(id, attribute.as_deref(), subject, context)
            }
            Self::Path(path, test) => test.takes(&subject.find(path), context),
        }
    }
}

fn in_saved_group(
    id: &str,
    attribute: Option<&[String]>,
    subject: Subject<'_>,
    context: Context<'_>,
) -> bool {
    if context.is_in(id) {
        return false;
    }
    match context.groups.get(id) {
        // A bare list says of no attribute whose values it holds.
        Some(Group::List {
            attribute: Some(own),
            values,
        }) => is_one_of(&subject.find(attribute.unwrap_or(own)), values, false),
        Some(Group::Condition(condition)) => {
            let visited = Visited {
                id,
                outer: context.visited,
            };
            condition.holds_in(
                subject,
                Context {
                    visited: Some(&visited),
                    ..context
                },
            )
        }
        Some(
            Group::List {
                attribute: None, ..
            }
            | Group::Unknown,
        )
        | None => false,
    }
}

impl Test {
    fn takes(&self, value: &Value, context: Context<'_>) -> bool {
        match self {
            Self::Text(text) => js::text(value) == *text,
            #[expect(clippy::float_cmp, reason = "JavaScript compares numbers exactly")]
            Self::Number(number) => js::number(value) == *number,
            Self::Truth(truth) => !value.is_null() && js::truthy(value) == *truth,
            Self::Null => value.is_null(),
            Self::Same(other) => js::same_json(value, other),
            Self::Operators(operators) => operators
                .iter()
                .all(|operator| operator.takes(value, context)),
            Self::Never => false,
        }
    }

    /// The same, whatever the case of text. Texts to compare with are in lower case already.
    fn takes_any_case(&self, value: &Value, context: Context<'_>) -> bool {
        match self {
            Self::Text(text) => js::text(value).to_lowercase() == *text,
            _ => self.takes(value, context),
        }
    }
}

impl Operator {
    fn takes(&self, value: &Value, context: Context<'_>) -> bool {
        match self {
            Self::Equal {
                value: other,
                negated,
            } => js::strictly_equal(value, other) != *negated,
            Self::Compare {
                accepted,
                value: other,
            } => js::compare(value, other).is_some_and(|ordering| accepted.takes(ordering)),
            Self::Version { accepted, padded } => {
                accepted.takes(js::compare_text(&version::padded(value), padded))
            }
            Self::Exists(expected) => value.is_null() != *expected,
            Self::In {
                values,
                case_insensitive,
                negated,
            } => is_one_of(value, values, *case_insensitive) != *negated,
            Self::InGroup { id, negated } => match context.groups.get(id) {
                Some(Group::List { values, .. }) => is_one_of(value, values, false) != *negated,
                // A group that isn't there is an empty list; one without a list matches nobody, either way.
                None => *negated,
                Some(Group::Condition(_) | Group::Unknown) => false,
            },
            Self::Not(test) => !test.takes(value, context),
            Self::Size(test) => value
                .as_array()
                .is_some_and(|items| test.takes(&items.len().into(), context)),
            Self::Element(element) => value.as_array().is_some_and(|items| {
                items
                    .iter()
                    .any(|item| !item.is_null() && element.takes(item, context))
            }),
            Self::Contains {
                tests,
                case_insensitive,
            } => value.as_array().is_some_and(|items| {
                let found = |test: &Test, item| match case_insensitive {
                    true => test.takes_any_case(item, context),
                    false => test.takes(item, context),
                };
                tests
                    .iter()
                    .all(|test| items.iter().any(|item| found(test, item)))
            }),
            Self::Matches(pattern) => pattern.is_match(&js::text(value)),
            Self::Type(name) => type_name(value) == name,
            Self::Never => false,
        }
    }
}

impl Element {
    fn takes(&self, item: &Value, context: Context<'_>) -> bool {
        match self {
            Self::Test(test) => test.takes(item, context),
            Self::Condition(condition) => condition.holds_in(Subject::Element(item), context),
        }
    }
}

/// Whether a value, or one element of a list, is among others. Others are in lower case already where case doesn't count.
fn is_one_of(value: &Value, others: &[Value], case_insensitive: bool) -> bool {
    let is_other = |value: &Value| match value {
        Value::String(text) if case_insensitive => {
            let folded = text.to_lowercase();
            others.iter().any(|other| other.as_str() == Some(&folded))
        }
        _ => others.iter().any(|other| js::strictly_equal(value, other)),
    };
    match value {
        Value::Array(items) => items.iter().any(is_other),
        _ => is_other(value),
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
