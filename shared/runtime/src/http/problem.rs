//! Errors as RFC 9457 problem details.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{BriefProblem, SheetError};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;

use crate::{EdgeError, EditError, RunError};

/// An error as RFC 9457 has it, of media type `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of problem it is: a URN that stays the same.
    #[serde(rename = "type")]
    #[schema(example = "urn:reelwright:problem:not-found")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What failed, on what input, and what to do.
    pub detail: String,
    /// The fields that are at fault, where fields are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: the field's path.
    pub field: String,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl Problem {
    /// A problem of the kind `urn:reelwright:problem:{kind}`.
    pub fn new(status: StatusCode, kind: &str, title: &str, detail: impl ToString) -> Self {
        Self {
            kind: format!("urn:reelwright:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_string(),
            errors: Vec::new(),
        }
    }

    /// 400: what was sent can't be used.
    pub fn invalid(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid-request",
            "Invalid request",
            detail,
        )
    }

    /// 404: there is no such thing.
    pub fn not_found(detail: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// 409: the state of things doesn't allow it.
    pub fn conflict(detail: impl ToString) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "Conflict", detail)
    }

    /// 401: no key, or none that is good.
    pub fn unauthorized(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Unauthorized",
            detail,
        )
    }

    /// 403: the key's scopes don't reach so far.
    pub fn forbidden(detail: impl ToString) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Forbidden", detail)
    }

    /// 503: it may work the next time. What happened is logged, not told.
    pub fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request could not be served for now");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Unavailable for now",
            "something this request needs didn't answer; nothing is lost: send it again, with the same Idempotency-Key where there was one",
        )
    }

    /// 500: a fault of ours. What happened is logged, not told.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request met a fault of this server's");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Fault of the server",
            "the server's log tells what happened",
        )
    }

    /// A body of a media type that isn't taken.
    pub fn unsupported(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Unsupported media type",
            detail,
        )
    }

    /// A body that is larger than is taken.
    pub fn too_large(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Too large",
            detail,
        )
    }

    /// Adds a field that is at fault.
    #[must_use]
    pub fn with_field(mut self, field: &str, message: impl ToString) -> Self {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_string(),
        });
        self
    }

    /// Adds all that is wrong with a document that was sent.
    #[must_use]
    pub fn with_fields(self, problems: &[BriefProblem]) -> Self {
        problems.iter().fold(self, |problem, found| {
            let message = found.place.map_or_else(
                || found.message.clone(),
                |(line, column)| format!("line {line}, column {column}: {}", found.message),
            );
            problem.with_field(&found.field, message)
        })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotFound(_)
            | StoreError::NoTask(_)
            | StoreError::NoKey(_)
            | StoreError::NoEndpoint(_)
            | StoreError::NoDelivery(_)
            | StoreError::NoExperiment(_) => Self::not_found(error),
            StoreError::Invalid { .. } => Self::invalid(error),
            StoreError::Conflict { .. }
            | StoreError::Exists(_)
            | StoreError::ExperimentExists(_)
            | StoreError::Ended { .. }
            | StoreError::NotWaiting { .. }
            | StoreError::NotReplayed { .. }
            | StoreError::Busy { .. }
            | StoreError::Going { .. }
            | StoreError::Fenced { .. }
            | StoreError::NewerSchema { .. } => Self::conflict(error),
            _ if error.retryable() => Self::unavailable(&error),
            _ => Self::internal(&error),
        }
    }
}

impl From<EdgeError> for Problem {
    fn from(error: EdgeError) -> Self {
        match &error {
            EdgeError::Unusable { field, .. } | EdgeError::NoPaths { field, .. } => {
                Self::invalid(&error).with_field(field, &error)
            }
            EdgeError::Brief(_) => Self::invalid(&error),
            EdgeError::Artifacts(cause) if cause.retryable() => Self::unavailable(cause),
            EdgeError::Artifacts(_) | EdgeError::Unreadable { .. } => Self::internal(&error),
        }
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Brief(error) => error.into(),
            RunError::Store(error) => error.into(),
            RunError::Execution(error) => Self::unavailable(&error),
            RunError::Gate(error) => Self::internal(&error),
            RunError::Experiment(error) => Self::internal(&error),
            RunError::Workflow(_) | RunError::BriefLost { .. } | RunError::Edited(_) => {
                Self::conflict(error)
            }
        }
    }
}

impl From<EditError> for Problem {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Sheet(error) => error.into(),
            EditError::Look(error) => error.into(),
            EditError::Run(error) => error.into(),
            EditError::NoScript { .. } => Self::conflict(error),
            EditError::Document { .. } => Self::internal(&error),
        }
    }
}

impl From<SheetError> for Problem {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::TooLarge { .. } => Self::too_large(error),
            SheetError::Problems(problems) => {
                Self::invalid("the script can't be made: see errors").with_fields(&problems)
            }
            SheetError::Text(error) => Self::invalid(error),
        }
    }
}
