//! Runs that wait for a person, and visitors with links to their pages.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Answer, Server, small};

/// A server, a key that may do what these tests do, and a run that waits.
pub(crate) struct Waiting {
    pub(crate) server: Server,
    pub(crate) key: String,
    pub(crate) run: String,
}

impl Waiting {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub(crate) async fn start_with(settings: &[(&'static str, &str)]) -> Self {
        let server = Server::start_with(settings);
        let key = server.key("read,submit,review");
        let run = another(&server, &key).await;
        Self { server, key, run }
    }

    /// The address of the run's page by a new link, without the server's own.
    pub(crate) async fn link(&self) -> String {
        let path = format!("/v1/reviews/{}/link", self.run);
        let answer = self.server.post(&self.key, &path, &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["url"].as_str().unwrap().to_owned()
    }

    pub(crate) fn page(&self) -> String {
        format!("/review/{}", self.run)
    }

    /// A visitor who opened a link.
    pub(crate) async fn visitor(&self) -> Visitor<'_> {
        let answer = Answer::of(self.server.request(Method::GET, &self.link().await)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").unwrap();
        Visitor {
            server: &self.server,
            page: self.page(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
        }
    }

    pub(crate) async fn now(&self) -> Value {
        self.server
            .get(&self.key, &format!("/v1/runs/{}", self.run))
            .await
            .json()
    }

    /// Nobody has decided anything.
    pub(crate) async fn still_waits(&self) {
        let run = self.now().await;
        assert_eq!(
            (&run["state"], &run["decided"]),
            (&json!("in_review"), &Value::Null),
            "{run}"
        );
    }
}

/// Another run that waits.
pub(crate) async fn another(server: &Server, key: &str) -> String {
    let mut brief = small();
    // No total is that good.
    brief["brand"]["quality"] = json!({ "approve": 100, "review": 0 });
    let answer = server.post(key, "/v1/runs", &brief).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let run = answer.json()["id"].as_str().unwrap().to_owned();
    let states = ["in_review", "approved", "failed"];
    let waits = server.run_once(key, &run, &states).await;
    assert_eq!(waits["state"], "in_review", "{waits}");
    run
}

/// Somebody whose browser has the page's cookie.
pub(crate) struct Visitor<'a> {
    server: &'a Server,
    pub(crate) page: String,
    /// As it is sent: `name=value`.
    pub(crate) cookie: String,
}

impl Visitor<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.server.request(Method::GET, path);
        Answer::of(request.header("cookie", &self.cookie)).await
    }

    /// The token of the page's form.
    pub(crate) async fn token(&self) -> String {
        let page = self.get(&self.page).await.text();
        let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Sends a form.
    pub(crate) async fn send(&self, fields: &[(&str, &str)]) -> Answer {
        let request = self.server.request(Method::POST, &self.page);
        Answer::of(form(request.header("cookie", &self.cookie), fields)).await
    }
}

/// A request with a form, as browsers send it.
pub(crate) fn form(
    request: reqwest::RequestBuilder,
    fields: &[(&str, &str)],
) -> reqwest::RequestBuilder {
    let escaped = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect::<String>()
    };
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.join("&"))
}
