//! `reelwright show`.

use domain::RunId;
use serde_json::json;

use super::print_json;
use crate::failure::Failure;
use crate::home::Home;
use crate::report;
use crate::say;

pub(crate) async fn show(run: &str, as_json: bool) -> Result<(), Failure> {
    let id = RunId::parse(run).map_err(Failure::input)?;
    let home = Home::open().await?;
    let (run, rows) = home.services.store.run_with_tasks(&id, None).await?;
    if as_json {
        return print_json(&json!({ "run": run, "tasks": rows }));
    }
    say::answer(report::run(&run, &rows))
}
