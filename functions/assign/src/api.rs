//! Which routes there are.

use axum::Router;
use runtime::{Config, Services, StartError};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as documented;
use webhooks::ApiRoot;

use crate::{Experiments, features, manage, measure};

/// The routes, by who may ask.
pub struct Routes {
    /// Those for callers with a key.
    pub locked: Router,
    /// Those for everybody.
    pub open: Router,
}

fn locked() -> OpenApiRouter<Experiments> {
    OpenApiRouter::new()
        .routes(documented!(
            manage::list_experiments,
            manage::create_experiment
        ))
        .routes(documented!(
            manage::get_experiment,
            manage::change_experiment
        ))
        .routes(documented!(manage::start_experiment))
        .routes(documented!(manage::pause_experiment))
        .routes(documented!(manage::conclude_experiment))
        .routes(documented!(measure::assign_experiment))
        .routes(documented!(measure::send_events))
        .routes(documented!(measure::read_results))
        .routes(documented!(measure::erase_unit))
}

fn open() -> OpenApiRouter<Experiments> {
    OpenApiRouter::new().routes(documented!(features::read_features, features::ask_features))
}

/// All routes.
pub fn routes(experiments: Experiments) -> Routes {
    Routes {
        locked: locked().with_state(experiments.clone()).into(),
        open: open().with_state(experiments).into(),
    }
}

/// What these routes add to the API's document. Its schemas of problems are those of the function `runs`.
pub fn openapi() -> OpenApi {
    locked().merge(open()).split_for_parts().1
}

/// The deployed function's routes. Who calls is API Gateway's to find out.
pub async fn start(config: Config) -> Result<Router, StartError> {
    let cloud = config.deployed()?;
    let routes = routes(Experiments {
        store: cloud.store(&runtime::sdk_config().await?),
        root: ApiRoot::relative(),
        clock: Services::system_clock(),
    });
    Ok(routes.locked.merge(routes.open))
}
