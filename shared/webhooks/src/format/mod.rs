//! The forms that a message can have: the payload itself, or what Slack and Discord can show.

mod discord;
mod shown;
mod slack;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Payload, PayloadError};

/// The form of an endpoint's messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The payload, signed.
    #[default]
    Standard,
    /// A message for Slack's incoming webhooks, unsigned.
    Slack,
    /// A message for Discord's webhooks, unsigned.
    Discord,
}

/// A form that doesn't exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a form of message: expected standard, slack or discord")]
pub struct FormatError(String);

impl Format {
    /// All forms.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Slack, Self::Discord];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Slack => "slack",
            Self::Discord => "discord",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| FormatError(text.chars().take(40).collect()))
    }

    /// Whether messages bear a signature. Slack and Discord look at none: there the URL is the secret.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Standard)
    }

    /// What is sent for an event, as JSON. It is the same bytes each time.
    pub fn body(self, payload: &Payload) -> Result<String, PayloadError> {
        match self {
            Self::Standard => payload.body(),
            Self::Slack => written(payload, &slack::message(payload)),
            Self::Discord => written(payload, &discord::message(payload)),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn written<T: Serialize>(payload: &Payload, message: &T) -> Result<String, PayloadError> {
    serde_json::to_string(message).map_err(|source| PayloadError::Unwritable {
        event: payload.event_type(),
        source,
    })
}

/// Escapes a text character by character, until `most` characters are full. What is cut ends in an ellipsis.
fn cut(text: &str, most: usize, escape: impl Fn(char) -> String) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut used = 0;
    // Where the text can be cut with room for the ellipsis.
    let mut end = 0;
    for c in text.chars() {
        let escaped = escape(c);
        used += units(&escaped);
        if used > most {
            whole.truncate(end);
            if most > 0 {
                whole.push('…');
            }
            return whole;
        }
        whole.push_str(&escaped);
        if used < most {
            end = whole.len();
        }
    }
    whole
}

/// Links beside each other, as many as fit, each whole.
fn joined(links: impl Iterator<Item = String>, most: usize) -> String {
    links.fold(String::new(), |mut line, link| {
        let between = if line.is_empty() { "" } else { " · " };
        if units(&line) + units(between) + units(&link) <= most {
            line.push_str(between);
            line.push_str(&link);
        }
        line
    })
}

/// How long a text is by the strictest count: in UTF-16.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Marks that turn the direction of what follows, with which a text can be made to look like another: Unicode TR 36, section 2.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests;
