//! How many requests each call of the API makes of the table: what a call costs and most of what it takes. The routes are those of the server, over a
//! store in this process whose requests are counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use artifacts::Artifacts;
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cache::{Cache, CacheConfig};
use domain::quality::{Action, Criterion, RoundScore, Suggestion, Target, Tier, Total};
use domain::{ApiKey, KeySecret, RunId, Scope, Timestamp};
use monitor::Family;
use reelwright::embedded::Embedded;
use runtime::http::Keys;
use runtime::{Clock, ExecutionError, Executions, Runs, Standing, Start};
use serde_json::Value;
use store::{Next, RoundEnd, Store, Tables};
use tower::ServiceExt;

use crate::server::small;

/// 2026-11-23T10:00:00Z.
const NOW: Timestamp = Timestamp(1_795_428_000_000);

/// Nobody carries runs out here.
struct Nobody;

#[async_trait]
impl Executions for Nobody {
    async fn start(&self, _: &Start) -> Result<(), ExecutionError> {
        Ok(())
    }

    async fn stop(&self, _: &str, _: &str) -> Result<(), ExecutionError> {
        Ok(())
    }

    async fn look(&self, _: &str) -> Result<Standing, ExecutionError> {
        Ok(Standing::Running)
    }
}

struct Api {
    router: Router,
    store: Store,
    key: String,
}

impl Api {
    async fn new() -> Self {
        let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
        store.create_tables().await.unwrap();
        let secret = KeySecret::new(&[7; 32]);
        let digest = secret.digest();
        let key = ApiKey::new(&digest, "a test", Scope::ALL.into_iter().collect(), NOW);
        store.put_key(&key, &digest).await.unwrap();
        let clock: Clock = Arc::new(|| NOW);
        let cache = Cache::builder(&CacheConfig::default(), Arc::clone(&clock))
            .monitor(store.monitor().clone())
            .build()
            .unwrap();
        let runs = Runs {
            store: store.clone(),
            artifacts: Artifacts::memory(),
            cache: cache.clone(),
            executions: Arc::new(Nobody),
            clock,
        };
        let of_runs = runs::routes(runs::Api {
            runs: runs.clone(),
            uploads: None,
        });
        let reviews = review::routes(review::Api {
            runs,
            seal: review::seal::Seal::new("0123456789abcdef0123456789abcdef"),
            encrypted: false,
        });
        let locked = of_runs.locked.merge(reviews.locked);
        let open = of_runs.open.merge(reviews.open);
        let keys = Keys {
            store: store.clone(),
            cache,
        };
        Self {
            router: runtime::http::behind_keys(locked, open, keys),
            key: secret.reveal().to_owned(),
            store,
        }
    }

    /// What a call answers, and the requests that it made of the table, by operation.
    async fn call(&self, call: &str, body: Option<Value>) -> (Value, BTreeMap<String, u64>) {
        let (method, path) = call.split_once(' ').unwrap();
        self.store.monitor().drain();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        let answer: Value = serde_json::from_slice(&bytes.unwrap()).unwrap_or_default();
        assert!(
            matches!(status, StatusCode::OK | StatusCode::CREATED),
            "{call}: {status}: {answer}"
        );
        let figures = self.store.monitor().drain();
        let requests = figures.family(Family::Store).iter();
        let requests = requests.map(|(name, latency)| (name.clone(), latency.count()));
        (answer, requests.collect())
    }

    /// Ends a run's round so that a person is asked.
    async fn have_reviewed(&self, id: &str) {
        let run = self.store.run(&RunId::parse(id).unwrap()).await.unwrap();
        let score = RoundScore {
            judging: None,
            round: 1,
            total: Total::of_tenths(740),
            tier: Tier::Review,
            holds: Vec::new(),
            scores: BTreeMap::from([(Criterion::Hook, 61)]),
            suggestions: vec![Suggestion {
                task: Target::Hook,
                scene: None,
                action: Action::OtherHook { avoid: Vec::new() },
                instruction: "Ask a question".to_owned(),
                gain: 3.0,
            }],
            assessment: run.brief.clone(),
        };
        let end = RoundEnd {
            score,
            next: Next::Review {
                chosen: 1,
                due_at: Timestamp(NOW.0 + 1_000),
            },
            degraded: Vec::new(),
            signature: None,
            opener: None,
        };
        self.store.end_round(&run, &end, NOW).await.unwrap();
    }

