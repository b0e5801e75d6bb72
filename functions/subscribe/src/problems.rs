//! What can go wrong with requests, as the document lists it. The answers with problem details themselves stand in the part of the
//! document that the function `runs` writes.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::response::Response;
use utoipa::openapi::{Ref, RefOr};

fn named(kinds: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    kinds
        .iter()
        .map(|(status, name)| {
            let reference = Ref::new(format!("#/components/responses/{name}"));
            (status.to_string(), RefOr::Ref(reference))
        })
        .collect()
}

/// What can go wrong with a request that needs a key.
pub(crate) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[
            (400, "Invalid"),
            (401, "Unauthorized"),
            (403, "Forbidden"),
            (429, "Throttled"),
            (500, "Fault"),
            (503, "Unavailable"),
        ])
    }
}

/// What can go wrong where a path names something.
pub(crate) struct Missing;

impl IntoResponses for Missing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[(404, "NotFound")])
    }
}

/// What can go wrong where something changes.
pub(crate) struct Conflicts;

impl IntoResponses for Conflicts {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[(409, "Conflict")])
    }
}

/// What can go wrong with a body.
pub(crate) struct Bodies;

impl IntoResponses for Bodies {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[(413, "TooLarge"), (415, "Unsupported")])
    }
}

/// That the caller has what it asks for already.
pub(crate) struct Unchanged;

impl IntoResponses for Unchanged {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = Response::new("As `If-None-Match` says, the caller has it already");
        BTreeMap::from([("304".to_owned(), RefOr::T(response))])
    }
}
