//! The compose task.
