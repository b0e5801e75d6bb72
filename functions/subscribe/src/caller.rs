//! Callers who may do what a route does. As extractors, so that nothing of a request is read for those who may not.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Scope;
use runtime::http::{Caller, Problem};

/// A caller who may see runs, and so may know what is told of them.
pub(crate) struct Reader;

/// A caller who may manage what belongs to everybody.
pub(crate) struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.may(Scope::Read)?;
        Ok(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.may(Scope::Admin)?;
        Ok(Self)
    }
}
