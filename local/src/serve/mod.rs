//! What the laptop's server has of its own: who carries out runs, where uploads go, the sweep, and webhooks.

mod executions;
mod sweep;
mod uploads;
mod webhooks;

pub(crate) use executions::InProcess;
pub(crate) use sweep::look_after_runs;
pub(crate) use uploads::Uploads;
pub(crate) use webhooks::{Telling, tell_subscribers};
