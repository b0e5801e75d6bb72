//! One suite for every shared level: what a level promises, and what a cache over it does.

use std::sync::Arc;
use std::time::Duration;

use artifacts::Artifacts;
use bytes::Bytes;
use cache::{Cache, CacheConfig, Found, Holder, Kind, Level, Made, Name, Origin, Policy, Tag};

use crate::support::redis_server::RedisServer;
use crate::support::{
    Down, Hands, PATIENCE, Source, cache_over, cache_with, clock, get, patient, table,
};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn the_contract_holds_for_redis() {
    let server = RedisServer::plain(&[]);
    contract(&|| Arc::new(server.level())).await;
}

#[tokio::test]
async fn the_contract_holds_for_redis_by_tls() {
    let server = RedisServer::tls(&[]);
    contract(&|| Arc::new(server.level())).await;
}

#[tokio::test]
async fn the_contract_holds_for_dynamodb() {
    let (client, _) = table::level(clock()).await;
    contract(&|| {
        let table = store::Tables::default().cache;
        Arc::new(cache::DynamoDb::new(&client, table, clock()).limit(PATIENCE))
    })
    .await;
}

type Connect<'a> = &'a dyn Fn() -> Arc<dyn Level>;

/// All promises, one after the other, on an empty level; `connect` gives it to one more process.
async fn contract(connect: Connect<'_>) {
    let level = connect();
    level.check().await.unwrap();
    what_the_holder_of_the_lease_puts_is_got(level.as_ref()).await;
    only_the_holder_of_the_lease_may_put(level.as_ref()).await;
    a_lease_ends_by_itself(level.as_ref()).await;
    tags_have_the_version_that_was_given_last(level.as_ref()).await;
    bytes_of_all_kinds_are_kept(level.as_ref()).await;

    a_value_is_made_once_for_all_processes(connect).await;
    a_value_is_fresh_for_its_time_and_stands_in_after_it(connect).await;
    what_is_removed_is_made_again_and_a_flight_under_way_does_not_put_it_back(connect).await;
    what_hangs_on_a_tag_goes_with_it_in_other_processes_too(connect).await;
    a_removed_session_dies_in_other_processes_within_half_a_minute(connect).await;
    what_the_source_does_not_have_is_remembered(connect).await;
    a_stand_in_is_not_kept(connect).await;
    a_large_value_goes_to_the_artifacts_and_is_made_again_if_they_lose_it(connect).await;
}

fn holder(id: &str) -> Holder {
    Holder::new(id.to_owned())
}

async fn held(level: &dyn Level, name: &Name, id: &str) -> bool {
    level.lease(name, &holder(id), MINUTE, &[]).await.unwrap().0
}

async fn put(level: &dyn Level, name: &Name, id: &str, bytes: &'static [u8]) -> bool {
    level
        .put(name, &holder(id), Bytes::from_static(bytes), MINUTE)
        .await
        .unwrap()
}

async fn value(level: &dyn Level, name: &Name) -> Option<Bytes> {
    level.get(name, &[]).await.unwrap().envelope
}

async fn what_the_holder_of_the_lease_puts_is_got(level: &dyn Level) {
    let name = Name::new(Kind::Media, b"put");
    assert_eq!(level.get(&name, &[]).await.unwrap(), Found::default());
    assert!(held(level, &name, "a").await);
    assert!(put(level, &name, "a", b"first").await);
    assert_eq!(value(level, &name).await.unwrap(), "first");
    // The lease is over: the next one may write, and sees what is there.
    let (held, found) = level.lease(&name, &holder("b"), MINUTE, &[]).await.unwrap();
    assert_eq!((held, found.envelope), (true, Some("first".into())));
    assert!(put(level, &name, "b", b"second").await);
    assert_eq!(value(level, &name).await.unwrap(), "second");
    level.remove(&name).await.unwrap();
    assert_eq!(value(level, &name).await, None);
}

async fn only_the_holder_of_the_lease_may_put(level: &dyn Level) {
    let name = Name::new(Kind::Media, b"fence");
    assert!(!put(level, &name, "a", b"nobody's").await);
    assert!(held(level, &name, "a").await);
    // Whoever asks twice still has it, and nobody else gets it.
    assert!(held(level, &name, "a").await);
    assert!(!held(level, &name, "b").await);
    assert!(!put(level, &name, "b", b"b's").await);
    level.release(&name, &holder("b")).await.unwrap();
    assert!(!held(level, &name, "b").await);
    // Removing a value ends the lease too: who has it read the source before the removal.
    level.remove(&name).await.unwrap();
    assert!(!put(level, &name, "a", b"late").await);
    assert!(held(level, &name, "b").await);
    level.release(&name, &holder("b")).await.unwrap();
    assert!(!put(level, &name, "b", b"released").await);
    assert_eq!(value(level, &name).await, None);
}

