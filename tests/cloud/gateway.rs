//! The deployed HTTP API, as a caller sees it.

use reqwest::header::{AUTHORIZATION, HOST, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use serde_json::Value;

use crate::deployed::Cloud;
use crate::support::Sandbox;

/// A caller of the API.
pub(crate) struct Caller {
    client: Client,
    endpoint: String,
    /// The emulator tells APIs apart by the host, whose name no resolver knows.
    host: String,
    authorization: Option<String>,
}

impl Caller {
    /// A caller without a key.
    pub(crate) fn nobody(cloud: &Cloud) -> Self {
        let host = cloud.output("ApiUrl").strip_prefix("http://").unwrap();
        Self {
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
            endpoint: cloud.endpoint(),
            host: host.to_owned(),
            authorization: None,
        }
    }

    /// A caller with a new key, made by `reelwright keys add`.
    pub(crate) fn with(cloud: &Cloud, scopes: &str) -> Self {
        Self::named(cloud, "the suite", scopes)
    }

    /// A caller with a new key of this name.
    pub(crate) fn named(cloud: &Cloud, name: &str, scopes: &str) -> Self {
        let sandbox = cloud.configure(Sandbox::new());
        let made = sandbox.run(&["keys", "add", name, "--scopes", scopes]);
        assert_eq!(made.code(), 0, "{}", made.stderr());
        Self::nobody(cloud).sending(&format!("Bearer {}", made.stdout().trim()))
    }

    /// The same caller with another `Authorization` header.
    pub(crate) fn sending(mut self, authorization: &str) -> Self {
        self.authorization = Some(authorization.to_owned());
        self
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&str>) -> Response {
        let url = format!("{}{path}", self.endpoint);
        let mut request = self.client.request(method, url).header(HOST, &self.host);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_owned());
        }
        request.send().await.unwrap()
    }

    /// The JSON that a path answers with, which has to have this status.
    pub(crate) async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<&str>,
        status: u16,
    ) -> Value {
        let answer = self.send(method, path, body).await;
        let found = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(found.as_u16(), status, "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    /// The file that a path leads to.
    pub(crate) async fn file(&self, path: &str) -> Vec<u8> {
        let answer = self.send(Method::GET, path, None).await;
        assert_eq!(answer.status().as_u16(), 302, "{path}");
        let link = answer.headers()[LOCATION].to_str().unwrap();
        let file = self.client.get(link).send().await.unwrap();
        assert!(file.status().is_success(), "{link}: {}", file.status());
        file.bytes().await.unwrap().to_vec()
    }
}
