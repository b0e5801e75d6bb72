//! The reelwright command: the whole system in one process.

pub mod embedded;
