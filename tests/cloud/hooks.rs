//! Subscribers of the deployed system: what happens is posted to them through the table's stream and the queue, signed.

use std::time::{Duration, Instant};

use domain::{RunId, RunState, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use webhooks::{Received, Secret, verify};

use crate::deployed::cloud;
use crate::doors::brief;
use crate::gateway::Caller;
use crate::peer::{Answer, Peer, Request};

/// How long something may take to arrive. What the queue doesn't bring takes ten minutes.
const PATIENCE: Duration = Duration::from_mins(2);

/// Subscribes, and gives the endpoint's id and secret. The emulator's account is on this machine, and so are its subscribers.
async fn subscribe(caller: &Caller, definition: &Value) -> (String, Secret) {
    for function in ["SubscribeFunction", "DeliverFunction"] {
        cloud().set_variable(function, "REELWRIGHT_WEBHOOKS_LOCAL", "1");
    }
    let path = "/v1/webhooks/endpoints";
    let body = definition.to_string();
    let created = caller.json(Method::POST, path, Some(&body), 201).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let secret = Secret::parse(&text(&created["secret"])).unwrap();
    (text(&created["endpoint"]["id"]), secret)
}

/// What came, once there are so many.
async fn came(peer: &Peer, wanted: usize) -> Vec<Request> {
    let since = Instant::now();
    while peer.came().len() < wanted {
        assert!(
            since.elapsed() < PATIENCE,
            "{:?}\n{}",
            peer.came(),
            cloud().logs()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    peer.came()
}

/// An endpoint's deliveries, newest first, once none waits.
async fn settled(caller: &Caller, endpoint: &str) -> Vec<Value> {
    let path = format!("/v1/webhooks/endpoints/{endpoint}/deliveries");
    let since = Instant::now();
    loop {
        let page = caller.json(Method::GET, &path, None, 200).await;
        let deliveries = page["deliveries"].as_array().unwrap().clone();
        if deliveries.iter().all(|one| one["state"] != "waiting") {
            return deliveries;
        }
        assert!(since.elapsed() < PATIENCE, "{page}\n{}", cloud().logs());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn is_genuine(request: &Request, secret: &Secret) -> bool {
    let sent = request.header("webhook-timestamp");
    let received = Received {
        id: request.header("webhook-id"),
        timestamp: sent,
        signature: request.header("webhook-signature"),
    };
    let at = Timestamp(sent.parse::<u64>().unwrap() * 1000);
    verify(std::slice::from_ref(secret), &received, &request.body, at).is_ok()
}

#[tokio::test]
async fn a_subscriber_is_told_once_and_signed_of_a_video_that_was_made() {
    let caller = Caller::with(cloud(), "read,submit,admin");
    let _shared = cloud().shared().await;
    let peer = Peer::good().await;
    let topic = "Why bread rises, and who is told";
    let wanted = json!({
        "url": peer.url(),
        "types": ["workflow.completed"],
        "filters": { "topic": topic },
    });
    let (endpoint, secret) = subscribe(&caller, &wanted).await;
    let test = came(&peer, 1).await.remove(0);
    assert!(is_genuine(&test, &secret));
    let body: Value = serde_json::from_slice(&test.body).unwrap();
    assert_eq!(body["type"], "webhook.test");

    let run = caller
        .json(Method::POST, "/v1/runs", Some(&brief(topic)), 201)
        .await;
    let run = RunId::parse(run["id"].as_str().unwrap()).unwrap();
    let ended = cloud().ended(&run).await;
    assert_eq!(ended.state, RunState::Approved, "{}", cloud().logs());
    let told = came(&peer, 2).await.remove(1);
    assert!(is_genuine(&told, &secret));
    let body: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!(body["type"], "workflow.completed");
    assert_eq!(body["data"]["run"], run.as_str());
    let video = body["data"]["links"]["video"].as_str().unwrap();
    let path = video.strip_prefix(cloud().output("ApiUrl"));
    assert!(!caller.file(path.unwrap()).await.is_empty());

    let deliveries = settled(&caller, &endpoint).await;
    assert_eq!(deliveries.len(), 2, "{deliveries:?}");
    for delivery in deliveries {
        assert_eq!(delivery["state"], "delivered", "{delivery}");
        assert_eq!(delivery["log"].as_array().unwrap().len(), 1, "{delivery}");
    }
    assert_eq!(peer.came().len(), 2);
}

#[tokio::test]
async fn an_endpoint_that_fails_is_tried_again_through_the_queue() {
    let caller = Caller::with(cloud(), "admin");
    let _shared = cloud().shared().await;
    let failing = Answer::status(500);
    let peer = Peer::answering(vec![failing.clone(), failing, Answer::status(204)]).await;
    let wanted =
        json!({ "url": peer.url(), "types": ["experiment.*"], "retry_waits_s": [1, 1, 1] });
    let (endpoint, secret) = subscribe(&caller, &wanted).await;
    let came = came(&peer, 3).await;
    for request in &came {
        assert_eq!(request.header("webhook-id"), came[0].header("webhook-id"));
        assert!(is_genuine(request, &secret));
    }
    let deliveries = settled(&caller, &endpoint).await;
    assert_eq!(deliveries[0]["state"], "delivered", "{deliveries:?}");
    let log = deliveries[0]["log"].as_array().unwrap();
    let statuses: Vec<_> = log.iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(statuses, [&json!(500), &json!(500), &json!(204)]);
    // Nothing of this was our fault.
    let dead = aws_sdk_sqs::Client::new(&cloud().sdk().await)
        .receive_message()
        .queue_url(cloud().output("DeliveryFailuresUrl"))
        .send()
        .await
        .unwrap();
    assert!(dead.messages().is_empty(), "{dead:?}");
}
