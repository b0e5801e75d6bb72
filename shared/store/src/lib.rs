//! The DynamoDB tables: runs, tasks and their leases.
