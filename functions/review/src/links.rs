//! The API's own addresses. They are relative to its root, so that they hold behind any host name.

use domain::RunId;

/// What a round's video consists of, by the names that every run's files have.
pub(crate) const FILES: [&str; 5] = [
    "final.mp4",
    "captions.vtt",
    "captions.srt",
    "thumbnail.png",
    "posts.json",
];

pub(crate) fn run(id: &RunId) -> String {
    format!("/v1/runs/{id}")
}

pub(crate) fn file(id: &RunId, name: &str) -> String {
    format!("/v1/runs/{id}/files/{name}")
}

pub(crate) fn decide(id: &RunId) -> String {
    format!("/v1/reviews/{id}")
}

pub(crate) fn invite(id: &RunId) -> String {
    format!("/v1/reviews/{id}/link")
}

pub(crate) fn page(id: &RunId) -> String {
    format!("/review/{id}")
}

pub(crate) fn page_file(id: &RunId, name: &str) -> String {
    format!("/review/{id}/files/{name}")
}
