//! The HTTP API of runs: start, list, read, cancel, redrive, fetch files; uploads of what briefs name; and its own documentation.
//!
//! Routes and OpenAPI document come from the same code: a route that isn't documented doesn't exist. The one exception is where a
//! laptop takes uploads, which S3 does in the cloud.

mod api;
mod assets;
mod body;
mod document;
mod files;
mod links;
mod list;
mod open;
mod path;
mod script;
mod show;
mod steer;
mod submit;
mod task_view;
mod variants;
mod view;

pub use api::{Api, Routes, UploadAddress, routes, start};
pub use assets::{LARGEST_UPLOAD, UPLOADS_KEPT};
pub use document::document;
