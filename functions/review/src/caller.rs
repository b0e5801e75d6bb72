//! Callers who may do what a route does. As extractors, so that nothing of a request is read for those who may not.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Scope;
use runtime::http::{Caller, Problem};

/// A caller who may see runs.
pub(crate) struct Reader;

/// A caller who may decide on what waits for a person.
pub(crate) struct Reviewer(pub(crate) Caller);

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.may(Scope::Read)?;
        Ok(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reviewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.may(Scope::Review)?;
        Ok(Self(caller))
    }
}
