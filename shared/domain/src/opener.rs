//! How a brand's videos opened.

use serde::{Deserialize, Serialize};

use crate::brief_rules::parts;
use crate::{Hook, HookForm, Line};

/// Openings whose first words are the same open alike.
const FIRST_WORDS: usize = 3;

/// How a video opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opener {
    /// The form of its hook.
    pub form: HookForm,
    /// The first line of its hook.
    pub says: String,
}

impl Opener {
    /// How many of a brand's runs a new one looks back on.
    pub const LAST: usize = 10;

    /// How a hook opens; nothing of one that says nothing.
    pub fn of(hook: &Hook) -> Option<Self> {
        let first = hook.lines.first()?;
        Some(Self {
            form: hook.form,
            says: first.text.clone(),
        })
    }

    /// Whether lines open with the same words, however they go on.
    ///
    /// ```
    /// use domain::{HookForm, Line, LineSource, Opener};
    /// let line = |text: &str| [Line { text: text.to_owned(), source: LineSource::Phrase }];
    /// let opener = Opener { form: HookForm::Question, says: "Ever wondered about bees?".to_owned() };
    /// assert!(opener.is_like(&line("Ever wondered about salt?")));
    /// assert!(!opener.is_like(&line("Ever thought about bees?")));
    /// ```
    pub fn is_like(&self, lines: &[Line]) -> bool {
        let begins =
            |text: &str| -> Vec<String> { parts(text).into_iter().take(FIRST_WORDS).collect() };
        lines
            .first()
            .is_some_and(|line| begins(&line.text) == begins(&self.says))
    }
}
