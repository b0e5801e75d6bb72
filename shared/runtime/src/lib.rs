//! What every function starts with: configuration, the task contract, entry points.
