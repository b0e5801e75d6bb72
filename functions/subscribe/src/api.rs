//! Which routes there are.

use std::sync::Arc;

use axum::Router;
use runtime::outbound::Vault;
use runtime::{Config, ConfigError, Services, StartError};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as documented;

use crate::{Subscriptions, deliveries, endpoints};

fn locked() -> OpenApiRouter<Subscriptions> {
    OpenApiRouter::new()
        .routes(documented!(
            endpoints::list_endpoints,
            endpoints::create_endpoint
        ))
        .routes(documented!(
            endpoints::get_endpoint,
            endpoints::change_endpoint,
            endpoints::delete_endpoint
        ))
        .routes(documented!(endpoints::rotate_secret))
        .routes(documented!(endpoints::test_endpoint))
        .routes(documented!(deliveries::list_deliveries))
        .routes(documented!(deliveries::replay_delivery))
        .routes(documented!(deliveries::replay_failed))
        .routes(documented!(deliveries::list_events))
}

/// All routes. They are for callers with a key.
pub fn routes(subscriptions: Subscriptions) -> Router {
    locked().with_state(subscriptions).into()
}

/// What these routes add to the API's document. Its schemas of problems are those of the function `runs`.
pub fn openapi() -> OpenApi {
    locked().split_for_parts().1
}

/// The deployed function's routes. Who calls is API Gateway's to find out.
pub async fn start(config: Config) -> Result<Router, StartError> {
    let cloud = config.deployed()?;
    let secret = config
        .webhook_secret
        .as_deref()
        .ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_WEBHOOK_SECRET".to_owned(),
            value: String::new(),
            expected: "expected the secret that subscribers' secrets are encrypted with".to_owned(),
        })?;
    cloud.delivery_queues()?;
    let aws = runtime::sdk_config().await?;
    Ok(routes(Subscriptions {
        store: cloud.store(&aws),
        queue: Arc::new(cloud.deliveries(&aws)?),
        vault: Arc::new(Vault::new(secret)),
        rules: config.webhook_rules(),
        root: config.api_root(),
        most: config.webhook_endpoints,
        clock: Services::system_clock(),
    }))
}
