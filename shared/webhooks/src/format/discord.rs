//! A message for Discord's webhooks: a text in its Markdown.

use serde_json::{Value, json};

use super::shown::shown;
use super::units;
use crate::Payload;

/// The most characters of a message.
pub(super) const TEXT: usize = 2000;

/// The most of them for links.
const LINKS: usize = 1500;

/// Links aren't unfolded: message flag `SUPPRESS_EMBEDS`.
const SUPPRESS_EMBEDS: u32 = 1 << 2;

/// Between `@` and a word, so that it is no mention: zero-width space.
const APART: char = '\u{200b}';

/// Nobody is mentioned: `allowed_mentions` says so to Discord, and what anybody may have written is escaped too, so that it isn't even
/// shown as a mention.
pub(super) fn message(payload: &Payload) -> Value {
    let shown = shown(payload);
    let title = format!("**{}**", shown.title);
    let links = shown.links.iter().map(|(label, link)| {
        if link.is_absolute() {
            format!("[{label}](<{link}>)")
        } else {
            format!("{label}: {}", escaped(link.as_str(), usize::MAX))
        }
    });
    let links = super::joined(links, LINKS);
    // The links come last, and are whole: what is long is cut before them.
    let mut left = TEXT.saturating_sub(units(&title) + units(&links) + 2);
    let mut content = title;
    for (label, value) in &shown.facts {
        let head = format!("\n{label}: ");
        let Some(room) = left.checked_sub(units(&head)).filter(|room| *room > 0) else {
            break;
        };
        let value = escaped(value, room);
        left = room.saturating_sub(units(&value));
        content.push_str(&head);
        content.push_str(&value);
    }
    content.push('\n');
    content.push_str(&links);
    json!({
        "content": content,
        "allowed_mentions": { "parse": [] },
        "flags": SUPPRESS_EMBEDS,
    })
}

/// Escapes what Discord reads as Markdown, mentions, emoji or links.
fn escaped(text: &str, most: usize) -> String {
    super::cut(text, most, |c| match c {
        '@' => format!("@{APART}"),
        // Without this, a scheme and two slashes make a link.
        ':' => format!(":{APART}"),
        c if c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '/' | '%' | '$') => {
            format!("\\{c}")
        }
        c if super::turns_text(c) => String::new(),
        c => c.into(),
    })
}
