//! `reelwright openapi`.

use serde_json::Value;

use super::print_json;
use crate::failure::Failure;

/// The OpenAPI document of the whole API: what all its functions answer.
pub fn api_document() -> Value {
    runs::document([review::openapi(), subscribe::openapi(), assign::openapi()])
}

pub(crate) fn openapi() -> Result<(), Failure> {
    print_json(&api_document())
}
