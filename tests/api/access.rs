//! Who may do what.

use reqwest::Method;

use crate::server::{Answer, Server, small};

/// Every operation that needs a key, with its scope, as the server's own document lists them.
async fn locked(server: &Server) -> Vec<(Method, String, String)> {
    let document = Answer::of(server.request(Method::GET, "/v1/openapi.json")).await;
    assert_eq!(document.status, 200);
    let document = document.json();
    let mut locked = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if let Some(scope) = operation["security"][0]["key"][0].as_str() {
                let path = path
                    .replace("{id}", "01kaqmhk2g0e8v7x2c5d9f3b4n")
                    .replace("{run}", "01kaqmhk2g0e8v7x2c5d9f3b4n")
                    .replace("{name}", "final.mp4");
                locked.push((
                    method.to_uppercase().parse().unwrap(),
                    path,
                    scope.to_owned(),
                ));
            }
        }
    }
    assert_eq!(locked.len(), 39, "{locked:?}");
    locked
}

#[tokio::test]
async fn without_a_good_key_with_the_right_scope_nothing_happens() {
    let server = Server::start();
    let reader = server.key("read");
    let others = [
        ("read", server.key("submit,review,admin")),
        ("submit", server.key("read,review,admin")),
        ("review", server.key("read,submit,admin")),
        ("admin", server.key("read,submit,review")),
    ];
    let revoked = server.key("read,submit,review,admin");
    let listed: serde_json::Value =
        serde_json::from_str(&server.run(&["keys", "list", "--json"])).unwrap();
    let id = listed["keys"][0]["id"].as_str().unwrap().to_owned();
    server.run(&["keys", "revoke", &id]);
    assert!(server.run(&["keys", "list"]).contains(&id));

    let wrong = revoked.chars().rev().collect::<String>();
    let unknown = format!("rw_{}", "A".repeat(43));
    for (method, path, scope) in locked(&server).await {
        let send = async |authorization: Option<String>| {
            let mut request = server.request(method.clone(), &path).json(&small());
            if let Some(authorization) = authorization {
                request = request.header("authorization", authorization);
            }
            Answer::of(request).await
        };
        let bad = [
            None,
            Some(String::new()),
            Some(format!("Bearer {wrong}")),
            Some(format!("Bearer {unknown}")),
            Some(format!("Bearer {revoked}")),
            Some(format!("Basic {reader}")),
            Some(reader.clone()),
        ];
        for authorization in bad {
            let answer = send(authorization).await;
            answer.problem(401);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
        let (_, other) = others.iter().find(|(lacks, _)| *lacks == scope).unwrap();
        let problem = send(Some(format!("Bearer {other}"))).await.problem(403);
        assert!(
            problem["detail"].as_str().unwrap().contains(&scope),
            "{problem}"
        );
    }
    assert_eq!(
        server.get(&reader, "/v1/runs").await.json()["runs"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    assert!(!server.home().join("artifacts/blobs").exists());
}

#[tokio::test]
async fn health_and_document_are_for_everybody() {
    let server = Server::start();
    let health = Answer::of(server.request(Method::GET, "/healthz")).await;
    assert_eq!(
        (health.status, health.json()["status"].as_str()),
        (200, Some("ok"))
    );
    let document = Answer::of(server.request(Method::GET, "/v1/openapi.json")).await;
    assert_eq!(document.json()["openapi"], "3.1.0");
    // A bad key doesn't matter where none is needed.
    let health = Answer::of(
        server
            .request(Method::GET, "/healthz")
            .bearer_auth("no key"),
    )
    .await;
    assert_eq!(health.status, 200);
}

#[tokio::test]
async fn a_keys_secret_is_told_once_and_kept_nowhere() {
    let server = Server::start();
    let secret = server.key("read");
    assert_eq!(server.get(&secret, "/v1/runs").await.status, 200);
    assert!(!server.run(&["keys", "list"]).contains(&secret));
    assert!(
        !server
            .run(&["keys", "list", "--json"])
            .contains(&secret[3..])
    );
    for file in ["state.db", "state.db-wal"] {
        let bytes = std::fs::read(server.home().join(file)).unwrap_or_default();
        assert!(
            !String::from_utf8_lossy(&bytes).contains(&secret[3..]),
            "{file}"
        );
    }
}

#[test]
fn wrong_use_of_the_commands_is_refused() {
    let server = Server::start();
    for arguments in [
        &["keys", "add", "x", "--scopes", "read,write"][..],
        &["keys", "add", "x"],
        &["keys", "add", "", "--scopes", "read"],
        &["keys", "revoke", "key_0"],
        &["keys", "revoke", "key_000000000000000000000000"],
        &["serve", "--addr", "0.0.0.0:0"],
        &[
            "serve",
            "--addr",
            server.base().trim_start_matches("http://"),
        ],
    ] {
        let output = server.command().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_server_with_a_deployed_systems_settings_doesnt_start() {
    let server = Server::start();
    let output = server
        .command()
        .args(["serve", "--addr", "127.0.0.1:0"])
        .envs([
            ("REELWRIGHT_BUCKET", "b"),
            ("REELWRIGHT_STATE_TABLE", "s"),
            ("REELWRIGHT_CACHE_TABLE", "c"),
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("REELWRIGHT_BUCKET"), "{said}");
}
