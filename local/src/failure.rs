//! How a command ends when it doesn't end well.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use assign::AssignError;
use store::StoreError;
use subscribe::SubscribeError;

/// Why a command didn't do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was given can't be used: exit code 2.
    Input(String),
    /// The run failed, or something on this machine did: exit code 1.
    Failed(String),
    /// Somebody stopped it: exit code 130, as shells give for Ctrl-C.
    Cancelled(String),
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Input(message) | Self::Failed(message) | Self::Cancelled(message)) = self;
        f.write_str(message)
    }
}

impl Failure {
    /// Wrong input.
    pub(crate) fn input(message: impl Display) -> Self {
        Self::Input(message.to_string())
    }

    /// Any other failure.
    pub(crate) fn other(message: impl Display) -> Self {
        Self::Failed(message.to_string())
    }

    /// The same failure, with the file it is about named first if it is about input.
    #[must_use]
    pub(crate) fn about(self, path: &Path) -> Self {
        match self {
            Self::Input(message) => Self::Input(format!("{}: {message}", crate::files::name(path))),
            other => other,
        }
    }

    /// Prints the message to standard error and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let code = match self {
            Self::Input(_) => 2,
            Self::Failed(_) => 1,
            Self::Cancelled(_) => 130,
        };
        crate::say::tell(format_args!("error: {self}"));
        ExitCode::from(code)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(_)
            | StoreError::NoKey(_)
            | StoreError::Busy { .. }
            | StoreError::Ended { .. }
            | StoreError::Going { .. }
            | StoreError::NotWaiting { .. }
            | StoreError::NoEndpoint(_)
            | StoreError::NoDelivery(_)
            | StoreError::NoExperiment(_)
            | StoreError::ExperimentExists(_)
            | StoreError::NotReplayed { .. }
            | StoreError::NewerSchema { .. } => Self::input(error),
            other => Self::other(other),
        }
    }
}

impl From<SubscribeError> for Failure {
    fn from(error: SubscribeError) -> Self {
        match error {
            SubscribeError::Store(error) => error.into(),
            SubscribeError::Vault(_) | SubscribeError::Random(_) => Self::other(error),
            other => Self::input(other),
        }
    }
}

impl From<AssignError> for Failure {
    fn from(error: AssignError) -> Self {
        match error {
            AssignError::Store(error) => error.into(),
            AssignError::Periods(_) | AssignError::Id(_) | AssignError::Task(_) => {
                Self::other(error)
            }
            other => Self::input(other),
        }
    }
}
