//! Who may use the deployed API.

use reqwest::Method;

use crate::deployed::cloud;
use crate::doors::brief;
use crate::gateway::Caller;
use crate::support::Sandbox;

/// Revokes the key of this name by the command, as people would.
fn revoke(name: &str) {
    let sandbox = cloud().configure(Sandbox::new());
    let listed = sandbox.run(&["keys", "list", "--json"]).json();
    let key = listed["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["name"] == name)
        .unwrap();
    let revoked = sandbox.run(&["keys", "revoke", key["id"].as_str().unwrap()]);
    assert_eq!(revoked.code(), 0, "{}", revoked.stderr());
}

#[tokio::test]
async fn without_a_good_key_nothing_happens() {
    let brief = brief("Why bread rises, for nobody");
    let unknown = format!("Bearer rw_{}", "0".repeat(43));
    // Not used before: API Gateway keeps what it was told of a key for as long as the template says.
    let revoked = Caller::named(cloud(), "to be revoked", "read,submit");
    revoke("to be revoked");
    for (caller, status) in [
        (Caller::nobody(cloud()), 401),
        (Caller::nobody(cloud()).sending(&unknown), 403),
        (Caller::nobody(cloud()).sending("Basic dTpw"), 403),
        (revoked, 403),
        (Caller::with(cloud(), "read"), 403),
    ] {
        let answer = caller.send(Method::POST, "/v1/runs", Some(&brief)).await;
        assert_eq!(answer.status().as_u16(), status);
    }
    let reader = Caller::with(cloud(), "read");
    let page = reader
        .json(Method::GET, "/v1/runs?limit=100", None, 200)
        .await;
    assert!(!page.to_string().contains("for nobody"), "{page}");
}
