//! Signing in with a token: a real server takes it for the password that it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use cache::{CacheUrl, Kind, Redis, RedisOptions};
use domain::Timestamp;

use crate::support::redis_server::RedisServer;
use crate::support::{PATIENCE, Source, cache_over, clock, get};

/// What botocore makes of the same credentials at the same moment.
const TOKEN: &str = "films/?Action=connect&User=app&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261123%2Feu-central-1%2Felasticache%2Faws4_request&X-Amz-Date=20261123T100000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=d4193bdf5f4a4e42a14de0b297837b9aa7ad3329b51ccb7b9d2958a4cb21c187";

/// Counts how often it is asked.
#[derive(Debug)]
struct Counting(Arc<AtomicU64>);

impl ProvideCredentials for Counting {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        self.0.fetch_add(1, Ordering::SeqCst);
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        Provided::ready(Ok(Credentials::new(
            "AKIDEXAMPLE",
            secret,
            None,
            None,
            "a test",
        )))
    }
}

#[tokio::test]
async fn each_connection_signs_in_with_a_token_of_its_own() {
    let mut server =
        RedisServer::tls(&["--user", "app", "on", &format!(">{TOKEN}"), "~*", "+@all"]);
    let asked = Arc::new(AtomicU64::new(0));
    let url = format!("rediss://app@127.0.0.1:{}?iam=films", server.port);
    let options = RedisOptions {
        limit: Some(PATIENCE),
        roots: server.roots(),
        aws: Some((
            SharedCredentialsProvider::new(Counting(Arc::clone(&asked))),
            "eu-central-1".to_owned(),
        )),
        ..RedisOptions::default()
    };
    let level = Redis::new(
        &CacheUrl::parse(&url).unwrap(),
        options,
        Arc::new(|| Timestamp(1_795_428_000_000)),
    );
    let cache = cache_over(Arc::new(level.unwrap()), clock());
    let source = Source::default();
    for key in ["a", "b"] {
        get(&cache, Kind::Metadata, key, &[], &source, "v").await;
    }
    assert_eq!(cache.snapshot().of(Kind::Metadata).misses, 2);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    server.kill();
    server.restart();
    cache.check().await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn an_address_that_asks_for_tokens_needs_credentials() {
    let url = CacheUrl::parse("rediss://app@cache.example?iam=films").unwrap();
    let error = Redis::new(&url, RedisOptions::default(), clock()).unwrap_err();
    assert!(
        error.to_string().contains("REELWRIGHT_CACHE_URL"),
        "{error}"
    );
}
