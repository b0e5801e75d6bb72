//! Posting to endpoints that other people name.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Client, header, redirect, retry};
use webhooks::address::{AddressError, AddressPolicy, check_resolved};
use webhooks::endpoint::EndpointUrl;
use webhooks::retry::{Outcome, RetryAfter};

use super::answer::beginning;
use super::names::{Checked, Names, SystemNames};

/// How long an attempt may take, from looking the name up to the answer's last byte.
pub const POST_LIMIT: Duration = Duration::from_secs(15);

/// How long connections are kept for the next message.
const IDLE: Duration = Duration::from_secs(30);

/// Why nothing can be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("connections to subscribers can't be set up: {0}: check the system's root certificates")]
pub struct OutboundError(String);

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What it means.
    pub outcome: Outcome,
    /// The beginning of what the receiver answered, or what kept it from answering.
    pub said: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// The connector: checks the address of each connection as it is made, follows no redirections, and goes through no proxy. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client,
    policy: AddressPolicy,
    limit: Duration,
}

impl Outbound {
    /// The connector as it is used: names by the system, [`POST_LIMIT`].
    pub fn new(policy: AddressPolicy) -> Result<Self, OutboundError> {
        Self::over(Arc::new(SystemNames), policy, POST_LIMIT)
    }

    /// The same with other names and another limit to how long an attempt may take.
    pub fn over(
        names: Arc<dyn Names>,
        policy: AddressPolicy,
        limit: Duration,
    ) -> Result<Self, OutboundError> {
        // Installed once a process; whoever was first installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .dns_resolver(Arc::new(Checked { names, policy }))
            .no_proxy()
            .redirect(redirect::Policy::none())
            // Attempts are counted and spaced by the schedule, not here.
            .retry(retry::never())
            .referer(false)
            .http1_only()
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("reelwright/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| OutboundError(chain(&error)))?;
        Ok(Self {
            client,
            policy,
            limit,
        })
    }

    /// Posts a body of JSON with these headers beside the usual ones. Whatever happens is an outcome.
    pub async fn post(
        &self,
        url: &EndpointUrl,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Posted {
        let begun = Instant::now();
        let (outcome, said) = tokio::time::timeout(self.limit, self.exchange(url, headers, body))
            .await
            .unwrap_or_else(|_| {
                let said = format!("no whole answer within {} s", self.limit.as_secs_f64());
                (Outcome::TimedOut, said)
            });
        Posted {
            outcome,
            said,
            took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    async fn exchange(
        &self,
        url: &EndpointUrl,
        headers: &[(&'static str, String)],
        body: String,
    ) -> (Outcome, String) {
        // An address needs no resolving, so the client would connect to it unasked.
        if let Ok(address) = url.host().parse::<IpAddr>()
            && let Err(error) = check_resolved(&[address], &self.policy)
        {
            return (Outcome::Refused, error.to_string());
        }
        let mut request = self
            .client
            .post(url.as_str())
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = match request.body(body).send().await {
            Ok(response) => response,
            Err(error) => return failed(error),
        };
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(RetryAfter::parse);
        let outcome = Outcome::Answered {
            status: response.status().as_u16(),
            retry_after,
        };
        match beginning(&mut response).await {
            Ok(said) => (outcome, said),
            Err(error) => failed(error),
        }
    }
}

/// What an exchange without a whole answer means. The URL isn't told: with some receivers it is a secret.
fn failed(error: reqwest::Error) -> (Outcome, String) {
    let error = error.without_url();
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(this) = cause {
        if let Some(refused @ AddressError::Refused(_)) = this.downcast_ref() {
            return (Outcome::Refused, refused.to_string());
        }
        cause = this.source();
    }
    (Outcome::Unreachable, chain(&error))
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(this) = cause {
        let said = this.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = this.source();
    }
    text
}
