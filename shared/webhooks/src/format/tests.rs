#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::ApiRoot;
use crate::catalogue::{EventData, EventType, entries, entry};
use crate::filled::filled;

fn message(format: Format, payload: &Payload) -> Value {
    serde_json::from_str(&format.body(payload).unwrap()).unwrap()
}

/// All texts in a JSON value.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// An approval with absolute links, whose texts somebody chose.
fn approval(text: &str) -> Payload {
    let mut payload = filled(entry(EventType::ContentApproved).example, text);
    let EventData::ContentApproved(data) = &mut payload.data else {
        panic!("{payload:?}");
    };
    let root = ApiRoot::parse("https://api.example.com").unwrap();
    data.links.run = root.run(&data.run.run);
    data.links.video = root.video(&data.run.run);
    payload
}

const HOSTILE: [&str; 8] = [
    "<!channel> <!here> <!everyone> <@U012AB3CD> <#C024BE7LR> <!subteam^S012>",
    "@everyone @here <@123456789012345678> <@&165511591545143296> <#103735883630395392>",
    "<https://evil.example|Open the run> [Open the run](https://evil.example) https://evil.example",
    "**bold** __under__ ~~struck~~ `code` ```block``` ||hidden|| *it* _it_ > quote",
    "&lt;!channel&gt; &amp;lt;!channel&amp;gt; \\<!channel\\> \\@everyone \\\\@everyone",
    "# Heading\n- item\n1. item\n>>> quote\n-# small",
    ":tada: <:name:123> <t:1618953630:R> </airhorn:816437322781949972>",
    "\u{202e}gpj.exe\u{202c} \u{2066}x\u{2069}",
];

#[test]
fn slack_reads_no_mention_link_or_markup_from_what_somebody_wrote() {
    for text in HOSTILE {
        let message = message(Format::Slack, &approval(text));
        for text in texts(&message) {
            let ours = text.matches("<https://api.example.com/v1/runs/").count();
            assert_eq!(text.matches('<').count(), ours, "{text}");
            assert_eq!(text.matches('>').count(), ours, "{text}");
            assert!(
                text.split('&').skip(1).all(|rest| ["amp;", "lt;", "gt;"]
                    .iter()
                    .any(|entity| rest.starts_with(entity))),
                "{text}"
            );
        }
        // Markup is read in the links' block only, and there is nothing of theirs in it.
        let marked: Vec<&Value> = message["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|block| block["text"]["type"] == "mrkdwn")
            .collect();
        assert_eq!(marked.len(), 1);
        assert!(!marked[0].to_string().contains("evil"));
        assert_eq!(message["mrkdwn"], false);
        assert_eq!(message["parse"], "none");
    }
}

#[test]
fn discord_reads_no_mention_link_or_markup_from_what_somebody_wrote() {
    for text in HOSTILE {
        let message = message(Format::Discord, &approval(text));
        assert_eq!(
            message["allowed_mentions"],
            serde_json::json!({ "parse": [] })
        );
        let content = message["content"].as_str().unwrap();
        // What is ours: the title, and the links in the last line.
        let (body, links) = content.rsplit_once('\n').unwrap();
        let body = body.strip_prefix("**Video approved**").unwrap();
        assert_eq!(
            links.matches("](<https://api.example.com/v1/runs/").count(),
            2,
            "{links}"
        );
        let mut characters = body.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '\\' => assert!(characters.next().unwrap().is_ascii_punctuation(), "{body}"),
                '@' => assert_eq!(characters.peek(), Some(&'\u{200b}'), "{body}"),
                // After a label of ours there is a blank.
                ':' => assert!(
                    [Some(&'\u{200b}'), Some(&' ')].contains(&characters.peek()),
                    "{body}"
                ),
                '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '(' | ')' | '#' | '-' => {
                    panic!("{c} isn't escaped: {body}")
                }
                _ => {}
            }
        }
        assert!(!content.contains("://evil"), "{content}");
        // A backslash before it keeps nobody from being mentioned.
        let mut after = content.split('@').skip(1);
        assert!(after.all(|rest| rest.starts_with('\u{200b}')), "{content}");
    }
}

#[test]
fn marks_that_turn_a_text_are_left_out() {
    for format in [Format::Slack, Format::Discord] {
        let message = message(format, &approval(HOSTILE[7]));
        for text in texts(&message) {
            assert!(!text.contains(super::turns_text), "{text:?}");
        }
    }
}

