//! Schemas of which the document has many of a kind.

use serde::Serialize;
use serde_json::json;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A text that is one of these words, as they are written in JSON.
pub fn one_of<T: Serialize, const N: usize>(words: [T; N]) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.map(|word| json!(word))))
        .build()
}
