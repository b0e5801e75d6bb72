//! What a round is to do differently.

use serde::{Deserialize, Serialize};

use super::{Suggestion, Target};

/// So many rounds back feedback is remembered.
const REMEMBERED: usize = 8;

/// What a round is to do differently from the one before it, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// The round that it is about, from 1.
    pub of_round: u32,
    /// What to change, by task, the most points first.
    pub suggestions: Vec<Suggestion>,
    /// What a person who asked for the round wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The feedback that the rounds before were made by, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Self>,
}

impl Feedback {
    /// The same, where the round that it is about was itself made by feedback.
    #[must_use]
    pub fn after(mut self, before: Option<Self>) -> Self {
        if let Some(mut before) = before {
            self.earlier = std::mem::take(&mut before.earlier);
            self.earlier.insert(0, before);
            self.earlier.truncate(REMEMBERED);
        }
        self
    }

    /// The feedback, this or an earlier one, that a round was made by.
    pub fn that_made(&self, round: u32) -> Option<Self> {
        if self.of_round + 1 == round {
            return Some(self.clone());
        }
        let at = self
            .earlier
            .iter()
            .position(|earlier| earlier.of_round + 1 == round)?;
        let mut found = self.earlier.get(at)?.clone();
        found.earlier = self.earlier.iter().skip(at + 1).cloned().collect();
        Some(found)
    }

    /// What of it is for one task; nothing if it isn't to do anything differently. A person's note is for those that write.
    ///
    /// A task works from the brief each time, not from what it made before: so what an earlier round was told holds on, behind what is new. A task
    /// that hears nothing new hears exactly what it heard before, and has nothing to make again.
    #[must_use]
    pub fn of(&self, task: Target) -> Option<Self> {
        let oldest_first = self.earlier.iter().rev().chain([self]);
        oldest_first.fold(None, |before, feedback| feedback.alone(task, before))
    }

    /// The round whose feedback last asked something new of a task; none if nothing ever did. The task was done again in the round after it.
    pub fn last_for(&self, task: Target) -> Option<u32> {
        let mut newest_first = std::iter::once(self).chain(&self.earlier);
        let asks = |feedback: &&Self| {
            let mut suggestions = feedback.suggestions.iter();
            suggestions.any(|suggestion| suggestion.task == task)
        };
        newest_first.find(asks).map(|feedback| feedback.of_round)
    }

    /// What of this feedback, without the earlier ones, is for one task, and then what was said `before`.
    fn alone(&self, task: Target, before: Option<Self>) -> Option<Self> {
        let mine = |suggestion: &&Suggestion| suggestion.task == task;
        let mut suggestions: Vec<_> = self.suggestions.iter().filter(mine).cloned().collect();
        if suggestions.is_empty() {
            return before;
        }
        let writes = matches!(task, Target::Story | Target::Script | Target::Hook);
        let mut notes: Vec<String> = self.note.iter().filter(|_| writes).cloned().collect();
        if let Some(before) = before {
            let new = |old: &Suggestion| {
                let same =
                    |known: &Suggestion| known.scene == old.scene && known.action == old.action;
                !suggestions.iter().any(same)
            };
            let old: Vec<_> = before.suggestions.into_iter().filter(new).collect();
            suggestions.extend(old);
            notes.extend(before.note);
        }
        Some(Self {
            of_round: self.of_round,
            suggestions,
            note: (!notes.is_empty()).then(|| notes.join("\n\n")),
            earlier: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::quality::Action;

    fn suggestion(task: Target, action: Action) -> Suggestion {
        Suggestion {
            task,
            scene: None,
            instruction: action.instruction(),
            action,
            gain: 1.0,
        }
    }

    fn avoid(word: &str) -> Action {
        Action::OtherHook {
            avoid: vec![word.to_owned()],
        }
    }

    fn feedback(of_round: u32, suggestions: Vec<Suggestion>) -> Feedback {
        Feedback {
            of_round,
            suggestions,
            ..Feedback::default()
        }
    }

    fn actions(feedback: &Feedback) -> Vec<Action> {
        let told = feedback.suggestions.iter();
        told.map(|suggestion| suggestion.action.clone()).collect()
    }

    #[test]
    fn what_a_task_was_told_holds_on_in_later_rounds() {
        let first = feedback(
            1,
            vec![
                suggestion(Target::Hook, avoid("first")),
                suggestion(Target::Script, Action::BeConcrete),
            ],
        );
        let heard = first.of(Target::Script);
        let second = feedback(
            2,
            vec![
                suggestion(Target::Hook, avoid("second")),
                suggestion(Target::Hook, avoid("first")),
            ],
        );
        let third = second.after(Some(first));
        let hook = third.of(Target::Hook).unwrap();
        assert_eq!(actions(&hook), [avoid("second"), avoid("first")]);
        assert_eq!((hook.of_round, hook.earlier.len()), (2, 0));
        // Who hears nothing new hears the same as before, to the letter.
        assert_eq!(third.of(Target::Script), heard);
        assert_eq!(third.of(Target::Story), None);
        assert_eq!(third.last_for(Target::Hook), Some(2));
        assert_eq!(third.last_for(Target::Script), Some(1));
        assert_eq!(third.last_for(Target::Story), None);
    }

    #[test]
    fn notes_of_several_rounds_are_all_heard_by_those_who_write() {
        let noted = |of_round, note: &str| Feedback {
            note: Some(note.to_owned()),
            ..feedback(
                of_round,
                vec![
                    suggestion(Target::Script, Action::BeConcrete),
                    suggestion(Target::Audio, Action::EvenPace),
                ],
            )
        };
        let both = noted(2, "warmer").after(Some(noted(1, "shorter")));
        let note = |task| both.of(task).unwrap().note;
        assert_eq!(note(Target::Script).unwrap(), "warmer\n\nshorter");
        assert_eq!(note(Target::Audio), None);
    }

    #[test]
    fn what_made_a_round_is_found_with_what_came_before_it() {
        let rounds = (2..=20).fold(feedback(1, vec![]), |before, round| {
            feedback(round, vec![]).after(Some(before))
        });
        assert_eq!(rounds.earlier.len(), REMEMBERED);
        let found = rounds.that_made(19).unwrap();
        assert_eq!((found.of_round, found.earlier[0].of_round), (18, 17));
        assert_eq!(rounds.that_made(21).unwrap(), rounds);
        assert_eq!(rounds.that_made(1), None);
    }
}
