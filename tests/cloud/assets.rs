//! Files for briefs that come by the deployed API.

use domain::RunId;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::deployed::cloud;
use crate::doors::{brief, made_as_by_the_command};
use crate::gateway::Caller;
use crate::support::Sandbox;

/// A logo of a square.
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#1d4ed8"/></svg>"##;

/// Uploads as a client would that knows only what it was told: without a key.
async fn upload(told: &Value) {
    let url = told["url"].as_str().unwrap();
    let method: Method = told["method"].as_str().unwrap().parse().unwrap();
    let mut request = Client::new().request(method, url).body(LOGO);
    for (name, value) in told["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
}

/// A brief with a logo.
fn with_logo(logo: &Value) -> String {
    let mut brief: Value = serde_json::from_str(&brief("Why bread rises, with a logo")).unwrap();
    brief["brand"] = json!({ "logo": logo });
    brief.to_string()
}

#[tokio::test]
async fn an_uploaded_logo_is_in_the_video_as_the_command_puts_it_there() {
    let caller = Caller::with(cloud(), "read,submit");
    let _shared = cloud().shared().await;
    let asked = json!({ "media_type": "image/svg+xml", "bytes": LOGO.len() }).to_string();
    let place = caller
        .json(Method::POST, "/v1/assets", Some(&asked), 201)
        .await;
    let brief = with_logo(&json!({ "asset": place["asset"] }));
    let early = caller
        .json(Method::POST, "/v1/runs", Some(&brief), 400)
        .await;
    assert!(early.to_string().contains("brand.logo"), "{early}");

    upload(&place["upload"]).await;
    let run = caller
        .json(Method::POST, "/v1/runs", Some(&brief), 201)
        .await;
    let run = RunId::parse(run["id"].as_str().unwrap()).unwrap();
    let here = Sandbox::new();
    let path = here.write("logo.svg", LOGO);
    made_as_by_the_command(&caller, &run, &with_logo(&json!(path))).await;
}
