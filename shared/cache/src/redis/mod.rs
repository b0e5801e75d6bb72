//! Redis or Valkey as the shared level.
//!
//! Each question is one round trip: a pipeline of plain commands, or a script of three lines. Keys of one name share a slot, and no
//! command names two slots, so a proxy in front of a cluster (ElastiCache Serverless) is served as well as a single node.

mod iam;
mod link;
mod reply;

use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use redis::{FromRedisValue, Pipeline, Value, cmd, pipe};

use crate::level::{Found, Holder, Level, Pace};
use crate::{CacheConfigError, CacheUrl, Clock, LevelError, Name, Tag};

use iam::Signer;
use link::{Dialer, Link};

/// A round trip within a zone takes a quarter of this, between zones about as much.
const TYPICAL: Duration = Duration::from_millis(1);
const LIMIT: Duration = Duration::from_millis(100);

/// Writes the value and ends the lease, if it is the holder's.
const PUT: &str = "if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1";

/// Ends the lease, if it is the holder's.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0";

/// How a Redis is spoken to.
#[derive(Clone, Default)]
pub struct RedisOptions {
    /// What its keys begin with, so that several systems may share it; `reelwright` if left out.
    pub prefix: Option<String>,
    /// The longest that a request may wait for it, over all its questions; 100 ms if left out.
    pub limit: Option<Duration>,
    /// The certificates to trust, in PEM; the system's if left out, which take a while to read.
    pub roots: Option<Vec<u8>>,
    /// Who signs in, and in which region, where the address asks for a token (`?iam=NAME`).
    pub aws: Option<(SharedCredentialsProvider, String)>,
}

/// A Redis or Valkey.
#[derive(Debug)]
pub struct Redis {
    link: Link,
    prefix: String,
    limit: Duration,
}

impl Redis {
    /// The Redis at an address. Nothing is sent before the first question. The clock dates the tokens of `?iam=NAME`.
    pub fn new(
        url: &CacheUrl,
        options: RedisOptions,
        clock: Clock,
    ) -> Result<Self, CacheConfigError> {
        let signer = match (&url.iam, options.aws) {
            (None, _) => None,
            (Some(cache), Some((credentials, region))) => {
                Some(Signer::new(cache.clone(), credentials, region, clock))
            }
            (Some(_), None) => {
                return Err(CacheConfigError::Url {
                    shown: url.to_string(),
                    reason: "iam needs AWS credentials and a region, and there are none".to_owned(),
                });
            }
        };
        Ok(Self {
            link: Link::new(Dialer::new(url, options.roots, signer)?),
            prefix: options.prefix.unwrap_or_else(|| "reelwright".to_owned()),
            limit: options.limit.unwrap_or(LIMIT),
        })
    }

    /// The braces keep a name's value and lease in one slot.
    fn value_key(&self, name: &Name) -> String {
        format!("{}:{{{name}}}", self.prefix)
    }

    fn lease_key(&self, name: &Name) -> String {
        format!("{}:{{{name}}}:lease", self.prefix)
    }

    fn tag_key(&self, tag: &Tag) -> String {
        format!("{}:{tag}", self.prefix)
    }

    fn read_into(&self, pipeline: &mut Pipeline, name: &Name, tags: &[Tag]) {
        pipeline.get(self.value_key(name));
        for tag in tags {
            pipeline.get(self.tag_key(tag));
        }
    }

    async fn send<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T, LevelError> {
        self.link.send(pipeline).await
    }
}

/// Milliseconds of an expiry, which may not be nothing.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis())
        .unwrap_or(u64::MAX >> 1)
        .max(1)
}

/// A version as it is written. What can't be read as one is none: its values are misses.
fn version(value: Value) -> Option<u64> {
    u64::from_redis_value(value).ok()
}

fn found(values: impl IntoIterator<Item = Value>) -> Found {
    let mut values = values.into_iter();
    let envelope = match values.next() {
        Some(Value::BulkString(bytes)) => Some(Bytes::from(bytes)),
        _ => None,
    };
    Found {
        envelope,
        versions: values.map(version).collect(),
    }
}

