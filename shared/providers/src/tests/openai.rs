//! A server that speaks OpenAI's chat completions.

use domain::quality::Feedback;
use domain::{HookForm, HookWish, LineSource, Role, Story};
use serde_json::{Value, json};

use super::wire::{self, Reply, Seen, nowhere};
use super::{Paid, brief, cache, kind, paid, story_answer};
use crate::model_writer::ModelWriter;
use crate::openai_chat::OpenAiChat;
use crate::{OpenAiChoice, ProviderError, TextProvider, TokenPrice};

pub(super) fn connect(
    choice: &OpenAiChoice,
) -> Result<Paid<ModelWriter<OpenAiChat>>, ProviderError> {
    Ok(Paid(ModelWriter::new(OpenAiChat::new(choice)?, cache())))
}

/// What the server does with one request.
enum Behaviour {
    /// Answers with a completion whose content this is.
    Say(String),
    /// Answers with this status line and body.
    Status(&'static str, String),
    /// Answers with a completion that is this message and finish reason.
    Message(Value, &'static str),
    /// Never answers.
    Hang,
    /// Closes the connection.
    Close,
}

/// A server that behaves as told, request by request, and keeps what it was sent.
async fn server(behaviours: Vec<Behaviour>) -> (String, Seen) {
    let reply = |behaviour| match behaviour {
        Behaviour::Say(text) => Reply::json(
            "200 OK",
            completion(&json!({ "role": "assistant", "content": text }), "stop"),
        ),
        Behaviour::Message(message, reason) => Reply::json("200 OK", completion(&message, reason)),
        Behaviour::Status(status, body) => Reply::json(status, body),
        Behaviour::Hang => Reply::Hang,
        Behaviour::Close => Reply::Close,
    };
    let (url, seen) = wire::server(behaviours.into_iter().map(reply).collect()).await;
    (format!("{url}/v1"), seen)
}

pub(super) fn completion(message: &Value, reason: &str) -> String {
    json!({
        "id": "c1", "object": "chat.completion", "model": "m",
        "choices": [{ "index": 0, "message": message, "finish_reason": reason }],
        "usage": { "prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100 },
    })
    .to_string()
}

pub(super) fn choice(base_url: &str) -> OpenAiChoice {
    OpenAiChoice {
        base_url: base_url.to_owned(),
        model: "small".to_owned(),
        key: Some("secret-key".to_owned()),
        timeout_seconds: 0.5,
        max_tokens: 2_000,
        price: TokenPrice {
            usd_per_million_in: 1.0,
            usd_per_million_out: 10.0,
        },
    }
}

pub(super) fn script_answer(last: &str) -> String {
    json!({ "scenes": [
        { "role": "context", "lines": [{ "source": "k0", "text": "A bee visits 50 flowers on one trip" }] },
        { "role": "payoff", "lines": [{ "source": "s1", "text": "A hive does not sleep in winter." }, { "source": "s2", "text": last }] },
    ] })
    .to_string()
}

/// The story that the answers above tell.
pub(super) async fn story() -> Story {
    let (url, _) = server(vec![Behaviour::Say(story_answer())]).await;
    connect(&choice(&url))
        .unwrap()
        .story(&brief())
        .await
        .unwrap()
        .value
}

/// What a server's one answer makes of asking for a story.
async fn failure(behaviour: Behaviour) -> ProviderError {
    let (url, _) = server(vec![behaviour]).await;
    connect(&choice(&url))
        .unwrap()
        .story(&brief())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_good_answer_becomes_a_story_with_its_cost() {
    let (url, seen) = server(vec![Behaviour::Say(story_answer())]).await;
    let answer = connect(&choice(&url))
        .unwrap()
        .story(&brief())
        .await
        .unwrap();
    assert_eq!(answer.value.beats.len(), 4);
    assert_eq!(answer.value.beats[3].role, Role::CallToAction);
    assert!(
        (answer.cost_usd - 0.002).abs() < 1e-12,
        "{}",
        answer.cost_usd
    );
    let sent = seen.lock().unwrap()[0].clone();
    assert!(
        sent.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{sent}"
    );
    assert!(
        sent.to_lowercase()
            .contains("authorization: bearer secret-key")
    );
    let body: Value = serde_json::from_str(sent.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["model"], "small");
    assert_eq!(body["max_completion_tokens"], 2_000);
    assert_eq!(body["response_format"]["json_schema"]["strict"], true);
    let ids = &body["response_format"]["json_schema"]["schema"]["properties"]["beats"]["items"]["properties"]
        ["sources"]["items"]["enum"];
    assert_eq!(ids, &json!(["k0", "s0", "s1", "s2", "t"]));
}

#[tokio::test]
async fn a_script_and_a_hook_are_held_to_the_story() {
    let story = story().await;
    let hook = json!({ "form": "statement", "lines": [{ "source": "s0", "text": "Bees dance to show the way." }],
        "on_screen": "Bees dance", "alternatives": ["What do you know about bees?", "Bees cure cancer."] });
    let (url, _) = server(vec![
        Behaviour::Say(script_answer("Scouts may fly five kilometres.")),
        Behaviour::Say(hook.to_string()),
    ])
    .await;
    let writer = connect(&choice(&url)).unwrap();
    let script = writer.script(&brief(), &story).await.unwrap().value;
    assert_eq!(script.scenes.len(), 4);
    assert_eq!(
        script.scenes[1].lines[0].text,
        "A bee visits 50 flowers on one trip."
    );
    assert_eq!(script.scenes[3].lines[0].source, LineSource::Brand);
    let hook = writer.hook(&brief(), &story).await.unwrap().value;
    assert_eq!(hook.alternatives, ["What do you know about bees?"]);
}

#[tokio::test]
async fn all_variants_of_a_hook_are_one_question_that_is_paid_for_once() {
    let (brief, story) = (brief(), story().await);
    let hook = json!({ "form": "statement", "lines": [{ "source": "s0", "text": "Bees dance to show the way." }],
        "on_screen": "Bees dance", "alternatives": ["Bees cure cancer.", "What do you know about bees?"] });
    let (url, seen) = server(vec![Behaviour::Say(hook.to_string())]).await;
    let writer = connect(&choice(&url)).unwrap();
    let variant = async |number| {
        let wish = HookWish::variant(number);
        paid(writer.0.hook(&brief, &story, &wish, None)).await
    };
    let first = variant(1).await.unwrap();
    assert_eq!(first.value.lines[0].text, "Bees dance to show the way.");
    let second = variant(2).await.unwrap();
    assert_eq!(second.value.lines[0].text, "What do you know about bees?");
    assert_eq!(second.value.form, domain::HookForm::Question);
    assert!(first.cost_usd > 0.0 && second.cost_usd.abs() < 1e-12);
    // What no source bears out is no variant.
    let third = variant(3).await.unwrap_err();
    assert_eq!(kind(&third), "invalid input");
    assert!(third.to_string().contains("hook 3"), "{third}");
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_that_is_wanted_and_openings_that_are_taken_are_told_to_the_model() {
    let (brief, story) = (brief(), story().await);
    let hook = |text: &str, alternatives: &[&str]| {
        json!({ "form": "question", "lines": [{ "source": "s0", "text": text }], "on_screen": "Bees dance",
            "alternatives": alternatives })
        .to_string()
    };
    let (url, seen) = server(vec![
        Behaviour::Say(hook("Bees dance to show the way.", &[])),
        Behaviour::Say(hook(
            "Bees dance to show the way.",
            &["What do you know about bees?"],
        )),
    ])
    .await;
    let writer = connect(&choice(&url)).unwrap();
    let mut wish = HookWish {
        form: Some(HookForm::Question),
        ..HookWish::default()
    };
    let first = paid(writer.0.hook(&brief, &story, &wish, None)).await;
    let first = first.unwrap().value;
    // It says that it asks, and doesn't.
    assert_eq!(first.form, HookForm::Statement);
    assert!(wish.missed(&first).is_some());
    wish.taken = vec!["bees dance to show the way".to_owned()];
    let feedback = Feedback {
        of_round: 1,
        ..Feedback::default()
    };
    let second = paid(writer.0.hook(&brief, &story, &wish, Some(&feedback))).await;
    let second = second.unwrap().value;
    assert_eq!(second.lines[0].text, "What do you know about bees?");
    assert_eq!(wish.missed(&second), None);
    let sent = seen.lock().unwrap().clone();
    assert!(
        sent[0].contains("wanted_form") && !sent[0].contains("\\\"taken\\\""),
        "{}",
        sent[0]
    );
    assert!(
        sent[1].contains("\\\"taken\\\":[\\\"bees dance"),
        "{}",
        sent[1]
    );
}

#[tokio::test]
async fn nonsense_is_sent_back_once_with_what_is_wrong() {
    let fenced = format!(
        "<think>{{hm}}</think>Here it is:\n```json\n{}\n```",
        story_answer()
    );
    let (url, seen) = server(vec![
        Behaviour::Say("I would rather write a poem.".to_owned()),
        Behaviour::Say(fenced),
    ])
    .await;
    let answer = connect(&choice(&url))
        .unwrap()
        .story(&brief())
        .await
        .unwrap();
    assert!((answer.cost_usd - 0.004).abs() < 1e-12, "both rounds cost");
    let second = seen.lock().unwrap()[1].clone();
    assert!(
        second.contains("I would rather write a poem.") && second.contains("not a JSON object"),
        "{second}"
    );
}

#[tokio::test]
async fn invented_claims_are_sent_back_and_never_pass() {
    let story = story().await;
    for (planted, said) in [
        ("Scouts may fly nine kilometres.", "nine"),
        ("Scouts fly five kilometres.", "may"),
        ("Scouts may fly five kilometres at night.", "night"),
        ("Five kilometres may fly scouts.", "rearranges"),
    ] {
        let bad = || Behaviour::Say(script_answer(planted));
        let good = Behaviour::Say(script_answer("Scouts may fly five kilometres."));
        let (url, seen) = server(vec![bad(), good, bad(), bad()]).await;
        let writer = connect(&choice(&url)).unwrap();
        assert!(writer.script(&brief(), &story).await.is_ok(), "{planted}");
        let repair = seen.lock().unwrap()[1].clone();
        assert!(
            repair.contains("can't be used") && repair.contains(said),
            "{planted}: {repair}"
        );
        let another = domain::Brief { seed: 2, ..brief() };
        let error = writer.script(&another, &story).await.unwrap_err();
        assert!(
            matches!(&error, ProviderError::Permanent { .. }) && error.to_string().contains(said),
            "{error}"
        );
    }
}

#[tokio::test]
async fn stories_that_leave_out_repeat_or_rename_are_refused() {
    for (answer, said) in [
        (
            json!({ "title": "Bees", "beats": [{ "role": "hook", "sources": [] }, { "role": "context", "sources": ["s0"] }] }),
            "k0 is missing",
        ),
        (
            json!({ "title": "Bees", "beats": [{ "role": "context", "sources": ["k0", "k0"] }] }),
            "twice",
        ),
        (
            json!({ "title": "Bees", "beats": [{ "role": "context", "sources": ["k0", "s9"] }] }),
            "s9",
        ),
        (
            json!({ "title": "Wasps", "beats": [{ "role": "context", "sources": ["k0"] }] }),
            "wasp",
        ),
        (
            json!({ "title": "Bees", "beats": [{ "role": "payoff", "sources": ["k0"] }, { "role": "context", "sources": ["s0"] }] }),
            "in this order",
        ),
        (json!({ "title": "Bees", "beats": [], "extra": 1 }), "extra"),
    ] {
        let (url, seen) = server(vec![
            Behaviour::Say(answer.to_string()),
            Behaviour::Say(story_answer()),
        ])
        .await;
        connect(&choice(&url))
            .unwrap()
            .story(&brief())
            .await
            .unwrap();
        let repair = seen.lock().unwrap()[1].clone();
        assert!(repair.contains(said), "{said}: {repair}");
    }
}

#[tokio::test]
async fn each_way_of_failing_has_its_name() {
    let error = |message: &str, code: &str| {
        json!({ "error": { "message": message, "type": code, "code": code } }).to_string()
    };
    let status = |line, message: &str, code: &str| Behaviour::Status(line, error(message, code));
    for behaviour in [
        status("429 Too Many Requests", "slow down", "rate_limit_exceeded"),
        status("500 Internal Server Error", "oops", "server_error"),
        Behaviour::Status("503 Service Unavailable", "<html>busy</html>".to_owned()),
        Behaviour::Hang,
        Behaviour::Close,
    ] {
        let found = failure(behaviour).await;
        assert!(matches!(found, ProviderError::Transient { .. }), "{found}");
    }
    let found = failure(status(
        "401 Unauthorized",
        "wrong key: secret-key",
        "invalid_api_key",
    ))
    .await;
    assert!(
        !found.to_string().contains("secret-key"),
        "the key is told: {found}"
    );
    assert!(
        matches!(&found, ProviderError::Permanent { .. })
            && found.to_string().contains("REELWRIGHT_TEXT_KEY"),
        "{found}"
    );
    for behaviour in [
        status("429 Too Many Requests", "no credit", "insufficient_quota"),
        status("404 Not Found", "no such model", "model_not_found"),
        Behaviour::Status("302 Found", String::new()),
        Behaviour::Status("200 OK", "not json".to_owned()),
        Behaviour::Status("200 OK", "x".repeat(5 << 20)),
    ] {
        let found = failure(behaviour).await;
        assert!(matches!(found, ProviderError::Permanent { .. }), "{found}");
    }
    let found = failure(Behaviour::Message(json!({ "content": "{" }), "length")).await;
    assert_eq!(kind(&found), "permanent", "{found}");
    assert!(
        found.to_string().contains("REELWRIGHT_TEXT_MAX_TOKENS"),
        "{found}"
    );
    for behaviour in [
        Behaviour::Message(
            json!({ "content": null, "refusal": "I can't help with that." }),
            "stop",
        ),
        Behaviour::Message(json!({ "content": "{\"title\"" }), "content_filter"),
        status("400 Bad Request", "filtered", "content_filter"),
    ] {
        let found = failure(behaviour).await;
        assert!(matches!(found, ProviderError::Refused { .. }), "{found}");
    }
    let found = failure(status(
        "400 Bad Request",
        "too long",
        "context_length_exceeded",
    ))
    .await;
    assert!(
        matches!(found, ProviderError::InvalidInput { .. }),
        "{found}"
    );
}

#[tokio::test]
async fn nobody_there_is_transient_and_a_wrong_address_permanent() {
    let url = nowhere().await;
    let error = connect(&choice(&url))
        .unwrap()
        .story(&brief())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ProviderError::Transient { .. })
            && error.to_string().contains("REELWRIGHT_TEXT_URL"),
        "{error}"
    );
    for wrong in ["ftp://x/v1", "localhost", "", "http://user:pass@x/v1"] {
        assert!(
            matches!(
                connect(&choice(wrong)),
                Err(ProviderError::Permanent { .. })
            ),
            "{wrong}"
        );
    }
    let one = connect(&choice("https://example.org/v1/")).unwrap().0;
    assert!(
        one.fingerprint()
            .contains("https://example.org/v1/chat/completions/small")
    );
    assert!(!one.fingerprint().contains("secret-key") && !one.description().contains("secret-key"));
}