async fn a_lease_ends_by_itself(level: &dyn Level) {
    let name = Name::new(Kind::Media, b"ends");
    let short = Duration::from_millis(30);
    let taken = level.lease(&name, &holder("a"), short, &[]).await.unwrap();
    assert!(taken.0);
    while !held(level, &name, "b").await {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!put(level, &name, "a", b"late").await);
    assert!(put(level, &name, "b", b"in time").await);
}

async fn tags_have_the_version_that_was_given_last(level: &dyn Level) {
    let (acme, other) = (Tag::brand("Acme"), Tag::brand("Other"));
    let name = Name::new(Kind::Media, b"tags");
    let versions = async |tags: &[Tag]| level.get(&name, tags).await.unwrap().versions;
    assert_eq!(versions(&[acme, other]).await, [None, None]);
    let top = u64::MAX;
    assert_eq!(level.settle_tag(&acme, top, MINUTE).await.unwrap(), top);
    assert_eq!(level.settle_tag(&acme, 5, MINUTE).await.unwrap(), top);
    assert_eq!(
        versions(&[other, acme, acme]).await,
        [None, Some(top), Some(top)]
    );
    level.change_tag(&acme, 7, MINUTE).await.unwrap();
    let leased = level
        .lease(&name, &holder("a"), MINUTE, &[acme, other])
        .await
        .unwrap();
    assert_eq!(leased.1.versions, [Some(7), None]);
    // More than one request of DynamoDB may name.
    let many: Vec<Tag> = (0..250).map(|n| Tag::brand(&n.to_string())).collect();
    assert_eq!(versions(&many).await.len(), 250);
}

