//! What the routes work with, and which there are.

use axum::Router;
use runtime::{Config, ConfigError, Runs, StartError};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as documented;

use crate::seal::Seal;
use crate::{decide, insights, invite, list, page, recorded, score};

/// What the routes work with.
#[derive(Clone)]
pub struct Api {
    /// Decides on runs, and knows where they and their files are kept.
    pub runs: Runs,
    /// Seals links, cookies and forms.
    pub seal: Seal,
    /// Whether cookies are sent over encrypted connections only. Not on a laptop's loopback address, which has none.
    pub encrypted: bool,
}

/// The routes, by who may take them.
pub struct Routes {
    /// Those for callers with a key.
    pub locked: Router,
    /// The page: its routes look at link and cookie themselves.
    pub open: Router,
}

fn locked() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(documented!(list::list_reviews))
        .routes(documented!(decide::decide_review))
        .routes(documented!(invite::create_review_link))
        .routes(documented!(score::score_text))
        .routes(documented!(insights::get_quality_insights))
        .routes(documented!(recorded::get_performance_insights))
        .routes(documented!(recorded::get_cache_insights))
}

fn open() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(documented!(
            page::show::get_review_page,
            page::post::post_review_page
        ))
        .routes(documented!(page::files::get_review_file))
}

/// All routes over `api`.
pub fn routes(api: Api) -> Routes {
    Routes {
        locked: locked().with_state(api.clone()).into(),
        open: open().with_state(api).into(),
    }
}

/// What these routes add to the API's document. Its schemas of problems and briefs are those of the function `runs`.
pub fn openapi() -> OpenApi {
    locked().merge(open()).split_for_parts().1
}

/// The deployed function's routes. Who calls is API Gateway's to find out; the page has no gate but its own.
pub async fn start(config: Config) -> Result<Router, StartError> {
    // What is missing is told before AWS is looked for.
    config.deployed()?.state_machine()?;
    let seal = Seal::new(config.link_secret.as_deref().ok_or_else(|| ConfigError {
        variable: "REELWRIGHT_LINK_SECRET".to_owned(),
        value: String::new(),
        expected: "expected the secret that links to review pages are signed with".to_owned(),
    })?);
    let aws = runtime::sdk_config().await?;
    let api = Api {
        runs: Runs::deployed(&config, &aws)?,
        seal,
        encrypted: true,
    };
    let Routes { locked, open } = routes(api);
    Ok(locked.merge(open))
}
