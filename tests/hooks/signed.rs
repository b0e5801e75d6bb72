//! Whoever follows the documentation can tell our messages from others'.

use std::process::Command;

use serde_json::{Value, json};
use webhooks::endpoint::Definition;

use crate::peer::{Peer, Request};
use crate::world::World;

/// The verifier of docs/webhooks.md, and a line that prints what it says.
fn verifier() -> String {
    let page = include_str!("../../docs/webhooks.md");
    let python = page.split("```python\n").nth(1).unwrap();
    let python = python.split("```").next().unwrap();
    format!(
        "{python}\nimport json, sys\none = json.load(sys.stdin)\n\
         print(verify(one['secret'], one['headers'], bytes(one['body']), one['now']))\n"
    )
}

/// What Python says of a request.
fn python_accepts(request: &Request, secret: &str, now: u64) -> bool {
    use std::io::Write;
    use std::process::Stdio;

    let one =
        json!({ "secret": secret, "headers": request.headers, "body": request.body, "now": now });
    let mut python = Command::new("python3")
        .args(["-c", &verifier()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed: apt-get install python3");
    python
        .stdin
        .take()
        .unwrap()
        .write_all(one.to_string().as_bytes())
        .unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    match String::from_utf8(output.stdout).unwrap().trim() {
        "True" => true,
        "False" => false,
        other => panic!("python says {other:?}"),
    }
}

#[tokio::test]
async fn what_arrives_is_verified_by_the_python_of_the_documentation() {
    let (world, peer) = (World::new().await, Peer::good().await);
    world.first_attempt(&peer).await;
    let request = peer.came().remove(0);
    assert_eq!(request.header("content-type"), "application/json");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["type"], "workflow.cancelled");
    assert_eq!(body["data"]["topic"], "Why bees dance ✓ naïve");

    let secret = world.secret.reveal();
    let now = world.now().seconds();
    assert!(python_accepts(&request, &secret, now));
    assert!(!python_accepts(&request, &secret, now + 301), "old");
    let mut changed = request.clone();
    changed.body.push(b' ');
    assert!(!python_accepts(&changed, &secret, now), "another body");
    let mut changed = request.clone();
    let id = changed.headers.get_mut("webhook-id").unwrap();
    id.push('x');
    assert!(!python_accepts(&changed, &secret, now), "another id");
    let other = webhooks::Secret::mint(&[8; 32]).reveal();
    assert!(!python_accepts(&request, &other, now), "another secret");
}

#[tokio::test]
async fn slack_gets_what_it_can_show_and_no_signature() {
    let (world, peer) = (World::new().await, Peer::good().await);
    world
        .subscribe_with(Definition {
            url: peer.url(),
            format: Some("slack".to_owned()),
            ..Definition::default()
        })
        .await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    let request = peer.came().remove(0);
    assert_eq!(request.header("webhook-signature"), "");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert!(
        body.get("type").is_none() && body.get("text").is_some(),
        "{body}"
    );
}

#[tokio::test]
async fn only_what_was_asked_for_comes() {
    let (world, peer) = (World::new().await, Peer::good().await);
    let asking = async |types: &str, brand: Option<&str>| {
        world
            .subscribe_with(Definition {
                url: peer.url(),
                types: Some(vec![types.to_owned()]),
                brand: brand.map(str::to_owned),
                ..Definition::default()
            })
            .await
    };
    let wanted = asking("workflow.*", Some("Meadow")).await;
    asking("content.*", None).await;
    asking("*", Some("Other")).await;
    world.happen().await;
    assert_eq!(world.dispatch().await.deliveries, 1);
    assert_eq!(world.deliveries(&wanted).await.len(), 1);
}

#[tokio::test]
async fn what_happened_before_somebody_subscribed_is_not_told_to_them() {
    let (world, peer) = (World::new().await, Peer::good().await);
    world.happen().await;
    world.wait(1);
    world.subscribe(&peer.url()).await;
    let dispatched = world.dispatch().await;
    assert_eq!((dispatched.events, dispatched.deliveries), (1, 0));
    world.happen().await;
    assert_eq!(world.dispatch().await.deliveries, 1);
}
