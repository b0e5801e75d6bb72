//! What receivers do, and what follows.

use std::time::Duration;

use store::DeliveryState;
use webhooks::catalogue::DisabledReason;
use webhooks::endpoint::Definition;
use webhooks::retry::Outcome;

use crate::peer::{Answer, Peer};
use crate::world::World;

/// Answers to one attempt, and what is kept of it.
async fn kept(answer: Answer) -> (Outcome, String) {
    let (world, peer) = (World::new().await, Peer::answering(vec![answer]).await);
    let endpoint = world.first_attempt(&peer).await;
    assert_eq!(peer.came().len(), 1);
    let mut delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.attempts, 1);
    assert_eq!(
        delivery.state == DeliveryState::Delivered,
        matches!(
            delivery.log[0].outcome,
            Outcome::Answered {
                status: 200..=299,
                ..
            }
        )
    );
    let attempt = delivery.log.remove(0);
    (attempt.outcome, attempt.said)
}

#[tokio::test]
async fn a_receiver_that_fails_twice_gets_the_same_message_three_times_and_no_more() {
    let fails = Answer::Status(500, "", "no database".to_owned());
    let peer = Peer::answering(vec![fails.clone(), fails, Answer::status(200)]).await;
    let world = World::new().await;
    let endpoint = world.first_attempt(&peer).await;
    assert_eq!(
        world.endpoint(&endpoint).await.state.failing_since,
        Some(world.now())
    );
    assert_eq!(world.deliver().await, 0, "its time hasn't come");
    let wait = world.wait_for(&endpoint).await;
    assert!((4000..=6000).contains(&wait), "{wait}");
    world.deliver().await;
    let wait = world.wait_for(&endpoint).await;
    assert!((240_000..=360_000).contains(&wait), "{wait}");
    world.deliver().await;

    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!((delivery.attempts, delivery.log.len()), (3, 3));
    assert_eq!(delivery.log[1].said, "no database");
    assert_eq!(world.endpoint(&endpoint).await.state.failing_since, None);
    world.wait(86_400_000);
    assert_eq!(world.deliver().await, 0);

    let came = peer.came();
    assert_eq!(came.len(), 3);
    for request in &came {
        assert_eq!(request.body, came[0].body);
        assert_eq!(request.header("webhook-id"), delivery.message.as_str());
    }
    assert_ne!(
        came[0].header("webhook-timestamp"),
        came[1].header("webhook-timestamp")
    );
}

#[tokio::test]
async fn a_delivery_that_never_arrives_is_exhausted_after_its_schedule_and_can_be_replayed() {
    let mut answers = vec![Answer::status(500); 3];
    answers.push(Answer::status(200));
    let (world, peer) = (World::new().await, Peer::answering(answers).await);
    let endpoint = world
        .subscribe_with(Definition {
            url: peer.url(),
            retry_waits_s: Some(vec![1, 2]),
            ..Definition::default()
        })
        .await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    for _ in 0..2 {
        world.wait_for(&endpoint).await;
        assert_eq!(world.deliver().await, 1);
    }
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Exhausted);
    world.wait(86_400_000);
    assert_eq!(world.deliver().await, 0);

    let replayed = world.replay(&delivery.id).await;
    assert_eq!(replayed.unwrap().state, DeliveryState::Waiting);
    let again = world.replay(&delivery.id).await;
    assert!(again.unwrap_err().to_string().contains("still being tried"));
    assert_eq!(world.deliver().await, 1);
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!((delivery.attempts, delivery.log.len()), (1, 4));
    let again = world.replay(&delivery.id).await;
    assert!(again.unwrap_err().to_string().contains("it arrived"));
}

#[tokio::test]
async fn gone_disables_the_endpoint_stops_its_deliveries_and_is_told_to_the_others() {
    let (world, other) = (World::new().await, Peer::good().await);
    let gone = Peer::answering(vec![Answer::status(410)]).await;
    let (here, there) = (
        world
            .subscribe_with(Definition {
                url: gone.url(),
                // So that the second delivery comes after the first one's answer.
                concurrency: Some(1),
                ..Definition::default()
            })
            .await,
        world.subscribe(&other.url()).await,
    );
    world.happen().await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    assert_eq!(gone.came().len(), 1);
    let state = world.endpoint(&here).await.state;
    assert_eq!(state.disabled, Some(DisabledReason::Gone));
    for delivery in world.deliveries(&here).await {
        assert_eq!(delivery.state, DeliveryState::Stopped);
        assert_eq!(delivery.next_at, None);
    }

    assert_eq!(world.dispatch().await.events, 1);
    assert_eq!(world.deliver().await, 1);
    let told: Vec<_> = world.deliveries(&there).await;
    let told: Vec<_> = told.iter().map(|delivery| delivery.kind.as_str()).collect();
    assert_eq!(told.len(), 3);
    assert!(told.contains(&"endpoint.disabled"), "{told:?}");
    // What happens from now on is not for it.
    world.happen().await;
    assert_eq!(world.dispatch().await.deliveries, 1);
}

