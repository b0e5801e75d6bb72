//! Workflow file to DAG to plan; what starts next; no I/O.

pub mod dag;

pub use dag::{Dag, DagError};