async fn bytes_of_all_kinds_are_kept(level: &dyn Level) {
    let noise: Vec<u8> = (0..380_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for bytes in [vec![0], b"a\r\nb\n\0".to_vec(), noise] {
        let name = Name::new(Kind::ApiResponse, b"bytes");
        assert!(held(level, &name, "a").await);
        let written = level
            .put(&name, &holder("a"), bytes.clone().into(), MINUTE)
            .await
            .unwrap();
        assert!(written && value(level, &name).await.unwrap() == bytes);
    }
}

async fn a_value_is_made_once_for_all_processes(connect: Connect<'_>) {
    let source = Source::default();
    let (one, two) = (
        cache_over(connect(), clock()),
        cache_over(connect(), clock()),
    );
    let ask =
        async |cache: &Cache| get(cache, Kind::LlmResponse, "once", &[], &source, "text").await;
    assert_eq!(ask(&one).await.origin, Origin::Source);
    assert_eq!(ask(&one).await.origin, Origin::L1);
    assert_eq!(ask(&two).await.origin, Origin::L2);
    let answer = ask(&two).await;
    assert_eq!(
        (answer.value.unwrap(), answer.origin),
        ("text".into(), Origin::L1)
    );
    assert_eq!(source.asked(), 1);
    let stats = two.snapshot();
    let stats = stats.of(Kind::LlmResponse);
    assert_eq!((stats.l1_hits, stats.l2_hits, stats.misses), (1, 1, 0));
    assert!((stats.saved_usd - 0.5).abs() < 1e-9, "{stats:?}");
}

async fn a_value_is_fresh_for_its_time_and_stands_in_after_it(connect: Connect<'_>) {
    let hands = Hands::new();
    let short = |cache: &mut Policy| {
        cache.jitter_percent = 0;
        cache.ttl_ms = 60_000;
        cache.stale_ms = 60_000;
        cache.l1_ms = 1000;
    };
    let one = cache_with(connect(), hands.clock(), Kind::Media, short);
    let source = Source::default();
    let origin = async |cache: &Cache| {
        get(cache, Kind::Media, "old", &[], &source, "v")
            .await
            .origin
    };
    assert_eq!(origin(&one).await, Origin::Source);
    hands.forward(59_999);
    assert_eq!(origin(&one).await, Origin::L2);
    hands.forward(1);
    // Too old, and the source fails: the old value stands in, in a process that never saw it too, and says why.
    let two = cache_with(connect(), hands.clock(), Kind::Media, short);
    let fails = async |cache: &Cache| {
        cache
            .get_or_compute(Kind::Media, "old", &[], async || Err(Down))
            .await
    };
    for cache in [&one, &two] {
        let answer = fails(cache).await.unwrap();
        assert_eq!(answer.origin, Origin::Stale("the source is down".into()));
        assert!(answer.is_stale() && answer.value.unwrap() == "v");
        assert_eq!(cache.snapshot().of(Kind::Media).stale, 1);
    }
    // The failure let go of the lease: nobody waits for it to end.
    assert_eq!(origin(&two).await, Origin::Source);
    assert_eq!(two.snapshot().of(Kind::Media).fenced, 0);
    hands.forward(120_000);
    assert_eq!(*fails(&one).await.unwrap_err(), Down);
    assert_eq!(source.asked(), 2);
}

async fn what_is_removed_is_made_again_and_a_flight_under_way_does_not_put_it_back(
    connect: Connect<'_>,
) {
    let (one, two) = (
        cache_over(connect(), clock()),
        cache_over(connect(), clock()),
    );
    let source = Source::default();
    let origin = async |cache: &Cache, value: &str| {
        let answer = get(cache, Kind::Metadata, "removed", &[], &source, value).await;
        (answer.value.unwrap(), answer.origin)
    };
    origin(&one, "before").await;
    one.remove(Kind::Metadata, "removed").await.unwrap();
    // The source is read, then the thing changes and is removed by another process, then the flight lands.
    let flight = one.get_or_compute(Kind::Metadata, "removed", &[], async || {
        two.remove(Kind::Metadata, "removed").await.unwrap();
        Ok::<_, Down>(Made::new("outdated".into()))
    });
    flight.await.unwrap();
    assert_eq!(
        origin(&two, "after").await,
        ("after".into(), Origin::Source)
    );
    assert_eq!(one.snapshot().of(Kind::Metadata).fenced, 1);
    // The same in one process, whose own copy is not believed either.
    let flight = two.get_or_compute(Kind::Metadata, "removed too", &[], async || {
        two.remove(Kind::Metadata, "removed too").await.unwrap();
        Ok::<_, Down>(Made::new("outdated".into()))
    });
    flight.await.unwrap();
    let answer = get(&two, Kind::Metadata, "removed too", &[], &source, "after").await;
    assert_eq!(answer.value.unwrap(), "after");
}

async fn a_removed_session_dies_in_other_processes_within_half_a_minute(connect: Connect<'_>) {
    let hands = Hands::new();
    let (one, two) = (
        cache_over(connect(), hands.clock()),
        cache_over(connect(), hands.clock()),
    );
    let source = Source::default();
    let valid = async |cache: &Cache| {
        let answer = cache
            .get_or_compute(Kind::Session, "key", &[], || source.ask("valid"))
            .await;
        answer.is_ok()
    };
    assert!(valid(&one).await && valid(&two).await);
    one.remove(Kind::Session, "key").await.unwrap();
    let revoked = async |cache: &Cache| {
        cache
            .get_or_compute(Kind::Session, "key", &[], async || Err::<Made, _>(Down))
            .await
            .is_err()
    };
    assert!(revoked(&one).await);
    hands.forward(30_000);
    assert!(revoked(&two).await);
}

async fn what_hangs_on_a_tag_goes_with_it_in_other_processes_too(connect: Connect<'_>) {
    let no_l1 = |policy: &mut Policy| policy.l1_ms = 0;
    let cache = || cache_with(connect(), clock(), Kind::LlmResponse, no_l1);
    let (one, two) = (cache(), cache());
    let source = Source::default();
    let (acme, other) = (Tag::brand("Acme 2"), Tag::provider("other"));
    let origin = async |cache: &Cache, key: &str, tags: &[Tag]| {
        get(cache, Kind::LlmResponse, key, tags, &source, "v")
            .await
            .origin
    };
    for (key, tags) in [
        ("a", [acme].as_slice()),
        ("b", &[other, acme]),
        ("c", &[other]),
    ] {
        assert_eq!(origin(&one, key, tags).await, Origin::Source);
        assert_eq!(origin(&two, key, tags).await, Origin::L2);
        // Who does not name the tags gets the value all the same.
        assert_eq!(origin(&two, key, &[]).await, Origin::L2);
    }
    one.invalidate(acme).await.unwrap();
    assert_eq!(origin(&two, "a", &[acme]).await, Origin::Source);
    assert_eq!(origin(&two, "b", &[]).await, Origin::Source);
    assert_eq!(origin(&two, "c", &[other]).await, Origin::L2);

    // A value read from the source before the invalidation is a miss after it, though it was written later.
    let outdated = async || {
        two.invalidate(acme).await.unwrap();
        Ok::<_, Down>(Made::new("outdated".into()))
    };
    one.get_or_compute(Kind::LlmResponse, "d", &[acme], outdated)
        .await
        .unwrap();
    assert_eq!(origin(&two, "d", &[acme]).await, Origin::Source);

    // In one process its own copy goes at once.
    let near = cache_over(connect(), clock());
    assert_eq!(origin(&near, "e", &[acme]).await, Origin::Source);
    assert_eq!(origin(&near, "e", &[acme]).await, Origin::L1);
    near.invalidate(acme).await.unwrap();
    assert_eq!(origin(&near, "e", &[acme]).await, Origin::Source);
}

async fn what_the_source_does_not_have_is_remembered(connect: Connect<'_>) {
    let hands = Hands::new();
    let (one, two) = (
        cache_over(connect(), hands.clock()),
        cache_over(connect(), hands.clock()),
    );
    let nothing = async |cache: &Cache, kind: Kind| {
        let answer = cache
            .get_or_compute(
                kind,
                "nothing",
                &[],
                async || Ok::<_, Down>(Made::nothing()),
            )
            .await
            .unwrap();
        assert_eq!(answer.value, None);
        answer.origin
    };
    assert_eq!(nothing(&one, Kind::Metadata).await, Origin::Source);
    assert_eq!(nothing(&one, Kind::Metadata).await, Origin::L1);
    assert_eq!(nothing(&two, Kind::Metadata).await, Origin::L2);
    hands.forward(60_000);
    assert_eq!(nothing(&two, Kind::Metadata).await, Origin::Source);
    for _ in 0..2 {
        assert_eq!(nothing(&one, Kind::LlmResponse).await, Origin::Source);
    }
}

async fn a_stand_in_is_not_kept(connect: Connect<'_>) {
    let cache = cache_over(connect(), clock());
    for _ in 0..2 {
        let answer = cache
            .get_or_compute(Kind::LlmResponse, "stand-in", &[], async || {
                Ok::<_, Down>(Made::new("by another".into()).passing())
            })
            .await
            .unwrap();
        assert_eq!(answer.origin, Origin::Source);
    }
    let (_, stats) = &cache.snapshot().kinds[0];
    assert_eq!((stats.misses, stats.waits, stats.bytes_written), (2, 0, 0));
}

async fn a_large_value_goes_to_the_artifacts_and_is_made_again_if_they_lose_it(
    connect: Connect<'_>,
) {
    let home = tempfile::tempdir().unwrap();
    let artifacts = Artifacts::folder(home.path()).unwrap();
    let cache = || {
        Cache::builder(&CacheConfig::default(), clock())
            .policies(patient())
            .shared(connect())
            .artifacts(artifacts.clone())
            .build()
            .unwrap()
    };
    let (one, two) = (cache(), cache());
    let source = Source::default();
    let large = "picture ".repeat(100_000);
    let origin = async |cache: &Cache| {
        let answer = get(cache, Kind::Media, "large", &[], &source, &large).await;
        assert!(answer.value.unwrap() == large);
        answer.origin
    };
    assert_eq!(origin(&one).await, Origin::Source);
    assert_eq!(origin(&one).await, Origin::L1);
    assert_eq!(origin(&two).await, Origin::L2);
    // A reference is small.
    let stats = one.snapshot();
    assert!(stats.of(Kind::Media).bytes_written < 300, "{stats:?}");
    std::fs::remove_dir_all(home.path().join("cache")).unwrap();
    assert_eq!(origin(&two).await, Origin::Source);
    assert!(two.snapshot().of(Kind::Media).lost > 0);
    assert_eq!(origin(&one).await, Origin::L1);
    assert_eq!(source.asked(), 2);

    let without = cache_over(connect(), clock());
    for _ in 0..2 {
        let answer = get(&without, Kind::Media, "larger", &[], &source, &large).await;
        assert_eq!(answer.origin, Origin::Source);
    }
    assert_eq!(without.snapshot().of(Kind::Media).too_large, 2);
}
