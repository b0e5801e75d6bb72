//! What one endpoint that never answers costs the others.

use std::sync::Arc;
use std::time::Duration;

use deliver::{Consumer, Deliver};
use dispatch::Dispatch;
use domain::Timestamp;
use reelwright::embedded::Embedded;
use runtime::outbound::{Outbound, POST_LIMIT, SystemNames, Vault};
use runtime::{Clock, SqsDeliveries};
use store::{Store, Tables};
use tokio::net::TcpListener;
use webhooks::endpoint::UrlRules;
use webhooks::{ApiRoot, Secret};

use super::queue::Queues;
use super::receivers::Receivers;
use super::{SECRET, real, subscribe};
use crate::happening::happen;
use crate::queued::{bring, client};

/// How many subscribers are well.
const WELL: usize = 4;

/// How many events happen, and how long after each other.
const EVENTS: usize = 400;
const EACH: Duration = Duration::from_millis(50);

/// How many functions take messages of each queue at once: as infra/template.yaml has it.
const WORKERS: u32 = 5;

/// The 95th of a hundred times from event to arrival at those that are well, in milliseconds; with one more that accepts connections and never
/// answers, from when that is known on.
async fn p95(with_dead: bool) -> u64 {
    let clock: Clock = Arc::new(|| Timestamp(real()));
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    store.create_tables().await.unwrap();
    let secret = Secret::mint(&[7; 32]);
    let receivers = Receivers::listen(WELL, 0, secret.clone()).await;
    let (_queues, address) = Queues::listen(Arc::clone(&clock), 0).await;
    let url = |name: &str| format!("{address}/1/{name}");
    let queue = SqsDeliveries::new(client(&address), url("main"), url("aside"));
    let queue = Arc::new(queue);
    let dispatch = Dispatch {
        store: store.clone(),
        queue: queue.clone(),
        root: ApiRoot::relative(),
        clock: Arc::clone(&clock),
    };
    let rules = UrlRules::local();
    let names = Arc::new(SystemNames);
    let deliver = Deliver {
        store: store.clone(),
        queue,
        outbound: Outbound::over(names, rules.addresses, POST_LIMIT).unwrap(),
        vault: Arc::new(Vault::new(SECRET)),
        rules,
        root: ApiRoot::relative(),
        clock,
    };
    for name in ["main", "aside"] {
        for _ in 0..WORKERS {
            let consumer = Consumer::new(deliver.clone(), WORKERS);
            let (sqs, url) = (client(&address), url(name));
            tokio::spawn(async move {
                loop {
                    bring(&consumer, &sqs, &url).await;
                }
            });
        }
    }
    // It listens, and nobody ever accepts.
    let dead = TcpListener::bind("127.0.0.1:0").await.unwrap();
    if with_dead {
        let url = format!("http://{}/", dead.local_addr().unwrap());
        let endpoint = subscribe(&store, url, &secret, Timestamp(real())).await;
        happen(&store, Timestamp(real()), 1_000_000).await;
        dispatch::dispatch_due(&dispatch, Timestamp(real()))
            .await
            .unwrap();
        while store
            .endpoint(&endpoint)
            .await
            .unwrap()
            .state
            .failing_since
            .is_none()
        {
            tokio::time::sleep(EACH).await;
        }
    }
    for receiver in 0..WELL {
        subscribe(&store, receivers.url(receiver), &secret, Timestamp(real())).await;
    }
    for number in 0..EVENTS {
        happen(&store, Timestamp(real()), number as u128).await;
        dispatch::dispatch_due(&dispatch, Timestamp(real()))
            .await
            .unwrap();
        tokio::time::sleep(EACH).await;
    }
    while receivers.taken().iter().sum::<usize>() < EVENTS * WELL {
        tokio::time::sleep(EACH).await;
    }
    let came = receivers.came();
    let mut after: Vec<u64> = came.into_iter().flat_map(|one| one.after_ms).collect();
    after.sort_unstable();
    after[after.len() * 95 / 100]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures: make soak"]
async fn one_dead_endpoint_slows_no_other() {
    let (without, with) = (p95(false).await, p95(true).await);
    println!(
        "from event to arrival at {WELL} endpoints, p95: {without} ms alone, {with} ms beside one that never answers: {:.2} times (aim: 1.5 or less)",
        with as f64 / without as f64
    );
}
