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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LineSource;
    use HookForm::{Question, Statement};

    fn hook(form: HookForm, text: &str) -> Hook {
        Hook {
            form,
            lines: vec![Line {
                text: text.to_owned(),
                source: LineSource::Phrase,
            }],
            on_screen: String::new(),
            alternatives: Vec::new(),
        }
    }

    fn having_seen(openers: &[(HookForm, &str)]) -> HookWish {
        let opener = |&(form, says): &(HookForm, &str)| Opener {
            form,
            says: says.to_owned(),
        };
        HookWish {
            seen: openers.iter().map(opener).collect(),
            ..HookWish::default()
        }
    }

    #[test]
    fn a_form_is_asked_of_the_control_and_of_no_other_variant() {
        let control = HookWish {
            form: Some(Question),
            ..HookWish::variant(1)
        };
        let second = HookWish {
            variant: Some(2),
            ..control.clone()
        };
        assert_eq!((control.number(), second.number()), (1, 2));
        assert_eq!(
            (control.own_form(), second.own_form()),
            (Some(Question), None)
        );
        let stated = hook(Statement, "Bees dance.");
        assert!(control.missed(&stated).is_some());
        assert_eq!(second.missed(&stated), None);
    }

    #[test]
    fn what_another_video_begins_with_is_told_however_its_words_are_set() {
        let wish = HookWish {
            taken: vec!["Cats sleep.".to_owned(), "BEES dance!".to_owned()],
            ..HookWish::default()
        };
        let told = |text| wish.missed(&hook(Statement, text));
        assert!(told("Bees … dance").is_some_and(|told| told.contains("as another")));
        assert_eq!(told("Bees dance at night."), None);
    }

    #[test]
    fn an_opening_repeats_any_of_the_last_ones_and_not_the_newest_alone() {
        let wish = having_seen(&[(Question, "Why salt?"), (Statement, "Bees dance at night.")]);
        assert!(wish.repeats(&hook(Question, "Why salt?").lines));
        assert!(wish.repeats(&hook(Question, "Bees dance at noon?").lines));
        assert!(!wish.repeats(&hook(Question, "Why bees?").lines));
    }

    #[test]
    fn a_form_is_tiring_that_both_of_the_last_two_had_unless_it_is_asked_for() {
        let [a, b, c] = ["Why salt?", "Cats sleep.", "Bees dance."];
        let twice = having_seen(&[(Question, a), (Question, b), (Statement, c)]);
        assert!(twice.is_tired_of(Question) && !twice.is_tired_of(Statement));
        for others in [
            &[(Question, a)][..],
            &[(Question, a), (Statement, b), (Question, c)],
            &[(Statement, a), (Question, b), (Question, c)],
        ] {
            assert!(!having_seen(others).is_tired_of(Question), "{others:?}");
        }
        let asking = |form| HookWish {
            form: Some(form),
            ..twice.clone()
        };
        assert!(!asking(Question).is_tired_of(Question));
        assert!(asking(Statement).is_tired_of(Question));
    }
}
