//! The authorizer of the HTTP API: who a key is, and what it may do.
//!
//! API Gateway's HTTP API asks it, with payloads of format 2.0 and simple responses, and hands the answer's context on to the function that
//! the route leads to. A store that doesn't answer is an error, not a refusal: the caller's key may be good.

use std::collections::HashMap;

use cache::Cache;
use domain::Scope;
use runtime::http::{Caller, Keys, Problem, authenticate};
use runtime::lambda::EventError;
use runtime::{Config, Services, StartError};
use serde::{Deserialize, Serialize};

/// What API Gateway asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Question {
    /// The request's headers, their names in lower case.
    #[serde(default)]
    headers: HashMap<String, String>,
}

/// What it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Whether the request may go on.
    is_authorized: bool,
    /// Who calls, if it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
}

/// Who calls. Text only, as HTTP APIs hand nothing else on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Context {
    key: String,
    /// With a space between them.
    scopes: String,
}

/// Where keys are looked up. The shared level would not be quicker than the table.
pub async fn start(config: Config) -> Result<Keys, StartError> {
    let cloud = config.deployed()?;
    let aws = runtime::sdk_config().await?;
    let store = cloud.store(&aws);
    let cache = Cache::builder(&config.cache, Services::system_clock())
        .monitor(store.monitor().clone())
        .build()?;
    Ok(Keys { store, cache })
}

/// Whether the key that a request was sent with is good. The scope is for the route to check.
pub async fn answer(keys: &Keys, question: Question) -> Result<Answer, EventError> {
    let sent = question.headers.get("authorization").map(String::as_str);
    match authenticate(keys, sent).await {
        Ok(caller) => Ok(Answer {
            is_authorized: true,
            context: Some(caller.into()),
        }),
        Err(problem) if refuses(&problem) => Ok(Answer {
            is_authorized: false,
            context: None,
        }),
        Err(problem) => Err(EventError(problem.detail)),
    }
}

fn refuses(problem: &Problem) -> bool {
    problem.status == 401
}

impl From<Caller> for Context {
    fn from(caller: Caller) -> Self {
        let scopes: Vec<_> = caller.scopes.into_iter().map(Scope::name).collect();
        Self {
            key: caller.key.to_string(),
            scopes: scopes.join(" "),
        }
    }
}
