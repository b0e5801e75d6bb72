//! What every HTTP function shares: requests, problem details and how the document tells of them, who calls, and the layers around routes.

mod caller;
mod document;
mod etag;
mod judging;
mod layers;
mod measured;
mod problem;
pub mod request;
pub mod responses;
pub mod schema;

pub use caller::{Admin, Caller, Keys, Reader, Reviewer, Submitter, authenticate};
pub use document::document;
pub use judging::{JudgedScoreView, JudgingView};
pub use layers::{behind_gateway, behind_keys, with_layers};
pub use problem::{FieldError, Problem};
