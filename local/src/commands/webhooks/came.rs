//! A request that a receiver got, and how it is shown.

use std::fmt::Write;

use axum::http::HeaderMap;
use domain::Timestamp;
use serde_json::{Value, json};
use webhooks::{Received, Secret, SignedHeaders, VerifyError, verify};

/// The most characters of a body that is no JSON that are shown.
const SHOWN: usize = 2000;

/// A request, judged.
pub(super) struct Came {
    at: Timestamp,
    id: String,
    timestamp: String,
    body: Body,
    verdict: Result<(), VerifyError>,
}

/// What was sent.
enum Body {
    Json(Value),
    Text(String),
}

/// What is known beside the request itself.
pub(super) struct Answered {
    /// How often a message of this id came, with this one.
    pub(super) times: u32,
    /// The status of the answer.
    pub(super) status: u16,
}

impl Came {
    /// Judges a request that came at `at`.
    pub(super) fn judge(
        headers: &HeaderMap,
        body: &[u8],
        secrets: &[Secret],
        at: Timestamp,
    ) -> Self {
        // A header of another alphabet is as good as none.
        let header = |name| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (id, timestamp) = (header(SignedHeaders::ID), header(SignedHeaders::TIMESTAMP));
        let received = Received {
            id: &id,
            timestamp: &timestamp,
            signature: &header(SignedHeaders::SIGNATURE),
        };
        Self {
            verdict: verify(secrets, &received, body, at),
            body: serde_json::from_slice(body).map_or_else(
                |_| Body::Text(String::from_utf8_lossy(body).chars().take(SHOWN).collect()),
                Body::Json,
            ),
            at,
            id,
            timestamp,
        }
    }

    /// The message's id, if it is one whose sender is known: who forges messages must not fill this memory.
    pub(super) fn genuine_id(&self) -> Option<&str> {
        self.verdict.is_ok().then_some(self.id.as_str())
    }

    /// Why the message isn't taken.
    pub(super) fn why_not(&self) -> Option<String> {
        self.verdict.as_ref().err().map(ToString::to_string)
    }

    fn kind(&self) -> Option<&str> {
        match &self.body {
            Body::Json(payload) => payload.get("type").and_then(Value::as_str),
            Body::Text(_) => None,
        }
    }

    /// One line of JSON.
    pub(super) fn line(&self, answered: &Answered) -> String {
        let (payload, text) = match &self.body {
            Body::Json(payload) => (payload, None),
            Body::Text(text) => (&Value::Null, Some(text)),
        };
        let mut line = json!({
            "received_at": self.at.rfc3339(),
            "type": self.kind(),
            "id": self.id,
            "timestamp": self.timestamp,
            "genuine": self.verdict.is_ok(),
            "why_not": self.why_not(),
            "times": answered.times,
            "answered": answered.status,
            "payload": payload,
            "text": text,
        });
        if let Some(line) = line.as_object_mut() {
            line.retain(|_, value| !value.is_null());
        }
        format!("{line}\n")
    }

    /// For a person, in colours if they are seen.
    pub(super) fn text(&self, answered: &Answered, colours: bool) -> String {
        let paint = |colour: &str, text: &str| {
            if colours {
                format!("\x1b[{colour}m{text}\x1b[0m")
            } else {
                text.to_owned()
            }
        };
        let or_dash = |text: &str| {
            if text.is_empty() {
                "-".to_owned()
            } else {
                plain(text)
            }
        };
        let verdict = match self.why_not() {
            None => paint("32", "the signature holds"),
            Some(why) => paint("31", &format!("NOT GENUINE: {}", plain(&why))),
        };
        let mut text = format!(
            "{}  {}  {}\n",
            self.at.rfc3339(),
            paint("1", &or_dash(self.kind().unwrap_or_default())),
            verdict
        );
        let again = if answered.times > 1 {
            format!(" (it came {} times)", answered.times)
        } else {
            String::new()
        };
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "  webhook-id {}{again}, webhook-timestamp {}, answered with {}",
            or_dash(&self.id),
            or_dash(&self.timestamp),
            answered.status
        );
        let body = match &self.body {
            // A value that was read can be written.
            Body::Json(payload) => serde_json::to_string_pretty(payload).unwrap_or_default(),
            Body::Text(text) if text.is_empty() => "(no body)".to_owned(),
            Body::Text(text) => text.clone(),
        };
        for line in plain(&body).lines() {
            let _ = writeln!(text, "  {line}");
        }
        text.push('\n');
        text
    }
}

