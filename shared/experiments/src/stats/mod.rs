//! Statistics.
mod corrections;
pub use corrections::Correction;
