//! Whatever ends in the middle is done again, and nothing is lost or doubled.

use std::collections::BTreeMap;

use dispatch::{Subscribers, dispatch};
use domain::Timestamp;
use store::{Announced, ClaimedDelivery, DeliveryState, Lease, NewDelivery, Wait};
use webhooks::MessageId;
use webhooks::endpoint::Definition;

use crate::peer::{Answer, Peer};
use crate::world::World;

#[tokio::test]
async fn an_event_that_was_dispatched_but_not_marked_is_delivered_once() {
    let (world, peer) = (World::new().await, Peer::good().await);
    let endpoint = world.subscribe(&peer.url()).await;
    let event = world.happen().await;
    let announced = world.store.waiting_announcement(&event.id).await;
    let announced = announced.unwrap().unwrap();
    assert_eq!(world.dispatch().await.deliveries, 1);
    assert_eq!(world.dispatch().await.events, 0, "it is marked");
    world.deliver().await;
    // Somebody who read it before it was marked goes on now.
    let subscribers = Subscribers::read(&world.store).await.unwrap();
    let again = dispatch(&world.dispatch, &announced, &subscribers, world.now()).await;
    assert_eq!(again.unwrap(), 0);
    assert_eq!(world.deliver().await, 0);
    assert_eq!(peer.came().len(), 1);
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_crash_after_the_first_of_two_deliveries_costs_none() {
    let world = World::new().await;
    let (first, second) = (Peer::good().await, Peer::good().await);
    let here = world.subscribe(&first.url()).await;
    world.subscribe(&second.url()).await;
    let event = world.happen().await;
    let message = MessageId::parse(&event.id).unwrap();
    let body = r#"{"type":"webhook.test"}"#;
    let delivery = NewDelivery {
        message: &message,
        endpoint: &here,
        kind: "workflow.cancelled",
        body,
        created_at: event.at,
        wait: Wait::until(world.now()),
    };
    assert!(world.store.put_delivery(&delivery).await.unwrap());
    assert!(!world.store.put_delivery(&delivery).await.unwrap());
    let dispatched = world.dispatch().await;
    assert_eq!((dispatched.events, dispatched.deliveries), (1, 1));
    world.deliver().await;
    assert_eq!((first.came().len(), second.came().len()), (1, 1));
    assert_eq!(first.came()[0].body, body.as_bytes(), "the first one stays");
}

#[tokio::test]
async fn an_attempt_whose_worker_died_is_made_again_when_its_lease_ends() {
    let (world, peer) = (World::new().await, Peer::good().await);
    let endpoint = world.subscribe(&peer.url()).await;
    world.happen().await;
    world.dispatch().await;
    let delivery = world.delivery(&endpoint).await;
    // A worker takes it, and is never heard of again.
    let lease = Lease::until(Timestamp(world.now().0 + 60_000));
    let taken = world.store.claim_delivery(&delivery.id, world.now(), lease);
    let ClaimedDelivery::Taken(taken) = taken.await.unwrap() else {
        panic!("it is due")
    };
    world.wait(59_999);
    assert_eq!(world.deliver().await, 0);
    world.wait(1);
    assert_eq!(world.deliver().await, 1);
    assert_eq!(peer.came().len(), 1);
    // It was only slow: what it has to say comes too late.
    let attempt = world.delivery(&endpoint).await.log.remove(0);
    let fate = webhooks::retry::Fate::Exhausted;
    let late = world.store.end_attempt(&taken, &attempt, fate, Wait::until);
    assert!(!late.await.unwrap());
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn two_workers_at_once_post_once() {
    let (world, peer) = (World::new().await, Peer::good().await);
    world.subscribe(&peer.url()).await;
    for _ in 0..20 {
        world.happen().await;
    }
    world.dispatch().await;
    let other = world.another_worker();
    let (mine, theirs) = tokio::join!(
        world.worker.take_due(world.now()),
        other.take_due(world.now())
    );
    assert_eq!((mine.unwrap().begun, theirs.unwrap().begun), (20, 20));
    tokio::join!(world.worker.finish(), other.finish());
    assert_eq!(peer.came().len(), 20);
}

#[tokio::test]
async fn two_hundred_events_reach_three_endpoints_once_each_though_a_fourth_never_answers() {
    let world = World::new().await;
    let peers = [Peer::good().await, Peer::good().await, Peer::good().await];
    for peer in &peers {
        world.subscribe(&peer.url()).await;
    }
    let dead = Peer::answering(vec![Answer::Silence]).await;
    world
        .subscribe_with(Definition {
            url: dead.url(),
            types: Some(vec!["content.*".to_owned(), "workflow.*".to_owned()]),
            concurrency: Some(100),
            per_second: Some(1000),
            ..Definition::default()
        })
        .await;
    let mut events = Vec::new();
    for _ in 0..200 {
        events.push(world.happen().await.id);
    }
    assert_eq!(world.dispatch().await.deliveries, 800);
    world.deliver().await;
    for peer in &peers {
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for request in peer.came() {
            *times
                .entry(request.header("webhook-id").to_owned())
                .or_default() += 1;
        }
        assert_eq!(times.len(), 200);
        assert!(times.values().all(|&times| times == 1), "{times:?}");
        assert!(events.iter().all(|id| times.contains_key(id)));
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_told_keeps_no_other_waiting() {
    let (world, peer) = (World::new().await, Peer::good().await);
    world.subscribe(&peer.url()).await;
    let event = world.happen().await;
    let untold = Announced::OfRun(domain::Event {
        kind: domain::EventKind::ContentApproved,
        ..event.clone()
    });
    let subscribers = Subscribers::read(&world.store).await.unwrap();
    let error = dispatch(&world.dispatch, &untold, &subscribers, world.now())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("has no score"), "{error}");
    assert_eq!(world.dispatch().await.events, 1);
}
