//! What language a text seems to be in: enough to say that it isn't English.

use serde::{Deserialize, Serialize};

use super::Word;

/// What language a text seems to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, or nothing speaks against it.
    English,
    /// Another one: nothing in this crate may score its words.
    Other(OtherLanguage),
    /// Too few words to tell.
    Unknown,
}

/// Languages that are told apart from English, and from each other where words or letters make it easy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherLanguage {
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Italian.
    Italian,
    /// Portuguese.
    Portuguese,
    /// Dutch.
    Dutch,
    /// One of Denmark, Norway and Sweden.
    Scandinavian,
    /// Polish.
    Polish,
    /// Turkish.
    Turkish,
    /// Indonesian or Malay.
    Indonesian,
    /// One that is written in other letters than Latin ones.
    OtherScript,
    /// One that is written in Latin letters and isn't known here, or no language at all.
    Unrecognised,
}

impl OtherLanguage {
    /// What it is called, in English: "German", "a Scandinavian language".
    pub const fn name(self) -> &'static str {
        match self {
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
            Self::Italian => "Italian",
            Self::Portuguese => "Portuguese",
            Self::Dutch => "Dutch",
            Self::Scandinavian => "a Scandinavian language",
            Self::Polish => "Polish",
            Self::Turkish => "Turkish",
            Self::Indonesian => "Indonesian or Malay",
            Self::OtherScript => "a language in another script",
            Self::Unrecognised => "no language known here",
        }
    }
}

/// Function words of English. Those that other languages share ("a", "an", "in", "me", "no", "so") prove nothing and aren't here.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "is", "that", "it", "for", "was", "on", "with", "he", "be", "at",
    "by", "had", "not", "are", "but", "from", "or", "have", "they", "you", "which", "she", "we",
    "there", "been", "has", "his", "her", "their", "will", "would", "what", "who", "if", "can",
    "this", "your", "how", "why", "when", "about", "than", "its", "it's", "don't", "our", "my",
    "up", "out", "into", "just", "i", "i'm", "as", "were", "could", "should", "did", "does",
    "them", "then", "because", "where", "more", "most", "every", "get", "some", "these", "those",
    "a", "in", "so", "over", "after", "before", "all", "one", "like", "make", "people", "time",
];

/// Function words of other languages that English has not.
const OTHERS: &[(OtherLanguage, &[&str])] = &[
    (
        OtherLanguage::German,
        &[
            "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "von", "auf", "für",
            "dem", "den", "zu", "sich", "auch", "wir", "ich", "sie", "wie", "im", "es", "als",
            "sind", "werden", "aber", "einen", "bei", "aus",
        ],
    ),
    (
        OtherLanguage::French,
        &[
            "le", "la", "les", "et", "est", "des", "une", "un", "pour", "dans", "que", "qui",
            "pas", "sur", "avec", "du", "nous", "vous", "il", "elle", "au", "aux", "ce", "cette",
            "sont", "mais", "ou", "plus", "par", "c'est", "je",
        ],
    ),
    (
        OtherLanguage::Spanish,
        &[
            "el", "la", "los", "las", "y", "que", "de", "en", "un", "una", "es", "por", "con",
            "para", "del", "se", "su", "al", "lo", "como", "más", "pero", "sus", "está", "muy",
            "qué", "este", "esta", "nos", "te",
        ],
    ),
    (
        OtherLanguage::Italian,
        &[
            "il", "di", "che", "è", "la", "un", "una", "per", "con", "non", "del", "della", "sono",
            "gli", "le", "si", "da", "anche", "come", "più", "nel", "ma", "questo", "alla", "lo",
            "ci", "ha", "dei", "perché", "e",
        ],
    ),
    (
        OtherLanguage::Portuguese,
        &[
            "o", "os", "as", "que", "de", "do", "da", "em", "um", "uma", "para", "com", "não",
            "por", "mais", "dos", "das", "se", "na", "no", "foi", "ao", "você", "é", "são", "como",
            "mas", "seu", "sua", "e",
        ],
    ),
    (
        OtherLanguage::Dutch,
        &[
            "de", "het", "een", "en", "van", "is", "dat", "niet", "op", "te", "zijn", "voor",
            "met", "die", "aan", "er", "maar", "om", "ook", "wij", "je", "ik", "bij", "naar",
            "wordt", "uit", "dit", "nog", "wat", "kan",
        ],
    ),
    (
        OtherLanguage::Scandinavian,
        &[
            "och", "det", "att", "som", "är", "på", "av", "för", "inte", "jag", "og", "ikke",
            "til", "har", "med", "den", "er", "et", "en", "ett", "vi", "du", "kan", "om", "men",
            "så", "jeg", "også", "fra", "var",
        ],
    ),
    (
        OtherLanguage::Polish,
        &[
            "i", "w", "nie", "na", "się", "z", "do", "to", "że", "jest", "jak", "co", "po", "ale",
            "za", "od", "czy", "o", "przez", "dla", "tak", "są", "był", "już", "tym", "który",
            "które", "może", "ten", "ich",
        ],
    ),
    (
        OtherLanguage::Turkish,
        &[
            "ve", "bir", "bu", "için", "çok", "ile", "da", "de", "ne", "daha", "var", "gibi",
            "olarak", "ama", "o", "en", "değil", "her", "kadar", "olan", "sonra", "ya", "mi", "ki",
            "nasıl", "biz", "ben", "sen",
        ],
    ),
    (
        OtherLanguage::Indonesian,
        &[
            "yang", "dan", "di", "ini", "itu", "dengan", "untuk", "dari", "tidak", "pada", "ke",
            "adalah", "dalam", "akan", "juga", "anda", "atau", "kami", "kita", "bisa", "lebih",
            "saya", "karena", "ada", "oleh", "sudah", "mereka",
        ],
    ),
];

