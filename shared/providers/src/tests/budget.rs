//! No call is made that nobody pays for.

use std::sync::Arc;

use async_trait::async_trait;

use super::wire::{Reply, Seen, aws_at, server};
use super::{Account, cache, kind};
use crate::polly::Polly;
use crate::{
    PollyChoice, PollyVoice, ProviderError, Purse, SpeechProvider, SpeechRequest, spending_from,
};

pub(super) fn choice() -> PollyChoice {
    PollyChoice {
        voice: PollyVoice::parse("Joanna").unwrap(),
        timeout_seconds: 5.0,
        usd_per_million_characters: 1e6,
    }
}

pub(super) fn request() -> SpeechRequest {
    SpeechRequest {
        lines: vec!["Hello".to_owned()],
        language: domain::Language::default(),
        planned_wpm: 170,
        pronunciations: domain::Pronunciations::default(),
    }
}

/// A server that gives marks and sound for the line, as often as it is asked.
pub(super) async fn speaking(times: usize) -> (String, Seen) {
    let mark = b"{\"time\":0,\"type\":\"word\",\"start\":28,\"end\":33,\"value\":\"Hello\"}\n";
    let characters = "x-amzn-requestcharacters: 5\r\n".to_owned();
    let both = || {
        [
            Reply::Whole("200 OK", characters.clone(), mark.to_vec()),
            Reply::Whole("200 OK", characters.clone(), vec![1; 32_000]),
        ]
    };
    server((0..times).flat_map(|_| both()).collect()).await
}

#[tokio::test]
async fn a_call_that_the_run_cannot_afford_is_not_made() {
    let (url, seen) = speaking(1).await;
    let polly = Polly::new(&aws_at(&url).await, &choice(), cache());
    // Five letters and a space, at a dollar each.
    let poor = spending_from(Account::with(5.9), polly.speak(&request())).await;
    assert_eq!(kind(&poor.unwrap_err()), "over budget");
    assert!(seen.lock().unwrap().is_empty(), "nobody was asked");
    // The first of the two calls is settled at five dollars before the second reserves its six.
    let account = Account::with(11.0);
    let answer = spending_from(account.clone(), polly.speak(&request()))
        .await
        .unwrap();
    assert!((answer.cost_usd - 10.0).abs() < 1e-9, "{}", answer.cost_usd);
    assert!((account.spent() - 10.0).abs() < 1e-9, "{}", account.spent());
}

#[tokio::test]
async fn many_at_once_stay_within_the_limit() {
    let (url, seen) = speaking(8).await;
    let polly = Arc::new(Polly::new(&aws_at(&url).await, &choice(), cache()));
    let account = Account::with(23.0);
    let mut speaking = tokio::task::JoinSet::new();
    for nth in 0..8 {
        let (polly, account) = (Arc::clone(&polly), account.clone());
        // Each at another pace, so that none is answered by another's answer.
        let request = SpeechRequest {
            planned_wpm: 170 + 2 * nth,
            ..request()
        };
        speaking.spawn(async move { spending_from(account, polly.speak(&request)).await });
    }
    let refused = speaking
        .join_all()
        .await
        .into_iter()
        .filter_map(Result::err);
    assert!(refused.count() >= 5, "eight times ten dollars out of 23");
    assert!(account.spent() <= 23.0, "{}", account.spent());
    assert!(
        seen.lock().unwrap().len() <= 4,
        "a call for every five dollars"
    );
}

#[tokio::test]
async fn without_a_purse_nothing_is_paid() {
    let (url, seen) = speaking(1).await;
    let polly = Polly::new(&aws_at(&url).await, &choice(), cache());
    let error = polly.speak(&request()).await.unwrap_err();
    assert!(
        kind(&error) == "permanent" && error.to_string().contains("nobody pays"),
        "{error}"
    );
    assert!(seen.lock().unwrap().is_empty());
}

/// The purse of a run that was cancelled.
pub(super) struct Closed;

#[async_trait]
impl Purse for Closed {
    async fn reserve(&self, provider: &str, _: f64) -> Result<(), ProviderError> {
        Err(ProviderError::cancelled(provider, "the run is cancelled"))
    }

    async fn settle(&self, _: f64, _: f64) {
        panic!("nothing was reserved");
    }
}

#[tokio::test]
async fn a_cancelled_run_makes_no_further_call() {
    let (url, seen) = speaking(1).await;
    let polly = Polly::new(&aws_at(&url).await, &choice(), cache());
    let error = spending_from(Arc::new(Closed), polly.speak(&request())).await;
    assert_eq!(kind(&error.unwrap_err()), "cancelled");
    assert!(seen.lock().unwrap().is_empty());
}
