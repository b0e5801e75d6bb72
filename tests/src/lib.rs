//! Contract, conformance, end-to-end and fault suites; benches.
