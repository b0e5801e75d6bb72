//! From a content to its ten scores, its total and its tier.

use std::collections::{BTreeMap, HashSet};

use domain::Brief;
use domain::quality::{Judging, QualityRules};
use serde::{Deserialize, Serialize};

use crate::advice::{Advice, advise};
use crate::cohesion::Cohesion;
use crate::content::Content;
use crate::emotion::Feeling;
use crate::filler::Filler;
use crate::score::{
    Criterion, Hold, Reading, Score, Thresholds, ThresholdsError, Tier, Total, Weights,
    WeightsError,
};
use crate::text::{Language, OtherLanguage, Text};
use crate::{
    brand, clarity, emotion, engagement, grammar, hook, originality, pacing, technical, tone,
};

/// How scores are weighed and what follows from them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What each criterion counts for.
    pub weights: Weights,
    /// Where the tiers begin.
    pub thresholds: Thresholds,
}

/// Why a brand's rules make no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Its weights don't.
    #[error("the brand's weights can't be used: {0}")]
    Weights(#[from] WeightsError),
    /// Its thresholds don't.
    #[error("the brand's thresholds can't be used: {0}")]
    Thresholds(#[from] ThresholdsError),
}

impl Policy {
    /// What a brand's rules ask for; what they don't say is as by default.
    pub fn of(rules: &QualityRules) -> Result<Self, PolicyError> {
        Ok(Self {
            weights: rules.weights()?,
            thresholds: rules.thresholds()?,
        })
    }
}

/// A criterion that couldn't be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmeasured {
    /// Which.
    pub criterion: Criterion,
    /// Why not.
    pub reason: String,
}

/// What a content is worth, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The weighed mean of the scores. What isn't measured is left out, and the others keep their proportions.
    pub total: Total,
    /// What follows.
    pub tier: Tier,
    /// Why it isn't approved without a person, however good the total.
    pub holds: Vec<Hold>,
    /// The criteria that were judged, in the order of [`Criterion::ALL`].
    pub scores: Vec<Score>,
    /// Those that couldn't be.
    pub unmeasured: Vec<Unmeasured>,
    /// How pleasant the text feels: 1 to 5; absent if it can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valence: Option<f64>,
    /// How exciting it feels: 1 to 5; absent if it can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arousal: Option<f64>,
    /// What is good, what isn't, and what to do about it.
    pub advice: Advice,
    /// What came of asking a judge; absent if none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judging: Option<Judging>,
}

impl Assessment {
    /// A criterion's score, if it was judged.
    pub fn score(&self, criterion: Criterion) -> Option<&Score> {
        self.scores
            .iter()
            .find(|score| score.criterion == criterion)
    }
}

/// A text with fewer words than this is scored, but a person has to look at it.
const ENOUGH_WORDS: usize = 12;

/// Judges a content.
pub fn assess(content: &Content, policy: &Policy) -> Assessment {
    let mut judged = Judged::default();
    let whole = Text::parse(&content.text);
    let mut feeling = None;
    if let Some(reason) = unreadable(&whole) {
        judged.unreadable(&reason);
    } else {
        let grammar = policy.weights.of(Criterion::Grammar) > 0;
        feeling = Some(judged.words(&whole, content, grammar));
    }
    judged.facts(&whole, content);

    let mut scores = Vec::new();
    let mut unmeasured = Vec::new();
    for (criterion, weight) in policy.weights.iter() {
        match judged.readings.remove(&criterion) {
            Some(Ok(reading)) => scores.push(Score::new(criterion, weight, reading)),
            Some(Err(reason)) => unmeasured.push(Unmeasured { criterion, reason }),
            None => {}
        }
    }
    let total = Total::weighed(scores.iter().map(|score| (score.value, score.weight)));
    let degraded = content.degraded.iter().map(|reason| Hold::Degraded {
        reason: reason.clone(),
    });
    let holds: Vec<Hold> = degraded.chain(judged.holds).collect();
    // In a language that can't be read only a person can say what a text is worth; what has no words at all is worth nothing.
    let foreign = matches!(whole.language, Language::Other(_));
    let tier = match policy.thresholds.tier(total, &holds) {
        Tier::Regenerate if foreign => Tier::Review,
        tier => tier,
    };
    let advice = advise(&scores, content, &holds);
    Assessment {
        total,
        tier,
        holds,
        scores,
        unmeasured,
        valence: feeling.map(|feeling| feeling.valence),
        arousal: feeling.map(|feeling| feeling.arousal),
        advice,
        judging: None,
    }
}

