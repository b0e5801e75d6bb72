//! What a Redis's errors mean.

use std::time::Duration;

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::LevelError;

/// What a failed request tells of the level.
pub(super) fn failed(level: &str, error: &RedisError) -> LevelError {
    let level = level.to_owned();
    let reason = error.to_string();
    match error.kind() {
        ErrorKind::AuthenticationFailed => LevelError::Denied { level, reason },
        ErrorKind::Server(kind) => match kind {
            ServerErrorKind::ReadOnly => LevelError::ReadOnly { level },
            ServerErrorKind::BusyLoading
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::MasterDown
            | ServerErrorKind::TryAgain => LevelError::Unavailable { level, reason },
            ServerErrorKind::Moved | ServerErrorKind::Ask => LevelError::Refused {
                level,
                reason: format!(
                    "{reason}: it is one node of a cluster: name a cache with cluster mode disabled, or a serverless one"
                ),
            },
            ServerErrorKind::NoPerm => LevelError::Refused {
                level,
                reason: format!("{reason}: give this user get, set, del and eval on all keys"),
            },
            _ => refused(level, reason, error),
        },
        ErrorKind::Extension => refused(level, reason, error),
        _ => LevelError::Unavailable { level, reason },
    }
}

fn refused(level: String, reason: String, error: &RedisError) -> LevelError {
    // A pipeline's error holds those of its commands.
    let errors = error.clone().into_server_errors();
    let first = errors.as_deref().and_then(<[_]>::first);
    match first.map(|(_, error)| error.code()).unwrap_or_default() {
        "OOM" => LevelError::Full { level, reason },
        "NOAUTH" | "WRONGPASS" => LevelError::Denied { level, reason },
        // A master that lost its replicas takes no values for a while.
        "NOREPLICAS" | "UNBLOCKED" => LevelError::Unavailable { level, reason },
        _ => LevelError::Refused { level, reason },
    }
}

/// How long a connection is believed to lead where its address does.
const FAILOVER: Duration = Duration::from_secs(5);

/// Whether another connection may do better than one of this age.
pub(super) fn is_lost(error: &RedisError, age: Duration) -> bool {
    match error.kind() {
        ErrorKind::Io | ErrorKind::Parse => true,
        // A primary that a connection was opened to may have become a replica, and the address lead to another by now.
        ErrorKind::Server(ServerErrorKind::ReadOnly) => age > FAILOVER,
        _ => error.is_unrecoverable_error(),
    }
}
