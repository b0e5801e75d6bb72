//! `POST /v1/runs`.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Run, RunId, Timestamp};
use runtime::http::Problem;
use runtime::{Begun, Files, learnt};
use store::Idempotency;

use crate::api::Api;
use crate::body::BriefBody;
use crate::links;
use crate::show::view;
use crate::view::RunView;
use runtime::http::Submitter;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Bodies, Conflicts, Refusals};

/// The header by which a request that is sent again is known.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header that says that an answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The most characters of a key.
const LONGEST_KEY: usize = 255;

/// How long a request is known again, in milliseconds: a day.
const KNOWN_FOR_MS: u64 = 24 * 60 * 60 * 1000;

/// The caller's own name for a request, if it gave one.
pub(crate) struct OwnName(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for OwnName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut sent = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = sent.next() else {
            return Ok(Self(None));
        };
        let bytes = value.as_bytes();
        let right =
            (1..=LONGEST_KEY).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        match value.to_str() {
            Ok(key) if right && sent.next().is_none() => Ok(Self(Some(key.to_owned()))),
            _ => Err(
                Problem::invalid("the request can't be known by this key").with_field(
                    "Idempotency-Key",
                    format!("expected one key of 1 to {LONGEST_KEY} visible ASCII characters"),
                ),
            ),
        }
    }
}

/// Start a run
///
/// Of a brief, as JSON or YAML. With an `Idempotency-Key`, sending the same request again within a day starts nothing: the answer is that run.
#[utoipa::path(
    post,
    path = "/v1/runs",
    tag = "runs",
    operation_id = "startRun",
    security(("key" = ["submit"])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own name for this request", min_length = 1, max_length = 255, pattern = "^[!-~]+$")
    ),
    request_body(
        description = "The brief",
        content(
            (ref("#/components/schemas/Brief") = "application/json", examples(
                ("bread" = (summary = "Three points, eight seconds", value = json!({
                    "topic": "Why bread rises",
                    "target_seconds": 8,
                    "aspect": "1:1",
                    "key_points": [
                        "Yeast eats the sugar in flour and breathes out carbon dioxide.",
                        "Kneading builds gluten, which holds the gas in small bubbles.",
                        "In the oven the bubbles grow by about a third before the crust sets."
                    ]
                })))
            )),
            (ref("#/components/schemas/Brief") = "application/yaml")
        )
    ),
    responses(
        (status = 201, description = "The new run", body = RunView, headers(
            ("Location" = String, description = "Where the run is, relative to the API's root")
        )),
        (status = 200, description = "The run that the same request started before", body = RunView, headers(
            ("Location" = String, description = "Where the run is, relative to the API's root"),
            ("Idempotent-Replayed" = String, description = "`true`")
        )),
        Refusals,
        Conflicts,
        Bodies
    )
)]
pub(crate) async fn start_run(
    State(api): State<Api>,
    Submitter(caller): Submitter,
    OwnName(name): OwnName,
    Strict(Nothing {}): Strict<Nothing>,
    BriefBody { brief, digest }: BriefBody,
) -> Result<Response, Problem> {
    let now = (api.runs.clock)();
    let once = name.map(|key| Idempotency {
        key,
        caller: caller.key.to_string(),
        body: digest,
        expires_at: Timestamp(now.0 + KNOWN_FOR_MS),
    });
    let id = RunId::new(now.0, random()?);
    match api
        .runs
        .begin(id, brief, Files::Uploaded, once.as_ref())
        .await?
    {
        Begun::New(run) => {
            let location = links::run(&run.id);
            let view = offered(&api, *run).await?;
            Ok((
                StatusCode::CREATED,
                [(header::LOCATION, location)],
                Json(view),
            )
                .into_response())
        }
        Begun::Known(id) => {
            // Whoever took the first request may have died before the run was set going.
            api.runs.look_after(&id).await?;
            let run = api.runs.store.run(&id).await?;
            let view = offered(&api, run).await?;
            let headers = [
                (header::LOCATION, text(links::run(&id))?),
                (REPLAYED, HeaderValue::from_static("true")),
            ];
            Ok((headers, Json(view)).into_response())
        }
    }
}

/// A run as its submitter sees it: with what its brand has learnt.
async fn offered(api: &Api, run: Run) -> Result<RunView, Problem> {
    let (store, artifacts) = (&api.runs.store, &api.runs.artifacts);
    let learnt = match &run.brand {
        Some(brand) => learnt(store, artifacts, brand).await?,
        None => Vec::new(),
    };
    let mut view = view(api, run).await?;
    view.learnt = learnt;
    Ok(view)
}

fn text(value: String) -> Result<HeaderValue, Problem> {
    HeaderValue::try_from(value).map_err(|error| Problem::internal(&error))
}

/// Random bits for an id.
pub(crate) fn random() -> Result<u128, Problem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal(&error))?;
    Ok(u128::from_le_bytes(bytes))
}
