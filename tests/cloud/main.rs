//! The deployed system: the template put by `sam deploy` into an emulated account, where briefs become videos through real Lambda
//! processes and a real interpreter of the state machine.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
#[path = "../it/artifacts_contract/bucket.rs"]
mod artifacts_bucket;
#[path = "../it/artifacts_contract/contract.rs"]
mod artifacts_contract;
mod assets;
mod contracts;
mod deployed;
#[path = "../machines/deployment.rs"]
mod deployment;
mod doors;
mod emulator;
mod examples;
mod faults;
mod gateway;
mod hooks;
#[path = "../it/store_contract/kept_figures.rs"]
mod kept_figures;
mod machine;
mod package;
#[path = "../hooks/peer.rs"]
#[expect(dead_code, reason = "shared with the suite of webhooks")]
mod peer;
#[path = "../it/redis.rs"]
mod redis;
mod rounds;
mod starts;
#[path = "../it/store_contract/contract.rs"]
mod store_contract;
#[path = "../it/store_contract/deliveries.rs"]
mod store_deliveries;
#[path = "../it/support.rs"]
#[allow(
    dead_code,
    reason = "shared with the other suite, which uses all of it"
)]
mod support;
#[path = "../machines/table.rs"]
#[allow(
    dead_code,
    reason = "shared with the other suite, where tasks behave in this process"
)]
mod table;
mod template;
mod tools;
mod variants;
mod workflows;
