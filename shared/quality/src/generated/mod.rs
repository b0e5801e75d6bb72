//! What `scripts/quality/fit.py` writes: coefficients, and the tables beside this file.

mod models;

pub(crate) use models::*;
