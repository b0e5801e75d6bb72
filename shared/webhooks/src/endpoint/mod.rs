//! A subscriber's endpoint: where to send, what, in which form and how fast.

mod definition;
mod fields;
mod filter;
mod limits;
mod pattern;
mod url;

pub use self::url::{EndpointUrl, MAX_URL_BYTES, Ports, UrlError, UrlRules};
pub use definition::{Definition, DefinitionError, Endpoint, Problem};
pub use fields::{FieldKind, fields};
pub use filter::{FilterValue, Filters, MAX_FILTERS};
pub use limits::{CONCURRENCY, DEFAULT_CONCURRENCY, DEFAULT_PER_SECOND, Limits, PER_SECOND};
pub use pattern::{PatternError, TypePattern};
