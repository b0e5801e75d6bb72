//! Bad input: refused with what is wrong, and nothing comes of it.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::server::{Answer, Server, small};

async fn send(
    server: &Server,
    key: &str,
    content_type: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> Answer {
    let mut request = server
        .request(Method::POST, "/v1/runs")
        .bearer_auth(key)
        .body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    Answer::of(request).await
}

/// The answer to a body of 20 MB, of which no more is sent than the server takes: it hangs up then, and who goes on sending may not see the
/// answer.
async fn status_of_a_huge_body(server: &Server, key: &str) -> String {
    let address = server.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/runs HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: 20000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; 4_000_001]).await.unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await.unwrap();
    line.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn bodies_that_are_no_brief_are_refused() {
    let server = Server::start();
    let key = server.key("read,submit");
    let (json_type, yaml) = (Some("application/json"), Some("application/yaml"));
    let brief = small().to_string();
    for content_type in [
        None,
        Some("text/plain"),
        Some("multipart/form-data"),
        Some("application/xml"),
        Some("json"),
    ] {
        send(&server, &key, content_type, brief.clone())
            .await
            .problem(415);
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"Bees\"",
        "topic: Bees",
        "{\"topic\": \"a\u{0}b\"}",
    ] {
        send(&server, &key, json_type, body.to_owned())
            .await
            .problem(400);
    }
    for body in [
        "",
        "- a\n- b",
        "topic: [",
        "a: *b",
        "topic: Bees\nnonsense: 1",
    ] {
        send(&server, &key, yaml, body.to_owned())
            .await
            .problem(400);
    }
    send(&server, &key, json_type, b"{\"topic\": \"\xff\"}".to_vec())
        .await
        .problem(400);
    send(
        &server,
        &key,
        json_type,
        format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
    )
    .await
    .problem(400);
    assert_eq!(status_of_a_huge_body(&server, &key).await, "413");
    let large = format!(
        "{{\"topic\": \"Bees\", \"source_text\": \"{}\"}}",
        "word ".repeat(300_000)
    );
    assert_eq!(
        send(&server, &key, json_type, large).await.fields(400),
        ["source_text"]
    );
    assert_eq!(server.get(&key, "/v1/runs").await.json()["runs"], json!([]));
}

#[tokio::test]
async fn all_that_is_wrong_with_a_brief_is_told_at_once() {
    let server = Server::start();
    let key = server.key("read,submit");
    let brief = json!({
        "topic": "Bees",
        "target_seconds": 1000,
        "aspect": "4:3",
        "max_cost_usd": -1,
        "brand": { "palette": { "accent": "red" } }
    });
    let answer = server.post(&key, "/v1/runs", &brief).await;
    let mut fields = answer.fields(400);
    fields.sort();
    assert_eq!(
        fields,
        [
            "aspect",
            "brand.palette.accent",
            "max_cost_usd",
            "target_seconds"
        ]
    );
}

#[tokio::test]
async fn a_brief_names_no_file_of_the_server_no_bucket_and_no_url() {
    let server = Server::start();
    let key = server.key("read,submit");
    let blob = json!({ "key": "0".repeat(64), "media_type": "png", "bytes": 1 });
    let names = [
        json!("/etc/passwd"),
        json!("logo.png"),
        json!("../../../../etc/hostname"),
        json!("s3://bucket/logo.png"),
        json!("https://example.com/logo.png"),
        json!("file:///etc/passwd"),
        blob,
        json!({ "asset": "../../etc/passwd" }),
        json!({ "asset": "ast_01kaqmhk2g0e8v7x2c5d9f3b4n" }),
    ];
    for field in ["logo", "font"] {
        for name in &names {
            let mut brief = small();
            brief["brand"] = json!({ field: name });
            let answer = server.post(&key, "/v1/runs", &brief).await;
            assert_eq!(answer.fields(400), [format!("brand.{field}")], "{name}");
        }
    }
    for name in &names {
        let mut brief = small();
        brief["music"] = name.clone();
        let answer = server.post(&key, "/v1/runs", &brief).await;
        assert_eq!(answer.fields(400), ["music"], "{name}");
    }
    for path in ["/etc/passwd", "notes.txt", "https://example.com/"] {
        let mut brief = small();
        brief["source_file"] = json!(path);
        let answer = server.post(&key, "/v1/runs", &brief).await;
        assert_eq!(answer.fields(400), ["source_file"]);
    }
    assert_eq!(server.get(&key, "/v1/runs").await.json()["runs"], json!([]));
}

#[tokio::test]
async fn ids_of_any_shape_are_refused_politely() {
    let server = Server::start();
    let key = server.key("read,submit");
    let long = "a".repeat(10_000);
    for id in [
        "..",
        "a%2Fb",
        "%2e%2e%2f",
        "%00",
        "%ff",
        "01KAQMHK2G0E8V7X2C5D9F3B4N",
        "null",
        &long,
    ] {
        for path in ["", "/files/final.mp4"] {
            let answer = server.get(&key, &format!("/v1/runs/{id}{path}")).await;
            assert!(
                [400, 404].contains(&answer.status),
                "{id}: {}",
                answer.status
            );
            answer.problem(answer.status);
        }
        for path in ["/cancel", "/redrive"] {
            let answer = server
                .post(&key, &format!("/v1/runs/{id}{path}"), &Value::Null)
                .await;
            assert!(
                [400, 404].contains(&answer.status),
                "{id}: {}",
                answer.status
            );
        }
    }
    server
        .get(&key, &format!("/v1/runs/a/b/{long}"))
        .await
        .problem(404);
}
