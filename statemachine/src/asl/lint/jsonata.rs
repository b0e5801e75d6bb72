//! The expressions in a machine: JSONata 2.0.6 with the functions that Step Functions has.

use serde_json::Value;

use super::map::Machine;
use super::{Finding, Problem};
use crate::expr::step_functions_has;

pub(super) fn check(map: &Machine<'_>, findings: &mut Vec<Finding>) {
    for state in &map.states {
        // What stands inside is judged under its own name.
        let fields = state.value.as_object().into_iter().flatten();
        let own = fields.filter(|(field, _)| *field != "Branches" && *field != "ItemProcessor");
        for (_, value) in own {
            walk(value, &mut |text| expression(text, state.name, findings));
        }
    }
}

fn walk(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => {
            let inner = text
                .strip_prefix("{%")
                .and_then(|text| text.strip_suffix("%}"));
            if let Some(expression) = inner {
                found(expression.trim());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| walk(value, found)),
        _ => {}
    }
}

fn expression(text: &str, state: &str, findings: &mut Vec<Finding>) {
    if let Err(error) = jsonata_core::parser::parse(text) {
        let problem = Problem::Syntax {
            text: text.to_owned(),
            message: error.display_message().clone(),
        };
        findings.push(Finding::new(state, problem));
        return;
    }
    let plain = without_texts(text);
    for (operator, sign) in [("??", "??"), ("?:", "?:")] {
        if plain.contains(sign) {
            findings.push(Finding::new(state, Problem::Operator { operator }));
        }
    }
    for (at, _) in plain.match_indices('$') {
        let rest = &plain[at + 1..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let called = after.trim_start().starts_with('(');
        if called && !name.is_empty() && !step_functions_has(name) {
            let name = name.to_owned();
            findings.push(Finding::new(state, Problem::Function { name }));
        }
    }
}

/// The expression with its literals left out: texts, names in back quotes and regular expressions.
fn without_texts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    // The last letter that isn't white space: a slash after a value divides, any other begins a regular expression.
    let mut last = '(';
    while let Some(letter) = letters.next() {
        let literal =
            matches!(letter, '"' | '\'' | '`') || (letter == '/' && "(,=?:&[{;".contains(last));
        out.push(if literal { ' ' } else { letter });
        if literal {
            while let Some(inner) = letters.next() {
                if inner == '\\' && letter != '`' {
                    letters.next();
                } else if inner == letter {
                    break;
                }
            }
        }
        if !letter.is_whitespace() {
            last = letter;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_left_out() {
        assert_eq!(
            without_texts("$a('$eval(1)') & `$b` / 2")
                .split_whitespace()
                .collect::<String>(),
            "$a()&/2"
        );
        assert!(!without_texts("$match($x, /\\$eval(a)/)").contains("eval"));
    }
}
