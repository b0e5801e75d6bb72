//! A message for Slack's incoming webhooks: blocks, and a text for notifications.

use serde_json::{Value, json};

use super::shown::{Shown, shown};
use crate::Payload;

/// The most characters of a section's field. (A section's text may have 3,000, a header 150, a section ten fields.)
pub(super) const FIELD: usize = 2000;

/// The most characters of a message's own text and of a section's.
pub(super) const TEXT: usize = 3000;

/// The most fields of a section.
pub(super) const FIELDS: usize = 10;

/// What anybody may have written stands in plain text, where Slack reads no markup; the links, which are ours, in markup.
pub(super) fn message(payload: &Payload) -> Value {
    let shown = shown(payload);
    let fields: Vec<Value> = shown
        .facts
        .iter()
        .take(FIELDS)
        .map(|(label, value)| {
            plain(&format!(
                "{label}: {}",
                escaped(value, FIELD - label.len() - 2)
            ))
        })
        .collect();
    json!({
        "text": notification(&shown),
        // No names are looked up in the text, and no markup is read from it.
        "mrkdwn": false,
        "parse": "none",
        "link_names": false,
        "unfurl_links": false,
        "unfurl_media": false,
        "blocks": [
            { "type": "header", "text": plain(shown.title) },
            { "type": "section", "fields": fields },
            { "type": "section", "text": { "type": "mrkdwn", "verbatim": true, "text": links(&shown) } },
        ],
    })
}

fn notification(shown: &Shown) -> String {
    let subject = shown.facts.first().map_or("", |(_, value)| value.as_str());
    format!("{}: {}", shown.title, escaped(subject, FIELD))
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

fn links(shown: &Shown) -> String {
    let links = shown.links.iter().map(|(label, link)| {
        let address = escaped(link.as_str(), usize::MAX);
        if link.is_absolute() {
            format!("<{address}|{label}>")
        } else {
            format!("{label}: {address}")
        }
    });
    super::joined(links, TEXT)
}

/// Escapes what Slack reads mentions and links from. A text that would be longer than `most` characters is cut before a character, never
/// within its escape, and ends in an ellipsis.
fn escaped(text: &str, most: usize) -> String {
    super::cut(text, most, |c| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        // Slack counts and shows them, but nobody sees where the text turns.
        c if super::turns_text(c) => String::new(),
        c => c.into(),
    })
}
