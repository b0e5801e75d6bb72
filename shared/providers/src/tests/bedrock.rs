//! Amazon Bedrock's Converse.

use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use serde_json::{Value, json};

use super::wire::{Reply, aws_at, nowhere, server};
use super::{Account, Paid, body_of, brief, cache, kind, story_answer};
use crate::aws;
use crate::bedrock_chat::BedrockChat;
use crate::model_judge::ModelJudge;
use crate::model_writer::ModelWriter;
use crate::{BedrockChoice, ProviderError, SchemaBy, TextProvider, TokenPrice, spending_from};

const MODEL: &str = "amazon.nova-lite-v1:0";

fn choice(output: SchemaBy) -> BedrockChoice {
    BedrockChoice {
        model: MODEL.to_owned(),
        output,
        timeout_seconds: 0.5,
        max_tokens: 2_000,
        price: TokenPrice {
            usd_per_million_in: 1.0,
            usd_per_million_out: 10.0,
        },
    }
}

pub(super) async fn writer(url: &str, output: SchemaBy) -> Paid<ModelWriter<BedrockChat>> {
    let chat = BedrockChat::new(&aws_at(url).await, &choice(output));
    Paid(ModelWriter::new(chat, cache()))
}

pub(super) async fn judge(url: &str, output: SchemaBy) -> ModelJudge<BedrockChat> {
    let chat = BedrockChat::new(&aws_at(url).await, &choice(output));
    ModelJudge::new(chat, cache())
}

/// An answer as the input of a tool.
pub(super) fn tool_call(name: &str, input: &Value) -> Reply {
    let call = json!({ "toolUse": { "toolUseId": "1", "name": name, "input": input } });
    said(&json!([{ "text": "Sure." }, call]), "tool_use")
}

fn said(content: &Value, reason: &str) -> Reply {
    let body = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": reason,
        "usage": { "inputTokens": 1000, "outputTokens": 100, "totalTokens": 1100 },
        "metrics": { "latencyMs": 5 },
    });
    Reply::json("200 OK", body.to_string())
}

pub(super) fn text(text: &str) -> Reply {
    said(&json!([{ "text": text }]), "end_turn")
}

async fn failure(reply: Reply) -> ProviderError {
    let (url, _) = server(vec![reply]).await;
    let writer = writer(&url, SchemaBy::Output).await;
    writer.story(&brief()).await.unwrap_err()
}

#[tokio::test]
async fn a_story_is_asked_for_by_its_schema_over_a_signed_request() {
    let thinking = json!({ "reasoningContent": { "reasoningText": { "text": "hm" } } });
    let answer = said(&json!([thinking, { "text": story_answer() }]), "end_turn");
    let (url, seen) = server(vec![answer]).await;
    let writer = writer(&url, SchemaBy::Output).await;
    let answer = writer.story(&brief()).await.unwrap();
    assert_eq!(answer.value.beats.len(), 4);
    assert!(
        (answer.cost_usd - 0.002).abs() < 1e-12,
        "{}",
        answer.cost_usd
    );
    let sent = seen.lock().unwrap()[0].clone();
    assert!(
        sent.starts_with("POST /model/amazon.nova-lite-v1%3A0/converse HTTP/1.1\r\n"),
        "{sent}"
    );
    let head = sent.to_lowercase();
    assert!(
        head.contains("authorization: aws4-hmac-sha256 credential=akidexample/"),
        "{head}"
    );
    assert!(head.contains("/us-west-2/bedrock/aws4_request"), "{head}");
    assert!(!sent.contains("hush"), "the secret travels");
    let body = body_of(&sent);
    assert_eq!(body["inferenceConfig"]["maxTokens"], 2_000);
    assert!(
        body["system"][0]["text"]
            .as_str()
            .unwrap()
            .contains("data from a brief")
    );
    let format = &body["outputConfig"]["textFormat"];
    assert_eq!(format["type"], "json_schema");
    let schema = &format["structure"]["jsonSchema"];
    assert_eq!(schema["name"], "story");
    let schema: Value = serde_json::from_str(schema["schema"].as_str().unwrap()).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    assert!(body.get("toolConfig").is_none());
}

