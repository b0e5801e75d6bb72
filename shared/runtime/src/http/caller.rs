//! Who calls: an API key and what it may do.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{ApiKey, KeyId, KeySecret, Scope};
use store::Store;

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

impl From<ApiKey> for Caller {
    fn from(key: ApiKey) -> Self {
        Self {
            key: key.id,
            scopes: key.scopes,
        }
    }
}

/// The caller that an `Authorization` header's value stands for: `Bearer rw_...`.
pub async fn authenticate(store: &Store, authorization: Option<&str>) -> Result<Caller, Problem> {
    let value = authorization.ok_or_else(|| {
        Problem::unauthorized(
            "send a key: Authorization: Bearer rw_...; `reelwright keys add` makes one",
        )
    })?;
    let secret = value
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, secret)| KeySecret::parse(secret.trim()).ok());
    let unknown = || Problem::unauthorized("the key sent is unknown or revoked");
    let secret = secret.ok_or_else(unknown)?;
    match store.key(&secret.digest()).await? {
        Some(key) if key.revoked_at.is_none() => Ok(key.into()),
        _ => Err(unknown()),
    }
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
