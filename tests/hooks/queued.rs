//! Deliveries as the cloud has them: dispatched into a queue, brought by it, and queued again by the sweep where it failed to.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::Builder;
use deliver::{Consumer, Deliver};
use dispatch::Dispatch;
use runtime::{DeliveryQueue, GRACE_MS, SqsDeliveries};
use serde_json::{Value, json};
use store::DeliveryState;
use tokio::time::Instant;
use webhooks::EndpointId;
use webhooks::endpoint::Definition;

use crate::peer::{Answer, Peer};
use crate::soak::queue::Queues;
use crate::world::World;

/// How long a message that nobody deleted is hidden, in milliseconds.
const HIDDEN_MS: u64 = 180_000;

/// A system with queues.
struct Queued {
    world: World,
    queues: Queues,
    address: String,
    sqs: Arc<SqsDeliveries>,
    consumer: Consumer,
}

impl Queued {
    async fn new() -> Self {
        let world = World::new().await;
        let (queues, address) = Queues::listen(Arc::clone(&world.dispatch.clock), 0).await;
        let url = |name| format!("{address}/1/{name}");
        let sqs = SqsDeliveries::new(client(&address), url("main"), url("aside"));
        let sqs = Arc::new(sqs);
        let deliver = Deliver {
            queue: sqs.clone(),
            ..world.deliver.clone()
        };
        Self {
            world,
            queues,
            address,
            sqs,
            consumer: Consumer::new(deliver, 1),
        }
    }

    /// An event happens, and is dispatched.
    async fn happen(&self) {
        self.world.happen().await;
        let dispatch = Dispatch {
            queue: self.sqs.clone(),
            ..self.world.dispatch.clone()
        };
        let dispatched = dispatch::dispatch_due(&dispatch, self.world.now()).await;
        assert_eq!(dispatched.unwrap().failed, 0);
    }

    /// A batch of a queue: how many messages there were, and how many are to come again.
    async fn bring(&self, name: &str) -> (usize, usize) {
        let url = format!("{}/1/{name}", self.address);
        bring(&self.consumer, &client(&self.address), &url).await
    }

    /// What a minute's sweep queues.
    async fn sweep(&self) -> u32 {
        let until = Instant::now() + Duration::from_mins(1);
        let world = &self.world;
        sweep::queue_missed(&world.store, &*self.sqs, world.now(), until)
            .await
            .unwrap()
    }

    async fn subscribe(&self, peer: &Peer, waits_s: Vec<u64>) -> EndpointId {
        self.world
            .subscribe_with(Definition {
                url: peer.url(),
                retry_waits_s: Some(waits_s),
                ..Definition::default()
            })
            .await
    }
}

/// Does what Lambda does: hands over what a queue has, and deletes what was dealt with. Gives how many messages there were, and how many
/// are to come again.
pub(crate) async fn bring(
    consumer: &Consumer,
    sqs: &aws_sdk_sqs::Client,
    url: &str,
) -> (usize, usize) {
    let received = sqs.receive_message().queue_url(url).send().await.unwrap();
    let messages = received.messages();
    let record = |body: Option<&str>, id: Option<&str>| json!({ "messageId": id, "eventSource": "aws:sqs", "body": body });
    let records: Vec<Value> = messages
        .iter()
        .map(|message| record(message.body(), message.message_id()))
        .collect();
    let event = json!({ "Records": records });
    let answered = deliver::answer(consumer, event).await.unwrap();
    let failed: Vec<&str> = answered
        .batch_item_failures
        .iter()
        .map(|failure| failure.item_identifier.as_str())
        .collect();
    for message in messages {
        if !failed.contains(&message.message_id().unwrap()) {
            let delete = sqs.delete_message_batch().queue_url(url);
            let entry = aws_sdk_sqs::types::DeleteMessageBatchRequestEntry::builder()
                .id("1")
                .receipt_handle(message.receipt_handle().unwrap());
            delete.entries(entry.build().unwrap()).send().await.unwrap();
        }
    }
    (messages.len(), failed.len())
}

pub(crate) fn client(address: &str) -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .endpoint_url(address)
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .build();
    aws_sdk_sqs::Client::from_conf(config)
}

#[tokio::test]
async fn a_queued_delivery_is_tried_once_and_its_message_is_gone() {
    let (queued, peer) = (Queued::new().await, Peer::good().await);
    let endpoint = queued.world.subscribe(&peer.url()).await;
    queued.happen().await;
    assert_eq!(queued.bring("main").await, (1, 0));
    let delivery = queued.world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    queued.world.wait(HIDDEN_MS);
    assert_eq!(queued.bring("main").await, (0, 0));
    assert_eq!(queued.sweep().await, 0);
    assert_eq!(peer.came().len(), 1);
}

