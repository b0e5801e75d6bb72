//! What was paid for once isn't paid for again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use cache::{Kind, Made};
use domain::{ContentKey, Timestamp};
use tokio::sync::Notify;

use super::budget::{Closed, choice, request, speaking};
use super::wire::aws_at;
use super::{Account, cache, cache_by, kind};
use crate::paid::PaidCall;
use crate::polly::Polly;
use crate::{ProviderError, Purse, SpeechProvider, SpeechRequest, spending_from};

#[tokio::test]
async fn the_same_words_are_bought_once() {
    let (url, seen) = speaking(2).await;
    let cache = cache();
    let account = Account::with(f64::MAX);
    let mut costs = Vec::new();
    let mut spoken = Vec::new();
    for planned_wpm in [170, 170, 190] {
        // Another process's provider, over the same cache.
        let polly = Polly::new(&aws_at(&url).await, &choice(), cache.clone());
        let request = SpeechRequest {
            planned_wpm,
            ..request()
        };
        let answer = spending_from(account.clone(), polly.speak(&request)).await;
        let answer = answer.unwrap();
        costs.push(answer.cost_usd);
        spoken.push(answer.value);
    }
    assert_eq!(costs, [10.0, 0.0, 10.0], "another pace is another sound");
    assert_eq!(spoken[0], spoken[1]);
    assert!((account.spent() - 20.0).abs() < 1e-9);
    assert_eq!(seen.lock().unwrap().len(), 4, "marks and sound, twice");
    let saved = cache.snapshot().of(Kind::Media).saved_usd;
    assert!((saved - 10.0).abs() < 1e-9, "{saved}");
}

/// The purse of a run that is cancelled while it is asked.
struct Closing(Notify);

#[async_trait]
impl Purse for Closing {
    async fn reserve(&self, provider: &str, usd: f64) -> Result<(), ProviderError> {
        self.0.notified().await;
        Closed.reserve(provider, usd).await
    }

    async fn settle(&self, _: f64, _: f64) {}
}

#[tokio::test]
async fn who_waits_for_a_run_that_may_not_pay_pays_itself() {
    let (url, seen) = speaking(1).await;
    let polly = Arc::new(Polly::new(&aws_at(&url).await, &choice(), cache()));
    let purse = Arc::new(Closing(Notify::new()));
    let first = {
        let (polly, purse) = (Arc::clone(&polly), Arc::clone(&purse));
        tokio::spawn(async move { spending_from(purse, polly.speak(&request())).await })
    };
    tokio::task::yield_now().await;
    let account = Account::with(11.0);
    let second = {
        let account = account.clone();
        tokio::spawn(async move { spending_from(account, polly.speak(&request())).await })
    };
    tokio::task::yield_now().await;
    purse.0.notify_one();
    assert_eq!(kind(&first.await.unwrap().unwrap_err()), "cancelled");
    assert!(second.await.unwrap().is_ok());
    assert!((account.spent() - 10.0).abs() < 1e-9);
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_old_answer_in_place_of_a_provider_that_fails_says_so() {
    let (url, _) = speaking(1).await;
    let hours = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&hours);
    let clock = move || Timestamp(clock.load(Ordering::Relaxed) * 3_600_000);
    let polly = Polly::new(&aws_at(&url).await, &choice(), cache_by(Arc::new(clock)));
    let request = request();
    let speak = || spending_from(Account::with(f64::MAX), polly.speak(&request));
    let fresh = speak().await.unwrap();
    assert!(fresh.degraded.is_empty());
    // Seven days and a little later the server answers no more.
    hours.fetch_add(7 * 24 + 1, Ordering::Relaxed);
    let old = speak().await.unwrap();
    assert_eq!((old.value, old.cost_usd), (fresh.value, 0.0));
    assert!(
        old.degraded[0].contains("older than it should be"),
        "{:?}",
        old.degraded
    );
    hours.fetch_add(24, Ordering::Relaxed);
    assert_eq!(kind(&speak().await.unwrap_err()), "transient");
}

#[tokio::test]
async fn what_was_kept_and_cannot_be_read_is_asked_for_again() {
    let cache = cache();
    let key = ContentKey::of(&[b"question"]);
    let damaged = async || Ok::<_, ProviderError>(Made::new(Bytes::from_static(b"\xff")));
    let kept = cache.get_or_compute(Kind::LlmResponse, key.as_str(), &[], damaged);
    kept.await.unwrap();

    let call = PaidCall {
        cache: &cache,
        kind: Kind::LlmResponse,
        provider: "a model",
        tags: Vec::new(),
        key,
    };
    let asked = AtomicUsize::new(0);
    let ask = || async {
        asked.fetch_add(1, Ordering::Relaxed);
        Ok((b"words".to_vec(), 0.5))
    };
    let read = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes);
        text.map(ToOwned::to_owned)
            .map_err(|error| ProviderError::permanent("a model", error))
    };
    for cost_usd in [0.5, 0.0] {
        let answer = call.answer(ask, read).await.unwrap();
        assert_eq!(
            (answer.value.as_str(), answer.cost_usd),
            ("words", cost_usd)
        );
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_answer_that_is_of_no_use_is_not_kept() {
    let cache = cache();
    let call = PaidCall {
        cache: &cache,
        kind: Kind::LlmResponse,
        provider: "a model",
        tags: Vec::new(),
        key: ContentKey::of(&[b"question"]),
    };
    let asked = AtomicUsize::new(0);
    let ask = || async {
        asked.fetch_add(1, Ordering::Relaxed);
        Ok((b"nonsense".to_vec(), 0.5))
    };
    for times in 1..=2 {
        let refused = call.answer(ask, |_| {
            Err::<(), _>(ProviderError::permanent("a model", "no"))
        });
        assert_eq!(kind(&refused.await.unwrap_err()), "permanent");
        assert_eq!(asked.load(Ordering::Relaxed), times);
    }
}
