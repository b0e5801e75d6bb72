//! Figures of a server.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url, redirect};
use review::recorded::{CacheInsights, PerformanceInsights};
use runtime::Config;
use runtime::http::Problem;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks the server at `base`.
pub(super) async fn ask(
    base: &str,
    hours: Option<u32>,
    days: Option<u32>,
) -> Result<(PerformanceInsights, CacheInsights), Failure> {
    let wrong = |why: &str| {
        Failure::input(format!(
            "--url is {base:?}: {why}: expected an address such as http://127.0.0.1:8420"
        ))
    };
    let url = Url::parse(base).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("it is no address of a server"));
    }
    let config = Config::from_process().map_err(Failure::input)?;
    let key = config.api_key.ok_or_else(|| {
        Failure::input(
            "REELWRIGHT_API_KEY is not set: expected a key of that server with the scope read",
        )
    })?;
    // Installed once a process; whoever was first installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(Failure::other)?;
    let server = Server { client, url, key };
    let time = match (hours, days) {
        (Some(hours), _) => format!("?hours={hours}"),
        (None, Some(days)) => format!("?days={days}"),
        (None, None) => String::new(),
    };
    Ok((
        server
            .get(&format!("v1/insights/performance{time}"))
            .await?,
        server.get(&format!("v1/insights/cache{time}")).await?,
    ))
}

struct Server {
    client: Client,
    url: Url,
    key: String,
}

impl Server {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let address = format!("{}/{path}", self.url.as_str().trim_end_matches('/'));
        let failed = |error: reqwest::Error| {
            Failure::other(format!(
                "{address} gives no answer that can be read: {error}"
            ))
        };
        let request = self.client.get(&address).bearer_auth(&self.key);
        let answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        if status == StatusCode::OK {
            return answer.json().await.map_err(failed);
        }
        let told = answer.json::<Problem>().await;
        let told = told.map_or_else(|_| "it says nothing more".to_owned(), |told| told.detail);
        Err(Failure::other(format!(
            "{address} answers {status}: {told}"
        )))
    }
}
