//! What API Gateway is told of keys.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cache::{Cache, CacheConfig};
use domain::{ApiKey, KeySecret, Scope, Timestamp};
use reelwright::embedded::Embedded;
use runtime::http::Keys;
use serde_json::{Value, json};
use store::{Store, Tables};

/// Keys looked up in a new store, by a clock that stands at this many milliseconds.
fn keys(now: &Arc<AtomicU64>) -> Keys {
    let now = Arc::clone(now);
    let clock = Arc::new(move || Timestamp(now.load(Ordering::Relaxed)));
    let cache = Cache::builder(&CacheConfig::default(), clock).build();
    Keys {
        store: Store::new(Embedded::memory().unwrap().client(), Tables::default()),
        cache: cache.unwrap(),
    }
}

async fn ask(keys: &Keys, headers: Value) -> Result<Value, String> {
    // As HTTP APIs send it, shortened.
    let question = json!({
        "version": "2.0",
        "type": "REQUEST",
        "routeKey": "GET /v1/runs",
        "identitySource": [headers["authorization"]],
        "headers": headers,
        "requestContext": { "http": { "method": "GET", "path": "/v1/runs" } }
    });
    let answer = authorize::answer(keys, serde_json::from_value(question).unwrap()).await;
    answer
        .map(|answer| serde_json::to_value(answer).unwrap())
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_good_key_is_let_in_with_its_scopes_until_half_a_minute_after_it_is_revoked() {
    let now = Arc::new(AtomicU64::new(1_795_428_000_000));
    let keys = keys(&now);
    let store = &keys.store;
    store.create_tables().await.unwrap();
    let secret = KeySecret::new(&[7; 32]);
    let digest = secret.digest();
    let scopes = BTreeSet::from([Scope::Submit, Scope::Read]);
    let key = ApiKey::new(&digest, "a test", scopes, Timestamp(1));
    store.put_key(&key, &digest).await.unwrap();

    let header = json!({ "authorization": format!("Bearer {}", secret.reveal()) });
    let context = json!({ "key": key.id, "scopes": "read submit" });
    let let_in = Ok(json!({ "isAuthorized": true, "context": context }));
    assert_eq!(ask(&keys, header.clone()).await, let_in);
    store.revoke_key(&key.id, Timestamp(2)).await.unwrap();
    let refused = Ok(json!({ "isAuthorized": false }));
    now.fetch_add(29_999, Ordering::Relaxed);
    assert_eq!(ask(&keys, header.clone()).await, let_in);
    now.fetch_add(1, Ordering::Relaxed);
    assert_eq!(ask(&keys, header).await, refused);
    for other in [
        json!({}),
        json!({ "authorization": "" }),
        json!({ "authorization": "Bearer rw_" }),
        json!({ "authorization": format!("Bearer {}", KeySecret::new(&[8; 32]).reveal()) }),
    ] {
        assert_eq!(ask(&keys, other).await, refused);
    }
}

#[tokio::test]
async fn a_store_that_doesnt_answer_is_no_refusal() {
    // Its table was never made.
    let secret = KeySecret::new(&[7; 32]);
    let header = json!({ "authorization": format!("Bearer {}", secret.reveal()) });
    assert!(ask(&keys(&Arc::default()), header).await.is_err());
}
