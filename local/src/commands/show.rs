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
    let run = home.services.store.run(&id).await.map_err(Failure::from)?;
    let rows = home
        .services
        .store
        .tasks(&id, run.shown_round())
        .await
        .map_err(Failure::from)?;
    if as_json {
        return print_json(&json!({ "run": run, "tasks": rows }));
    }
    say::answer(report::run(&run, &rows))
}
