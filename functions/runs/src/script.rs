//! `GET` and `PUT /v1/runs/{id}/script`.

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use domain::ScriptSheet;
use runtime::http::Problem;
use runtime::{Edit, Files};

use crate::api::Api;
use crate::body::text;
use crate::path::RunPath;
use crate::show::view;
use crate::view::RunView;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Bodies, Conflicts, Missing, Refusals, Unchanged};
use runtime::http::{Reader, Submitter};

/// A script in the body of a request.
pub(crate) struct SheetBody(ScriptSheet);

impl<S: Send + Sync> FromRequest<S> for SheetBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (text, _) = text(request, state, "script").await?;
        Ok(Self(ScriptSheet::read(&text)?))
    }
}

/// The script of a run
///
/// What is said and shown, scene by scene, and how it looks: of the round that is shown. Change it, and put it back.
#[utoipa::path(
    get,
    path = "/v1/runs/{id}/script",
    tag = "runs",
    operation_id = "getScript",
    security(("key" = ["read"])),
    params(RunPath),
    responses(
        (status = 200, description = "The script", content((ref("#/components/schemas/ScriptSheet") = "application/json"))),
        Unchanged, Refusals, Missing, Conflicts
    )
)]
pub(crate) async fn get_script(
    State(api): State<Api>,
    _: Reader,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<ScriptSheet>, Problem> {
    Ok(Json(api.runs.script(&id).await?))
}

/// Change the script of a run, or how it looks
///
/// Makes another round from it, in which only the scenes that changed are spoken, drawn and encoded again. Sentences that are left as they are
/// keep their source; others are the caller's own. The round is judged like any other, but never written over: it is approved, or waits for a person.
#[utoipa::path(
    put,
    path = "/v1/runs/{id}/script",
    tag = "runs",
    operation_id = "putScript",
    security(("key" = ["submit"])),
    params(RunPath),
    request_body(
        description = "The script",
        content(
            (ref("#/components/schemas/ScriptSheet") = "application/json"),
            (ref("#/components/schemas/ScriptSheet") = "application/yaml")
        )
    ),
    responses(
        (status = 202, description = "The run, with another round", body = RunView),
        (status = 200, description = "The run, which has this script already", body = RunView),
        Refusals, Missing, Conflicts, Bodies
    )
)]
pub(crate) async fn put_script(
    State(api): State<Api>,
    Submitter(caller): Submitter,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
    SheetBody(sheet): SheetBody,
) -> Result<(StatusCode, Json<RunView>), Problem> {
    let by = caller.key.to_string();
    let (status, run) = match api.runs.edit(&id, sheet, Files::Uploaded, &by).await? {
        Edit::Round(run) => (StatusCode::ACCEPTED, run),
        Edit::Nothing(run) => (StatusCode::OK, run),
    };
    Ok((status, Json(view(&api, *run).await?)))
}
