//! What is compared, as callers see it.

use axum::Json;
use axum::extract::State;
use domain::{Variant, Varied, Won};
use runtime::http::request::{Strict, check_brand};
use runtime::http::responses::{Refusals, Unchanged};
use runtime::http::schema::one_of;
use runtime::http::{Problem, Reader};
use runtime::{Learnt, learnt};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Object;
use utoipa::{IntoParams, ToSchema};

use crate::api::Api;

/// Which variant of its brief a run makes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Variant)]
pub(crate) struct VariantView {
    /// What the variants differ in.
    #[schema(schema_with = varied)]
    of: Varied,
    /// Which one it is, from 1: the first is the control.
    #[schema(minimum = 1)]
    number: u32,
    /// Its key among the experiment's variations.
    #[schema(example = "hook-2")]
    variation: String,
    /// Who speaks, where voices are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<String>,
    /// The runs of all variants, the control's first.
    runs: Vec<String>,
    /// The key of the experiment that compares them.
    experiment: String,
}

impl From<Variant> for VariantView {
    fn from(variant: Variant) -> Self {
        Self {
            of: variant.of,
            number: variant.number,
            variation: variant.key(),
            voice: variant.voice,
            runs: variant.runs.into_iter().map(String::from).collect(),
            experiment: variant.experiment,
        }
    }
}

/// That a run's variant won.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Won)]
pub(crate) struct WonView {
    /// The experiment's key.
    experiment: String,
    /// The variation's key.
    variation: String,
    /// When it was concluded.
    #[schema(format = DateTime)]
    at: String,
}

impl From<Won> for WonView {
    fn from(won: Won) -> Self {
        Self {
            experiment: won.experiment,
            variation: won.variation,
            at: won.at.rfc3339(),
        }
    }
}

/// What is asked of a brand.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// The brand's name.
    #[param(min_length = 1, max_length = 200)]
    brand: String,
}

/// What a brand's experiments have shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContentInsights {
    /// The brand.
    brand: String,
    /// What won last, of each thing that was compared.
    learnt: Vec<Learnt>,
}

/// What won for a brand
///
/// In its experiments on content, the last of each kind. Whoever sends a brief of the brand is told the same.
#[utoipa::path(
    get,
    path = "/v1/insights/content",
    tag = "experiments",
    operation_id = "getContentInsights",
    security(("key" = ["read"])),
    params(Which),
    responses((status = 200, description = "What won", body = ContentInsights), Unchanged, Refusals)
)]
pub(crate) async fn get_content_insights(
    State(api): State<Api>,
    _: Reader,
    Strict(Which { brand }): Strict<Which>,
) -> Result<Json<ContentInsights>, Problem> {
    check_brand(&brand, "")?;
    let learnt = learnt(&api.runs.store, &api.runs.artifacts, &brand).await?;
    Ok(Json(ContentInsights { brand, learnt }))
}

fn varied() -> Object {
    one_of(Varied::ALL)
}
