//! What helps against what: from a criterion's features and marks to actions.

use domain::quality::Action;

use crate::brand;
use crate::content::Content;
use crate::judging;
use crate::pacing;
use crate::score::{Criterion, Feature, Mark, Score};

/// What can be done about a feature; `None` where the content lacks what would say so. Lists of places are still empty.
pub(super) fn of(score: &Score, feature: &Feature, content: &Content) -> Option<Action> {
    let name = feature.name.as_ref();
    if name == "share of filler" {
        return Some(Action::DropFiller { phrases: vec![] });
    }
    // It says that something is weak, and nothing that a program could act on.
    if name == judging::FEATURE {
        return None;
    }
    match score.criterion {
        Criterion::Clarity => Some(of_clarity(name)),
        Criterion::Engagement => Some(of_engagement(name)),
        Criterion::Hook => Some(Action::OtherHook { avoid: vec![] }),
        Criterion::Tone => of_tone(name, content),
        Criterion::Pacing => Some(of_pacing(score, feature, content)),
        Criterion::Grammar => Some(Action::CorrectGrammar { places: vec![] }),
        Criterion::Originality => Some(of_originality(name)),
        Criterion::Emotion => Some(Action::OtherSources { instead_of: vec![] }),
        Criterion::Brand => of_brand(name, content),
        Criterion::Technical => Some(of_technical(name, feature.value)),
    }
}

fn shorter() -> Action {
    Action::ShortenSentences { sentences: vec![] }
}

fn connected() -> Action {
    Action::ConnectSentences { sentences: vec![] }
}

fn of_clarity(name: &str) -> Action {
    match name {
        "logarithm of words a sentence"
        | "longest fifth of the sentences, in words (logarithm)"
        | "nested clauses a sentence"
        | "commas, semicolons, dashes and brackets a sentence" => shorter(),
        "abstract nouns (-tion, -ity, -ment, -ness), share" | "abstractness of its words" => {
            Action::BeConcrete
        }
        "passives, share of sentences" => Action::UseActiveVoice,
        "negations, share of words" => Action::SayWhatIs,
        "impersonality (1 less the share of personal pronouns)" => Action::SpeakToViewer,
        "share of sentences without a connective" => connected(),
        _ => Action::PlainWords { words: vec![] },
    }
}

fn of_engagement(name: &str) -> Action {
    match name {
        "curiosity gaps per 100 words" | "share of questions" => Action::RaiseQuestion,
        "second person per 100 words" => Action::SpeakToViewer,
        "share of concrete words, numbers and names" => Action::BeConcrete,
        "variation of sentence length" => Action::VarySentences,
        "rise and fall of feeling over the text" => Action::OtherSources { instead_of: vec![] },
        "words per sentence" => shorter(),
        _ => connected(),
    }
}

fn of_tone(name: &str, content: &Content) -> Option<Action> {
    match name {
        "spread of register" => Some(Action::KeepRegister { sentences: vec![] }),
        "swing of feeling from sentence to sentence" => Some(Action::KeepMood),
        "distance from the register asked for"
        | "more arousal (less, if below 0) than the tone asked for" => {
            let tone = content.brief.as_ref()?.tone;
            Some(Action::MatchTone { tone })
        }
        _ => Some(connected()),
    }
}

fn of_pacing(score: &Score, feature: &Feature, content: &Content) -> Action {
    let value = feature.value;
    match feature.name.as_ref() {
        "words a minute" => {
            let pace = pacing::pace(content.brief.as_ref().map(|brief| brief.tone));
            if value > pace {
                let percent = percent(1.0 - pace / value);
                Action::SpeakSlower { percent }
            } else {
                let percent = percent(pace / value.max(1.0) - 1.0);
                Action::SpeakFaster { percent }
            }
        }
        "points that scenes too short or too long cost, per scene" => {
            let cost = |action: &Action| -> f64 {
                let marks = score.spans.iter();
                marks
                    .filter(|mark| is_about(action, score.criterion, mark))
                    .map(|mark| mark.cost)
                    .sum()
            };
            if cost(&Action::JoinScene) > cost(&Action::SplitScene) {
                Action::JoinScene
            } else {
                Action::SplitScene
            }
        }
        "difference of pace between scenes" => Action::EvenPace,
        "share of pauses" if value < 0.1 => Action::LeavePauses,
        "share of pauses" | "points that long pauses cost" => Action::ShortenPauses,
        "words in the longest sentence" => shorter(),
        _ => Action::VarySentences,
    }
}

