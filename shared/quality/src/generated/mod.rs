//! What `scripts/quality/fit.py` writes: coefficients, and the tables beside this file.

#[expect(
    clippy::unreadable_literal,
    reason = "a program writes the numbers, and a program reads them"
)]
mod models;

pub(crate) use models::*;
