#![doc = include_str!("../README.md")]

pub mod asl;
pub mod backoff;
pub mod chart;
pub mod dag;
pub mod expr;
pub mod import;
pub mod plan;
pub mod progress;
pub mod workflow;

mod nearest;

pub use backoff::{backoff, is_retried};
pub use dag::{Dag, DagError};
pub use expr::{Expr, ExprError, Fact};
pub use import::{ImportError, Imported, durations, import};
pub use plan::{
    Join, Plan, Prediction, Step, Strategy, StrategyError, Violation, plan, precedences_kept,
    predict,
};
pub use progress::{Action, End, Instance, Outcome, Progress, Skip, check_facts};
pub use workflow::{OnError, TaskSpec, Workflow, WorkflowError};
