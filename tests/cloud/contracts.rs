//! The contracts of store and artifacts, of the deployed table and bucket: the same suites that hold on a laptop.

use std::time::UNIX_EPOCH;

use artifacts::Url;
use bytes::Bytes;
use reqwest::Client;

use crate::artifacts_bucket::{self, Http};
use crate::deployed::cloud;
use crate::{artifacts_contract, kept_figures, store_contract, store_deliveries};

/// What no other suite had before, if all share one account.
fn seed() -> u64 {
    u64::try_from(UNIX_EPOCH.elapsed().unwrap().as_micros()).unwrap()
}

/// A client that knows of no key.
struct Anybody(Client);

impl Http for Anybody {
    async fn send(&self, url: &Url, body: Option<Bytes>) -> (u16, String, Bytes) {
        let request = match body {
            None => self.0.get(url.as_str()),
            Some(body) => self.0.put(url.as_str()).body(body),
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let headers: Vec<String> = answer
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        (status, headers.join("\n"), answer.bytes().await.unwrap())
    }
}

#[tokio::test]
async fn the_deployed_table_keeps_the_store_s_contract() {
    store_contract::contract(&cloud().store().await, seed().into()).await;
}

#[tokio::test]
async fn the_deployed_table_keeps_figures() {
    kept_figures::contract(&cloud().store().await, seed().into()).await;
}

#[tokio::test]
async fn the_deployed_table_keeps_the_contract_of_deliveries() {
    store_deliveries::contract(&cloud().store().await, seed().into()).await;
}

#[tokio::test]
async fn the_deployed_bucket_keeps_the_artifacts_contract() {
    artifacts_contract::contract(&cloud().artifacts(), seed()).await;
}

#[tokio::test]
async fn links_into_the_deployed_bucket_lead_to_one_object_each() {
    let artifacts = cloud().artifacts();
    artifacts_bucket::links(&artifacts, &Anybody(Client::new()), seed()).await;
}

#[tokio::test]
async fn a_bucket_that_is_not_in_the_account_is_named() {
    let name = "reelwright-elsewhere";
    artifacts_bucket::a_missing_bucket_is_named(&cloud().artifacts_of(name), name).await;
}