/// With fewer words than this, little can be said of words alone.
const FEWEST: usize = 5;

/// With fewer words than this, a lack of English function words proves nothing: slogans have none.
const ENOUGH: usize = 12;

/// Words looked at: more don't change the answer.
const LOOKED_AT: usize = 400;

/// Guesses the language of a plain text that has these words.
pub(super) fn guess(plain: &str, words: &[Word]) -> Language {
    let (mut latin, mut other) = (0_usize, 0_usize);
    for c in plain.chars().filter(|c| c.is_alphabetic()).take(4_000) {
        if c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c) {
            latin += 1;
        } else {
            other += 1;
        }
    }
    if other * 3 > latin {
        return Language::Other(OtherLanguage::OtherScript);
    }
    let words = &words[..words.len().min(LOOKED_AT)];
    let plain_words: Vec<&str> = words
        .iter()
        .filter(|word| !word.number)
        .map(|word| word.form.as_str())
        .collect();
    if plain_words.len() < FEWEST {
        return Language::Unknown;
    }
    let share = |list: &[&str]| {
        let hits = plain_words
            .iter()
            .filter(|word| list.contains(word))
            .count();
        hits as f64 / plain_words.len() as f64
    };
    let english = share(ENGLISH);
    let (rival, most) = OTHERS
        .iter()
        .map(|&(language, list)| (language, share(list)))
        .fold((OtherLanguage::Unrecognised, 0.0), |best, next| {
            if next.1 > best.1 { next } else { best }
        });
    if most > english * 1.2 && most >= 0.12 {
        return Language::Other(rival);
    }
    if english >= 0.08 || plain_words.len() < ENOUGH {
        return Language::English;
    }
    // Few function words: English headlines and lists are so, too. Words of a language nobody here knows aren't in the list.
    let unknown = plain_words
        .iter()
        .filter(|word| !crate::words::is_known(word))
        .count();
    if unknown * 2 > plain_words.len() {
        Language::Other(OtherLanguage::Unrecognised)
    } else {
        Language::English
    }
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;

    #[test]
    fn other_languages_are_told_from_english() {
        for (text, language) in [
            (
                "Die Katze sitzt auf dem Dach und wartet, bis es dunkel wird.",
                OtherLanguage::German,
            ),
            (
                "Le chat attend sur le toit que la nuit tombe dans la ville.",
                OtherLanguage::French,
            ),
            (
                "El gato espera en el tejado a que llegue la noche y no se mueve.",
                OtherLanguage::Spanish,
            ),
            (
                "Il gatto aspetta sul tetto che arrivi la notte e non si muove.",
                OtherLanguage::Italian,
            ),
            (
                "O gato espera no telhado que a noite chegue e não se mexe.",
                OtherLanguage::Portuguese,
            ),
            (
                "De kat zit op het dak en wacht tot het donker wordt.",
                OtherLanguage::Dutch,
            ),
            (
                "Кошка сидит на крыше и ждёт, пока стемнеет.",
                OtherLanguage::OtherScript,
            ),
            (
                "猫は屋根の上で夜を待っています。",
                OtherLanguage::OtherScript,
            ),
        ] {
            assert_eq!(
                Text::parse(text).language,
                Language::Other(language),
                "{text}"
            );
        }
    }

    #[test]
    fn english_is_english_however_it_is_written() {
        for text in [
            "The cat waits on the roof until night falls.",
            "Bold coffee. Slow mornings. Zero plastic waste.",
            "Ten tips: eat well, sleep well, drink water, walk daily, breathe deeply, stay kind, keep learning.",
            "In Paris, the café «Chez Nous» serves crème brûlée to anyone who asks for it.",
        ] {
            assert_eq!(Text::parse(text).language, Language::English, "{text}");
        }
        assert_eq!(Text::parse("Wow!").language, Language::Unknown);
        assert_eq!(Text::parse("").language, Language::Unknown);
    }
}