    async fn requests(&self, call: &str) -> BTreeMap<String, u64> {
        self.call(call, None).await.1
    }
}

fn expected<const N: usize>(requests: [(&str, u64); N]) -> BTreeMap<String, u64> {
    requests
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect()
}

#[tokio::test]
async fn reading_one_thing_is_one_request() {
    let api = Api::new().await;
    // The caller's key is looked up by its first call, and the month is noted by its first run.
    let (_, made) = api.call("POST /v1/runs", Some(small())).await;
    let first = expected([
        ("GetItem", 1),
        ("PutItem", 1),
        ("Query", 1),
        ("TransactWriteItems", 2),
    ]);
    assert_eq!(made, first);
    // The run, its rows, and a look at them.
    let (run, made) = api.call("POST /v1/runs", Some(small())).await;
    let started = expected([("Query", 1), ("TransactWriteItems", 2)]);
    assert_eq!(made, started);
    let id = run["id"].as_str().unwrap();
    assert_eq!(
        api.requests(&format!("GET /v1/runs/{id}")).await,
        expected([("Query", 1)])
    );
    assert_eq!(api.requests("GET /healthz").await, expected([]));
    assert_eq!(
        api.requests("GET /v1/insights/quality").await,
        expected([("Query", 1)])
    );
    for what in ["performance", "cache"] {
        assert_eq!(
            api.requests(&format!("GET /v1/insights/{what}")).await,
            expected([("Query", 1)])
        );
    }
}

#[tokio::test]
async fn a_page_of_a_list_is_one_request_however_many_there_are() {
    let api = Api::new().await;
    for number in 0..7 {
        let mut brief = small();
        brief["seed"] = number.into();
        api.call("POST /v1/runs", Some(brief)).await;
    }
    let one = expected([("Query", 1)]);
    assert_eq!(api.requests("GET /v1/runs?month=2026-11").await, one);
    // The first page of all asks which month is the last.
    let (page, made) = api.call("GET /v1/runs?limit=3", None).await;
    assert_eq!(made, expected([("Query", 2)]));
    assert_eq!(page["runs"].as_array().unwrap().len(), 3);
    let next = page["next"].as_str().unwrap();
    let (page, made) = api
        .call(&format!("GET /v1/runs?limit=3&cursor={next}"), None)
        .await;
    assert_eq!(made, one);
    assert_eq!(page["runs"].as_array().unwrap().len(), 3);
    // The last one looks whether there are earlier months.
    let next = page["next"].as_str().unwrap();
    let (page, made) = api
        .call(&format!("GET /v1/runs?limit=3&cursor={next}"), None)
        .await;
    assert_eq!(made, expected([("Query", 2)]));
    assert_eq!(page["runs"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_of_reviews_is_one_request_however_much_it_tells_of_each() {
    let api = Api::new().await;
    for number in 0..3 {
        let mut brief = small();
        brief["seed"] = number.into();
        let (run, _) = api.call("POST /v1/runs", Some(brief)).await;
        api.have_reviewed(run["id"].as_str().unwrap()).await;
    }
    let (page, made) = api.call("GET /v1/reviews", None).await;
    assert_eq!(made, expected([("Query", 1)]));
    let reviews = page["reviews"].as_array().unwrap();
    assert_eq!(reviews.len(), 3);
    for review in reviews {
        assert_eq!(review["total"], 74.0, "{review}");
        assert_eq!(review["scores"]["hook"], 61, "{review}");
        let suggestion = &review["suggestions"][0];
        assert_eq!(suggestion["instruction"], "Ask a question", "{review}");
    }
}
