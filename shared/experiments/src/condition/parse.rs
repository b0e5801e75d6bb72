//! Reading conditions.

use serde_json::{Map, Value};

use super::pattern::compile;
use super::{
    Accepted, Clause, Condition, Element, MAX_DEPTH, Operator, Problem, Test, js, version,
};

impl Condition {
    /// Reads a condition. Nothing fails: a part that can't be used does what it does in the SDKs, and is among the problems.
    pub fn read(condition: &Value) -> (Self, Vec<Problem>) {
        let mut reader = Reader {
            problems: Vec::new(),
            depth: 0,
        };
        let condition = reader.condition(condition, "a condition");
        (condition, reader.problems)
    }
}

/// A path's steps.
pub(super) fn path(path: &str) -> Vec<String> {
    path.split('.').map(String::from).collect()
}

struct Reader {
    problems: Vec<Problem>,
    depth: usize,
}

impl Reader {
    fn condition(&mut self, condition: &Value, operator: &str) -> Condition {
        let Value::Object(members) = condition else {
            self.shape(operator, "an object of paths and operators");
            return Condition(vec![Clause::Never]);
        };
        let clauses = self.deeper(|reader| {
            members
                .iter()
                .map(|(key, value)| reader.clause(key, value))
                .collect()
        });
        Condition(clauses.unwrap_or_else(|| vec![Clause::Never]))
    }

    fn clause(&mut self, key: &str, value: &Value) -> Clause {
        match key {
            "$or" | "$nor" | "$and" => {
                let Value::Array(conditions) = value else {
                    self.shape(key, "a list of conditions");
                    return if key == "$nor" {
                        Clause::Never
                    } else {
                        Clause::Always
                    };
                };
                let conditions: Vec<_> = conditions
                    .iter()
                    .map(|condition| self.condition(condition, key))
                    .collect();
                match key {
                    "$and" => Clause::All(conditions),
                    // An empty list holds, for `$or`.
                    "$or" if conditions.is_empty() => Clause::Always,
                    "$or" => Clause::Any(conditions),
                    _ if conditions.is_empty() => Clause::Never,
                    _ => Clause::NotAny(conditions),
                }
            }
            "$not" => Clause::Not(self.condition(value, key)),
            "$savedGroup" => self.saved_group(value),
            _ => Clause::Path(path(key), self.test(value)),
        }
    }

    fn saved_group(&mut self, value: &Value) -> Clause {
        let attribute = value.get("attributeKey");
        if let (Some(Value::String(id)), None | Some(Some(_))) =
            (value.get("id"), attribute.map(Value::as_str))
        {
            let attribute = attribute.and_then(Value::as_str).map(path);
            return Clause::InSavedGroup {
                id: id.clone(),
                attribute,
            };
        }
        self.shape("$savedGroup", "an object with the group's id");
        Clause::Never
    }

    fn test(&mut self, test: &Value) -> Test {
        match test {
            Value::String(text) => Test::Text(text.clone()),
            Value::Number(_) => Test::Number(js::number(test)),
            Value::Bool(truth) => Test::Truth(*truth),
            Value::Null => Test::Null,
            Value::Object(members) if is_operators(members) => {
                let operators = self.deeper(|reader| {
                    members
                        .iter()
                        .map(|(name, value)| reader.operator(name, value))
                        .collect()
                });
                operators.map_or(Test::Never, Test::Operators)
            }
            Value::Array(_) | Value::Object(_) => Test::Same(test.clone()),
        }
    }

    fn operator(&mut self, name: &str, value: &Value) -> Operator {
        let compare = |accepted| Operator::Compare {
            accepted,
            value: value.clone(),
        };
        let version = |accepted| Operator::Version {
            accepted,
            padded: version::padded(value),
        };
        match name {
            "$eq" => Operator::Equal {
                value: value.clone(),
                negated: false,
            },
            "$ne" => Operator::Equal {
                value: value.clone(),
                negated: true,
            },
            "$lt" => compare(Accepted::LESS),
            "$lte" => compare(Accepted::AT_MOST),
            "$gt" => compare(Accepted::GREATER),
            "$gte" => compare(Accepted::AT_LEAST),
            "$veq" => version(Accepted::EQUAL),
            "$vne" => version(Accepted::OTHER),
            "$vlt" => version(Accepted::LESS),
            "$vlte" => version(Accepted::AT_MOST),
            "$vgt" => version(Accepted::GREATER),
            "$vgte" => version(Accepted::AT_LEAST),
            "$exists" => Operator::Exists(js::truthy(value)),
            "$in" | "$ini" | "$nin" | "$nini" => self.one_of(name, value),
            "$inGroup" | "$notInGroup" => Operator::InGroup {
                id: js::text(value).into_owned(),
                negated: name == "$notInGroup",
            },
            "$not" => Operator::Not(self.test(value)),
            "$size" => Operator::Size(self.test(value)),
            "$elemMatch" => Operator::Element(self.element(value)),
            "$all" | "$alli" => self.contains(name, value),
            "$regex" | "$regexi" => self.pattern(name, value),
            "$type" => match value {
                Value::String(name) => Operator::Type(name.clone()),
                _ => self.never(name, "the name of a type"),
            },
            unknown => {
                self.problems.push(Problem::UnknownOperator(unknown.into()));
                Operator::Never
            }
        }
    }

    fn one_of(&mut self, name: &str, value: &Value) -> Operator {
        let Value::Array(values) = value else {
            return self.never(name, "a list of values");
        };
        let case_insensitive = name.ends_with('i');
        let fold = |value: &Value| match value {
            Value::String(text) if case_insensitive => text.to_lowercase().into(),
            _ => value.clone(),
        };
        Operator::In {
            values: values.iter().map(fold).collect(),
            case_insensitive,
            negated: name.starts_with("$nin"),
        }
    }

    fn contains(&mut self, name: &str, value: &Value) -> Operator {
        let Value::Array(values) = value else {
            return self.never(name, "a list of values");
        };
        let case_insensitive = name == "$alli";
        let tests = values.iter().map(|value| match value {
            Value::String(text) if case_insensitive => Test::Text(text.to_lowercase()),
            _ => self.test(value),
        });
        Operator::Contains {
            tests: tests.collect(),
            case_insensitive,
        }
    }

    fn element(&mut self, value: &Value) -> Element {
        match value {
            Value::Object(members) if is_operators(members) => Element::Test(self.test(value)),
            _ => Element::Condition(self.condition(value, "$elemMatch")),
        }
    }

    fn pattern(&mut self, name: &str, value: &Value) -> Operator {
        let Value::String(pattern) = value else {
            return self.never(name, "a pattern");
        };
        match compile(pattern, name == "$regexi") {
            Ok(regex) => Operator::Matches(regex),
            Err(source) => {
                let pattern = pattern.chars().take(100).collect();
                self.problems.push(Problem::Pattern { pattern, source });
                Operator::Never
            }
        }
    }

    fn never(&mut self, operator: &str, expected: &'static str) -> Operator {
        self.shape(operator, expected);
        Operator::Never
    }

    fn shape(&mut self, operator: &str, expected: &'static str) {
        self.problems.push(Problem::Shape {
            operator: operator.into(),
            expected,
        });
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth == MAX_DEPTH {
            self.problems.push(Problem::TooDeep);
            return None;
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        Some(inner)
    }
}

/// Whether an object holds operators only; if not, it is a value to be equal to.
fn is_operators(members: &Map<String, Value>) -> bool {
    !members.is_empty() && members.keys().all(|key| key.starts_with('$'))
}
