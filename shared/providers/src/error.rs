//! What can go wrong with a provider.

/// Why a provider gave no answer. The variants are those that a task passes on, so that what is retried is decided here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// May work the next time: throttled, timed out, a broken connection, a server's own fault.
    #[error("{provider} did not answer: {message}")]
    Transient {
        /// Which provider.
        provider: String,
        /// What happened and what to do.
        message: String,
    },
    /// The provider can't do what was asked, whoever asks.
    #[error("{provider} can't use this input: {message}")]
    InvalidInput {
        /// Which provider.
        provider: String,
        /// What happened and what to do.
        message: String,
    },
    /// The provider would not: a content filter, a refusal.
    #[error("{provider} refused: {message}")]
    Refused {
        /// Which provider.
        provider: String,
        /// What happened and what to do.
        message: String,
    },
    /// It would have cost more than the run may.
    #[error("{provider} was not asked: {message}")]
    OverBudget {
        /// Which provider.
        provider: String,
        /// What happened and what to do.
        message: String,
    },
    /// The run was cancelled, or another execution has it: nothing more is paid for it.
    #[error("{provider} was not asked: {message}")]
    Cancelled {
        /// Which provider.
        provider: String,
        /// What happened and what to do.
        message: String,
    },
    /// Will not work until somebody changes something: a wrong key, a missing model, an answer that stays unusable.
    #[error("{provider} failed: {message}")]
    Permanent {
        /// Which provider.
        provider: String,
        /// What happened and what to do.
        message: String,
    },
}

impl ProviderError {
    /// A failure that may pass.
    pub fn transient(provider: &str, message: impl ToString) -> Self {
        Self::Transient {
            provider: provider.to_owned(),
            message: message.to_string(),
        }
    }

    /// An input that can't be used.
    pub fn invalid_input(provider: &str, message: impl ToString) -> Self {
        Self::InvalidInput {
            provider: provider.to_owned(),
            message: message.to_string(),
        }
    }

    /// A refusal.
    pub fn refused(provider: &str, message: impl ToString) -> Self {
        Self::Refused {
            provider: provider.to_owned(),
            message: message.to_string(),
        }
    }

    /// A call that the run can't afford.
    pub fn over_budget(provider: &str, message: impl ToString) -> Self {
        Self::OverBudget {
            provider: provider.to_owned(),
            message: message.to_string(),
        }
    }

    /// A call for a run that runs no longer.
    pub fn cancelled(provider: &str, message: impl ToString) -> Self {
        Self::Cancelled {
            provider: provider.to_owned(),
            message: message.to_string(),
        }
    }

    /// A failure that stays.
    pub fn permanent(provider: &str, message: impl ToString) -> Self {
        Self::Permanent {
            provider: provider.to_owned(),
            message: message.to_string(),
        }
    }
}
