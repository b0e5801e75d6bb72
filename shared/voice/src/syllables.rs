//! How long a word takes to say, from its letters alone.

use domain::is_syllabic;

use crate::spoken::{Piece, Say};

/// Syllables of a spoken word: runs of vowels, less a silent e. Good to about one in ten words, which is enough to share
/// out the time of a sentence.
pub(crate) fn of_word(word: &str) -> u32 {
    let lower = word.to_lowercase();
    let letters: Vec<char> = lower
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    let vowel = |letter: char| "aeiouy".contains(letter);
    let runs = letters
        .iter()
        .enumerate()
        .filter(|&(at, &l)| vowel(l) && (at == 0 || !vowel(letters[at - 1])))
        .count();
    let silent_e = matches!(letters.as_slice(), [.., before, 'e'] if !vowel(*before) && *before != 'l')
        || matches!(letters.as_slice(), [.., before, 'e', 'd'] if !matches!(before, 't' | 'd') && !vowel(*before))
        || matches!(letters.as_slice(), [.., before, 'e', 's'] if !"szxc".contains(*before) && !vowel(*before));
    (runs as u32)
        .saturating_sub(u32::from(silent_e && runs > 1))
        .max(1)
}

/// Syllables of a piece.
pub(crate) fn of_piece(piece: &Piece) -> u32 {
    match &piece.say {
        Say::Word(word) => of_word(word),
        Say::Letters(letters) => letters
            .chars()
            .map(|letter| if letter == 'W' { 3 } else { 1 })
            .sum(),
        Say::Ipa { ipa, .. } => {
            let starts = ipa.chars().scan(false, |before, letter| {
                let starts = is_syllabic(letter) && !*before;
                *before = is_syllabic(letter);
                Some(u32::from(starts))
            });
            starts.sum::<u32>().max(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of_word;

    #[test]
    fn common_words_have_their_syllables() {
        for (word, syllables) in [
            ("a", 1),
            ("time", 1),
            ("times", 1),
            ("houses", 2),
            ("little", 2),
            ("wanted", 2),
            ("walked", 1),
            ("the", 1),
            ("paper", 2),
            ("seventy", 3),
            ("rhythm", 1),
            ("hmm", 1),
        ] {
            assert_eq!(of_word(word), syllables, "{word}");
        }
    }
}
