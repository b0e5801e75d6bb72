//! The generated state machines in an interpreter of the states language, their tables in the embedded DynamoDB.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod closing;
mod cloud;
mod deployment;
mod dynamo;
mod graphs;
mod interpreter;
mod joins;
mod table;
