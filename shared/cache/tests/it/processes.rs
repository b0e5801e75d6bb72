//! Flights across processes: this very binary is started again as others ([`works_as_another_process`]).

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cache::{Cache, CacheUrl, DynamoDb, Kind, Level, Made, Origin, Policy, Redis, RedisOptions};
use dynoxide::Database;
use store::{Store, Tables};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::support::redis_server::RedisServer;
use crate::support::{Down, PATIENCE, cache_with, clock, table};

const KIND: Kind = Kind::LlmResponse;
const LEASE_MS: u64 = 1500;

/// A source that many processes ask: it notes each call in a file.
struct SharedSource(PathBuf);

impl SharedSource {
    fn note(&self) {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0)
            .unwrap();
        file.write_all(b".").unwrap();
    }

    fn asked(&self) -> u64 {
        std::fs::metadata(&self.0).map_or(0, |file| file.len())
    }
}

/// Where the processes meet: a level and a source.
struct Place {
    home: TempDir,
    /// A Redis's address, or nothing for a database in the home.
    url: Option<String>,
    server: Option<RedisServer>,
}

impl Place {
    fn redis() -> Self {
        let server = RedisServer::plain(&[]);
        Self {
            home: tempfile::tempdir().unwrap(),
            url: Some(server.url()),
            server: Some(server),
        }
    }

    async fn table() -> Self {
        let home = tempfile::tempdir().unwrap();
        let client = table::client(database(home.path()));
        Store::new(client, Tables::default())
            .create_tables()
            .await
            .unwrap();
        Self {
            home,
            url: None,
            server: None,
        }
    }

    fn source(&self) -> SharedSource {
        SharedSource(self.home.path().join("source"))
    }

    fn cache(&self) -> Cache {
        cache_at(self.url.as_deref(), self.home.path())
    }

