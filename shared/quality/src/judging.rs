//! A judge beside the built-in scores: what it is shown, and what its scores may change.

use std::collections::BTreeMap;

use domain::quality::{
    Criterion, Hold, JUDGED, JudgeWeight, Judged, JudgedScore, Judging, Opinion, Subject, Tier,
    Total,
};

use crate::advice::advise;
use crate::assess::{Assessment, Policy};
use crate::content::Content;
use crate::filler::Filler;
use crate::score::{Feature, Score};
use crate::text::{Language, Text};

/// So many points a judge's score may lie from the built-in one. What lies further off counts as if it lay just there, and the round is held
/// for a person: either the judge was led astray or the built-in score is wrong, and no program can tell which.
pub const TRUSTED_POINTS: f64 = 30.0;

/// The feature by which a judge moved a score.
pub(crate) const FEATURE: &str = "the judge's score";

/// The longest text that a judge is shown, in bytes: some minutes of speech, and a request of a known size.
const LONGEST: usize = 20_000;

impl Content {
    /// What a judge is shown: the words that the built-in scores are read from, without markup, addresses and marks that nobody sees. The
    /// reason, where there is nothing for a judge to read, or where it isn't to be read by one.
    pub fn subject(&self) -> Result<Subject, String> {
        let text = Text::parse(&self.text);
        if text.words.is_empty() {
            return Err("there are no words to judge".to_owned());
        }
        if let Language::Other(_) = text.language {
            return Err("only English is judged".to_owned());
        }
        if self.text.len() > LONGEST {
            return Err(format!(
                "the text has {} bytes, and a judge is shown {LONGEST} at most",
                self.text.len()
            ));
        }
        let opening = self.hook.as_deref().map(Text::parse);
        if Filler::find(&text).orders || opening.as_ref().is_some_and(|it| Filler::find(it).orders)
        {
            return Err("some of it speaks to a judge, not to a viewer".to_owned());
        }
        let scenes: Vec<String> = if self.scenes.is_empty() {
            vec![shown(&text.plain)]
        } else {
            self.scenes
                .iter()
                .map(|scene| shown(scene.span.of(&text.plain)))
                .collect()
        };
        let brief = self.brief.as_ref();
        Ok(Subject {
            audience: brief
                .and_then(|brief| brief.audience.as_deref())
                .map(|audience| shown(&Text::parse(audience).plain)),
            tone: brief.map(|brief| brief.tone),
            opening: opening.map(|opening| shown(&opening.plain)),
            scenes,
        })
    }
}

/// A text on one line, without tag characters: they are drawn as nothing and read as letters.
fn shown(plain: &str) -> String {
    let seen: String = plain
        .chars()
        .filter(|c| !matches!(c, '\u{e0000}'..='\u{e0fff}'))
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Assessment {
    /// The assessment with what a judge, named `by`, said of the content; or the reason for which it said nothing that can be used.
    ///
    /// A judge's score moves the built-in one by `weight` of the way, and never by more than that share of [`TRUSTED_POINTS`]. A weight of 0
    /// moves and holds nothing. With more, a judge that is missing holds the round for a person, and so does one that is further off, or that
    /// alone would have it approved.
    #[must_use]
    pub fn with_judge(
        mut self,
        content: &Content,
        policy: &Policy,
        by: &str,
        weight: JudgeWeight,
        said: Result<BTreeMap<Criterion, Opinion>, String>,
    ) -> Self {
        let outcome = match said {
            Ok(opinions) => Judged::Judged {
                scores: self.weighed(&opinions, weight),
            },
            Err(reason) => {
                let unjudged = |hold: &Hold| matches!(hold, Hold::Unjudged { .. });
                if weight.counts() && !self.holds.iter().any(unjudged) {
                    self.holds.push(Hold::Unjudged {
                        reason: format!("no judge has seen it: {reason}"),
                    });
                }
                Judged::NotJudged { reason }
            }
        };
        if weight.counts() {
            let before = (self.total, self.tier);
            self.total =
                Total::weighed(self.scores.iter().map(|score| (score.value, score.weight)));
            self.tier = if matches!(outcome, Judged::Judged { .. }) {
                self.tier_after(before, policy)
            } else {
                // What has no words to judge, or others than English, keeps the tier that it has.
                self.tier.min(Tier::Review)
            };
            self.advice = advise(&self.scores, content, &self.holds);
        }
        self.judging = Some(Judging {
            by: by.to_owned(),
            weight,
            outcome,
        });
        self
    }

    /// The tier of a total that a judge moved. What isn't approved without it isn't approved by it: so nobody gains by persuading a judge.
    fn tier_after(&mut self, (total, tier): (Total, Tier), policy: &Policy) -> Tier {
        let moved = policy.thresholds.tier(self.total, &self.holds);
        if moved == Tier::Approve && tier != Tier::Approve {
            self.holds.push(Hold::Disputed {
                reason: format!(
                    "the total is {} with the judge and {total} without it: no judge approves what the built-in scores don't",
                    self.total
                ),
            });
            return Tier::Review;
        }
        moved
    }

    /// Moves the scores, and tells both sides of each.
    fn weighed(
        &mut self,
        opinions: &BTreeMap<Criterion, Opinion>,
        weight: JudgeWeight,
    ) -> BTreeMap<Criterion, JudgedScore> {
        let mut told = BTreeMap::new();
        let judged = |score: &&mut Score| JUDGED.contains(&score.criterion);
        for score in self.scores.iter_mut().filter(judged) {
            let Some(opinion) = opinions.get(&score.criterion) else {
                continue;
            };
            let both = JudgedScore {
                value: opinion.value.min(100),
                built_in: score.value,
                reason: opinion.reason.clone(),
            };
            if weight.counts() {
                self.holds.extend(moved(score, &both, weight));
            }
            told.insert(score.criterion, both);
        }
        told
    }
}

/// Moves a score towards the judge's; the hold, if that is too far off to be trusted.
fn moved(score: &mut Score, both: &JudgedScore, weight: JudgeWeight) -> Option<Hold> {
    let gap = f64::from(both.value) - score.raw;
    let by = gap.clamp(-TRUSTED_POINTS, TRUSTED_POINTS) * weight.share();
    score.raw = (score.raw + by).clamp(0.0, 100.0);
    // 0 to 100: the cast loses nothing.
    score.value = (score.raw + 0.5).floor() as u8;
    let given = f64::from(both.value);
    score.features.push(Feature::new(FEATURE, given, by));
    (gap.abs() > TRUSTED_POINTS).then(|| Hold::Disputed {
        reason: format!(
            "{} is {} by the judge and {} by the built-in score: one of them is wrong",
            score.criterion.title(),
            both.value,
            both.built_in
        ),
    })
}

#[cfg(test)]
mod tests;
