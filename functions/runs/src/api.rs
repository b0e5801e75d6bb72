//! What the routes work with, and which there are.

use std::sync::Arc;

use axum::Router;
use domain::{AssetId, Timestamp};
use runtime::{Config, Runs, StartError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as documented;

use crate::{assets, files, list, open, script, show, steer, submit, variants};

/// Where to send an upload that a server takes itself, until when.
pub type UploadAddress = Arc<dyn Fn(&AssetId, Timestamp) -> String + Send + Sync>;

/// What the routes work with.
#[derive(Clone)]
pub struct Api {
    /// Starts, redrives and cancels runs, and knows where they and their files are kept.
    pub runs: Runs,
    /// Where uploads go if the artifacts' place takes none itself: S3 does, a folder doesn't.
    pub uploads: Option<UploadAddress>,
}

/// The routes, by who may take them.
pub struct Routes {
    /// Those for callers with a key.
    pub locked: Router,
    /// Those for everybody.
    pub open: Router,
}

/// The routes that are for callers with a key, with their documentation.
pub(crate) fn locked() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(documented!(list::list_runs, submit::start_run))
        .routes(documented!(show::get_run))
        .routes(documented!(files::get_file))
        .routes(documented!(script::get_script, script::put_script))
        .routes(documented!(steer::cancel_run))
        .routes(documented!(steer::redrive_run))
        .routes(documented!(assets::create_asset))
        .routes(documented!(variants::get_content_insights))
}

/// The routes that are for everybody, with their documentation.
pub(crate) fn open() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(documented!(open::health))
        .routes(documented!(open::get_document))
}

/// All routes over `api`.
pub fn routes(api: Api) -> Routes {
    Routes {
        locked: locked().with_state(api.clone()).into(),
        open: open().with_state(api).into(),
    }
}

/// The deployed function's routes. Who calls is API Gateway's to find out.
pub async fn start(config: Config) -> Result<Router, StartError> {
    // What is missing is told before AWS is looked for.
    config.deployed()?.state_machine()?;
    let aws = runtime::sdk_config().await?;
    let api = Api {
        runs: Runs::deployed(&config, &aws)?,
        uploads: None,
    };
    let Routes { locked, open } = routes(api);
    Ok(locked.merge(open))
}
