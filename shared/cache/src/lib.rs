//! What was paid for once is not paid for again: two levels, five kinds.
//!
//! [`Cache::get_or_compute`] is all that most callers need. A value is looked for in this process (L1), then in a level that processes share (L2:
//! Redis or Valkey, else the cache table of DynamoDB), and then its source is asked: once for all requests that want it meanwhile, in this
//! process and in others.
//!
//! What holds whatever happens:
//!
//! - **No wrong value.** What is read from L2 carries its form's version, its times and a checksum over itself and its name; anything else is a
//!   miss. Only the request that holds a name's lease may write it, so whoever comes late, or asked before something was removed, writes
//!   nothing.
//! - **No request waits for a dead L2.** Each has a time limit for it, by the level and by the cost of the source; failures in a row open a circuit, after
//!   which no request waits until a check on the side succeeds. What L2 did not answer is not counted as a miss.
//! - **Nothing runs between requests.** There is no task that keeps house, so a Lambda function may freeze at any point.
//! - **Nothing stale unmarked.** An old value stands in for a source that fails, within the kind's limit, and its [`Origin`] says so.
//!
//! | kind | fresh | source fails | noticed in other processes | in L2 |
//! |---|---|---|---|---|
//! | llm_response | 24 h | 24 h more | 5 min | Redis, table |
//! | media | 7 d | 24 h more | 5 min | Redis, table |
//! | metadata | 1 h | 24 h more | 1 min | Redis, table |
//! | session | 30 min | – | 30 s | Redis |
//! | api_response | 5 min | 5 min more | 5 s | Redis |
//!
//! "Noticed" is how late another process may see what was removed or invalidated. Sessions and responses are not kept in the table: reading what
//! they are made of costs what reading the cached one would.

mod answer;
mod ask;
mod cache;
mod circuit;
mod config;
mod dynamodb;
mod elsewhere;
mod entry;
mod envelope;
mod flights;
mod generations;
mod key;
mod kind;
mod l1;
mod level;
mod look;
mod policy;
mod redis;
mod shared;
mod stats;
mod timing;

pub use self::redis::{Redis, RedisOptions};
pub use answer::{Answer, Made, Origin};
pub use cache::{Cache, CacheBuilder, Clock};
pub use config::{CacheConfig, CacheConfigError, CacheUrl};
pub use dynamodb::DynamoDb;
pub use key::{Name, Tag};
pub use kind::{Kind, KindError};
pub use level::{Found, Holder, Level, LevelError, Pace};
pub use policy::{Policies, Policy, PolicyError};
pub use stats::{KindStats, Stats};
