//! From misaki's phonemes to those that Piper voices were trained on (espeak-ng's IPA), and to the model's ids.
//!
//! misaki writes diphthongs and affricates as one letter and leaves out vowel length; espeak-ng's American English
//! marks length and merges a vowel with the r that follows it. Both write stress before the vowel.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::VoiceError;
use crate::install::PiperConfig;

/// What misaki writes for American English and what of it starts a syllable's core, beside what only this crate's own
/// letter-to-sound rules use. The tests hold the table below to this list.
const VOWELS: &str = "AIOWYQiuæɑəɛɜɪʊʌɔɒaᵊᵻɐ";

fn is_vowel(letter: char) -> bool {
    VOWELS.contains(letter)
}

fn is_stress(letter: char) -> bool {
    matches!(letter, 'ˈ' | 'ˌ')
}

/// One word of misaki phonemes as espeak-ng IPA.
pub(crate) fn to_ipa(misaki: &str) -> String {
    // The article before a vowel has a form of its own.
    if misaki == "ði" {
        return "ðɪ".into();
    }
    let letters: Vec<char> = misaki.chars().collect();
    let vowels = letters.iter().filter(|&&letter| is_vowel(letter)).count();
    let mut ipa = String::with_capacity(misaki.len() + 8);
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let stressed = at > 0 && is_stress(letters[at - 1]);
        let next = letters.get(at + 1).copied();
        match letter {
            'A' => ipa.push_str("eɪ"),
            'I' => ipa.push_str("aɪ"),
            'O' => ipa.push_str("oʊ"),
            'W' => ipa.push_str("aʊ"),
            'Y' => ipa.push_str("ɔɪ"),
            'Q' => ipa.push_str("əʊ"),
            'ʤ' => ipa.push_str("dʒ"),
            'ʧ' => ipa.push_str("tʃ"),
            'T' => ipa.push('ɾ'),
            'g' => ipa.push('ɡ'),
            'r' => ipa.push('ɹ'),
            'ᵊ' => ipa.push('ə'),
            'ɑ' => ipa.push_str("ɑː"),
            'ɔ' => ipa.push_str("ɔː"),
            'u' => ipa.push_str("uː"),
            'i' if stressed || vowels == 1 => ipa.push_str("iː"),
            // "her" and "letter": the r is part of the vowel, and heard by itself only before another vowel.
            'ɜ' | 'ə' if next == Some('ɹ') => {
                ipa.push_str(if letter == 'ɜ' { "ɜː" } else { "ɚ" });
                if letters[at + 2..]
                    .iter()
                    .find(|l| !is_stress(**l))
                    .is_some_and(|&l| is_vowel(l))
                {
                    ipa.push('ɹ');
                }
                at += 1;
            }
            'ɜ' => ipa.push_str("ɜː"),
            // "button": no vowel between the t and a last n.
            't' if next == Some('n')
                && at + 2 == letters.len()
                && at > 0
                && is_vowel(letters[at - 1]) =>
            {
                ipa.push_str("ʔn\u{329}");
                at += 1;
            }
            other => ipa.push(other),
        }
        at += 1;
    }
    ipa
}

/// The model's ids for its phonemes.
pub(crate) struct Ids {
    map: BTreeMap<char, Vec<i32>>,
    pad: i32,
    start: i32,
    end: i32,
}

impl Ids {
    pub(crate) fn new(config: &PiperConfig, onnx: &std::path::Path) -> Result<Self, VoiceError> {
        let map: BTreeMap<char, Vec<i32>> = config
            .phoneme_id_map
            .iter()
            .filter_map(|(text, ids)| Some((text.chars().next()?, ids.clone())))
            .collect();
        let one = |letter: char| {
            map.get(&letter)
                .and_then(|ids| ids.first().copied())
                .ok_or_else(|| VoiceError::Unsupported {
                    path: onnx.to_path_buf(),
                    reason: format!("its phoneme_id_map has no {letter:?}"),
                })
        };
        let (pad, start, end) = (one('_')?, one('^')?, one('$')?);
        if !map.contains_key(&'ə') {
            let reason =
                "its phonemes are not espeak-ng's: it was trained on letters or another set".into();
            return Err(VoiceError::Unsupported {
                path: onnx.to_path_buf(),
                reason,
            });
        }
        Ok(Self {
            map,
            pad,
            start,
            end,
        })
    }
}

/// The ids of one utterance, and whose sound each id is.
pub(crate) struct Sequence<'a> {
    ids: &'a Ids,
    numbers: Vec<i32>,
    /// Which word each id belongs to; `None` for pauses.
    owners: Vec<Option<usize>>,
    /// Where the marks stand among the ids, each with the space that follows it.
    marks: Vec<(char, Range<usize>)>,
}