#[async_trait]
impl Level for Redis {
    fn name(&self) -> String {
        self.link.shown().to_owned()
    }

    fn pace(&self) -> Pace {
        Pace {
            typical: TYPICAL,
            limit: self.limit,
        }
    }

    async fn get(&self, name: &Name, tags: &[Tag]) -> Result<Found, LevelError> {
        let mut pipeline = pipe();
        self.read_into(&mut pipeline, name, tags);
        Ok(found(self.send::<Vec<Value>>(&pipeline).await?))
    }

    async fn lease(
        &self,
        name: &Name,
        holder: &Holder,
        lease: Duration,
        tags: &[Tag],
    ) -> Result<(bool, Found), LevelError> {
        let mut pipeline = pipe();
        pipeline
            .cmd("SET")
            .arg(self.lease_key(name))
            .arg(holder.id())
            .arg("NX")
            .arg("PX")
            .arg(millis(lease))
            .ignore();
        // Who has it is read, not concluded from the command's answer: it may be the second time that this is sent.
        pipeline.get(self.lease_key(name));
        self.read_into(&mut pipeline, name, tags);
        let mut values = self.send::<Vec<Value>>(&pipeline).await?.into_iter();
        let held = match values.next() {
            Some(Value::BulkString(id)) => id == holder.id().as_bytes(),
            _ => false,
        };
        Ok((held, found(values)))
    }

    async fn put(
        &self,
        name: &Name,
        holder: &Holder,
        envelope: Bytes,
        keep: Duration,
    ) -> Result<bool, LevelError> {
        let mut pipeline = pipe();
        pipeline
            .cmd("EVAL")
            .arg(PUT)
            .arg(2)
            .arg(self.value_key(name))
            .arg(self.lease_key(name))
            .arg(holder.id())
            .arg(envelope.as_ref())
            .arg(millis(keep));
        let (written,): (bool,) = self.send(&pipeline).await?;
        Ok(written)
    }

    async fn release(&self, name: &Name, holder: &Holder) -> Result<(), LevelError> {
        let mut pipeline = pipe();
        pipeline
            .cmd("EVAL")
            .arg(RELEASE)
            .arg(1)
            .arg(self.lease_key(name))
            .arg(holder.id())
            .ignore();
        self.send(&pipeline).await
    }

    async fn remove(&self, name: &Name) -> Result<(), LevelError> {
        let mut pipeline = pipe();
        let keys = [self.value_key(name), self.lease_key(name)];
        pipeline.cmd("DEL").arg(&keys).ignore();
        self.send(&pipeline).await
    }

    async fn settle_tag(
        &self,
        tag: &Tag,
        proposed: u64,
        keep: Duration,
    ) -> Result<u64, LevelError> {
        let mut pipeline = pipe();
        pipeline
            .cmd("SET")
            .arg(self.tag_key(tag))
            .arg(proposed)
            .arg("NX")
            .arg("PX")
            .arg(millis(keep))
            .ignore();
        pipeline.get(self.tag_key(tag));
        let (settled,): (Value,) = self.send(&pipeline).await?;
        if let Some(settled) = version(settled) {
            return Ok(settled);
        }
        // What is there is no version, so nothing can have been written under it.
        self.change_tag(tag, proposed, keep).await?;
        Ok(proposed)
    }

    async fn change_tag(&self, tag: &Tag, version: u64, keep: Duration) -> Result<(), LevelError> {
        let mut pipeline = pipe();
        pipeline
            .cmd("SET")
            .arg(self.tag_key(tag))
            .arg(version)
            .arg("PX")
            .arg(millis(keep))
            .ignore();
        self.send(&pipeline).await
    }

    async fn check(&self) -> Result<(), LevelError> {
        let key = format!("{}:check", self.prefix);
        let mut pipeline = pipe();
        pipeline
            .add_command(cmd("SET").arg(&key).arg(1).arg("PX").arg(1000).to_owned())
            .ignore();
        self.send(&pipeline).await
    }

    fn reconnect(&self) {
        self.link.forget();
    }
}
