//! What the laptop's server has of its own: who carries out runs, where uploads go, and the sweep.

mod executions;
mod sweep;
mod uploads;

pub(crate) use executions::InProcess;
pub(crate) use sweep::look_after_runs;
pub(crate) use uploads::Uploads;
