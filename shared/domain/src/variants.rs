//! Variants of a brief: several videos of it that differ in one thing, so that viewers can tell which is the better.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{RunId, Timestamp};

/// How many videos may be compared, the control included.
pub(crate) const COUNT: std::ops::RangeInclusive<u32> = 2..=5;

/// The most characters of a voice's name.
const VOICE_CHARS: usize = 60;

/// What the variants of a brief differ in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Varied {
    /// How the video opens.
    Hook,
    /// The picture that stands for it.
    Thumbnail,
    /// Who speaks.
    Voice,
}

impl Varied {
    /// Everything that can be varied.
    pub const ALL: [Self; 3] = [Self::Hook, Self::Thumbnail, Self::Voice];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hook => "hook",
            Self::Thumbnail => "thumbnail",
            Self::Voice => "voice",
        }
    }
}

/// What a brief asks to have compared: so many videos that differ in one thing. The first is the control, made as if nothing were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variants {
    /// What they differ in.
    pub of: Varied,
    /// How many videos there are to be, the control included: 2 to 5. Of hooks and thumbnails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 5))]
    pub count: Option<u32>,
    /// The voices, the control's first: 2 to 5, as the provider of speech names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 5),
        inner(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"))
    )]
    pub voices: Vec<String>,
}

impl Variants {
    /// How many videos there are to be.
    pub fn count(&self) -> u32 {
        match self.of {
            Varied::Hook | Varied::Thumbnail => self.count.unwrap_or(*COUNT.start()),
            Varied::Voice => u32::try_from(self.voices.len()).unwrap_or(u32::MAX),
        }
    }

    /// The variant of a number, from 1.
    pub fn variant(&self, number: u32, runs: &[RunId], experiment: &str) -> Variant {
        let voice = (number as usize)
            .checked_sub(1)
            .and_then(|at| self.voices.get(at));
        Variant {
            of: self.of,
            number,
            voice: voice.cloned(),
            runs: runs.to_vec(),
            experiment: experiment.to_owned(),
        }
    }

    /// What is wrong with it: the field, and what to do.
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let (least, most) = (COUNT.start(), COUNT.end());
        let mut problems = Vec::new();
        let mut wrong = |field: &str, message: String| problems.push((field.to_owned(), message));
        match (self.of, self.count) {
            (Varied::Voice, Some(_)) => wrong(
                "variants.count",
                "voices are compared by their names: list them in voices, and leave count out"
                    .to_owned(),
            ),
            (Varied::Voice, None) if !COUNT.contains(&self.count()) => wrong(
                "variants.voices",
                format!(
                    "{} voices can't be compared: list {least} to {most}",
                    self.voices.len()
                ),
            ),
            (Varied::Hook | Varied::Thumbnail, Some(count)) if !COUNT.contains(&count) => wrong(
                "variants.count",
                format!("{count} variants can't be compared: choose {least} to {most}"),
            ),
            _ => {}
        }
        if self.of != Varied::Voice && !self.voices.is_empty() {
            wrong(
                "variants.voices",
                format!(
                    "voices are for variants of the voice, and these are of the {}: give count instead",
                    self.of.name()
                ),
            );
        }
        for (at, voice) in self.voices.iter().enumerate() {
            let field = format!("variants.voices[{at}]");
            if let Some(message) = voice_problem(voice) {
                wrong(&field, message);
            } else if self.voices.iter().take(at).any(|before| before == voice) {
                wrong(
                    &field,
                    format!("{voice:?} stands there twice: name another, or take it out"),
                );
            }
        }
        problems
    }
}

/// What is wrong with a voice's name. It becomes a part of paths and an argument of programs, so it begins with neither "." nor "-".
pub(crate) fn voice_problem(name: &str) -> Option<String> {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let right = begins && name.len() <= VOICE_CHARS && name.chars().all(named);
    (!right).then(|| {
        format!(
            "this is no voice's name: it has 1 to {VOICE_CHARS} letters, digits, \"-\", \"_\" or \".\", and begins with a letter or digit"
        )
    })
}