    /// Starts another process, which waits for its cue.
    fn process(&self, role: &str) -> Process {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "processes::works_as_another_process",
                "--nocapture",
            ])
            .env("CACHE_PROCESS_ROLE", role)
            .env("CACHE_PROCESS_HOME", self.home.path())
            .env("CACHE_PROCESS_URL", self.url.as_deref().unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut process = Process { child, lines };
        process.hear("ready");
        process
    }
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn cue(&mut self) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(b"\n").unwrap();
        stdin.flush().unwrap();
    }

    /// Waits until it says a line that begins so, and gives the rest of it.
    fn hear(&mut self, beginning: &str) -> String {
        for line in &mut self.lines {
            if let Some(rest) = line.unwrap().strip_prefix(beginning) {
                return rest.trim().to_owned();
            }
        }
        panic!("it ended without saying {beginning:?}");
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn database(home: &Path) -> Database {
    Database::new(home.join("state.db").to_str().unwrap()).unwrap()
}

fn cache_at(url: Option<&str>, home: &Path) -> Cache {
    let level: Arc<dyn Level> = if let Some(url) = url {
        let url = CacheUrl::parse(url).unwrap();
        let options = RedisOptions {
            limit: Some(PATIENCE),
            ..RedisOptions::default()
        };
        Arc::new(Redis::new(&url, options, clock()).unwrap())
    } else {
        let client = table::client(database(home));
        Arc::new(DynamoDb::new(&client, Tables::default().cache, clock()).limit(PATIENCE))
    };
    let short_lease = |policy: &mut Policy| {
        policy.lease_ms = LEASE_MS;
        policy.wait_ms = 10 * LEASE_MS;
    };
    cache_with(level, clock(), KIND, short_lease)
}

/// Asks for one key many times at once; how many were answered, all with the same.
async fn ask_at_once(cache: &Cache, source: &SharedSource, times: usize) -> usize {
    let mut requests = JoinSet::new();
    for _ in 0..times {
        let (cache, source) = (cache.clone(), SharedSource(source.0.clone()));
        requests.spawn(async move {
            let compute = || async {
                source.note();
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok::<_, Down>(Made::new("made once".into()))
            };
            let answer = cache.get_or_compute(KIND, "one", &[], compute).await;
            answer.unwrap().value.unwrap() == "made once"
        });
    }
    let answers = requests.join_all().await;
    answers.into_iter().filter(|right| *right).count()
}

fn a_hundred_misses_ask_once(place: &Place) {
    let mut processes: Vec<Process> = (0..4).map(|_| place.process("ask")).collect();
    for process in &mut processes {
        process.cue();
    }
    for process in &mut processes {
        assert_eq!(process.hear("answered"), "25");
    }
    assert_eq!(place.source().asked(), 1);
}

#[test]
fn a_hundred_misses_in_four_processes_ask_the_source_once_by_redis() {
    a_hundred_misses_ask_once(&Place::redis());
}

#[tokio::test]
async fn a_hundred_misses_in_four_processes_ask_the_source_once_by_the_table() {
    a_hundred_misses_ask_once(&Place::table().await);
}

#[tokio::test]
async fn a_killed_holder_costs_one_more_source_call_however_many_wait() {
    let place = Place::redis();
    let mut holder = place.process("hang");
    holder.cue();
    holder.hear("asking");
    let caches = [place.cache(), place.cache(), place.cache()];
    let source = place.source();
    let waiting = async {
        tokio::join!(
            ask_at_once(&caches[0], &source, 5),
            ask_at_once(&caches[1], &source, 5),
            ask_at_once(&caches[2], &source, 5),
        )
    };
    holder.signal("-KILL");
    assert_eq!(waiting.await, (5, 5, 5));
    println!("holder killed: {} source calls", source.asked());
    assert_eq!(source.asked(), 2);
}

#[tokio::test]
async fn a_stalled_holder_writes_nothing_once_another_has_taken_over() {
    let place = Place::redis();
    let mut holder = place.process("stall");
    holder.cue();
    holder.hear("asking");
    holder.signal("-STOP");
    let (cache, source) = (place.cache(), place.source());
    assert_eq!(ask_at_once(&cache, &source, 10).await, 10);
    println!("holder stalled: {} source calls", source.asked());
    assert_eq!(source.asked(), 2);
    holder.signal("-CONT");
    holder.cue();
    // The late one is answered with what it made, and its right to write is gone.
    assert_eq!(holder.hear("answered"), "outdated, fenced 1");
    let answer = place
        .cache()
        .get_or_compute(KIND, "one", &[], async || Err(Down))
        .await
        .unwrap();
    assert_eq!(
        (answer.value.unwrap(), answer.origin),
        ("made once".into(), Origin::L2)
    );
    drop(place.server);
}

fn wait_for_cue() {
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// Does what its environment says; nothing where that says nothing.
#[tokio::test]
async fn works_as_another_process() {
    let Ok(role) = std::env::var("CACHE_PROCESS_ROLE") else {
        return;
    };
    let home = PathBuf::from(std::env::var("CACHE_PROCESS_HOME").unwrap());
    let url = std::env::var("CACHE_PROCESS_URL").unwrap();
    let cache = cache_at(Some(url.as_str()).filter(|url| !url.is_empty()), &home);
    let source = SharedSource(home.join("source"));
    cache.check().await.unwrap();
    say("ready");
    wait_for_cue();
    if role == "ask" {
        let answered = ask_at_once(&cache, &source, 25).await;
        say(&format!("answered {answered}"));
        return;
    }
    let compute = || async {
        source.note();
        say("asking");
        if role == "hang" {
            std::future::pending::<()>().await;
        }
        tokio::task::spawn_blocking(wait_for_cue).await.unwrap();
        Ok::<_, Down>(Made::new("outdated".into()))
    };
    let answer = cache.get_or_compute(KIND, "one", &[], compute).await;
    let value = String::from_utf8(answer.unwrap().value.unwrap().to_vec()).unwrap();
    let fenced = cache.snapshot().of(KIND).fenced;
    say(&format!("answered {value}, fenced {fenced}"));
}

/// The test harness writes its own words without ends of lines.
fn say(line: &str) {
    let mut out = File::options().write(true).open("/dev/stdout").unwrap();
    out.write_all(format!("\n{line}\n").as_bytes()).unwrap();
}
