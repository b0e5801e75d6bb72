//! Who calls: an API key and what it may do.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cache::{Cache, Kind, Made};
use domain::{KeyId, KeySecret, Scope};
use store::{Store, StoreError};

use super::Problem;

/// Who sent a request, as the authorizer found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key's id, which is no secret.
    pub key: KeyId,
    /// What the key may do.
    pub scopes: BTreeSet<Scope>,
}

impl Caller {
    /// Refuses a caller that lacks a scope.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        let has: Vec<_> = self.scopes.iter().map(|scope| scope.name()).collect();
        Err(Problem::forbidden(format!(
            "this needs a key with the scope {}; key {} has {}",
            scope.name(),
            self.key,
            has.join(", ")
        )))
    }

    /// As API Gateway's authorizer context has it: text only.
    pub fn from_context(key: &str, scopes: &str) -> Option<Self> {
        Some(Self {
            key: KeyId::parse(key).ok()?,
            scopes: scopes
                .split(' ')
                .filter(|name| !name.is_empty())
                .map(str::parse)
                .collect::<Result<_, _>>()
                .ok()?,
        })
    }
}

/// Why a key opens nothing.
#[derive(Debug, thiserror::Error)]
enum KeyError {
    #[error("the key sent is unknown or revoked")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where keys are looked up. A good one is believed for half a minute before it is looked up again ([`Kind::Session`]); what is refused is
/// looked up each time.
#[derive(Clone)]
pub struct Keys {
    /// The state table.
    pub store: Store,
    /// Who came lately.
    pub cache: Cache,
}

/// The caller that an `Authorization` header's value stands for: `Bearer rw_...`.
pub async fn authenticate(keys: &Keys, authorization: Option<&str>) -> Result<Caller, Problem> {
    let value = authorization.ok_or_else(|| {
        Problem::unauthorized(
            "send a key: Authorization: Bearer rw_...; `reelwright keys add` makes one",
        )
    })?;
    let secret = value
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, secret)| KeySecret::parse(secret.trim()).ok());
    let unknown = || Problem::unauthorized(KeyError::Unknown);
    let digest = secret.ok_or_else(unknown)?.digest();
    let look_up = async || match keys.store.key(&digest).await? {
        Some(key) if key.revoked_at.is_none() => {
            let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.name()).collect();
            let caller = format!("{} {}", key.id, scopes.join(" "));
            Ok(Made::new(caller.into()))
        }
        _ => Err(KeyError::Unknown),
    };
    let looked_up = keys
        .cache
        .get_or_compute(Kind::Session, digest.as_str(), &[], look_up);
    let caller = match looked_up.await {
        Ok(answer) => answer.value.unwrap_or_default(),
        Err(error) => {
            return Err(match &*error {
                KeyError::Unknown => unknown(),
                KeyError::Store(error) => Problem::from(error.clone()),
            });
        }
    };
    std::str::from_utf8(&caller)
        .ok()
        .and_then(|caller| caller.split_once(' '))
        .and_then(|(key, scopes)| Caller::from_context(key, scopes))
        .ok_or_else(|| Problem::internal(&"what was kept of a key can't be read"))
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::unauthorized("send a key: Authorization: Bearer rw_..."))
    }
}

/// Callers who may do what a route does. As extractors, so that nothing of a request is read for those who may not.
macro_rules! holder {
    ($(#[$doc:meta])* $name:ident, $scope:expr) => {
        $(#[$doc])*
        pub struct $name(pub Caller);

        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
                let caller = Caller::from_request_parts(parts, state).await?;
                caller.may($scope)?;
                Ok(Self(caller))
            }
        }
    };
}

holder!(
    /// A caller who may see runs, and what is told of them.
    Reader,
    Scope::Read
);
holder!(
    /// A caller who may upload, and start, cancel and redrive runs.
    Submitter,
    Scope::Submit
);
holder!(
    /// A caller who may decide on what waits for a person.
    Reviewer,
    Scope::Review
);
holder!(
    /// A caller who may manage what belongs to everybody.
    Admin,
    Scope::Admin
);
