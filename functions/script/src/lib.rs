//! The script task.
