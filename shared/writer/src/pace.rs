//! How long words take to say.

use domain::{Brief, Tone};

use crate::words::is_unspaced;

/// Syllables in the average English word of running text; with [`spoken_words`] it makes the average word weigh 1.
const SYLLABLES_A_WORD: f64 = 1.45;

/// Words a minute, pauses between sentences included, that a tone is planned with. The embedded voice reads about 165.
pub fn planned_wpm(tone: Tone) -> u32 {
    match tone {
        Tone::Calm => 152,
        Tone::Professional => 158,
        Tone::Informative | Tone::Friendly => 160,
        Tone::Bold => 162,
        Tone::Energetic => 165,
    }
}

/// How long a text takes to say at `wpm` words a minute, in milliseconds, estimated from its syllables.
pub fn spoken_ms(text: &str, wpm: u32) -> u32 {
    (spoken_words(text) * 60_000.0 / f64::from(wpm.max(1))).round() as u32
}

/// How many words a script should have between the hook and the call to action.
pub fn middle_words(brief: &Brief) -> u32 {
    // A hook takes about ten words, a call to action about six.
    (word_budget(brief) - 16.0).max(8.0).round() as u32
}

/// How many average words fit into the brief's length.
pub(crate) fn word_budget(brief: &Brief) -> f64 {
    f64::from(brief.target_seconds) * f64::from(planned_wpm(brief.tone)) / 60.0
}

/// The length of a text in average words: long words weigh more, figures as many as saying them takes.
pub(crate) fn spoken_words(text: &str) -> f64 {
    text.split_whitespace().map(weight).sum()
}

fn weight(token: &str) -> f64 {
    let unspaced = token.chars().filter(|&c| is_unspaced(c)).count();
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let letters: String = token
        .chars()
        .filter(|&c| c.is_alphabetic() && !is_unspaced(c))
        .collect();
    let of_syllables = |syllables: f64| 0.35 + 0.65 / SYLLABLES_A_WORD * syllables;
    let mut weight = 0.0;
    if unspaced > 0 {
        weight += unspaced as f64 * 0.65 / SYLLABLES_A_WORD;
    }
    if digits > 0 {
        // "7", "40", "330", "1,000": about one word a digit up to three; a year is said in two pairs.
        weight += [1.0, 1.0, 1.4, 3.0, 2.6][digits.min(4)] + digits.saturating_sub(4) as f64 * 0.8;
        weight += token
            .chars()
            .filter(|c| matches!(c, '%' | '$' | '€' | '£' | '.' | '°'))
            .count() as f64
            * 0.7;
    }
    if !letters.is_empty() {
        weight += of_syllables(syllables(&letters));
    }
    weight
}

/// Syllables of a word: groups of vowels, a silent last e not counted; for other scripts a letter and a half a piece.
fn syllables(word: &str) -> f64 {
    if !word.is_ascii() && !word.chars().any(|c| c.is_ascii_alphabetic()) {
        return (word.chars().count() as f64 / 2.5).max(1.0);
    }
    let lower = word.to_lowercase();
    if word.len() <= 5 && word.chars().all(char::is_uppercase) && word.len() > 1 {
        return word.len() as f64;
    }
    let mut groups = 0;
    let mut in_group = false;
    for c in lower.chars() {
        let vowel =
            matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') || !c.is_ascii() && c.is_alphabetic();
        groups += i32::from(vowel && !in_group);
        in_group = vowel;
    }
    let silent = lower.ends_with('e') && !lower.ends_with("le")
        || lower.ends_with("ed") && !lower.ends_with("ted") && !lower.ends_with("ded");
    f64::from((groups - i32::from(silent && groups > 1)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_weighs_about_a_word_a_word() {
        let text = "The tower was meant to stand for twenty years, but it turned out to be far too useful as a radio mast to take down again.";
        let words = text.split_whitespace().count() as f64;
        assert!(
            (spoken_words(text) / words - 1.0).abs() < 0.15,
            "{} of {words}",
            spoken_words(text)
        );
    }

    #[test]
    fn figures_weigh_what_saying_them_takes() {
        assert!(spoken_words("In 1889") > 3.0);
        assert!(spoken_words("62%") > 1.5);
        assert!(spoken_words("富士山は高い") > 2.0);
        assert_eq!(spoken_words("🙂 —").to_bits(), 0.0_f64.to_bits());
        assert_eq!(spoken_ms("", 0), 0);
    }
}
