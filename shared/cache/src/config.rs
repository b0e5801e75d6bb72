//! Which shared level, and how large the one in the process.

use std::fmt;

use redis::{ConnectionInfo, IntoConnectionInfo};

/// The most that the level in the process may hold.
const MOST_ITEMS: usize = 10_000_000;
const LEAST_BYTES: u64 = 1 << 10;
const MOST_BYTES: u64 = 1 << 40;

/// Why a cache can't be made as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CacheConfigError {
    /// What should name a Redis or Valkey does not.
    #[error("REELWRIGHT_CACHE_URL is {shown:?}: {reason}: expected {form}", form = CacheUrl::FORM)]
    Url {
        /// What it is, its password masked.
        shown: String,
        /// What is wrong with it.
        reason: String,
    },

    /// Certificates that are none.
    #[error("the certificates to trust for {shown} can't be read ({reason}): expected PEM")]
    Roots {
        /// The address, its password masked.
        shown: String,
        /// What is wrong with them.
        reason: String,
    },

    /// A size that the level in the process can't have.
    #[error("{field} is {value}: expected a number from {least} to {most}")]
    Size {
        /// Which size.
        field: &'static str,
        /// What it is.
        value: u64,
        /// The least that it may be.
        least: u64,
        /// The most that it may be.
        most: u64,
    },

    /// The level in the process can't be made.
    #[error("the cache's level in the process can't be made: {reason}")]
    L1 {
        /// Why.
        reason: String,
    },

    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {reason}")]
    Random {
        /// Its own words.
        reason: String,
    },
}

/// How a cache is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheConfig {
    /// `REELWRIGHT_CACHE`: whether anything is kept. Off, every request asks its source, and counts as a miss.
    pub on: bool,
    /// `REELWRIGHT_CACHE_URL`: the Redis or Valkey that processes share; nothing if they share a table.
    pub url: Option<CacheUrl>,
    /// How many values the process holds at most.
    pub l1_items: usize,
    /// How many bytes of them.
    pub l1_bytes: u64,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            on: true,
            url: None,
            l1_items: 1000,
            l1_bytes: 64 << 20,
        }
    }
}

impl CacheConfig {
    /// The configuration with these sizes, if they are possible.
    pub fn sized(mut self, items: usize, bytes: u64) -> Result<Self, CacheConfigError> {
        let limits = [
            ("l1_items", items as u64, 1, MOST_ITEMS as u64),
            ("l1_bytes", bytes, LEAST_BYTES, MOST_BYTES),
        ];
        for (field, value, least, most) in limits {
            if !(least..=most).contains(&value) {
                return Err(CacheConfigError::Size {
                    field,
                    value,
                    least,
                    most,
                });
            }
        }
        (self.l1_items, self.l1_bytes) = (items, bytes);
        Ok(self)
    }
}

/// The address of a Redis or Valkey. Shown, its password is masked.
///
/// `?iam=NAME` says that the user signs in with a token of AWS's identity management for the ElastiCache of that name, `&serverless=true` that
/// this is a serverless one.
///
/// ```
/// use cache::CacheUrl;
/// let url = CacheUrl::parse("rediss://app:hush@cache.example:6380/1").unwrap();
/// assert_eq!(url.to_string(), "rediss://app:(hidden)@cache.example:6380/1");
/// ```
#[derive(Clone)]
pub struct CacheUrl {
    pub(crate) info: ConnectionInfo,
    pub(crate) iam: Option<IamCache>,
    shown: String,
}

/// An ElastiCache that users sign in to by AWS's identity management.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IamCache {
    /// The replication group's or serverless cache's name.
    pub(crate) name: String,
    pub(crate) serverless: bool,
    pub(crate) user: String,
}

