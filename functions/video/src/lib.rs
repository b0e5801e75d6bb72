//! The video task.
