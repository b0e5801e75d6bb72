//! The hook task.
