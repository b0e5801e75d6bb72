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
    let mut padded = String::with_capacity(text.len() + 16);
    let mut parts = 0;
    for part in text.split(['-', '.']) {
        if parts > 0 {
            padded.push('-');
        }
        pad(part, &mut padded);
        parts += 1;
    }
    // A release comes after all of its pre-releases: "~" is the last letter of ASCII.
    if parts == 3 {
        padded.push_str("-~");
    }
    padded
}

/// Numbers are filled up from the left, so that 10 comes after 9.
fn pad(part: &str, padded: &mut String) {
    if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
        padded.extend(std::iter::repeat_n(' ', 5_usize.saturating_sub(part.len())));
    }
    padded.push_str(part);
}
