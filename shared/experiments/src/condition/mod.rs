//! Targeting: conditions on a unit's attributes, in the language of GrowthBook's SDKs.
//!
//! A condition is an object of paths and what their values must be: `{"country": "NL", "age": {"$gte": 18}}`. It is read once into a
//! tree; [`Condition::holds`] then asks it without allocating. Its meaning is the one of the SDK for JavaScript, coercions and all.

mod escape;
mod evaluate;
mod groups;
mod js;
mod parse;
mod pattern;
mod version;

use std::cmp::Ordering;

use regex::Regex;
use serde_json::{Map, Value};
use thiserror::Error;

pub use groups::SavedGroups;
pub(crate) use js::{text, truthy};
pub use pattern::{MAX_PATTERN_BYTES, PatternError};

/// What is known of a unit: names and JSON values.
pub type Attributes = Map<String, Value>;

/// How deep conditions may nest.
pub const MAX_DEPTH: usize = 64;

/// A condition, read and ready.
#[derive(Clone, Debug, Default)]
pub struct Condition(Vec<Clause>);

/// What all must hold.
#[derive(Clone, Debug)]
enum Clause {
    Always,
    Never,
    Any(Vec<Condition>),
    NotAny(Vec<Condition>),
    All(Vec<Condition>),
    Not(Condition),
    InSavedGroup {
        id: String,
        attribute: Option<Vec<String>>,
    },
    Path(Vec<String>, Test),
}

/// What a value must be.
#[derive(Clone, Debug)]
enum Test {
    Text(String),
    Number(f64),
    Truth(bool),
    Null,
    /// The same JSON.
    Same(Value),
    Operators(Vec<Operator>),
    /// One that nothing passes, because it can't be read.
    Never,
}

#[derive(Clone, Debug)]
enum Operator {
    Equal {
        value: Value,
        negated: bool,
    },
    Compare {
        accepted: Accepted,
        value: Value,
    },
    Version {
        accepted: Accepted,
        padded: String,
    },
    Exists(bool),
    In {
        values: Vec<Value>,
        case_insensitive: bool,
        negated: bool,
    },
    InGroup {
        id: String,
        negated: bool,
    },
    Not(Test),
    Size(Test),
    Element(Element),
    Contains {
        tests: Vec<Test>,
        case_insensitive: bool,
    },
    Matches(Regex),
    Type(String),
    Never,
}

/// What one element of a list must be.
#[derive(Clone, Debug)]
enum Element {
    Test(Test),
    Condition(Condition),
}

/// Which outcomes of a comparison will do.
#[derive(Clone, Copy, Debug)]
struct Accepted {
    less: bool,
    equal: bool,
    greater: bool,
}

impl Accepted {
    const LESS: Self = Self {
        less: true,
        equal: false,
        greater: false,
    };
    const AT_MOST: Self = Self {
        less: true,
        equal: true,
        greater: false,
    };
    const EQUAL: Self = Self {
        less: false,
        equal: true,
        greater: false,
    };
    const OTHER: Self = Self {
        less: true,
        equal: false,
        greater: true,
    };
    const AT_LEAST: Self = Self {
        less: false,
        equal: true,
        greater: true,
    };
    const GREATER: Self = Self {
        less: false,
        equal: false,
        greater: true,
    };

    fn takes(self, ordering: Ordering) -> bool {
        match ordering {
            Ordering::Less => self.less,
            Ordering::Equal => self.equal,
            Ordering::Greater => self.greater,
        }
    }
}

/// What is wrong with a condition. SDKs let such a part match nobody, or everybody, without a word; a definition is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// An operator that no SDK knows.
    #[error("operator {0} is unknown")]
    UnknownOperator(String),
    /// An operator got what it can't work on.
    #[error("{operator} takes {expected}")]
    Shape {
        /// The operator.
        operator: String,
        /// What it takes.
        expected: &'static str,
    },
    /// A pattern that can't be used.
    #[error("pattern {pattern:?}: {source}")]
    Pattern {
        /// The pattern, shortened where it is long.
        pattern: String,
        /// Why.
        source: PatternError,
    },
    /// It nests too deep.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}
