//! Plays a trace of accesses through the cache, and through others beside it:
//!
//!     cargo run -p cache --example trace -- tests/data/cache/web07.keys.gz [--json]
//!
//! A trace is a gzip file with one key a line. Each process holds 1,000 values; those that share a Redis take turns at the accesses.

#![expect(clippy::print_stdout, reason = "what it finds is printed")]

mod server;

use std::collections::HashSet;
use std::error::Error;
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::time::Duration;

use cache::{Cache, CacheConfig, Kind, Made, Origin, Policies, Policy};
use server::{Server, clock};

const ITEMS: usize = 1000;

/// What share of accesses was found where, in percent.
struct Row {
    name: String,
    l1: f64,
    l2: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut path = None;
    let mut json = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => json = true,
            _ => path = Some(argument),
        }
    }
    let path = path.ok_or("which trace? Give the path of a gzip file with one key a line")?;
    let mut text = String::new();
    let read = std::fs::File::open(&path)
        .and_then(|file| flate2::read::GzDecoder::new(file).read_to_string(&mut text));
    read.map_err(|error| format!("{path} can't be read ({error}): expected a gzip file of text"))?;
    let keys: Vec<&str> = text.lines().collect();

    let mut rows = vec![
        alone("LRU", &keys, lru(&keys)),
        alone("moka", &keys, moka(&keys)),
        alone("quick_cache", &keys, quick_cache(&keys)),
        alone("unlimited", &keys, unlimited(&keys)),
        through("L1 alone", &[cache(None)?], &keys).await?,
    ];
    for instances in [1, 4, 16] {
        let server = Server::start().await?;
        let mut caches = Vec::new();
        for _ in 0..instances {
            caches.push(cache(Some(&server))?);
        }
        let name = format!("{instances} x L1 with Redis");
        rows.push(through(&name, &caches, &keys).await?);
    }
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| serde_json::json!({ "name": row.name, "l1": row.l1, "l2": row.l2, "total": row.l1 + row.l2 }))
            .collect();
        println!(
            "{}",
            serde_json::json!({ "accesses": keys.len(), "hits": rows })
        );
        return Ok(());
    }
    println!(
        "{} accesses of {path}, {ITEMS} values a process; hits in percent",
        keys.len()
    );
    println!("{:<20} {:>6} {:>6} {:>6}", "", "L1", "L2", "total");
    for Row { name, l1, l2 } in &rows {
        println!("{name:<20} {l1:>6.1} {l2:>6.1} {:>6.1}", l1 + l2);
    }
    Ok(())
}

fn alone(name: &str, keys: &[&str], hits: usize) -> Row {
    Row {
        name: name.to_owned(),
        l1: percent(hits, keys.len()),
        l2: 0.0,
    }
}

fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

fn lru(keys: &[&str]) -> usize {
    let Some(items) = NonZeroUsize::new(ITEMS) else {
        return 0;
    };
    let mut cache = lru::LruCache::new(items);
    keys.iter()
        .filter(|key| {
            let hit = cache.get(*key).is_some();
            if !hit {
                cache.put(**key, ());
            }
            hit
        })
        .count()
}

/// It evicts in batches, so it holds a few more at times.
fn moka(keys: &[&str]) -> usize {
    let cache = moka::sync::Cache::new(ITEMS as u64);
    keys.iter()
        .filter(|key| {
            let hit = cache.get(**key).is_some();
            if !hit {
                cache.insert((**key).to_owned(), ());
            }
            hit
        })
        .count()
}

fn quick_cache(keys: &[&str]) -> usize {
    let cache = quick_cache::sync::Cache::new(ITEMS);
    keys.iter()
        .filter(|key| {
            let hit = cache.get(**key).is_some();
            if !hit {
                cache.insert((**key).to_owned(), ());
            }
            hit
        })
        .count()
}

fn unlimited(keys: &[&str]) -> usize {
    let mut seen = HashSet::new();
    keys.iter().filter(|key| !seen.insert(**key)).count()
}

fn cache(server: Option<&Server>) -> Result<Cache, Box<dyn Error + Send + Sync>> {
    let config = CacheConfig::default().sized(ITEMS, 64 << 20)?;
    // However busy the machine is: what is found is asked here, not how soon.
    let policy = Policy {
        source_ms: 600_000,
        ..Policy::of(Kind::LlmResponse)
    };
    let policies = Policies::default().with(Kind::LlmResponse, policy)?;
    let mut builder = Cache::builder(&config, clock()).policies(policies);
    if let Some(server) = server {
        builder = builder.shared(server.level(Some(Duration::from_mins(1)))?);
    }
    Ok(builder.build()?)
}

async fn through(
    name: &str,
    caches: &[Cache],
    keys: &[&str],
) -> Result<Row, Box<dyn Error + Send + Sync>> {
    let (mut l1, mut l2) = (0, 0);
    for (key, cache) in keys.iter().zip(caches.iter().cycle()) {
        let compute = async || Ok::<_, std::io::Error>(Made::new(key.to_string().into()));
        let answer = cache
            .get_or_compute(Kind::LlmResponse, key, &[], compute)
            .await?;
        match answer.origin {
            Origin::L1 => l1 += 1,
            Origin::L2 => l2 += 1,
            _ => {}
        }
    }
    for cache in caches {
        let stats = cache.snapshot();
        if stats.of(Kind::LlmResponse).unanswered > 0 {
            return Err("Redis did not answer".into());
        }
    }
    Ok(Row {
        name: name.to_owned(),
        l1: percent(l1, keys.len()),
        l2: percent(l2, keys.len()),
    })
}
