//! All that failed since a time is sent again.

use std::sync::Arc;

use domain::Timestamp;
use runtime::TableAlone;
use runtime::outbound::Vault;
use store::{Attempt, ClaimedDelivery, DeliveryState, Lease, NewDelivery, Wait};
use subscribe::{Replayed, SubscribeError, Subscriptions};
use webhooks::catalogue::DisabledReason;
use webhooks::endpoint::{Definition, UrlRules};
use webhooks::retry::{Fate, Outcome};
use webhooks::{ApiRoot, DeliveryId, EndpointId, MessageId};

use crate::peer::{Answer, Peer};
use crate::world::{NOW, World};

fn subscriptions(world: &World) -> Subscriptions {
    Subscriptions {
        store: world.store.clone(),
        queue: Arc::new(TableAlone),
        vault: Arc::new(Vault::new("0123456789abcdef0123456789abcdef")),
        rules: UrlRules::local(),
        root: ApiRoot::relative(),
        most: 2,
        clock: Arc::clone(&world.dispatch.clock),
    }
}

fn done(replayed: u32) -> Replayed {
    Replayed {
        replayed,
        next: None,
    }
}

/// A delivery of an event at this time that came to this.
async fn past(world: &World, endpoint: &EndpointId, at: Timestamp, fate: Fate) -> DeliveryId {
    let message = MessageId::parse(&format!("evt_{}", at.0)).unwrap();
    let new = NewDelivery {
        message: &message,
        endpoint,
        kind: "workflow.cancelled",
        body: "{}",
        created_at: at,
        wait: Wait::until(world.now()),
    };
    world.store.put_delivery(&new).await.unwrap();
    let id = DeliveryId::of(&message, endpoint);
    let lease = Lease::until(Timestamp(world.now().0 + 60_000));
    let taken = world.store.claim_delivery(&id, world.now(), lease).await;
    let attempt = Attempt {
        at,
        took_ms: 1,
        outcome: Outcome::answered(500),
        said: String::new(),
    };
    let ClaimedDelivery::Taken(taken) = taken.unwrap() else {
        panic!("it is due")
    };
    assert!(
        world
            .store
            .end_attempt(&taken, &attempt, fate, Wait::until)
            .await
            .unwrap()
    );
    id
}

#[tokio::test]
async fn what_failed_since_a_time_is_sent_again_once_and_nothing_else() {
    let (world, peer) = (World::new().await, Peer::good().await);
    let endpoint = world.subscribe(&peer.url()).await;
    let at = |seconds: u64| Timestamp(NOW.0 + seconds * 1000);
    world.wait(10_000);
    let early = past(&world, &endpoint, at(1), Fate::Exhausted).await;
    let first = past(&world, &endpoint, at(2), Fate::Exhausted).await;
    let arrived = past(&world, &endpoint, at(3), Fate::Delivered).await;
    let stopped = Fate::Stopped(DisabledReason::Gone);
    let second = past(&world, &endpoint, at(4), stopped).await;
    let subscriptions = subscriptions(&world);
    let replay = async || {
        let replayed = subscriptions.replay_failed(&endpoint, at(2), None).await;
        replayed.unwrap()
    };
    assert_eq!(replay().await, done(2));
    // They wait now: who asks again, because the answer was lost, doubles nothing.
    assert_eq!(replay().await, done(0));
    assert_eq!(world.deliver().await, 2);
    assert_eq!(replay().await, done(0));
    for (id, state) in [
        (early, DeliveryState::Exhausted),
        (first, DeliveryState::Delivered),
        (arrived, DeliveryState::Delivered),
        (second, DeliveryState::Delivered),
    ] {
        assert_eq!(world.store.delivery(&id).await.unwrap().state, state);
    }
    let came = peer.came();
    let mut ids: Vec<_> = came.iter().map(|one| one.header("webhook-id")).collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [format!("evt_{}", at(2).0), format!("evt_{}", at(4).0)]
    );
}

#[tokio::test]
async fn a_replay_goes_on_page_by_page_until_all_are_looked_at() {
    let (world, peer) = (World::new().await, Peer::good().await);
    let endpoint = world.subscribe(&peer.url()).await;
    for number in 0..205 {
        past(
            &world,
            &endpoint,
            Timestamp(NOW.0 + number),
            Fate::Exhausted,
        )
        .await;
    }
    let subscriptions = subscriptions(&world);
    let replay = async |since: Timestamp, cursor: Option<&str>| {
        subscriptions.replay_failed(&endpoint, since, cursor).await
    };
    let first = replay(NOW, None).await.unwrap();
    assert_eq!(first.replayed, 100);
    // The oldest come first.
    let oldest = DeliveryId::of(
        &MessageId::parse(&format!("evt_{}", NOW.0)).unwrap(),
        &endpoint,
    );
    let oldest = world.store.delivery(&oldest).await.unwrap();
    assert_eq!(oldest.state, DeliveryState::Waiting);
    let again = replay(NOW, None).await.unwrap();
    assert_eq!((again.replayed, &again.next), (0, &first.next));
    let second = replay(NOW, first.next.as_deref()).await.unwrap();
    assert_eq!(second.replayed, 100);
    let third = replay(NOW, second.next.as_deref()).await.unwrap();
    assert_eq!(third, done(5));
    for (since, cursor) in [(Timestamp(0), first.next.as_deref()), (NOW, Some("00"))] {
        let error = replay(since, cursor).await.unwrap_err().to_string();
        assert!(
            error.contains("it was not given out by this list"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_failed_at_a_disabled_endpoint_is_replayed_only_once_it_is_enabled() {
    let world = World::new().await;
    let gone = Peer::answering(vec![Answer::status(410), Answer::status(204)]).await;
    let endpoint = world.first_attempt(&gone).await;
    let subscriptions = subscriptions(&world);
    let refused = subscriptions.replay_failed(&endpoint, NOW, None).await;
    assert!(
        matches!(refused, Err(SubscribeError::Disabled(_))),
        "{refused:?}"
    );
    let enabled = serde_json::from_str(r#"{"disabled":false}"#).unwrap();
    subscriptions.change(&endpoint, enabled).await.unwrap();
    let replayed = subscriptions.replay_failed(&endpoint, NOW, None).await;
    assert_eq!(replayed.unwrap(), done(1));
    world.deliver().await;
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn there_are_as_many_endpoints_as_there_may_be_and_no_more() {
    let world = World::new().await;
    let subscriptions = subscriptions(&world);
    let definition = || Definition {
        url: "http://127.0.0.1:9/hook".to_owned(),
        ..Definition::default()
    };
    for _ in 0..2 {
        subscriptions.add(definition()).await.unwrap();
    }
    let error = subscriptions.add(definition()).await.unwrap_err();
    assert!(
        error.to_string().contains("there are 2 endpoints"),
        "{error}"
    );
    let endpoints = world.store.list_endpoints(10, None).await.unwrap().items;
    world.store.delete_endpoint(&endpoints[0].id).await.unwrap();
    subscriptions.add(definition()).await.unwrap();
}