/// Everything that goes into the model for one utterance.
pub(crate) struct Utterable {
    /// The ids.
    pub(crate) numbers: Vec<i32>,
    /// Which word each id belongs to; `None` for pauses.
    pub(crate) owners: Vec<Option<usize>>,
    /// The marks, with the ids that stand for each.
    pub(crate) marks: Vec<(char, Range<usize>)>,
}

impl<'a> Sequence<'a> {
    pub(crate) fn new(ids: &'a Ids) -> Self {
        let mut new = Self {
            ids,
            numbers: Vec::new(),
            owners: Vec::new(),
            marks: Vec::new(),
        };
        new.push(ids.start, None);
        new
    }

    /// An id and the pad that Piper puts after each.
    fn push(&mut self, id: i32, owner: Option<usize>) {
        self.numbers.extend([id, self.ids.pad]);
        self.owners.extend([owner, owner]);
    }

    /// Phonemes of a word. What the model has no id for is left out: it has ids for everything that [`to_ipa`] writes.
    pub(crate) fn word(&mut self, ipa: &str, owner: usize) {
        for letter in ipa.chars() {
            for id in self.ids.map.get(&letter).into_iter().flatten() {
                self.push(*id, Some(owner));
            }
        }
    }

    /// The space before a word. What the voice makes of it is the start of that word (the closure of its first
    /// consonant), unless there is a pause anyway.
    pub(crate) fn space(&mut self, next: usize, after_mark: bool) {
        self.sign(' ', (!after_mark).then_some(next));
        if let Some((_, ids)) = self.marks.last_mut().filter(|_| after_mark) {
            ids.end = self.numbers.len();
        }
    }

    /// A punctuation mark.
    pub(crate) fn mark(&mut self, mark: char) {
        let start = self.numbers.len();
        self.sign(mark, None);
        self.marks.push((mark, start..self.numbers.len()));
    }

    fn sign(&mut self, sign: char, owner: Option<usize>) {
        for id in self.ids.map.get(&sign).into_iter().flatten() {
            self.push(*id, owner);
        }
    }

    pub(crate) fn finish(mut self) -> Utterable {
        self.numbers.push(self.ids.end);
        self.owners.push(None);
        Utterable {
            numbers: self.numbers,
            owners: self.owners,
            marks: self.marks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_ipa;

    /// Everything that misaki's American dictionaries and g2p write.
    const MISAKI: &str = "AIOWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹɾʃʊʌʒʤʧˈˌθᵊᵻʔTɐ";

    /// What espeak-ng's American English is written in, of which every Piper voice of English has ids.
    const ESPEAK: &str = "abdefhijklmnoprstuvwxzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒʔˈˌːθᵻ\u{329}";

    #[test]
    fn every_symbol_of_misaki_becomes_symbols_of_espeak() {
        for letter in MISAKI.chars() {
            for word in [
                letter.to_string(),
                format!("ˈ{letter}"),
                format!("{letter}ɹ"),
                format!("æ{letter}n"),
            ] {
                let ipa = to_ipa(&word);
                assert!(!ipa.is_empty(), "{word}");
                assert!(
                    ipa.chars().all(|c| ESPEAK.contains(c)),
                    "{word} becomes {ipa}"
                );
            }
        }
    }

    #[test]
    fn words_become_what_espeak_would_write() {
        for (misaki, espeak) in [
            ("həlˈO", "həlˈoʊ"),
            ("sˈi", "sˈiː"),
            ("hˈæpi", "hˈæpi"),
            ("wi", "wiː"),
            ("ju", "juː"),
            ("bˈɜɹd", "bˈɜːd"),
            ("hˈɜɹi", "hˈɜːɹi"),
            ("bˈɛTəɹ", "bˈɛɾɚ"),
            ("mˈɛməɹi", "mˈɛmɚɹi"),
            ("əɹˈWnd", "ɚɹˈaʊnd"),
            ("ʤˈʌʤ", "dʒˈʌdʒ"),
            ("ʧˈYs", "tʃˈɔɪs"),
            ("ˈæpᵊl", "ˈæpəl"),
            ("bˈʌtn", "bˈʌʔn\u{329}"),
            ("nˈIt", "nˈaɪt"),
            ("fˈɑðəɹ", "fˈɑːðɚ"),
            ("nˈɔɹθ", "nˈɔːɹθ"),
            ("ði", "ðɪ"),
            ("ðə", "ðə"),
        ] {
            assert_eq!(to_ipa(misaki), espeak, "{misaki}");
        }
    }
}
