//! The images task.