/// Which variant of its brief a run makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// What the variants differ in.
    pub of: Varied,
    /// Which one it is, from 1: the first is the control.
    pub number: u32,
    /// Who speaks, where voices are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// The runs of all variants, in their order: the control's first.
    pub runs: Vec<RunId>,
    /// The key of the experiment that compares them.
    pub experiment: String,
}

impl Variant {
    /// Its key among the experiment's variations.
    ///
    /// ```
    /// use domain::{Variants, Varied};
    /// let hooks = Variants { of: Varied::Hook, count: Some(2), voices: Vec::new() };
    /// assert_eq!(hooks.variant(2, &[], "hook-1").key(), "hook-2");
    /// ```
    pub fn key(&self) -> String {
        format!("{}-{}", self.of.name(), self.number)
    }
}

/// That a run's variant won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Won {
    /// The experiment's key.
    pub experiment: String,
    /// The variation's key.
    pub variation: String,
    /// When it was concluded.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(of: Varied, count: Option<u32>, voices: &[&str]) -> Vec<String> {
        let voices = voices.iter().map(|&voice| voice.to_owned()).collect();
        let problems = Variants { of, count, voices }.problems();
        problems.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn two_to_five_variants_of_one_thing_can_be_asked_for() {
        assert!(fields(Varied::Hook, Some(3), &[]).is_empty());
        assert!(fields(Varied::Thumbnail, None, &[]).is_empty());
        assert!(fields(Varied::Voice, None, &["joe", "amy"]).is_empty());
        assert_eq!(fields(Varied::Hook, Some(1), &[]), ["variants.count"]);
        assert_eq!(fields(Varied::Hook, Some(6), &[]), ["variants.count"]);
        assert_eq!(fields(Varied::Voice, None, &["joe"]), ["variants.voices"]);
        let six = ["a", "b", "c", "d", "e", "f"];
        assert!(fields(Varied::Voice, None, &six[..5]).is_empty());
        assert_eq!(fields(Varied::Voice, None, &six), ["variants.voices"]);
    }

    #[test]
    fn there_are_two_unless_more_are_asked_for_and_each_has_its_own_voice() {
        let of = |of, count, voices: &[&str]| Variants {
            of,
            count,
            voices: voices.iter().map(|&voice| voice.to_owned()).collect(),
        };
        assert_eq!(of(Varied::Hook, None, &[]).count(), 2);
        assert_eq!(of(Varied::Thumbnail, Some(4), &[]).count(), 4);
        let voices = of(Varied::Voice, None, &["joe", "amy", "sam"]);
        assert_eq!(voices.count(), 3);
        let voice = |number| voices.variant(number, &[], "voice-1").voice;
        assert_eq!(voice(1).as_deref(), Some("joe"));
        assert_eq!(voice(3).as_deref(), Some("sam"));
        assert_eq!(voice(4), None);
    }

    #[test]
    fn voices_are_named_once_each_and_only_where_voices_are_compared() {
        assert_eq!(fields(Varied::Hook, Some(2), &["joe"]), ["variants.voices"]);
        assert_eq!(
            fields(Varied::Voice, Some(2), &["joe", "amy"]),
            ["variants.count"]
        );
        assert_eq!(
            fields(Varied::Voice, None, &["joe", "joe"]),
            ["variants.voices[1]"]
        );
        assert_eq!(
            fields(Varied::Voice, None, &["joe", "amy", "joe"]),
            ["variants.voices[2]"]
        );
        let (longest, longer) = ("v".repeat(60), "v".repeat(61));
        assert!(fields(Varied::Voice, None, &["joe", &longest]).is_empty());
        for name in [&longer, "../etc", "..", "-w", "", "a b"] {
            let found = fields(Varied::Voice, None, &["joe", name]);
            assert_eq!(found, ["variants.voices[1]"], "{name}");
        }
    }
}
