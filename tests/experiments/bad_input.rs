//! What can't be used is refused, with the field at fault.

use serde_json::{Value, json};

use crate::lifecycle::{definition, running, server, steer};

fn with(more: Value) -> Value {
    let mut definition = definition("bad");
    let fields = definition.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    definition
}

#[tokio::test]
async fn a_definition_that_cannot_be_used_is_refused_with_the_field_at_fault() {
    let (server, key) = server();
    let mut deep = json!({"country": "NL"});
    for _ in 0..100 {
        deep = json!({ "$not": deep });
    }
    let twice = json!([{"key": "a"}, {"key": "a"}]);
    let metric = json!([{"key": "m", "kind": "mean", "margin": -1.0}]);
    let cases = [
        (json!({"weights": [0.5, 0.4]}), "weights"),
        (json!({"weights": [1.5, -0.5]}), "weights"),
        (json!({"weights": [1.0]}), "weights"),
        (json!({"variations": twice}), "variations"),
        (json!({"key": "a/b"}), "key"),
        (json!({"coverage": 1.1}), "coverage"),
        (json!({"condition": deep}), "condition"),
        (json!({"metrics": []}), "metrics"),
        (json!({"metrics": metric}), "metrics"),
        (json!({"winner": "question"}), "winner"),
    ];
    for (more, field) in cases {
        let refused = server.post(&key, "/v1/experiments", &with(more)).await;
        let fields = refused.fields(400);
        assert!(
            fields.iter().any(|named| named == field),
            "{field}: {fields:?}"
        );
    }
    for more in [
        json!({"weights": "half"}),
        json!({"colour": "red"}),
        json!({"state": "running"}),
    ] {
        let refused = server.post(&key, "/v1/experiments", &with(more)).await;
        refused.problem(400);
    }
    // What JSON can't say at all.
    for text in ["{\"key\": \"x\", \"alpha\": NaN}", "{\"alpha\": 1e999}"] {
        let request = server
            .request(reqwest::Method::POST, "/v1/experiments")
            .bearer_auth(&key)
            .header("content-type", "application/json")
            .body(text);
        crate::server::Answer::of(request).await.problem(400);
    }
}

#[tokio::test]
async fn attributes_that_name_no_one_unit_are_refused() {
    let (server, key) = server();
    running(&server, &key, &definition("names")).await;
    let path = "/v1/experiments/names/assignments";
    for id in [json!({"a": 1}), json!(["u1"]), json!("u".repeat(10_240))] {
        let unit = json!({"attributes": {"id": id}});
        let refused = server.post(&key, path, &unit).await;
        assert_eq!(refused.fields(400), ["id"]);
    }
    for id in [json!(null), json!(""), json!(0), json!(false)] {
        let given = steer(
            &server,
            &key,
            "names",
            "assignments",
            &json!({"attributes": {"id": id}}),
        )
        .await;
        assert_eq!(given["because"], "unknown");
    }
    let given = steer(
        &server,
        &key,
        "names",
        "assignments",
        &json!({"attributes": {"id": 7}}),
    )
    .await;
    let text = steer(
        &server,
        &key,
        "names",
        "assignments",
        &json!({"attributes": {"id": "7"}}),
    )
    .await;
    assert_eq!(
        (&text["because"], &text["variation"]),
        (&json!("sticky"), &given["variation"])
    );
    for body in [
        json!({}),
        json!({"attributes": []}),
        json!({"attributes": {}, "more": 1}),
    ] {
        server.post(&key, path, &body).await.problem(400);
    }
}

#[tokio::test]
async fn conversions_without_exposure_are_kept_apart_and_clocks_may_be_a_day_off() {
    let (server, key) = server();
    running(&server, &key, &definition("apart")).await;
    let now = server.get(&key, "/v1/experiments/apart").await.json();
    let day: String = now["started_at"]
        .as_str()
        .unwrap()
        .chars()
        .take(10)
        .collect();
    let before = json!({"id": "a", "type": "conversion", "unit": "u1", "event": "watched", "at": format!("{day}T00:00:00.000Z")});
    let sent = steer(&server, &key, "apart", "events", &before).await;
    assert_eq!(sent["taken"], 1);
    let results = server
        .get(&key, "/v1/experiments/apart/results")
        .await
        .json();
    assert_eq!(
        (&results["apart"], &results["units"]["question"]),
        (&json!(1), &json!(0))
    );
    // The day's hours don't matter: the exposure later that day counts it in.
    let seen = json!({"id": "b", "type": "exposure", "unit": "u1", "variation": "question", "at": format!("{day}T23:59:59.999Z")});
    steer(&server, &key, "apart", "events", &seen).await;
    let results = server
        .get(&key, "/v1/experiments/apart/results")
        .await
        .json();
    assert_eq!(
        (&results["apart"], &results["units"]["question"]),
        (&json!(0), &json!(1))
    );
    let old = json!({"id": "c", "type": "exposure", "unit": "u2", "variation": "question", "at": "2001-01-01T00:00:00.000Z"});
    let sent = steer(&server, &key, "apart", "events", &old).await;
    assert_eq!(sent["taken"], 1);
}

#[tokio::test]
async fn a_key_reaches_as_far_as_its_scopes() {
    let (server, key) = server();
    running(&server, &key, &definition("mine")).await;
    let (reader, submitter) = (server.key("read"), server.key("submit"));
    let refused = server
        .post(&submitter, "/v1/experiments", &definition("x"))
        .await;
    refused.problem(403);
    let unit = json!({"attributes": {"id": "u"}});
    let path = "/v1/experiments/mine/assignments";
    server.post(&reader, path, &unit).await.problem(403);
    assert_eq!(server.post(&submitter, path, &unit).await.status, 200);
    assert_eq!(
        server
            .get(&reader, "/v1/experiments/mine/results")
            .await
            .status,
        200
    );
    server
        .get(&submitter, "/v1/experiments/mine/results")
        .await
        .problem(403);
    server
        .get(&reader, "/v1/experiments/none")
        .await
        .problem(404);
}
