//! Conditions and counts: a linted subset of JSONata that means the same in Step Functions and here.
//!
//! An expression sees `$states.input`, an object of two parts:
//!
//! ```json
//! {"brief": {"target_seconds": 30}, "tasks": {"script": {"scenes": 6, "clips": 2}}}
//! ```
//!
//! `tasks` holds the facts of the tasks that have ended. A task that was skipped has no entry, so
//! `$exists($states.input.tasks.script)` tells whether it ran; reading a fact that is not there gives nothing, and an expression
//! that gives nothing as a whole is an error.
//!
//! The subset: literals, `$states.input.brief.…` and `$states.input.tasks.NAME.…`, comparison, `and`, `or`, `in`, arithmetic, `&`,
//! `? :` with both branches, arrays, objects, ranges, predicates over `$`, blocks with `:=`, regular expressions without
//! look-around and back-references, calls of the functions that both sides have, and a `function` written where a function such
//! as `$map` takes one. Nothing in it can recurse, and no list grows past
//! 1,000 values, so every expression ends.

mod functions;
mod lint;
mod regex;

pub(crate) use functions::step_functions_has;

use std::collections::BTreeSet;
use std::fmt;

use domain::TaskName;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;

/// The most items that `for_each` may give.
pub const MAX_ITEMS: u32 = 40;

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 1_000;

/// Why a text is no expression, or what its evaluation ran into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExprError {
    /// Nothing there.
    #[error(
        "the expression is empty; write JSONata, such as `$states.input.tasks.script.scenes > 3`"
    )]
    Empty,
    /// Longer than [`MAX_LENGTH`].
    #[error("the expression has {length} bytes; {MAX_LENGTH} are allowed")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Written as a value of the states language.
    #[error("the expression stands in {{% … %}}; write it without")]
    Wrapped,
    /// Not JSONata.
    #[error("`{text}` is not JSONata: {message}")]
    Syntax {
        /// The expression.
        text: String,
        /// What the parser says.
        message: String,
    },
    /// JSONata, but outside the subset.
    #[error("`{text}` uses {what}: {advice}")]
    NotInSubset {
        /// The expression.
        text: String,
        /// The construct.
        what: String,
        /// Why not, and what to write instead.
        advice: String,
    },
    /// The evaluation failed.
    #[error("`{text}` failed: {message}")]
    Evaluation {
        /// The expression.
        text: String,
        /// What the evaluator says.
        message: String,
    },
    /// The evaluation gave nothing at all.
    #[error(
        "`{text}` gave nothing: a fact that it reads is not there; test for it with $exists(…) first"
    )]
    Undefined {
        /// The expression.
        text: String,
    },
    /// The evaluation gave something else than was wanted.
    #[error("`{text}` gave {found}, expected {expected}")]
    WrongResult {
        /// The expression.
        text: String,
        /// What it gave, as JSON, shortened.
        found: String,
        /// What is wanted here.
        expected: &'static str,
    },
}

/// A fact that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// A fact of the brief: `$states.input.brief.NAME`, or all of them.
    Brief(Option<String>),
    /// A fact of a task: `$states.input.tasks.TASK.NAME`, or all of them.
    Task(TaskName, Option<String>),
}

/// A checked expression.
#[derive(Clone)]
pub struct Expr {
    text: String,
    ast: AstNode,
    reads: BTreeSet<Fact>,
}

impl Expr {
    /// Parses and checks an expression.
    ///
    /// ```
    /// use serde_json::json;
    /// use statemachine::Expr;
    ///
    /// let expr = Expr::parse("$states.input.tasks.script.scenes > 3")?;
    /// let input = json!({"brief": {}, "tasks": {"script": {"scenes": 6}}});
    /// assert!(expr.eval_bool(&input)?);
    /// assert!(Expr::parse("scenes > 3").is_err());
    /// # Ok::<(), statemachine::ExprError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ExprError::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(ExprError::TooLong { length: text.len() });
        }
        if text.starts_with("{%") {
            return Err(ExprError::Wrapped);
        }
        let ast = jsonata_core::parser::parse(text).map_err(|error| ExprError::Syntax {
            text: text.to_owned(),
            message: error
                .display_message()
                .trim_start_matches("Parse error: ")
                .to_owned(),
        })?;
        let reads =
            lint::lint(&ast).map_err(|lint::Finding { what, advice }| ExprError::NotInSubset {
                text: text.to_owned(),
                what,
                advice,
            })?;
        Ok(Self {
            text: text.to_owned(),
            ast,
            reads,
        })
    }

    /// The expression as it was written, without surrounding white space.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tasks whose facts it reads.
    pub fn tasks_read(&self) -> BTreeSet<TaskName> {
        let task = |fact: &Fact| match fact {
            Fact::Task(task, _) => Some(task.clone()),
            Fact::Brief(_) => None,
        };
        self.reads.iter().filter_map(task).collect()
    }

    /// Every fact that it reads.
    pub fn facts_read(&self) -> &BTreeSet<Fact> {
        &self.reads
    }

    /// Evaluates a condition; `input` becomes `$states.input`. Anything but true or false is an error, as it is in a Choice state
    /// of Step Functions.
    pub fn eval_bool(&self, input: &Value) -> Result<bool, ExprError> {
        match self.eval(input)? {
            JValue::Bool(answer) => Ok(answer),
            other => Err(self.wrong_result(&other, "true or false")),
        }
    }

    /// Evaluates a number of items, 0 to [`MAX_ITEMS`]; `input` becomes `$states.input`.
    pub fn eval_items(&self, input: &Value) -> Result<u32, ExprError> {
        let value = self.eval(input)?;
        match value.as_f64() {
            Some(n) if n.fract() == 0.0 && (0.0..=f64::from(MAX_ITEMS)).contains(&n) => {
                Ok(n as u32)
            }
            _ => Err(self.wrong_result(&value, "a whole number from 0 to 40")),
        }
    }

    fn eval(&self, input: &Value) -> Result<JValue, ExprError> {
        let states = serde_json::json!({ "input": input });
        let failed = |message: String| ExprError::Evaluation {
            text: self.text.clone(),
            message,
        };
        // From text, because it is the one conversion that the evaluator offers without features; the input is a few hundred bytes.
        let states = JValue::from_json_str(&states.to_string())
            .map_err(|error| failed(error.to_string()))?;
        let mut context = Context::new();
        context.bind("states".to_owned(), states);
        // No time limit: it would need a clock. The subset has no recursion, so these two bound the work.
        let options = EvaluatorOptions {
            max_stack_depth: Some(1_000),
            max_sequence_length: Some(1_000),
            ..EvaluatorOptions::default()
        };
        let value = Evaluator::with_options(context, options)
            .evaluate(&self.ast, &JValue::Null)
            .map_err(|error| failed(error.to_string()))?;
        if value.is_undefined() {
            Err(ExprError::Undefined {
                text: self.text.clone(),
            })
        } else {
            Ok(value)
        }
    }

    fn wrong_result(&self, found: &JValue, expected: &'static str) -> ExprError {
        let found = found
            .to_json_string()
            .unwrap_or_else(|_| "a function".to_owned());
        let found = if found.chars().count() > 60 {
            found.chars().take(57).chain("...".chars()).collect()
        } else {
            found
        };
        ExprError::WrongResult {
            text: self.text.clone(),
            found,
            expected,
        }
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expr {}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expr").field(&self.text).finish()
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
