//! What receivers do, and what follows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use runtime::outbound::Outbound;
use store::DeliveryState;
use webhooks::address::AddressPolicy;
use webhooks::catalogue::DisabledReason;
use webhooks::endpoint::{Definition, EndpointUrl, UrlRules};
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
async fn a_receiver_that_fails_three_times_gets_the_same_message_four_times_and_no_more() {
    let fails = Answer::Status(500, "", "no database".to_owned());
    let peer = Peer::answering(vec![
        fails.clone(),
        fails.clone(),
        fails,
        Answer::status(200),
    ])
    .await;
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
    let wait = world.wait_for(&endpoint).await;
    assert!((1_440_000..=2_160_000).contains(&wait), "{wait}");
    assert_eq!(
        world.delivery(&endpoint).await.state,
        DeliveryState::Waiting
    );
    world.deliver().await;

    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!((delivery.attempts, delivery.log.len()), (4, 4));
    assert_eq!(delivery.log[1].said, "no database");
    assert_eq!(world.endpoint(&endpoint).await.state.failing_since, None);
    world.wait(86_400_000);
    assert_eq!(world.deliver().await, 0);

    let came = peer.came();
    assert_eq!(came.len(), 4);
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

/// What an endpoint that said 429 with this is left alone for, in milliseconds.
async fn left_alone(retry_after: &'static str) -> u64 {
    let busy = Answer::Status(429, retry_after, String::new());
    let (world, peer) = (World::new().await, Peer::answering(vec![busy]).await);
    let endpoint = world.first_attempt(&peer).await;
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    assert!(
        matches!(
            delivery.log[0].outcome,
            Outcome::Answered { status: 429, .. }
        ),
        "{delivery:?}"
    );
    let until = world.endpoint(&endpoint).await.state.slowed_until;
    assert!(delivery.next_at >= until, "{delivery:?}");
    until.unwrap().since(world.now())
}

#[tokio::test]
async fn retry_after_is_read_as_seconds_or_as_a_date_and_what_is_neither_is_passed_over() {
    assert_eq!(left_alone("retry-after: 120\r\n").await, 120_000);
    let date = "retry-after: Mon, 23 Nov 2026 10:02:00 GMT\r\n";
    assert_eq!(left_alone(date).await, 120_000);
    // A time that is over: it may be asked again, as its schedule says.
    let over = "retry-after: Sun, 22 Nov 2026 10:02:00 GMT\r\n";
    assert_eq!(left_alone(over).await, 0);
    let half_a_day = 12 * 3_600_000;
    assert_eq!(left_alone("retry-after: 99999999\r\n").await, half_a_day);
    for nonsense in [
        "",
        "retry-after: soon\r\n",
        "retry-after: -5\r\n",
        "retry-after: 1e9\r\n",
        "retry-after: Mon, 99 Nov 2026 10:02:00 GMT\r\n",
        "retry-after: \u{e9}\r\n",
    ] {
        assert_eq!(left_alone(nonsense).await, 10_000, "{nonsense}");
    }
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
    for (status, location) in [
        (302, elsewhere.url()),
        (307, elsewhere.url()),
        (301, "http://169.254.169.254/latest/meta-data/".to_owned()),
    ] {
        let location = format!("location: {location}\r\n");
        let to = Answer::Status(status, location.leak(), String::new());
        assert_eq!(kept(to).await.0, Outcome::answered(status));
    }
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

/// Time that nobody waits for goes by at once here: what an attempt may take is the connector's own limit.
#[tokio::test(start_paused = true)]
async fn an_answer_may_take_fourteen_seconds_and_not_sixteen_nor_a_second_a_byte() {
    let outbound = Outbound::new(AddressPolicy::LOCAL).unwrap();
    for (answer, outcome) in [
        (
            Answer::Late(Duration::from_secs(14)),
            Outcome::answered(200),
        ),
        (Answer::Late(Duration::from_secs(16)), Outcome::TimedOut),
        (Answer::Drip(Duration::from_secs(1)), Outcome::TimedOut),
    ] {
        let peer = Peer::answering(vec![answer.clone()]).await;
        let url = EndpointUrl::parse(&peer.url(), &UrlRules::local()).unwrap();
        let posted = outbound.post(&url, &[], "{}".to_owned()).await;
        assert_eq!(posted.outcome, outcome, "{answer:?}: {}", posted.said);
    }
}

#[tokio::test]
async fn of_a_gigabyte_that_is_sent_hardly_any_is_taken() {
    let sent = Arc::new(AtomicU64::new(0));
    let (outcome, said) = kept(Answer::Gigabyte(Arc::clone(&sent))).await;
    assert_eq!(outcome, Outcome::answered(200));
    assert_eq!(said, "x".repeat(1024));
    // What lies in the system's buffers between.
    assert!(sent.load(Ordering::SeqCst) < 100_000_000);
}

#[tokio::test]
async fn where_nobody_listens_it_is_tried_again_later() {
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let world = World::new().await;
    let url = format!("http://127.0.0.1:{port}/hook");
    let endpoint = world.subscribe(&url).await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    assert_eq!(delivery.log[0].outcome, Outcome::Unreachable);
    assert!(delivery.log[0].said.contains("refused"), "{delivery:?}");
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
