//! Who sends what this process writes is told when there is something to send.

use std::time::Duration;

use crate::peer::{Answer, Peer};
use crate::world::World;
use store::Wait;
use webhooks::endpoint::Definition;

/// Whether something was written since this was asked last.
async fn is_news(world: &World) -> bool {
    let told = tokio::time::timeout(Duration::ZERO, world.store.news());
    told.await.is_ok()
}

#[tokio::test]
async fn events_deliveries_and_replays_are_news_and_nothing_else_is() {
    let world = World::new().await;
    let peer = Peer::answering(vec![Answer::status(500)]).await;
    let endpoint = world
        .subscribe_with(Definition {
            url: peer.url(),
            retry_waits_s: Some(vec![1, 1]),
            ..Definition::default()
        })
        .await;
    assert!(!is_news(&world).await);
    world.happen().await;
    assert!(is_news(&world).await, "an event");
    assert!(!is_news(&world).await, "once");
    world.dispatch().await;
    assert!(is_news(&world).await, "a delivery");
    world.deliver().await;
    for _ in 0..2 {
        world.wait_for(&endpoint).await;
        world.deliver().await;
    }
    assert!(!is_news(&world).await, "attempts");
    let delivery = world.delivery(&endpoint).await;
    let store = world.store.clone();
    store
        .replay_delivery(&delivery.id, Wait::until(world.now()))
        .await
        .unwrap();
    assert!(is_news(&world).await, "a replay, by a clone of the store");
}
