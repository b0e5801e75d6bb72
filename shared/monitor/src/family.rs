//! The kinds of operation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Tasks of a workflow.
    Task,
    /// Calls of who writes, speaks and draws.
    Provider,
    /// Requests to the tables.
    Store,
    /// Requests to the cache, by where their answer came from.
    Cache,
    /// HTTP requests, by route.
    Route,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Task,
        Self::Provider,
        Self::Store,
        Self::Cache,
        Self::Route,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Provider => "provider",
            Self::Store => "store",
            Self::Cache => "cache",
            Self::Route => "route",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