#[tokio::test]
async fn what_failed_comes_back_when_it_is_due_and_waits_aside_from_others() {
    let queued = Queued::new().await;
    let peer = Peer::answering(vec![Answer::status(500), Answer::status(204)]).await;
    let endpoint = queued.subscribe(&peer, vec![60, 60, 60]).await;
    queued.happen().await;
    assert_eq!(queued.bring("main").await, (1, 0));
    let waiting = queued.world.delivery(&endpoint).await;
    assert_eq!(waiting.state, DeliveryState::Waiting);
    assert_eq!(queued.bring("main").await, (0, 0), "it is not due yet");
    // Sixty seconds, give or take a fifth, and up to a second more in the queue.
    queued.world.wait(73_000);
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(peer.came().len(), 1, "whoever fails is tried aside");
    assert_eq!(queued.bring("aside").await, (1, 0));
    let came = peer.came();
    assert_eq!(came.len(), 2);
    assert_eq!(came[0].header("webhook-id"), came[1].header("webhook-id"));
    let delivery = queued.world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    // It is well again, so nothing of it goes aside.
    queued.happen().await;
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(peer.came().len(), 3);
}

#[tokio::test]
async fn what_waits_longer_than_a_queue_can_is_queued_by_the_sweep() {
    let queued = Queued::new().await;
    let peer = Peer::answering(vec![Answer::status(500), Answer::status(204)]).await;
    let endpoint = queued.subscribe(&peer, vec![3600, 3600, 3600]).await;
    queued.happen().await;
    assert_eq!(queued.bring("main").await, (1, 0));
    let wait = queued.world.delivery(&endpoint).await.next_at.unwrap();
    let wait = wait.since(queued.world.now());
    // The sweep looks a minute ahead, and the queue keeps what it finds back.
    queued.world.wait(wait - 70_000);
    assert_eq!(
        (queued.sweep().await, queued.bring("main").await),
        (0, (0, 0))
    );
    queued.world.wait(60_000);
    assert_eq!(
        (queued.sweep().await, queued.bring("main").await),
        (1, (0, 0))
    );
    assert_eq!(queued.sweep().await, 0, "it is in the queue");
    queued.world.wait(10_000);
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(queued.bring("aside").await, (1, 0));
    assert_eq!(peer.came().len(), 2);
}

#[tokio::test]
async fn what_the_queue_lost_is_missed_and_queued_again() {
    let (queued, peer) = (Queued::new().await, Peer::good().await);
    queued.world.subscribe(&peer.url()).await;
    queued.happen().await;
    queued.queues.purge();
    queued.world.wait(GRACE_MS - 60_001);
    assert_eq!(queued.sweep().await, 0);
    queued.world.wait(1);
    assert_eq!(queued.sweep().await, 1);
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(peer.came().len(), 1);
}

#[tokio::test]
async fn who_dies_between_the_table_and_the_queue_has_lost_nothing() {
    let queued = Queued::new().await;
    let peer = Peer::answering(vec![Answer::status(500), Answer::status(204)]).await;
    let endpoint = queued.subscribe(&peer, vec![60, 60, 60]).await;
    queued.happen().await;
    // An attempt whose end was written, and whose worker died before it queued the next one: the message was never deleted.
    let due = queued.world.store.due_deliveries(0, queued.world.now(), 1);
    assert!(due.await.unwrap().is_empty(), "nothing is missed");
    let taken = queued.world.worker.take_due(queued.world.now()).await;
    assert_eq!(taken.unwrap().begun, 0);
    let delivery = queued.world.delivery(&endpoint).await;
    let lease = queued
        .sqs
        .lease(domain::Timestamp(queued.world.now().0 + 60_000));
    let store = &queued.world.store;
    let taken = store.claim_delivery(&delivery.id, queued.world.now(), lease);
    assert!(matches!(
        taken.await.unwrap(),
        store::ClaimedDelivery::Taken(_)
    ));
    // Its message comes while the dead one's lease holds: it goes back, and comes again when that ends.
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(peer.came().len(), 0);
    queued.world.wait(60_000);
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(peer.came().len(), 1);
}

#[tokio::test]
async fn a_fault_of_ours_goes_to_the_dead_letters_uses_up_no_attempt_and_is_tried_again_later() {
    let (queued, peer) = (Queued::new().await, Peer::good().await);
    let world = &queued.world;
    let broken = world.subscribe(&peer.url()).await;
    world.subscribe(&peer.url()).await;
    let whole = world.endpoint(&broken).await;
    let sealed = "by another secret".to_owned();
    let changed = store::EndpointRecord {
        sealed,
        ..whole.clone()
    };
    let changed = world.store.change_endpoint(&changed, None).await.unwrap();
    queued.happen().await;
    // Of a batch, only what could not be dealt with comes again.
    assert_eq!(queued.bring("main").await, (2, 1));
    assert_eq!(peer.came().len(), 1);
    for _ in 0..4 {
        world.wait(HIDDEN_MS);
        assert_eq!(queued.bring("main").await, (1, 1));
    }
    world.wait(HIDDEN_MS);
    assert_eq!(queued.bring("main").await, (0, 0));
    assert_eq!(queued.queues.counts().dead, 1);
    let delivery = world.delivery(&broken).await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    assert_eq!(delivery.attempts, 0);

    let mended = store::EndpointRecord {
        sealed: whole.sealed,
        ..changed.unwrap()
    };
    world.store.change_endpoint(&mended, None).await.unwrap();
    assert_eq!(queued.sweep().await, 0, "not at once");
    world.wait(3_600_000);
    assert_eq!(queued.sweep().await, 1);
    assert_eq!(queued.bring("main").await, (1, 0));
    assert_eq!(peer.came().len(), 2);
}
