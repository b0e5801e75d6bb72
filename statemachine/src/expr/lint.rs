//! What an expression may be made of, and which facts it reads.

use std::collections::BTreeSet;

use domain::TaskName;
use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage, UnaryOp};

use super::{Fact, functions, regex};
use crate::nearest::{hint, nearest};

/// What is outside the subset.
pub(super) struct Finding {
    /// The construct.
    pub(super) what: String,
    /// Why not, and what to write instead.
    pub(super) advice: String,
}

fn finding<T>(what: impl Into<String>, advice: impl Into<String>) -> Result<T, Finding> {
    Err(Finding {
        what: what.into(),
        advice: advice.into(),
    })
}

/// Walks the whole tree; gives what it reads, or the first thing outside the subset.
pub(super) fn lint(ast: &AstNode) -> Result<BTreeSet<Fact>, Finding> {
    let mut linter = Linter::default();
    linter.node(ast)?;
    Ok(linter.reads)
}

#[derive(Default)]
struct Linter {
    reads: BTreeSet<Fact>,
    /// The variables in scope, innermost last.
    variables: Vec<String>,
    /// How many predicates and mappings surround the place: in them, and only in them, `$` is something.
    in_context: usize,
}

impl Linter {
    fn node(&mut self, node: &AstNode) -> Result<(), Finding> {
        match node {
            AstNode::String(_) | AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null => Ok(()),
            AstNode::Regex { pattern, flags } => match regex::trouble(pattern, flags) {
                Some(what) => finding(
                    what,
                    "the two sides' regular expressions differ there; write a plainer pattern",
                ),
                None => Ok(()),
            },
            AstNode::Variable(name) => self.variable(name),
            AstNode::Path { steps } => self.path(steps),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs),
            AstNode::Unary {
                op: UnaryOp::Negate,
                operand,
            } => self.node(operand),
            AstNode::Function {
                name,
                args,
                is_builtin,
            } => self.call(name, args, *is_builtin),
            AstNode::Array(items) | AstNode::ArrayGroup(items) => {
                items.iter().try_for_each(|item| self.node(item))
            }
            AstNode::Object(pairs) => pairs.iter().try_for_each(|(key, value)| {
                self.node(key)?;
                self.node(value)
            }),
            AstNode::Block(steps) => self.block(steps),
            AstNode::Conditional {
                condition,
                then_branch,
                else_branch,
            } => {
                let Some(else_branch) = else_branch else {
                    return finding(
                        "`? :` with one branch",
                        "where the condition is false it gives nothing; write both branches",
                    );
                };
                self.node(condition)?;
                self.node(then_branch)?;
                self.node(else_branch)
            }
            AstNode::FunctionApplication(inner) => self.within(inner),
            AstNode::Name(name) => bare_name(name),
            AstNode::Undefined => finding(
                "a value that is nothing (`()` or `undefined`)",
                "Step Functions makes an error of it; write a value, such as false or 0",
            ),
            AstNode::Lambda { .. } => finding(
                "a function apart from a call",
                "write it straight into $map, $filter or the like",
            ),
            AstNode::ParentVariable(_) => {
                finding("`$$`", "Step Functions has none; read $states.input")
            }
            AstNode::Placeholder => finding(
                "`?` as an argument",
                "partial application is not in the subset; call the function in full",
            ),
            AstNode::Call { .. } => finding(
                "a call of something that is not a named function",
                "call a function by its name",
            ),
            AstNode::ObjectTransform { .. } => {
                finding("grouping `{…}` after a path", "write an object of its own")
            }
            AstNode::Wildcard | AstNode::Descendant => finding("a wildcard", "name the fact"),
            AstNode::Parent(_) => finding("`%`", "name the fact from $states.input on"),
            AstNode::Sort { .. } => finding("`^(…)`", "use $sort"),
            AstNode::Transform { .. } => finding(
                "the transform `|…|`",
                "an expression reads facts, it does not change them",
            ),
            AstNode::Unary {
                op: UnaryOp::Not, ..
            } => finding("a `not` operator", "use $not"),
        }
    }

    fn variable(&mut self, name: &str) -> Result<(), Finding> {
        match name {
            "" if self.in_context > 0 => Ok(()),
            "" => finding(
                "`$` at the top",
                "Step Functions has no input there; read $states.input",
            ),
            "states" => finding(
                "$states on its own",
                "name the fact: $states.input.brief.NAME or $states.input.tasks.TASK.NAME",
            ),
            _ if self.variables.iter().any(|known| known == name) => Ok(()),
            _ if functions::is_allowed(name) => finding(
                format!("${name} without a call"),
                "give it its arguments in (…)",
            ),
            _ => {
                let known = self.variables.iter().map(String::as_str).chain(["states"]);
                let hint = hint(nearest(name, known).map(|name| format!("${name}")).as_ref());
                finding(
                    format!("the unknown variable ${name}"),
                    format!("only $states and what `:=` or a function binds are known{hint}"),
                )
            }
        }
    }

    /// A path that starts from `$states` is a reading of a fact; any other is walked step by step.
    fn path(&mut self, steps: &[PathStep]) -> Result<(), Finding> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(());
        };
        let rest = match &first.node {
            AstNode::Variable(name) if name == "states" => {
                plain(first)?;
                self.read(rest)?
            }
            AstNode::Name(name) => return bare_name(name),
            node => {
                self.node(node)?;
                self.stages(first)?;
                rest
            }
        };
        for step in rest {
            if !matches!(step.node, AstNode::Name(_)) {
                self.within(&step.node)?;
            }
            self.stages(step)?;
        }
        Ok(())
    }

    /// Notes what `input.brief…` or `input.tasks.NAME…` reads; gives the steps that are left to walk.
    fn read<'a>(&mut self, steps: &'a [PathStep]) -> Result<&'a [PathStep], Finding> {
        let name = |at: usize| match steps.get(at).map(|step| &step.node) {
            Some(AstNode::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        let advice = "name the fact: $states.input.brief.NAME or $states.input.tasks.TASK.NAME";
        match (name(0), name(1)) {
            (Some("input"), Some("brief")) => {
                self.reads.insert(Fact::Brief(name(2).map(str::to_owned)));
                plain(&steps[0])?;
                plain(&steps[1])?;
                Ok(&steps[2..])
            }
            (Some("input"), Some("tasks")) => {
                plain(&steps[0])?;
                plain(&steps[1])?;
                let Some(task) = name(2) else {
                    return finding("$states.input.tasks without a task's name", advice);
                };
                let Ok(task) = TaskName::parse(task) else {
                    return finding(format!("{task:?} where a task's name belongs"), advice);
                };
                self.reads
                    .insert(Fact::Task(task, name(3).map(str::to_owned)));
                Ok(&steps[3..])
            }
            (Some("input"), Some(other)) => {
                let hint = hint(nearest(other, ["brief", "tasks"]).as_ref());
                finding(
                    format!("$states.input.{other}"),
                    format!("the input holds `brief` and `tasks`{hint}"),
                )
            }
            (Some(other), _) if other != "input" => finding(
                format!("$states.{other}"),
                format!("only its input can be read; {advice}"),
            ),
            _ => finding("$states.input as a whole", advice),
        }
    }

    fn stages(&mut self, step: &PathStep) -> Result<(), Finding> {
        if step.focus.is_some() || step.index_var.is_some() {
            return finding(
                "`@` or `#`",
                "binding in a path is not in the subset; use $map or $filter",
            );
        }
        for stage in &step.stages {
            match stage {
                Stage::Filter(condition) => self.within(condition)?,
                Stage::KeepArray => {}
                Stage::Index(_) => {
                    return finding(
                        "`#`",
                        "binding in a path is not in the subset; use $map or $filter",
                    );
                }
            }
        }
        Ok(())
    }

    /// A part that is evaluated once for each value of a path.
    fn within(&mut self, node: &AstNode) -> Result<(), Finding> {
        self.in_context += 1;
        let result = self.node(node);
        self.in_context -= 1;
        result
    }

    fn binary(&mut self, op: BinaryOp, lhs: &AstNode, rhs: &AstNode) -> Result<(), Finding> {
        match op {
            BinaryOp::Coalesce => finding(
                "`??`",
                "Step Functions' JSONata 2.0.6 lacks it; write $exists(a) ? a : b",
            ),
            BinaryOp::Default => finding(
                "`?:`",
                "Step Functions' JSONata 2.0.6 lacks it; write a ? a : b",
            ),
            BinaryOp::ChainPipe => finding("`~>`", "call the function with its arguments in (…)"),
            BinaryOp::FocusBind | BinaryOp::IndexBind => {
                finding("`@` or `#`", "use $map or $filter")
            }
            BinaryOp::ColonEqual => finding("`:=` outside a block", "write ($name := …; …)"),
            _ => {
                self.node(lhs)?;
                self.node(rhs)
            }
        }
    }

    fn block(&mut self, steps: &[AstNode]) -> Result<(), Finding> {
        let outer = self.variables.len();
        for (at, step) in steps.iter().enumerate() {
            match step {
                AstNode::Binary {
                    op: BinaryOp::ColonEqual,
                    lhs,
                    rhs,
                } => {
                    let AstNode::Variable(name) = &**lhs else {
                        return finding(
                            "`:=` to something that is no variable",
                            "write ($name := …; …)",
                        );
                    };
                    if name == "states" || functions::is_allowed(name) {
                        return finding(
                            format!("`:=` to ${name}"),
                            "that name is taken; choose another",
                        );
                    }
                    if at + 1 == steps.len() {
                        return finding(
                            "`:=` at the end of a block",
                            "end the block with the value it gives",
                        );
                    }
                    self.node(rhs)?;
                    self.variables.push(name.clone());
                }
                _ => self.node(step)?,
            }
        }
        self.variables.truncate(outer);
        Ok(())
    }

    fn call(&mut self, name: &str, args: &[AstNode], builtin: bool) -> Result<(), Finding> {
        if !builtin {
            return finding(
                format!("`{name}(…)`"),
                format!("functions begin with $: write ${name}(…)"),
            );
        }
        if !functions::is_allowed(name) {
            if self.variables.iter().any(|known| known == name) {
                return finding(
                    format!("a call of the variable ${name}"),
                    "only the functions of JSONata can be called",
                );
            }
            if let Some(why) = functions::why_not(name) {
                return finding(format!("${name}"), why);
            }
            let hint = hint(
                nearest(name, functions::allowed())
                    .map(|name| format!("${name}"))
                    .as_ref(),
            );
            return finding(
                format!("the unknown function ${name}"),
                format!("it is not one that both sides have{hint}"),
            );
        }
        for arg in args {
            match arg {
                AstNode::Lambda { params, body, .. } if functions::takes_function(name) => {
                    self.lambda(params, body)?;
                }
                AstNode::Variable(function)
                    if functions::takes_function(name) && functions::is_allowed(function) => {}
                _ => self.node(arg)?,
            }
        }
        Ok(())
    }

    fn lambda(&mut self, params: &[String], body: &AstNode) -> Result<(), Finding> {
        let outer = self.variables.len();
        for param in params {
            if param == "states" || functions::is_allowed(param) {
                return finding(
                    format!("the parameter ${param}"),
                    "that name is taken; choose another",
                );
            }
            self.variables.push(param.clone());
        }
        // The body sees no `$` of its own in Step Functions.
        let context = std::mem::take(&mut self.in_context);
        let result = self.node(body);
        self.in_context = context;
        self.variables.truncate(outer);
        result
    }
}

fn bare_name<T>(name: &str) -> Result<T, Finding> {
    finding(
        format!("the bare name `{name}`"),
        "Step Functions knows none; read $states.input.brief.NAME or $states.input.tasks.TASK.NAME, and in a predicate $.NAME",
    )
}

/// `$states`, `input`, `brief` and `tasks` are objects: there is nothing to filter.
fn plain(step: &PathStep) -> Result<(), Finding> {
    if step.stages.is_empty() && step.focus.is_none() && step.index_var.is_none() {
        Ok(())
    } else {
        finding(
            "`[…]` on $states, input, brief or tasks",
            "name the fact; write a task's name with other characters in backquotes: $states.input.tasks.`my-task`.NAME",
        )
    }
}