proptest! {
    // Each case writes every event twice.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_message_keeps_to_the_limits_whatever_is_in_it(text in "\\PC{0,1200}|[<>&@*:]{0,1200}|[😀-🙏]{900,1200}") {
        for entry in entries() {
            let payload = filled(entry.example, &text);
            let slack = message(Format::Slack, &payload);
            prop_assert!(units(slack["text"].as_str().unwrap()) <= slack::TEXT);
            let blocks = slack["blocks"].as_array().unwrap();
            let title = blocks[0]["text"]["text"].as_str().unwrap();
            prop_assert!((1..=150).contains(&units(title)));
            let fields = blocks[1]["fields"].as_array().unwrap();
            prop_assert!((1..=slack::FIELDS).contains(&fields.len()));
            for field in fields {
                let length = units(field["text"].as_str().unwrap());
                prop_assert!((1..=slack::FIELD).contains(&length));
            }
            let links = blocks[2]["text"]["text"].as_str().unwrap();
            prop_assert!((1..=slack::TEXT).contains(&units(links)), "{}", links);
            let discord = message(Format::Discord, &payload);
            let content = units(discord["content"].as_str().unwrap());
            prop_assert!((1..=discord::TEXT).contains(&content));
        }
    }

    #[test]
    fn what_is_cut_is_cut_between_characters_and_says_so(text in "\\PC{0,60}", most in 0..80_usize) {
        let escape = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
        let whole: String = text.chars().map(escape).collect();
        let cut = cut(&text, most, escape);
        prop_assert!(units(&cut) <= most);
        if units(&whole) <= most {
            prop_assert_eq!(cut, whole);
        } else if most > 0 {
            let kept = cut.strip_suffix('…').unwrap();
            let pieces: Vec<String> = text.chars().map(escape).collect();
            let boundary = (0..=pieces.len()).any(|count| pieces[..count].concat() == kept);
            prop_assert!(boundary, "{}", cut);
        }
    }
}

#[test]
fn people_see_what_happened_and_where_to_look() {
    for (kind, told) in [
        (
            EventType::WorkflowCompleted,
            vec![
                "Video made",
                "Why bees dance",
                "Meadow",
                "the voice of the brief",
                "$0.042",
                "final.mp4",
            ],
        ),
        (
            EventType::WorkflowFailed,
            vec!["Run failed", "images", "Refused", "scene 3"],
        ),
        (
            EventType::WorkflowCancelled,
            vec!["Run cancelled", "$0.008"],
        ),
        (
            EventType::ContentApproved,
            vec!["Video approved", "88.4 of 100", "its score"],
        ),
        (
            EventType::ContentReviewRequired,
            vec!["waits for review", "below 85", "2026-11-26", "/v1/reviews/"],
        ),
        (
            EventType::ContentReviewExpired,
            vec!["Review expired", "2026-11-20"],
        ),
        (
            EventType::ContentRejected,
            vec!["Video rejected", "Mara", "needs a source"],
        ),
        (
            EventType::ExperimentConcluded,
            vec![
                "Experiment concluded",
                "hook-question",
                "a variant is better",
                "completion",
            ],
        ),
        (
            EventType::EndpointDisabled,
            vec![
                "endpoint disabled",
                "hooks.example.com",
                "failed for days",
                "503",
            ],
        ),
        (EventType::WebhookTest, vec!["Webhook test", "receives"]),
    ] {
        for format in [Format::Slack, Format::Discord] {
            let message = message(format, &entry(kind).example);
            // As a reader sees it: without escapes.
            let seen = texts(&message).join("\n").replace(['\\', '\u{200b}'], "");
            for told in &told {
                assert!(
                    seen.contains(told),
                    "{kind} in {format}: {told:?} is not in {seen}"
                );
            }
        }
    }
}

#[test]
fn only_the_standard_form_is_signed_and_it_is_the_payload_itself() {
    for entry in entries() {
        assert_eq!(
            Format::Standard.body(&entry.example).unwrap(),
            entry.example.body().unwrap()
        );
    }
    for format in Format::ALL {
        assert_eq!(Format::parse(format.name()), Ok(format));
        assert_eq!(format.is_signed(), format == Format::Standard);
    }
    assert!(Format::parse("Slack").is_err());
}
