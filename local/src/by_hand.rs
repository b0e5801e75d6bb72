//! What a person at this machine does to a run: in whose name, and who carries it out.

use runtime::{ExecutionError, Executions, Standing, Start};

/// Who sits at this machine.
pub(crate) fn user() -> String {
    ["USER", "LOGNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "the command line".to_owned())
}

/// Executions that the command carries out itself, once the decision is written.
pub(crate) struct ByThisCommand;

#[async_trait::async_trait]
impl Executions for ByThisCommand {
    async fn start(&self, _start: &Start) -> Result<(), ExecutionError> {
        Ok(())
    }

    async fn stop(&self, _execution: &str, _why: &str) -> Result<(), ExecutionError> {
        Ok(())
    }

    async fn look(&self, _execution: &str) -> Result<Standing, ExecutionError> {
        Ok(Standing::Unknown)
    }
}
