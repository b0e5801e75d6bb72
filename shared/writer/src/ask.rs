//! What a viewer is asked to do at the end.

use domain::{Arc, Brief};

use crate::phrases::choose;

/// What a request asks for, as its first words tell it.
const SAVE: &[&str] = &["Save"];
const SHARE: &[&str] = &["Share", "Pass", "Tag", "Send"];
const ANSWER: &[&str] = &["Tell"];
const ACT: &[&str] = &["Your move", "Save"];

/// What fits an arc: steps are kept to be followed, stories are told on, beliefs and troubles are those of somebody one knows, questions want an answer.
fn fitting(arc: Arc) -> &'static [&'static str] {
    match arc {
        Arc::HowTo | Arc::Countdown | Arc::NumberLed => SAVE,
        Arc::MythFact | Arc::QuoteLed | Arc::Chronology => SHARE,
        Arc::QuestionAnswer | Arc::BeforeAfter => ANSWER,
        Arc::ProblemSolution => ACT,
        Arc::Explanation => &[],
    }
}

/// One of the requests, by the brief's seed: one that fits the arc, where the brand's words allow it. None outside English.
pub(crate) fn request(
    arc: Arc,
    pool: &[&'static str],
    brief: &Brief,
    purpose: &str,
) -> Option<&'static str> {
    let fits = |text: &&&'static str| fitting(arc).iter().any(|start| text.starts_with(start));
    let fitting: Vec<&'static str> = pool.iter().filter(fits).copied().collect();
    choose(&fitting, brief, purpose).or_else(|| choose(pool, brief, purpose))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrases::{posting, requests};
    use domain::{Brief, Platform, Tone};

    #[test]
    fn a_request_fits_the_arc_in_every_tone_that_has_one() {
        for tone in [
            Tone::Informative,
            Tone::Energetic,
            Tone::Friendly,
            Tone::Professional,
            Tone::Calm,
            Tone::Bold,
        ] {
            for seed in 0..5 {
                let brief = Brief {
                    tone,
                    seed,
                    ..Brief::default()
                };
                let asked = |arc| request(arc, requests(tone), &brief, "test").unwrap_or_default();
                assert!(asked(Arc::HowTo).starts_with("Save"), "{tone:?}");
                let told_on = asked(Arc::Chronology);
                assert!(SHARE.iter().any(|start| told_on.starts_with(start)));
            }
        }
        for platform in Platform::ALL {
            let asked = request(
                Arc::QuestionAnswer,
                posting(platform),
                &Brief::default(),
                "test",
            );
            assert_eq!(asked, Some("Tell me what you think."));
        }
    }

    #[test]
    fn a_banned_word_is_not_asked_for_and_another_language_is_asked_nothing() {
        let mut brief = Brief::default();
        brief.brand.banned_words = vec!["save".to_owned()];
        let asked = request(Arc::HowTo, requests(brief.tone), &brief, "test");
        assert!(asked.is_some_and(|asked| !asked.contains("Save")));
        brief.language = domain::Language("de".to_owned());
        assert_eq!(
            request(Arc::HowTo, requests(brief.tone), &brief, "test"),
            None
        );
    }
}