/// Text that does nothing to the terminal that shows it, whoever sent it.
fn plain(text: &str) -> String {
    let plain = |c: char| {
        if c.is_control() && c != '\n' {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use webhooks::{MessageId, Secrets, sign};

    use super::*;

    const NOW: Timestamp = Timestamp(1_795_428_000_000);
    const ONCE: Answered = Answered {
        times: 1,
        status: 204,
    };

    fn came(body: &str, secret: u8) -> Came {
        let id = MessageId::parse("evt_1").unwrap();
        let signed = sign(
            &Secrets::new(Secret::mint(&[7; 32])),
            &id,
            NOW,
            body.as_bytes(),
        );
        let mut headers = HeaderMap::new();
        for (name, value) in signed.pairs() {
            headers.insert(name, value.parse().unwrap());
        }
        Came::judge(
            &headers,
            body.as_bytes(),
            &[Secret::mint(&[secret; 32])],
            NOW,
        )
    }

    #[test]
    fn a_genuine_message_is_shown_with_its_type_its_id_its_time_and_its_payload() {
        let came = came(
            r#"{"type":"content.approved","data":{"topic":"naïve ✓"}}"#,
            7,
        );
        assert_eq!(came.genuine_id(), Some("evt_1"));
        assert_eq!(
            came.text(&ONCE, false),
            "2026-11-23T10:00:00.000Z  content.approved  the signature holds\n\
             \x20 webhook-id evt_1, webhook-timestamp 1795428000, answered with 204\n\
             \x20 {\n\
             \x20   \"type\": \"content.approved\",\n\
             \x20   \"data\": {\n\
             \x20     \"topic\": \"naïve ✓\"\n\
             \x20   }\n\
             \x20 }\n\n"
        );
        let again = Answered {
            times: 3,
            status: 500,
        };
        assert!(
            came.text(&again, true)
                .contains("\x1b[32mthe signature holds")
        );
        assert!(
            came.text(&again, false)
                .contains("evt_1 (it came 3 times),")
        );
        let line: Value = serde_json::from_str(&came.line(&again)).unwrap();
        assert_eq!(line["payload"]["data"]["topic"], "naïve ✓");
        assert_eq!(
            (&line["times"], &line["answered"]),
            (&json!(3), &json!(500))
        );
        assert!(line.get("why_not").is_none());
    }

    #[test]
    fn what_is_not_genuine_says_why_and_does_nothing_to_a_terminal() {
        let came = came("{\u{1b}[2J\u{9b}31m", 8);
        assert_eq!(came.genuine_id(), None);
        let text = came.text(&ONCE, false);
        assert!(
            text.contains("  -  NOT GENUINE: no signature is right"),
            "{text}"
        );
        assert!(text.contains("  {\u{fffd}[2J\u{fffd}31m\n"), "{text}");
        let line: Value = serde_json::from_str(&came.line(&ONCE)).unwrap();
        assert_eq!(line["genuine"], false);
        assert!(line.get("payload").is_none());

        let bare = Came::judge(&HeaderMap::new(), b"", &[Secret::mint(&[7; 32])], NOW);
        let text = bare.text(&ONCE, false);
        assert!(text.contains("the header webhook-id is missing"), "{text}");
        assert!(text.contains("webhook-id -, webhook-timestamp -"), "{text}");
        assert!(text.contains("(no body)"), "{text}");
    }
}