/// Why nothing can be said of a text's words.
fn unreadable(text: &Text<'_>) -> Option<String> {
    if text.words.is_empty() {
        let what = if text.emoji.is_empty() {
            "there is no text"
        } else {
            "there are only emoji, no words"
        };
        return Some(what.to_owned());
    }
    match text.language {
        Language::Other(OtherLanguage::OtherScript) => {
            Some("the text isn't in Latin letters: only English is judged by its words".to_owned())
        }
        Language::Other(OtherLanguage::Unrecognised) => Some(
            "the text isn't English, or no language: only English is judged by its words"
                .to_owned(),
        ),
        Language::Other(language) => Some(format!(
            "the text looks like {language:?}: only English is judged by its words"
        )),
        Language::English | Language::Unknown => None,
    }
}

#[derive(Default)]
struct Judged {
    readings: BTreeMap<Criterion, Result<Reading, String>>,
    holds: Vec<Hold>,
}

/// The criteria that words are judged by.
const OF_WORDS: [Criterion; 7] = [
    Criterion::Clarity,
    Criterion::Engagement,
    Criterion::Hook,
    Criterion::Tone,
    Criterion::Grammar,
    Criterion::Originality,
    Criterion::Emotion,
];

impl Judged {
    fn unreadable(&mut self, reason: &str) {
        for criterion in OF_WORDS {
            self.readings.insert(criterion, Err(reason.to_owned()));
        }
        self.holds.push(Hold::Unjudged {
            reason: reason.to_owned(),
        });
    }

    /// What is judged of the words alone. Grammar costs more time than all else, so it is read only where it counts.
    fn words(&mut self, whole: &Text<'_>, content: &Content, grammar: bool) -> Feeling {
        let filler = Filler::find(whole);
        let kept = Text::parse(&filler.kept);
        // An offset into what is kept is one into the whole; its words are looked up there.
        let text = Text {
            original: whole.original,
            ..kept
        };
        let brief = content.brief.as_ref();
        let feelings = emotion::of_sentences(&text);
        let cohesion = Cohesion::of(&text);
        let mut put = |criterion, reading: Reading| self.readings.insert(criterion, Ok(reading));
        put(Criterion::Clarity, charged(clarity::read(&text), &filler));
        put(
            Criterion::Engagement,
            engagement::read(&text, &feelings, &cohesion, &filler),
        );
        put(
            Criterion::Tone,
            tone::read(
                &text,
                &feelings,
                &cohesion,
                &filler,
                brief.map(|brief| brief.tone),
            ),
        );
        if grammar {
            put(Criterion::Grammar, grammar::read(&text, &names(brief)));
        }
        put(
            Criterion::Originality,
            originality::read(&text, &filler, &content.earlier),
        );
        put(Criterion::Emotion, charged(emotion::read(&text), &filler));
        put(Criterion::Hook, read_hook(&text, content));
        let pacing = pacing::read(
            &text,
            content.speech.as_ref(),
            brief.map(|brief| brief.tone),
        );
        put(Criterion::Pacing, charged(pacing, &filler));
        if !grammar {
            let reason = "it weighs nothing".to_owned();
            self.readings.insert(Criterion::Grammar, Err(reason));
        }
        if filler.orders {
            self.holds.push(Hold::Unpublishable {
                reason: "some of it speaks to a judge, not to a viewer".to_owned(),
            });
        }
        if whole.words.len() < ENOUGH_WORDS {
            let words = match whole.words.len() {
                1 => "only one word".to_owned(),
                words => format!("only {words} words"),
            };
            self.holds.push(Hold::Unjudged {
                reason: format!("{words}: too short to judge alone"),
            });
        }
        emotion::of(&text)
    }

