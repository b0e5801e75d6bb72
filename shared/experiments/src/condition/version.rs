//! Versions, in a form that plain strings order: `1.10.0` after `1.9.0`, `1.0.0` after `1.0.0-beta`.

use serde_json::Value;

use super::js;

/// The form by which versions are compared. What is neither text nor number counts as version 0.
pub(crate) fn padded(version: &Value) -> String {
    let text = match version {
        Value::String(_) | Value::Number(_) => js::text(version),
        _ => "".into(),
    };
    let text = if text.is_empty() { "0" } else { &text };
    let text = text.strip_prefix('v').unwrap_or(text);
    let text = text
        .split_once('+')
        .map_or(text, |(version, _build)| version);
    let mut parts: Vec<_> = text.split(['-', '.']).map(pad).collect();
    // A release comes after all of its pre-releases: "~" is the last letter of ASCII.
    if parts.len() == 3 {
        parts.push("~".into());
    }
    parts.join("-")
}

fn pad(part: &str) -> String {
    let number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if number {
        format!("{part:>5}")
    } else {
        part.into()
    }
}