#[tokio::test]
async fn an_endpoint_with_too_much_to_do_is_left_alone_as_long_as_it_says() {
    let busy = Answer::Status(429, "retry-after: 120\r\n", String::new());
    let peer = Peer::answering(vec![busy, Answer::status(200)]).await;
    let world = World::new().await;
    let endpoint = world.first_attempt(&peer).await;
    world.happen().await;
    world.dispatch().await;
    world.wait(60_000);
    // Both are due by the schedule; the endpoint isn't ready.
    world.deliver().await;
    assert_eq!(peer.came().len(), 1);
    world.wait(59_999);
    world.deliver().await;
    assert_eq!(peer.came().len(), 1);
    world.wait(1);
    assert_eq!(world.deliver().await, 2);
    assert_eq!(peer.came().len(), 3);
    let mut attempts: Vec<_> = world.deliveries(&endpoint).await;
    attempts.sort_by_key(|delivery| delivery.attempts);
    assert_eq!(
        attempts.iter().map(|one| one.attempts).collect::<Vec<_>>(),
        [1, 2],
        "waiting used up no attempt"
    );
}

#[tokio::test]
async fn five_days_of_failures_disable_an_endpoint() {
    let (world, peer) = (
        World::new().await,
        Peer::answering(vec![Answer::status(500)]).await,
    );
    let endpoint = world.first_attempt(&peer).await;
    world.wait(5 * 86_400_000 - 1);
    world.deliver().await;
    assert_eq!(world.endpoint(&endpoint).await.state.disabled, None);
    world.wait_for(&endpoint).await;
    world.deliver().await;
    let state = world.endpoint(&endpoint).await.state;
    assert_eq!(state.disabled, Some(DisabledReason::Failing));
}

#[tokio::test]
async fn a_redirection_is_a_failure_and_leads_nowhere() {
    let elsewhere = Peer::good().await;
    let location = format!("location: {}\r\n", elsewhere.url());
    let to = Answer::Status(302, location.leak(), String::new());
    assert_eq!(kept(to).await.0, Outcome::answered(302));
    assert_eq!(elsewhere.came().len(), 0);
}

#[tokio::test]
async fn who_answers_too_late_or_never_or_byte_by_byte_has_not_answered() {
    for answer in [
        Answer::Silence,
        Answer::Drip(Duration::from_millis(50)),
        Answer::Late(Duration::from_secs(5)),
    ] {
        let (outcome, said) = kept(answer.clone()).await;
        assert_eq!(outcome, Outcome::TimedOut, "{answer:?}: {said}");
    }
    let (outcome, _) = kept(Answer::Late(Duration::from_millis(20))).await;
    assert_eq!(outcome, Outcome::answered(200));
}

#[tokio::test]
async fn of_a_long_answer_little_is_read_and_less_is_kept() {
    let (outcome, said) = kept(Answer::Status(200, "", "é".repeat(5_000_000))).await;
    assert_eq!(outcome, Outcome::answered(200));
    assert_eq!(said, "é".repeat(512));
    let (outcome, said) = kept(Answer::Status(503, "", "\u{1b}[2Jdown".to_owned())).await;
    assert_eq!(outcome, Outcome::answered(503));
    assert_eq!(said, "\u{fffd}[2Jdown");
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_no_http_is_none() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(10_000));
    for bytes in [
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".to_vec(),
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        b"HTTP/1.1 2".to_vec(),
        Vec::new(),
        many.into_bytes(),
    ] {
        let (outcome, said) = kept(Answer::Bytes(bytes.clone())).await;
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert_eq!(outcome, Outcome::Unreachable, "{start:?}: {said}");
        assert!(!said.is_empty() && !said.contains("/hook"), "{said}");
    }
}

#[tokio::test]
async fn nothing_goes_to_a_deleted_endpoint() {
    let (world, peer) = (World::new().await, Peer::good().await);
    let endpoint = world.subscribe(&peer.url()).await;
    world.happen().await;
    world.dispatch().await;
    let delivery = world.delivery(&endpoint).await;
    world.store.delete_endpoint(&endpoint).await.unwrap();
    world.deliver().await;
    assert_eq!(peer.came().len(), 0);
    let delivery = world.store.delivery(&delivery.id).await.unwrap();
    assert_eq!(delivery.state, DeliveryState::Stopped);
}
