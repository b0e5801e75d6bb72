//! Which hook of a story is wanted.

use serde::Serialize;

use crate::brief_rules::parts;
use crate::{Hook, HookForm, Line, Opener};

/// Which hook of a story is wanted, where that isn't simply the best.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HookWish {
    /// Which variant it is to be, by its number from 1, where hooks are compared and it isn't the control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<u32>,
    /// The form that the hook should have: of several variants, that of the control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<HookForm>,
    /// How the brief's other videos begin, a line each: this one begins differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<String>,
    /// How the brand's last videos about other things opened, the newest first: this one opens differently where the brief gives anything else to open with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Opener>,
}

impl HookWish {
    /// The hook of a variant, by its number from 1.
    pub fn variant(number: u32) -> Self {
        Self {
            variant: Some(number),
            ..Self::default()
        }
    }

    /// The variant's number: the first is the control's, and that of a video without variants.
    pub fn number(&self) -> u32 {
        self.variant.unwrap_or(1)
    }

    /// The form that this very hook should have, if one is wanted of it.
    pub fn own_form(&self) -> Option<HookForm> {
        self.form.filter(|_| self.number() == 1)
    }

    /// Whether lines begin as another of the brief's videos does, however the words are set.
    pub fn is_taken(&self, lines: &[Line]) -> bool {
        let begins = lines.first().map(|line| parts(&line.text));
        let same = |taken: &String| begins.as_ref() == Some(&parts(taken));
        self.taken.iter().any(same)
    }

    /// Whether lines open with the words that one of the brand's last videos opened with.
    pub fn repeats(&self, lines: &[Line]) -> bool {
        self.seen.iter().any(|opener| opener.is_like(lines))
    }

    /// Whether the brand's last two videos opened in this form, and nobody asks for it.
    pub fn is_tired_of(&self, form: HookForm) -> bool {
        let last = self.seen.get(..2).unwrap_or_default();
        last.len() == 2 && self.form != Some(form) && last.iter().all(|opener| opener.form == form)
    }

    /// What to say of a hook that isn't what was wanted.
    ///
    /// ```
    /// use domain::{Hook, HookForm, HookWish};
    /// let wish = HookWish { form: Some(HookForm::Question), ..HookWish::default() };
    /// let hook = |form| Hook { form, lines: vec![], on_screen: String::new(), alternatives: vec![] };
    /// assert_eq!(wish.missed(&hook(HookForm::Question)), None);
    /// assert!(wish.missed(&hook(HookForm::Number)).is_some_and(|told| told.contains("a question")));
    /// ```
    pub fn missed(&self, hook: &Hook) -> Option<String> {
        if let Some(form) = self.own_form().filter(|form| *form != hook.form) {
            return Some(format!(
                "the hook should be {}, and is {}: the brief gives nothing to open with like that",
                form.told(),
                hook.form.told()
            ));
        }
        self.is_taken(&hook.lines).then(|| {
            "the hook begins as another of the brief's videos does: the brief gives nothing else to open with".to_owned()
        })
    }
}
