//! What people and programs get wrong.

use std::sync::Arc;

use cache::{Cache, CacheConfig, CacheUrl, Kind, LevelError, Origin, Redis, RedisOptions, Tag};

use crate::support::redis_server::RedisServer;
use crate::support::{PATIENCE, Source, cache_over, clock, get, patient};

fn cache_at(url: &str) -> Cache {
    let url = CacheUrl::parse(url).unwrap();
    let options = RedisOptions {
        limit: Some(PATIENCE),
        ..RedisOptions::default()
    };
    let level = Redis::new(&url, options, clock()).unwrap();
    cache_over(Arc::new(level), clock())
}

/// A check tells what is wrong, and requests go on without the level.
async fn refused(cache: &Cache) -> LevelError {
    let error = cache.check().await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("127.0.0.1") && !text.contains("hush"),
        "{text}"
    );
    let source = Source::default();
    for key in ["a", "a", "b"] {
        get(cache, Kind::Metadata, key, &[], &source, "v").await;
    }
    let stats = cache.snapshot();
    let stats = stats.of(Kind::Metadata);
    assert_eq!(
        (stats.l1_hits, stats.misses, stats.unanswered),
        (1, 0, 2),
        "{stats:?}"
    );
    error
}

#[tokio::test]
async fn an_address_where_nobody_is_fails_no_request() {
    let mut server = RedisServer::plain(&[]);
    server.kill();
    let error = refused(&cache_at(&format!(
        "redis://:hush@127.0.0.1:{}",
        server.port
    )))
    .await;
    assert!(matches!(error, LevelError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_as_such() {
    let server = RedisServer::plain(&["--requirepass", "right"]);
    let port = server.port;
    for url in [
        format!("redis://:hush@127.0.0.1:{port}"),
        format!("redis://nobody:hush@127.0.0.1:{port}"),
        format!("redis://127.0.0.1:{port}"),
    ] {
        let error = refused(&cache_at(&url)).await;
        assert!(matches!(error, LevelError::Denied { .. }), "{error}");
    }
    cache_at(&format!("redis://:right@127.0.0.1:{port}"))
        .check()
        .await
        .unwrap();
}

#[tokio::test]
async fn tls_against_a_plain_port_and_the_reverse_and_an_unknown_authority_are_outages() {
    let (plain, tls) = (RedisServer::plain(&[]), RedisServer::tls(&[]));
    for url in [
        format!("rediss://127.0.0.1:{}", plain.port),
        format!("redis://127.0.0.1:{}", tls.port),
        // The system does not know who signed the certificate.
        tls.url(),
    ] {
        let error = refused(&cache_at(&url)).await;
        assert!(matches!(error, LevelError::Unavailable { .. }), "{error}");
    }
}

#[tokio::test]
async fn roots_that_are_none_are_refused_at_once() {
    let url = CacheUrl::parse("rediss://127.0.0.1").unwrap();
    let options = RedisOptions {
        roots: Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec()),
        ..RedisOptions::default()
    };
    let error = Redis::new(&url, options, clock()).unwrap_err().to_string();
    assert!(error.contains("expected PEM"), "{error}");
}

#[tokio::test]
async fn a_read_only_replica_is_told_as_such_and_what_it_has_is_used() {
    let primary = RedisServer::plain(&[]);
    let replica = RedisServer::plain(&["--replicaof", "127.0.0.1", &primary.port.to_string()]);
    let source = Source::default();
    let writer = cache_over(Arc::new(primary.level()), clock());
    get(&writer, Kind::Metadata, "a", &[], &source, "v").await;
    while replica.keys().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let reader = cache_over(Arc::new(replica.level()), clock());
    let error = reader.check().await.unwrap_err();
    assert!(matches!(error, LevelError::ReadOnly { .. }), "{error}");
    assert!(error.to_string().contains("name the primary"), "{error}");
    let answer = get(&reader, Kind::Metadata, "a", &[], &source, "v").await;
    assert_eq!(answer.origin, Origin::L2);
    for key in ["b", "c", "d", "e", "f", "g"] {
        get(&reader, Kind::Metadata, key, &[], &source, "v").await;
    }
    let stats = reader.snapshot();
    let stats = stats.of(Kind::Metadata);
    assert_eq!(
        (stats.misses, stats.unanswered, stats.l2_skipped),
        (0, 6, 0)
    );
    // What can't be removed there is not said to be removed.
    assert!(reader.remove(Kind::Metadata, "a").await.is_err());
    assert!(reader.invalidate(Tag::brand("Acme")).await.is_err());
}

#[tokio::test]
async fn a_full_level_is_told_as_such() {
    let server = RedisServer::plain(&["--maxmemory", "1"]);
    let error = cache_over(Arc::new(server.level()), clock())
        .check()
        .await
        .unwrap_err();
    assert!(matches!(error, LevelError::Full { .. }), "{error}");
}

#[tokio::test]
async fn keys_of_any_form_and_length_are_kept_apart() {
    let server = RedisServer::plain(&[]);
    let (one, two) = [(); 2]
        .map(|()| cache_over(Arc::new(server.level()), clock()))
        .into();
    let long = "k".repeat(10_240);
    let keys = [
        "",
        " ",
        "a b",
        "a\nb",
        "a\r\nFLUSHALL\r\n",
        "*",
        "{a}",
        "ü",
        &long,
    ];
    let source = Source::default();
    for key in keys {
        get(&one, Kind::Metadata, key, &[Tag::brand(key)], &source, key).await;
    }
    for key in keys {
        let answer = get(&two, Kind::Metadata, key, &[Tag::brand(key)], &source, "no").await;
        assert_eq!(
            (answer.value.unwrap(), answer.origin),
            (key.to_owned().into(), Origin::L2)
        );
    }
}

#[tokio::test]
async fn a_value_of_fifty_megabytes_takes_no_room_in_the_levels() {
    let server = RedisServer::plain(&[]);
    let home = tempfile::tempdir().unwrap();
    let artifacts = artifacts::Artifacts::folder(home.path()).unwrap();
    let cache = || {
        Cache::builder(&CacheConfig::default(), clock())
            .policies(patient())
            .shared(Arc::new(server.level()))
            .artifacts(artifacts.clone())
            .build()
            .unwrap()
    };
    let (one, two) = (cache(), cache());
    let source = Source::default();
    let large = "frame".repeat(10 << 20);
    get(&one, Kind::Media, "film", &[], &source, &large).await;
    let answer = get(&two, Kind::Media, "film", &[], &source, "").await;
    assert!(answer.value.unwrap() == large && answer.origin == Origin::L2);
    assert!(two.snapshot().of(Kind::Media).bytes_read < 1000);
}

#[tokio::test]
async fn a_level_that_holds_something_else_under_our_keys_is_not_believed() {
    let server = RedisServer::plain(&[]);
    let source = Source::default();
    let tags = [Tag::brand("Acme")];
    let writer = cache_over(Arc::new(server.level()), clock());
    get(&writer, Kind::Metadata, "a", &tags, &source, "v").await;
    for damage in [["APPEND", "x"], ["SET", "0"], ["SETRANGE", "0"]] {
        for key in server.keys() {
            let words: &[&str] = match damage {
                ["SETRANGE", text] => &["SETRANGE", &key, "3", text],
                [command, text] => &[command, &key, text],
            };
            server.command::<()>(words);
        }
        let reader = cache_over(Arc::new(server.level()), clock());
        let answer = get(&reader, Kind::Metadata, "a", &tags, &source, "v").await;
        assert_eq!(
            (answer.value.unwrap(), answer.origin),
            ("v".into(), Origin::Source)
        );
        // What was damaged is whole again, the tag's version too.
        let other = cache_over(Arc::new(server.level()), clock());
        let answer = get(&other, Kind::Metadata, "a", &tags, &source, "v").await;
        assert_eq!(answer.origin, Origin::L2);
    }
    // Another type of value altogether.
    for key in server.keys() {
        server.command::<()>(&["DEL", &key]);
        server.command::<()>(&["LPUSH", &key, "x"]);
    }
    let reader = cache_over(Arc::new(server.level()), clock());
    let answer = get(&reader, Kind::Metadata, "a", &tags, &source, "v").await;
    assert_eq!(answer.origin, Origin::Source);
}
