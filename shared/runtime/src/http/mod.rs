//! What every HTTP function shares: problem details, who calls, and the layers around its routes.

mod caller;
mod etag;
mod layers;
mod problem;

pub use caller::{Caller, authenticate};
pub use layers::{behind_gateway, behind_keys, with_layers};
pub use problem::{FieldError, Problem};
