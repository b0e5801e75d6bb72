//! The HTTP API of quality: rounds that wait for a person, the page to decide them on, scores of texts, trends, and what the system recorded of itself.
//!
//! Who holds a key with the scope `review` decides by JSON. Who has no key decides on a page ([`seal`] says what opens it): a signed link
//! sets a cookie, the cookie shows the page, and a token that is bound to the cookie makes its buttons count. None of the three needs
//! anything to be kept.

mod api;
mod assessed;
mod decide;
mod insights;
mod invite;
mod links;
mod list;
mod note;
mod page;
mod path;
mod problems;
pub mod recorded;
mod score;
pub mod seal;
mod view;

pub use api::{Api, Routes, openapi, routes, start};
pub use note::{NoteError, note};
