//! The HTTP API of experiments: their definitions, who gets what, what units do, and what follows from it.
//!
//! [`Experiments`] does what the routes offer; the command line does the same by it.

mod api;
mod assignments;
mod conclude;
mod content;
mod error;
mod events;
mod experiments;
mod features;
mod manage;
mod measure;
mod path;
mod results;
mod retry;
mod view;

pub use api::{Routes, openapi, routes, start};
pub use assignments::Assigned;
pub use error::AssignError;
pub use events::{Outcome, Refused};
pub use experiments::Experiments;
pub use results::{Found, Told, date};
pub use view::ExperimentView;