impl CacheUrl {
    /// What an address looks like.
    pub const FORM: &str = "redis://[user:password@]host[:port][/database], or rediss:// for TLS";

    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, CacheConfigError> {
        let wrong = |shown: String, reason: &str| CacheConfigError::Url {
            shown,
            reason: reason.to_owned(),
        };
        let Some(url) = redis::parse_redis_url(text.trim()) else {
            // What can't be read can't be masked either, so only its beginning is shown.
            let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
            let shown = format!("{}...", scheme.chars().take(20).collect::<String>());
            return Err(wrong(shown, "it is no such address"));
        };
        let mut masked = url.clone();
        if url.password().is_some() && masked.set_password(Some("(hidden)")).is_err() {
            return Err(wrong(format!("{}...", url.scheme()), "it names no host"));
        }
        let shown = masked.as_str().replace("%28hidden%29", "(hidden)");
        if !matches!(url.scheme(), "redis" | "rediss" | "valkey" | "valkeys") {
            return Err(wrong(shown, "it is no address in a network"));
        }
        if url.fragment().is_some() {
            return Err(wrong(
                shown,
                "nothing may follow a '#', certificates are always checked",
            ));
        }
        let (mut name, mut serverless) = (None, false);
        for (key, value) in url.query_pairs() {
            match (key.as_ref(), value.as_ref()) {
                ("iam", value) if !value.is_empty() => name = Some(value.to_lowercase()),
                ("serverless", "true") => serverless = true,
                ("serverless", "false") => serverless = false,
                _ => {
                    return Err(wrong(
                        shown,
                        "only iam=NAME and serverless=true or false may follow a '?'",
                    ));
                }
            }
        }
        let iam = match name {
            None if serverless => return Err(wrong(shown, "serverless needs iam=NAME")),
            None => None,
            Some(_) if url.username().is_empty() || url.password().is_some() => {
                return Err(wrong(shown, "iam needs a user and no password"));
            }
            Some(_) if !matches!(url.scheme(), "rediss" | "valkeys") => {
                return Err(wrong(shown, "iam needs TLS"));
            }
            Some(name) => Some(IamCache {
                name,
                serverless,
                user: url.username().to_owned(),
            }),
        };
        let info = match url.into_connection_info() {
            Ok(info) => info,
            // Its own words name parts of the address, never the password.
            Err(error) => return Err(wrong(shown, &error.to_string())),
        };
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        let redis = info.redis_settings().clone().set_skip_set_lib_name();
        Ok(Self {
            info: info.set_tcp_settings(tcp).set_redis_settings(redis),
            iam,
            shown,
        })
    }
}

impl PartialEq for CacheUrl {
    fn eq(&self, other: &Self) -> bool {
        self.shown == other.shown
            && self.info.redis_settings().password() == other.info.redis_settings().password()
    }
}

impl Eq for CacheUrl {}

impl fmt::Display for CacheUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for CacheUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn an_address_that_is_none_is_told_with_the_variable_and_without_its_password() {
        for text in [
            "",
            "cache.example:6379",
            "http://:hush@cache.example",
            "redis://",
            "redis://:hush@",
            "redis://:hush@cache.example:port",
            "redis://:hush@cache.example:99999",
            "redis://:hush@cache.example/first",
            "redis://:hush@cache.example?timeout=5",
            "rediss://:hush@cache.example#insecure",
            "unix:///tmp/redis.sock",
            "redis://:hush@0.0.0.0",
            "rediss://cache.example?iam=films",
            "rediss://app:hush@cache.example?iam=films",
            "redis://app@cache.example?iam=films",
            "rediss://app@cache.example?serverless=true",
            "hush",
        ] {
            let text = CacheUrl::parse(text).unwrap_err().to_string();
            assert!(
                text.contains("REELWRIGHT_CACHE_URL") && text.contains("expected redis://"),
                "{text}"
            );
            assert!(!text.contains("hush"), "{text}");
        }
    }

    #[test]
    fn an_address_says_all_that_a_connection_needs() {
        let url = CacheUrl::parse("rediss://app@cache.example?iam=Films&serverless=true").unwrap();
        let expected = IamCache {
            name: "films".to_owned(),
            serverless: true,
            user: "app".to_owned(),
        };
        assert_eq!(url.iam, Some(expected));
        let url = CacheUrl::parse("valkey://:p%40ss@[::1]:7000/3").unwrap();
        assert_eq!(url.info.redis_settings().password(), Some("p@ss"));
        assert_eq!(url.info.redis_settings().db(), 3);
        assert!(!format!("{url:?} {url}").contains("p%40ss"));
    }

    #[test]
    fn sizes_that_are_none_are_refused() {
        for (items, bytes) in [(0, 1 << 20), (1000, 0), (usize::MAX, 1 << 20)] {
            assert!(CacheConfig::default().sized(items, bytes).is_err());
        }
        assert!(CacheConfig::default().sized(1, 1 << 10).is_ok());
    }
}
