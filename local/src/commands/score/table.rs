//! An assessment for the terminal.

use std::fmt::Write as _;

use domain::quality::JUDGED;
use quality::Assessment;

/// The scores as bars, then what to do.
pub(super) fn table(assessment: &Assessment) -> String {
    let mut text = format!(
        "total {:>12}   {}\n\n",
        assessment.total,
        assessment.tier.name()
    );
    // Writing to a string can't fail.
    for score in &assessment.scores {
        let full = usize::from(score.value) / 5;
        let bar: String = "\u{2588}".repeat(full) + &"\u{2591}".repeat(20 - full);
        let unsure = if score.confidence < 0.5 {
            "  (unsure)"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "{:<18} {:>3} {bar} {:>3}%{unsure}",
            score.criterion.title(),
            score.value,
            score.weight
        );
    }
    for unmeasured in &assessment.unmeasured {
        let _ = writeln!(
            text,
            "{:<18}   \u{2013} {}",
            unmeasured.criterion.title(),
            unmeasured.reason
        );
    }
    if let Some(judging) = &assessment.judging {
        let _ = writeln!(text, "\n{}", judging.sentence());
        for criterion in JUDGED {
            if let Some(told) = judging.score(criterion) {
                let _ = writeln!(
                    text,
                    "  {:<16} {:>3} (built in {:>3})  {}",
                    criterion.title(),
                    told.value,
                    told.built_in,
                    told.reason
                );
            }
        }
    }
    let advice = &assessment.advice;
    let lists: [(&str, Vec<String>); 3] = [
        ("strengths", advice.strengths.clone()),
        ("weaknesses", advice.weaknesses.clone()),
        (
            "what to change, the most points for the least change first",
            advice
                .feedback
                .iter()
                .take(8)
                .map(|change| {
                    format!(
                        "+{:.1} {}: {}",
                        change.gain, change.criterion, change.instruction
                    )
                })
                .collect(),
        ),
    ];
    for (name, lines) in lists.iter().filter(|(_, lines)| !lines.is_empty()) {
        let _ = writeln!(text, "\n{name}:");
        for line in lines {
            let _ = writeln!(text, "  - {line}");
        }
    }
    text
}
