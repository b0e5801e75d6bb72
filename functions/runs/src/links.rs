//! The API's own addresses. They are relative to its root, so that they hold behind any host name.

use domain::RunId;

pub(crate) fn run(id: &RunId) -> String {
    format!("/v1/runs/{id}")
}

pub(crate) fn cancel(id: &RunId) -> String {
    format!("/v1/runs/{id}/cancel")
}

pub(crate) fn redrive(id: &RunId) -> String {
    format!("/v1/runs/{id}/redrive")
}

pub(crate) fn script(id: &RunId) -> String {
    format!("/v1/runs/{id}/script")
}

pub(crate) fn file(id: &RunId, name: &str) -> String {
    format!("/v1/runs/{id}/files/{name}")
}
