//! A machine as text: the same machine, the same bytes, whatever order the objects in memory keep.

use serde_json::Value;

use super::lint::DEFINITION_LIMIT;

/// Fields that a reader looks for first, in this order; the others follow by name.
const FIRST: [&str; 8] = [
    "Comment",
    "QueryLanguage",
    "Type",
    "TimeoutSeconds",
    "StartAt",
    "Resource",
    "Arguments",
    "ErrorEquals",
];

/// The machine as JSON with a new line at its end: indented, unless white space alone would make it too large for Step Functions.
pub fn text(machine: &Value) -> String {
    let written = |indented| {
        let mut out = String::new();
        write(machine, indented, 0, &mut out);
        out.push('\n');
        out
    };
    let text = written(true);
    if text.len() > DEFINITION_LIMIT {
        written(false)
    } else {
        text
    }
}

fn write(value: &Value, indented: bool, depth: usize, out: &mut String) {
    let indent = |out: &mut String, depth: usize| {
        if indented {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                indent(out, depth + 1);
                write(item, indented, depth + 1, out);
            }
            indent(out, depth);
            out.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            let rank = |key: &str| FIRST.iter().position(|first| *first == key);
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort_by_key(|key| (rank(key).unwrap_or(FIRST.len()), *key));
            out.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                indent(out, depth + 1);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(if indented { ": " } else { ":" });
                write(&fields[key], indented, depth + 1, out);
            }
            indent(out, depth);
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}
