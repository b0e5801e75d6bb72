//! What can go wrong on the page, as the document lists it.

use std::collections::BTreeMap;

use runtime::http::responses::Throttled;
use utoipa::IntoResponses;
use utoipa::openapi::RefOr;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};

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
        let mut responses = Throttled::responses();
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
