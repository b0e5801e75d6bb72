//! What API Gateway is told of keys.

use std::collections::BTreeSet;

use domain::{ApiKey, KeySecret, Scope, Timestamp};
use reelwright::embedded::Embedded;
use serde_json::{Value, json};
use store::{Store, Tables};

fn store() -> Store {
    Store::new(Embedded::memory().unwrap().client(), Tables::default())
}

async fn ask(store: &Store, headers: Value) -> Result<Value, String> {
    // As HTTP APIs send it, shortened.
    let question = json!({
        "version": "2.0",
        "type": "REQUEST",
        "routeKey": "GET /v1/runs",
        "identitySource": [headers["authorization"]],
        "headers": headers,
        "requestContext": { "http": { "method": "GET", "path": "/v1/runs" } }
    });
    let answer = authorize::answer(store, serde_json::from_value(question).unwrap()).await;
    answer
        .map(|answer| serde_json::to_value(answer).unwrap())
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_good_key_is_let_in_with_its_scopes_until_it_is_revoked() {
    let store = store();
    store.create_tables().await.unwrap();
    let secret = KeySecret::new(&[7; 32]);
    let digest = secret.digest();
    let scopes = BTreeSet::from([Scope::Submit, Scope::Read]);
    let key = ApiKey::new(&digest, "a test", scopes, Timestamp(1));
    store.put_key(&key, &digest).await.unwrap();

    let header = json!({ "authorization": format!("Bearer {}", secret.reveal()) });
    let context = json!({ "key": key.id, "scopes": "read submit" });
    assert_eq!(
        ask(&store, header.clone()).await,
        Ok(json!({ "isAuthorized": true, "context": context }))
    );
    store.revoke_key(&key.id, Timestamp(2)).await.unwrap();
    let refused = Ok(json!({ "isAuthorized": false }));
    assert_eq!(ask(&store, header).await, refused);
    for other in [
        json!({}),
        json!({ "authorization": "" }),
        json!({ "authorization": "Bearer rw_" }),
        json!({ "authorization": format!("Bearer {}", KeySecret::new(&[8; 32]).reveal()) }),
    ] {
        assert_eq!(ask(&store, other).await, refused);
    }
}

#[tokio::test]
async fn a_store_that_doesnt_answer_is_no_refusal() {
    // Its table was never made.
    let secret = KeySecret::new(&[7; 32]);
    let header = json!({ "authorization": format!("Bearer {}", secret.reveal()) });
    assert!(ask(&store(), header).await.is_err());
}
