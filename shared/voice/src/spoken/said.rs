//! Words that a brand says in its own way.

use domain::{Part, Pronunciations, Said};

use super::out::Out;
use super::token::{Around, Token};
use super::{Say, expand};

/// Reads a written word in parts. Whether any of it can't be read.
pub(super) fn read(parts: &[Part<'_>], around: &Around, out: &mut Out) -> bool {
    let mut foreign = false;
    for part in parts {
        match *part {
            Part::Written(text) => {
                let token = Token::new(text);
                foreign |= token.foreign;
                if token.core.contains(char::is_alphanumeric) {
                    expand::read(&around.alone(&token.core), out);
                }
            }
            Part::Said {
                said: Said::Words(said),
                possessive,
                ..
            } => foreign |= words(said, possessive, out),
            Part::Said {
                written,
                said: Said::Ipa(ipa),
                possessive,
            } => sounds(ipa, written, possessive, out),
        }
    }
    foreign
}

/// Other words in place of the written one. They are one breath: what would end a sentence is a short pause.
fn words(said: &str, possessive: bool, out: &mut Out) -> bool {
    let reading = super::read(said, &Pronunciations::default());
    let before = out.said.len();
    for piece in reading.sentences.into_iter().flatten() {
        let after = piece.after.map(|mark| match mark {
            '.' | '?' | '!' => ',',
            mark => mark,
        });
        out.said.push((piece.say, after));
    }
    if let Some((say, after)) = out.said[before..].last_mut() {
        *after = None;
        match say {
            Say::Word(word) if possessive => word.push_str("'s"),
            Say::Letters(letters) if possessive && !letters.ends_with('s') => letters.push('s'),
            _ => {}
        }
    }
    !reading.unspoken.is_empty()
}

/// Sounds in place of the written word.
fn sounds(ipa: &str, written: &str, possessive: bool, out: &mut Out) {
    let mut words: Vec<String> = ipa.split_whitespace().map(as_the_voice_knows).collect();
    if let Some(last) = words.last_mut().filter(|_| possessive) {
        let sound = last.trim_end_matches(['ː', '\u{329}']).chars().last();
        last.push_str(match sound {
            Some('s' | 'z' | 'ʃ' | 'ʒ') => "ᵻz",
            Some('p' | 't' | 'k' | 'f' | 'θ') => "s",
            _ => "z",
        });
    }
    out.said.extend(words.into_iter().map(|ipa| {
        let written = written.to_owned();
        (Say::Ipa { ipa, written }, None)
    }));
}

/// IPA as dictionaries print it in the letters that the voice was trained on. What parts syllables and ties letters isn't heard.
fn as_the_voice_knows(ipa: &str) -> String {
    let letters = ipa.chars().filter(|c| !matches!(c, '.' | '\u{361}'));
    letters
        .map(|letter| match letter {
            'g' => 'ɡ',
            'r' => 'ɹ',
            'ɝ' => 'ɜ',
            'ɫ' => 'l',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::Pronunciations;

    use crate::spoken::{Reading, Say, read};

    fn reading(line: &str) -> Reading {
        let own: Pronunciations = [
            ("Nginx", "engine ex"),
            ("K8s", "kates"),
            ("HQ", "H.Q., our home."),
            ("Ceph", "/ˈsɛf/"),
            ("Göteborg", "/ˌjœ.tɛˈbɔrj/"),
            ("日本", "nippon"),
            ("GIF", "/dʒɪf ˈfaɪl/"),
            ("Acme", "日本"),
        ]
        .into_iter()
        .map(|(word, said)| (word.to_owned(), said.to_owned()))
        .collect();
        read(line, &own)
    }

    /// What is said, each word with the number of the written word it belongs to.
    fn said(line: &str) -> String {
        let reading = reading(line);
        let pieces = reading.sentences.iter().flatten().map(|piece| {
            let said = match &piece.say {
                Say::Ipa { ipa, .. } => format!("[{ipa}]"),
                other => other.text().to_owned(),
            };
            let mark = piece.after.map(String::from).unwrap_or_default();
            format!("{}:{said}{mark}", piece.word)
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_written_word_may_be_several_spoken_ones() {
        for (line, wanted) in [
            (
                "We run Nginx, mostly.",
                "0:We 1:run 2:engine 2:ex, 3:mostly.",
            ),
            ("nginx's K8s-ready!", "0:engine 0:ex's 1:kates 1:ready!"),
            ("At HQ today.", "0:At 1:HQ, 1:our 1:home 2:today."),
            ("Ceph's here.", "0:[ˈsɛfs] 1:here."),
            (
                "See Göteborg’s GIF.",
                "0:See 1:[ˌjœtɛˈbɔɹjz] 2:[dʒɪf] 2:[ˈfaɪl].",
            ),
            ("(Ceph)", "0:[ˈsɛf]."),
        ] {
            assert_eq!(said(line), wanted);
        }
    }

    #[test]
    fn captions_keep_what_is_written_and_what_cannot_be_read_is_told() {
        let line = "In 日本 “Acme” runs Nginx.";
        let reading = reading(line);
        assert_eq!(reading.words.join(" "), line);
        assert_eq!(reading.unspoken, [2]);
        assert_eq!(said("In 日本."), "0:In 1:nippon.");
    }
}
