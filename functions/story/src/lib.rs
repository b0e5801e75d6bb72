//! The story task.
