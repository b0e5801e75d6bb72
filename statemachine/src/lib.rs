//! Workflow file to DAG to plan; what starts next; no I/O.
