//! `reelwright list`.

use serde_json::json;

use super::print_json;
use crate::failure::Failure;
use crate::home::Home;
use crate::report;
use crate::say;

pub(crate) async fn list(limit: u32, as_json: bool) -> Result<(), Failure> {
    let home = Home::open().await?;
    let page = home
        .services
        .store
        .list_runs(None, limit, None)
        .await
        .map_err(Failure::from)?;
    if as_json {
        return print_json(&json!({ "runs": page.items, "more": page.next.is_some() }));
    }
    say::answer(report::list(&page.items, page.next.is_some()))
}