    /// What is judged of times, brand and media.
    fn facts(&mut self, text: &Text<'_>, content: &Content) {
        let brief = content.brief.as_ref();
        let mut unpublishable = Vec::new();
        // Where the words can be read, it was judged with them.
        self.readings.entry(Criterion::Pacing).or_insert_with(|| {
            if text.words.is_empty() {
                Err("nothing is spoken".to_owned())
            } else {
                Ok(pacing::read(
                    text,
                    content.speech.as_ref(),
                    brief.map(|brief| brief.tone),
                ))
            }
        });
        let brand = brief
            .and_then(|brief| brand::read(text, content, brief, &mut unpublishable))
            .ok_or_else(|| "no brand asks for anything".to_owned());
        self.readings.insert(Criterion::Brand, brand);
        let technical = content
            .media
            .as_ref()
            .and_then(|media| technical::read(media, brief, &mut unpublishable))
            .ok_or_else(|| "there is no video".to_owned());
        self.readings.insert(Criterion::Technical, technical);
        self.holds.extend(
            unpublishable
                .into_iter()
                .map(|reason| Hold::Unpublishable { reason }),
        );
    }
}

/// A reading that knows nothing of filler, charged for it.
fn charged(mut reading: Reading, filler: &Filler) -> Reading {
    let lost = reading.raw * (1.0 - filler.factor());
    if filler.share > 0.0 {
        reading.raw -= lost;
        reading.features.push(crate::score::Feature::new(
            "share of filler",
            filler.share,
            -lost,
        ));
    }
    reading
}

/// The hook as it was given, or the first sentence.
fn read_hook(text: &Text<'_>, content: &Content) -> Reading {
    if let Some(hook) = &content.hook {
        let parsed = Text::parse(hook);
        let mut reading = hook::read(&parsed);
        // Where the hook is part of the text, its marks are shown there.
        let start = content.text.find(hook.as_str());
        for mark in &mut reading.marks {
            (mark.start, mark.end) =
                start.map_or((0, 0), |start| (start + mark.start, start + mark.end));
        }
        return reading;
    }
    let Some(first) = text.sentences.first() else {
        return Reading::new(0.0, Vec::new(), 0.0);
    };
    let plain = text.plain_of(first);
    let mut reading = hook::read(&Text::parse(plain));
    for mark in &mut reading.marks {
        mark.start += first.span.start;
        mark.end += first.span.start;
    }
    reading.with_note("the first sentence was taken for the hook")
}

/// Words that are right because the brief has them: its names, and what it says more than once. A slip of the pen comes once.
fn names(brief: Option<&Brief>) -> Vec<String> {
    let Some(brief) = brief else {
        return Vec::new();
    };
    let forms = |text: &String| -> Vec<String> {
        let words = Text::parse(text).words;
        words.into_iter().map(|word| word.form).collect()
    };
    let mut names: Vec<String> = brief
        .brand
        .name
        .iter()
        .chain(&brief.brand.voice_words)
        .flat_map(forms)
        .collect();
    let mut met = HashSet::new();
    let told = brief.key_points.iter().chain([&brief.topic]);
    names.extend(
        told.flat_map(forms)
            .filter(|form| !met.insert(form.clone())),
    );
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_brief_says_once_is_no_name() {
        let mut brief = Brief {
            topic: "The zorbex".to_owned(),
            key_points: vec![
                "A zorbex turns.".to_owned(),
                "It are becuase of the wind.".to_owned(),
            ],
            ..Brief::default()
        };
        brief.brand.name = Some("Quillo".to_owned());
        let content = |brief: &Brief| {
            Content::of_text("The zorbex of quillo turns, becuase of the wind.")
                .with_brief(brief.clone())
        };
        let wrong = |brief: &Brief| -> Vec<String> {
            let judged = assess(&content(brief), &Policy::default());
            let grammar = judged.score(Criterion::Grammar).map(|score| &score.spans);
            grammar
                .into_iter()
                .flatten()
                .map(|mark| mark.text.clone())
                .collect()
        };
        assert_eq!(wrong(&brief), ["becuase"]);
        brief.brand.name = None;
        assert_eq!(wrong(&brief), ["quillo", "becuase"]);
    }
}
