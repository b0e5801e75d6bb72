//! What can go wrong with requests, as the document lists it. The answers with problem details themselves stand in the part of the
//! document that the function `runs` writes.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
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

/// What can go wrong on the page: it is told as a page, for the person who looks at it.
pub(crate) struct Pages;

impl IntoResponses for Pages {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let page = |meaning: &str| {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            let content = ContentBuilder::new().schema(Some(text)).build();
            let response = ResponseBuilder::new()
                .description(meaning)
                .content("text/html", content);
            RefOr::T(response.build())
        };
        let mut responses = named(&[(429, "Throttled")]);
        responses.extend(
            [
                ("400", "What was sent can't be used"),
                ("403", "Neither a good link nor its cookie, or a form that isn't the page's; nothing has happened"),
                ("404", "There is no such run, or no such file of it"),
                ("500", "A fault of the server's; its log tells more"),
                ("503", "Something that this needs didn't answer: try again"),
            ]
            .map(|(status, meaning)| (status.to_owned(), page(meaning))),
        );
        responses
    }
}
