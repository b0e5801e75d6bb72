//! Why a task failed.

use artifacts::ArtifactError;
use domain::ErrorInfo;
use providers::ProviderError;
use store::StoreError;

/// Why a task failed: the variant's name is the error name that `Retry` and `Catch` see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// May work the next time; retried.
    #[error("{0}")]
    Transient(String),
    /// What came in can't be used.
    #[error("{0}")]
    InvalidInput(String),
    /// A provider would not.
    #[error("{0}")]
    Refused(String),
    /// It would have cost more than the run may.
    #[error("{0}")]
    OverBudget(String),
    /// Will not work until somebody changes something.
    #[error("{0}")]
    Permanent(String),
    /// The run was cancelled while the task ran.
    #[error("{0}")]
    Cancelled(String),
    /// Another worker holds the task's lease now: this one's answer doesn't count.
    #[error("{0}")]
    Superseded(String),
}

impl TaskError {
    /// The error's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Transient(_) => "Transient",
            Self::InvalidInput(_) => "InvalidInput",
            Self::Refused(_) => "Refused",
            Self::OverBudget(_) => "OverBudget",
            Self::Permanent(_) => "Permanent",
            Self::Cancelled(_) => "Cancelled",
            Self::Superseded(_) => "Superseded",
        }
    }

    /// Name and cause, as rows and reports keep them.
    pub fn info(&self) -> ErrorInfo {
        ErrorInfo {
            name: self.name().to_owned(),
            cause: self.to_string(),
        }
    }
}

impl From<ProviderError> for TaskError {
    fn from(error: ProviderError) -> Self {
        let text = error.to_string();
        match error {
            ProviderError::Transient { .. } => Self::Transient(text),
            ProviderError::InvalidInput { .. } => Self::InvalidInput(text),
            ProviderError::Refused { .. } => Self::Refused(text),
            ProviderError::OverBudget { .. } => Self::OverBudget(text),
            ProviderError::Cancelled { .. } => Self::Cancelled(text),
            ProviderError::Permanent { .. } => Self::Permanent(text),
        }
    }
}

impl From<StoreError> for TaskError {
    fn from(error: StoreError) -> Self {
        let text = error.to_string();
        if matches!(error, StoreError::Fenced { .. }) {
            Self::Superseded(text)
        } else if error.retryable() || matches!(error, StoreError::Busy { .. }) {
            // Whoever holds the task may be dead: the lease will tell.
            Self::Transient(text)
        } else {
            Self::Permanent(text)
        }
    }
}

impl From<ArtifactError> for TaskError {
    fn from(error: ArtifactError) -> Self {
        let text = error.to_string();
        if error.retryable() {
            Self::Transient(text)
        } else {
            Self::Permanent(text)
        }
    }
}
