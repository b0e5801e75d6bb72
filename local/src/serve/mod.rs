//! What the laptop's server has of its own: its connections, who carries out runs, where uploads go, the sweep, and webhooks.

pub(crate) mod connections;
mod executions;
mod sweep;
mod uploads;
mod webhooks;

pub(crate) use executions::InProcess;
pub(crate) use sweep::look_after_runs;
pub(crate) use uploads::Uploads;
pub(crate) use webhooks::{Telling, tell_subscribers};
