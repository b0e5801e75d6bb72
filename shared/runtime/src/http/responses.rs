//! What can go wrong with requests, as the API's document lists it. Routes refer to the answers by name; `components` describes them once.

use std::collections::BTreeMap;

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

use super::Problem;

/// A status, the name of its answer in the document, and what it means.
type Kind = (u16, &'static str, &'static str);

const INVALID: Kind = (
    400,
    "Invalid",
    "What was sent can't be used; `errors` names the fields at fault",
);
const UNAUTHORIZED: Kind = (
    401,
    "Unauthorized",
    "No key, or one that is unknown or revoked",
);
const FORBIDDEN: Kind = (
    403,
    "Forbidden",
    "The key lacks the scope that this needs (or, behind API Gateway, is unknown or revoked)",
);
const NOT_FOUND: Kind = (404, "NotFound", "There is no such thing");
const CONFLICT: Kind = (409, "Conflict", "The state of things doesn't allow it");
const TOO_LARGE: Kind = (413, "TooLarge", "The body is larger than any that is taken");
const UNSUPPORTED: Kind = (
    415,
    "Unsupported",
    "The body's media type isn't one that is taken",
);
const THROTTLED: Kind = (
    429,
    "Throttled",
    "Too many requests: wait, then send it again",
);
const FAULT: Kind = (500, "Fault", "A fault of the server's; its log tells more");
const UNAVAILABLE: Kind = (
    503,
    "Unavailable",
    "Something that this needs didn't answer: send it again",
);

const ALL: [Kind; 10] = [
    INVALID,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
    UNSUPPORTED,
    THROTTLED,
    FAULT,
    UNAVAILABLE,
];

/// Those that API Gateway answers itself, in a form of its own.
const OF_GATEWAY: [u16; 5] = [401, 403, 413, 429, 503];

/// The answers themselves, by their names: what the routes' references lead to.
pub fn components() -> impl Iterator<Item = (String, RefOr<Response>)> {
    ALL.into_iter().map(|(status, name, meaning)| {
        let problem = Ref::from_schema_name(Problem::name());
        let mut response = ResponseBuilder::new().description(meaning).content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(problem)).build(),
        );
        if OF_GATEWAY.contains(&status) {
            let content = ContentBuilder::new().schema(Some(message())).build();
            response = response.content("application/json", content);
        }
        (name.to_owned(), RefOr::T(response.build()))
    })
}

fn message() -> Object {
    ObjectBuilder::new()
        .description(Some("As API Gateway answers what it doesn't let through"))
        .property("message", ObjectBuilder::new().schema_type(Type::String))
        .build()
}

fn named(kinds: &[Kind]) -> BTreeMap<String, RefOr<Response>> {
    kinds
        .iter()
        .map(|(status, name, _)| {
            let reference = Ref::new(format!("#/components/responses/{name}"));
            (status.to_string(), RefOr::Ref(reference))
        })
        .collect()
}

/// What can go wrong with any request.
pub struct Faults;

impl IntoResponses for Faults {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[INVALID, THROTTLED, FAULT, UNAVAILABLE])
    }
}

/// That too many requests came.
pub struct Throttled;

impl IntoResponses for Throttled {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[THROTTLED])
    }
}

/// What can go wrong with a request that needs a key.
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[
            INVALID,
            UNAUTHORIZED,
            FORBIDDEN,
            THROTTLED,
            FAULT,
            UNAVAILABLE,
        ])
    }
}

/// What can go wrong where a path names something.
pub struct Missing;

impl IntoResponses for Missing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[NOT_FOUND])
    }
}

/// What can go wrong where something changes.
pub struct Conflicts;

impl IntoResponses for Conflicts {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[CONFLICT])
    }
}

/// What can go wrong with a body.
pub struct Bodies;

impl IntoResponses for Bodies {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        named(&[TOO_LARGE, UNSUPPORTED])
    }
}

/// That the caller has what it asks for already.
pub struct Unchanged;

impl IntoResponses for Unchanged {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = Response::new("As `If-None-Match` says, the caller has it already");
        BTreeMap::from([("304".to_owned(), RefOr::T(response))])
    }
}