#[tokio::test]
async fn a_model_without_schemas_is_made_to_call_a_tool() {
    let input: Value = serde_json::from_str(&story_answer()).unwrap();
    let (url, seen) = server(vec![tool_call("story", &input)]).await;
    let writer = writer(&url, SchemaBy::Tool).await;
    assert_eq!(writer.story(&brief()).await.unwrap().value.beats.len(), 4);
    let body = body_of(&seen.lock().unwrap()[0]);
    assert!(body.get("outputConfig").is_none());
    let tools = &body["toolConfig"];
    assert_eq!(tools["toolChoice"]["tool"]["name"], "story");
    let schema = &tools["tools"][0]["toolSpec"]["inputSchema"]["json"];
    assert_eq!(schema["required"], json!(["arc", "title", "beats"]));
}

#[tokio::test]
async fn nonsense_is_sent_back_once_and_what_no_source_says_never_passes() {
    let invented = story_answer().replace("Bees", "Wasps");
    let (url, seen) = server(vec![
        text(""),
        text(&story_answer()),
        text(&invented),
        text(&invented),
    ])
    .await;
    let writer = writer(&url, SchemaBy::Output).await;
    let answer = writer.story(&brief()).await.unwrap();
    assert!((answer.cost_usd - 0.004).abs() < 1e-12, "both rounds cost");
    let second = body_of(&seen.lock().unwrap()[1]);
    assert_eq!(second["messages"][1]["role"], "assistant");
    assert!(
        second["messages"][2]["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("not a JSON object")
    );
    let another = domain::Brief { seed: 2, ..brief() };
    let error = writer.story(&another).await.unwrap_err();
    assert!(
        kind(&error) == "permanent" && error.to_string().contains("wasps"),
        "{error}"
    );
}

#[tokio::test]
async fn each_way_of_failing_has_its_name_and_what_to_do() {
    let error = Reply::error;
    for (reply, wanted, told) in [
        (
            error(
                "429 Too Many Requests",
                "ThrottlingException",
                "Rate exceeded",
            ),
            "transient",
            "Rate exceeded",
        ),
        (
            error("408 Request Timeout", "ModelTimeoutException", "slow"),
            "transient",
            "ModelTimeout",
        ),
        (
            error("429 Too Many Requests", "ModelNotReadyException", "warming"),
            "transient",
            "warming",
        ),
        (
            error(
                "500 Internal Server Error",
                "InternalServerException",
                "oops",
            ),
            "transient",
            "oops",
        ),
        (
            error(
                "503 Service Unavailable",
                "ServiceUnavailableException",
                "busy",
            ),
            "transient",
            "busy",
        ),
        (
            Reply::Whole("502 Bad Gateway", String::new(), b"<html>".to_vec()),
            "transient",
            "502",
        ),
        (Reply::Hang, "transient", "REELWRIGHT_TEXT_TIMEOUT_SECONDS"),
        (Reply::Close, "transient", "connection"),
        (
            Reply::Half("200 OK", String::new(), vec![b' '; 100]),
            "transient",
            "answer",
        ),
        (
            error(
                "403 Forbidden",
                "AccessDeniedException",
                "no access to the model",
            ),
            "permanent",
            "bedrock:InvokeModel",
        ),
        (
            error("403 Forbidden", "ExpiredTokenException", "expired"),
            "permanent",
            "credentials",
        ),
        (
            error(
                "404 Not Found",
                "ResourceNotFoundException",
                "This model version has reached the end of its life.",
            ),
            "permanent",
            "REELWRIGHT_BEDROCK_MODEL",
        ),
        (
            error(
                "400 Bad Request",
                "ValidationException",
                "The provided model identifier is invalid.",
            ),
            "permanent",
            "REELWRIGHT_BEDROCK_OUTPUT=tool",
        ),
        (
            error(
                "400 Bad Request",
                "ValidationException",
                "Input is too long for requested model.",
            ),
            "invalid input",
            "shorten",
        ),
        (
            said(&json!([{ "text": "{\"title\"" }]), "max_tokens"),
            "permanent",
            "REELWRIGHT_TEXT_MAX_TOKENS",
        ),
        (
            said(&json!([{ "text": "No." }]), "guardrail_intervened"),
            "refused",
            "guardrail",
        ),
        (
            said(&json!([]), "content_filtered"),
            "refused",
            "content_filtered",
        ),
        (
            said(&json!([]), "model_context_window_exceeded"),
            "invalid input",
            "shorten",
        ),
    ] {
        let found = failure(reply).await;
        assert_eq!(kind(&found), wanted, "{found}");
        let message = found.to_string();
        assert!(
            message.contains(told) && message.contains(MODEL),
            "{told}: {message}"
        );
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent_and_nothing_is_spent() {
    let (url, seen) = server(Vec::new()).await;
    let http = aws_smithy_http_client::Builder::new().build_http();
    let nobody = ProfileFileCredentialsProvider::builder()
        .configure(&ProviderConfig::without_region().with_http_client(http))
        .profile_name("there-is-no-such-profile")
        .build();
    let settings = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("us-west-2"))
        .credentials_provider(nobody)
        .endpoint_url(url);
    let aws = aws::connect(settings).await.unwrap();
    let writer = ModelWriter::new(BedrockChat::new(&aws, &choice(SchemaBy::Output)), cache());
    let account = Account::with(1.0);
    let error = spending_from(account.clone(), writer.story(&brief(), None)).await;
    let error = error.unwrap_err();
    assert!(
        kind(&error) == "permanent" && error.to_string().contains("credentials"),
        "{error}"
    );
    assert!(account.spent().abs() < 1e-9, "{}", account.spent());
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_region_nothing_starts() {
    let nowhere = RegionProviderChain::first_try(None::<Region>);
    let settings = aws_config::defaults(BehaviorVersion::latest()).region(nowhere);
    let error = aws::connect(settings).await.unwrap_err();
    assert!(
        kind(&error) == "permanent" && error.to_string().contains("AWS_REGION"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_no_answer_of_the_service_is_no_story() {
    for body in ["not json", "{\"output\": 7}", "[]"] {
        let found = failure(Reply::json("200 OK", body)).await;
        assert_eq!(kind(&found), "permanent", "{body}: {found}");
        assert!(found.to_string().contains("AWS_ENDPOINT_URL"), "{found}");
    }
}

#[tokio::test]
async fn who_was_not_reached_or_said_no_costs_nothing_and_who_was_too_slow_may_have_cost_all() {
    let account = Account::with(1.0);
    let ask = async |url: &str| {
        let chat = BedrockChat::new(&aws_at(url).await, &choice(SchemaBy::Output));
        let writer = ModelWriter::new(chat, cache());
        spending_from(account.clone(), writer.story(&brief(), None))
            .await
            .unwrap_err()
    };
    let error = ask(&nowhere().await).await;
    assert_eq!(kind(&error), "transient", "{error}");
    assert!(account.spent().abs() < 1e-9, "{}", account.spent());
    let (url, _) = server(vec![Reply::error(
        "429 Too Many Requests",
        "ThrottlingException",
        "slow down",
    )])
    .await;
    ask(&url).await;
    assert!(account.spent().abs() < 1e-9, "{}", account.spent());
    let (url, _) = server(vec![Reply::Hang]).await;
    ask(&url).await;
    // 2,000 tokens out, and at least a kilobyte in.
    assert!(account.spent() > 0.02, "{}", account.spent());
}
