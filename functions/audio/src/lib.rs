//! The audio task.