fn of_originality(name: &str) -> Action {
    match name {
        "cliches per 100 words" => Action::AvoidPhrases { phrases: vec![] },
        "share of three-word runs said before" | "share of its commonest own word" => {
            Action::SayOnce { phrases: vec![] }
        }
        "share in common with the nearest earlier script" => Action::TellDifferently,
        "share of sentences that open like the one before" => Action::VarySentences,
        _ => Action::BeConcrete,
    }
}

fn of_brand(name: &str, content: &Content) -> Option<Action> {
    let brief = content.brief.as_ref()?;
    let action = match name {
        "banned words" => Action::AvoidWords {
            words: brand::banned(content, brief),
        },
        "share of the required claims that isn't made" => Action::RequireClaims {
            claims: brand::unmade(content, brief),
        },
        "call to action (1 at the end, 0.5 elsewhere, 0 missing)" => Action::EndWithCall {
            call: brief.brand.call_to_action.clone()?,
        },
        "words of the brand's voice, of the two that are plenty" => Action::UseVoice {
            words: brief.brand.voice_words.clone(),
        },
        "the brand is named" => Action::NameBrand {
            name: brief.brand.name.clone()?,
        },
        // Letters are drawn so that they can be read, whatever the palette: only who sends the brief can mend that.
        _ => return None,
    };
    Some(action)
}

fn of_technical(name: &str, value: f64) -> Action {
    match name {
        "longer (shorter, if below 0) than asked for, as a share" if value > 0.0 => {
            Action::SayLess {
                percent: percent(1.0 - 1.0 / (1.0 + value)),
            }
        }
        "longer (shorter, if below 0) than asked for, as a share" => Action::SayMore {
            percent: percent(1.0 / (1.0 + value).max(0.1) - 1.0),
        },
        "pixels of the shorter side" | "off the shape asked for" => Action::MatchShape,
        "longest silence in ms" => Action::ShortenPauses,
        "share of the words that are captioned" => Action::CaptionEveryWord,
        "share of black frames" => Action::RemoveBlackFrames,
        _ => Action::SetLoudness,
    }
}

fn percent(share: f64) -> u32 {
    (share * 100.0).round().clamp(1.0, 900.0) as u32
}

/// Whether a criterion's mark is a place that the action is about.
pub(super) fn is_about(action: &Action, criterion: Criterion, mark: &Mark) -> bool {
    let says = |words: &[&str]| words.iter().any(|words| mark.what.contains(words));
    match action {
        Action::ShortenSentences { .. } => says(&[
            "words in a sentence",
            "clauses within clauses",
            "longer than a viewer follows",
            "too long for one breath",
        ]),
        Action::PlainWords { .. } => says(&["few people meet this word"]),
        Action::AvoidWords { .. } => says(&["a word that the brand bans"]),
        Action::DropFiller { .. } => says(&["says nothing"]),
        Action::AvoidPhrases { .. } => says(&["heard too often"]),
        Action::SayOnce { .. } => says(&["said before in the same text"]),
        Action::CorrectGrammar { .. } => criterion == Criterion::Grammar,
        Action::ConnectSentences { .. } => says(&["takes up nothing"]),
        Action::KeepRegister { .. } => says(&["more formal", "more casual"]),
        Action::OtherSources { .. } => says(&["leaves its reader cold"]),
        Action::OtherHook { .. } => criterion == Criterion::Hook,
        Action::SplitScene => says(&["scene that stands too long"]),
        Action::JoinScene => says(&["scene over before"]),
        Action::SpeakSlower { .. } => says(&["spoken too fast"]),
        Action::SpeakFaster { .. } => says(&["spoken too slowly"]),
        Action::ShortenPauses => says(&["pause that reads as a fault"]),
        _ => false,
    }
}
