//! Uploads.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Answer, Server, small};

/// Two seconds of two tones.
const TONE: &[u8] = include_bytes!("../../shared/media/tests/data/tone.mp3");

/// A logo of a square.
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#1d4ed8"/></svg>"##;

async fn place(server: &Server, key: &str, media_type: &str, bytes: u64) -> Value {
    let asked = json!({ "media_type": media_type, "bytes": bytes });
    let answer = server.post(key, "/v1/assets", &asked).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// Uploads as a client would that knows only what it was told: without a key.
async fn upload(server: &Server, place: &Value, body: impl Into<reqwest::Body>) -> Answer {
    let upload = &place["upload"];
    let method: Method = upload["method"].as_str().unwrap().parse().unwrap();
    let mut request = server
        .request(method, upload["url"].as_str().unwrap())
        .body(body);
    for (name, value) in upload["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    Answer::of(request).await
}

fn with_logo(place: &Value) -> Value {
    let mut brief = small();
    brief["brand"] = json!({ "logo": { "asset": place["asset"] } });
    brief
}

#[tokio::test]
async fn an_uploaded_logo_is_in_the_video() {
    let server = Server::start();
    let key = server.key("read,submit");
    let place = place(&server, &key, "image/svg+xml", LOGO.len() as u64).await;
    // Nothing was uploaded yet.
    let early = server.post(&key, "/v1/runs", &with_logo(&place)).await;
    assert_eq!(early.fields(400), ["brand.logo"]);

    assert_eq!(upload(&server, &place, LOGO).await.status, 200);
    let answer = server.post(&key, "/v1/runs", &with_logo(&place)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let plain = server.submit(&key).await;
    let mut thumbnails = Vec::new();
    for id in [&id, &plain] {
        let run = server
            .run_once(&key, id, &["approved", "in_review", "failed"])
            .await;
        assert_eq!(run["state"], "approved", "{run}");
        thumbnails.push(
            server
                .get(&key, &format!("/v1/runs/{id}/files/final.mp4"))
                .await
                .body,
        );
    }
    assert!(thumbnails[0] != thumbnails[1]);
}

#[tokio::test]
async fn uploaded_music_plays_and_what_is_none_is_refused() {
    let server = Server::start();
    let key = server.key("read,submit");
    let with_music = |place: &Value| {
        let mut brief = small();
        brief["music"] = json!({ "asset": place["asset"] });
        brief
    };
    let other = place(&server, &key, "audio/flac", LOGO.len() as u64).await;
    assert_eq!(upload(&server, &other, LOGO).await.status, 200);
    let answer = server.post(&key, "/v1/runs", &with_music(&other)).await;
    assert_eq!(answer.fields(400), ["music"]);
    assert!(
        answer.text().contains("FLAC; convert it"),
        "{}",
        answer.text()
    );
    assert_eq!(server.get(&key, "/v1/runs").await.json()["runs"], json!([]));

    let place = place(&server, &key, "audio/mpeg", TONE.len() as u64).await;
    assert_eq!(upload(&server, &place, TONE).await.status, 200);
    let answer = server.post(&key, "/v1/runs", &with_music(&place)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let run = server
        .run_once(&key, &id, &["approved", "in_review", "failed"])
        .await;
    assert_ne!(run["state"], "failed", "{run}");
}

#[tokio::test]
async fn only_addresses_that_were_given_out_take_uploads() {
    let server = Server::start();
    let key = server.key("read,submit");
    let mine = place(&server, &key, "image/svg+xml", 100).await;
    let url = mine["upload"]["url"].as_str().unwrap();
    let (start, _) = url.split_once('?').unwrap();
    let other = place(&server, &key, "image/svg+xml", 100).await;
    let other = other["upload"]["url"]
        .as_str()
        .unwrap()
        .split_once('?')
        .unwrap()
        .1;
    for (tampered, status) in [
        (format!("{start}?{other}"), 403),
        (url.replace("expires=1", "expires=2"), 403),
        (format!("{}0", &url[..url.len() - 1]), 403),
        (start.to_owned(), 400),
        (format!("{url}&x=1"), 400),
    ] {
        if tampered == url {
            continue;
        }
        let answer = Answer::of(server.request(Method::PUT, &tampered).body(LOGO)).await;
        assert_eq!(answer.status, status, "{tampered}: {}", answer.text());
    }
    assert_eq!(
        upload(&server, &mine, vec![0; 20_000_001]).await.status,
        413
    );
    assert!(!server.home().join("artifacts/uploads").exists());
}

#[tokio::test]
async fn what_was_uploaded_is_checked_when_a_brief_names_it() {
    let server = Server::start();
    let key = server.key("read,submit");
    let loads =
        r#"<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>"#;
    for body in ["no picture", "", "\u{89}PNG\r\n", loads] {
        let place = place(&server, &key, "image/png", 10).await;
        assert_eq!(upload(&server, &place, body).await.status, 200);
        let answer = server.post(&key, "/v1/runs", &with_logo(&place)).await;
        assert_eq!(answer.fields(400), ["brand.logo"], "{body}");
    }
}

#[tokio::test]
async fn what_cant_be_uploaded_is_refused() {
    let server = Server::start();
    let key = server.key("read,submit");
    for asked in [
        json!({}),
        json!([]),
        json!({ "media_type": "image/png" }),
        json!({ "media_type": "video/mp4", "bytes": 1 }),
        json!({ "media_type": "image/png", "bytes": 0 }),
        json!({ "media_type": "image/png", "bytes": -1 }),
        json!({ "media_type": "image/png", "bytes": 20_000_001 }),
        json!({ "media_type": "image/png", "bytes": 1, "name": "../../x" }),
    ] {
        server.post(&key, "/v1/assets", &asked).await.problem(400);
    }
    let text = server
        .request(Method::POST, "/v1/assets")
        .bearer_auth(&key)
        .body("{}");
    Answer::of(text).await.problem(415);
}

#[tokio::test]
async fn an_uploaded_picture_is_behind_the_words_and_a_path_or_what_is_none_is_refused() {
    const PICTURE: &[u8] = include_bytes!("../../shared/photo/tests/data/lossy.webp");
    let server = Server::start();
    let key = server.key("read,submit");
    let with = |file: Value| {
        let mut brief = small();
        brief["pictures"] = json!([{ "file": file }]);
        brief
    };
    let path = server.post(&key, "/v1/runs", &with(json!("a.jpg"))).await;
    assert_eq!(path.fields(400), ["pictures[0].file"]);
    let none = place(&server, &key, "image/jpeg", LOGO.len() as u64).await;
    assert_eq!(upload(&server, &none, LOGO).await.status, 200);
    let named = json!({ "asset": none["asset"] });
    let refused = server.post(&key, "/v1/runs", &with(named)).await;
    assert_eq!(refused.fields(400), ["pictures[0].file"]);
    assert!(
        refused.text().contains("an SVG drawing"),
        "{}",
        refused.text()
    );

    let place = place(&server, &key, "image/webp", PICTURE.len() as u64).await;
    assert_eq!(upload(&server, &place, PICTURE).await.status, 200);
    let named = json!({ "asset": place["asset"] });
    let answer = server.post(&key, "/v1/runs", &with(named)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let run = server
        .run_once(&key, &id, &["approved", "in_review", "failed"])
        .await;
    // It is smaller than the frame, and so a person looks at it.
    assert_eq!(run["state"], "in_review", "{run}");
    assert!(run.to_string().contains("300 x 240 pixels"), "{run}");
    let script = server.get(&key, &format!("/v1/runs/{id}/script")).await;
    assert_eq!(
        script.json()["scenes"][0]["picture"],
        json!({ "number": 1 })
    );
}

#[tokio::test]
async fn an_uploaded_recording_is_heard_in_its_scene_and_a_path_or_what_is_none_is_refused() {
    const READ: &[u8] = include_bytes!("../../shared/voice/tests/data/austen-0890.wav");
    let server = Server::start();
    let key = server.key("read,submit");
    let id = server.submit(&key).await;
    let made = ["approved", "in_review", "failed"];
    server.run_once(&key, &id, &made).await;
    let path = format!("/v1/runs/{id}/script");
    let mut script = server.get(&key, &path).await.json();
    script["scenes"][1]["say"] =
        json!(["Unless to be rather cold hearted and rather selfish is to be ill disposed."]);
    let put = async |file: Value| {
        let mut script = script.clone();
        script["scenes"][1]["recording"] = json!({ "file": file });
        let request = server.request(Method::PUT, &path).bearer_auth(&key);
        Answer::of(request.json(&script)).await
    };
    let field = ["scenes[1].recording.file"];
    assert_eq!(put(json!("read.wav")).await.fields(400), field);
    let none = place(&server, &key, "audio/wav", LOGO.len() as u64).await;
    assert_eq!(upload(&server, &none, LOGO).await.status, 200);
    let refused = put(json!({ "asset": none["asset"] })).await;
    assert_eq!(refused.fields(400), field);

    let place = place(&server, &key, "audio/wav", READ.len() as u64).await;
    assert_eq!(upload(&server, &place, READ).await.status, 200);
    let answer = put(json!({ "asset": place["asset"] })).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let run = server.run_once(&key, &id, &made).await;
    assert_ne!(run["state"], "failed", "{run}");
    let kept = server.get(&key, &path).await.json();
    assert_eq!(kept["scenes"][1]["recording"], json!({ "number": 1 }));
}
