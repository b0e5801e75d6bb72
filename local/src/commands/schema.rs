//! `reelwright schema`.

use super::print_json;
use crate::failure::Failure;

pub(crate) fn schema() -> Result<(), Failure> {
    print_json(&domain::brief_schema())
}
