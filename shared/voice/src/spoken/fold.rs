//! Letters and signs brought down to the few that the rules know.

/// Accented letters of the Latin script by the plain letters they are read as.
const PLAIN: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎªạảấầẩẫậắằẳẵặ"),
    ("A", "ÀÁÂÃÄÅĀĂĄǍẠẢẤẦẨẪẬẮẰẲẴẶ"),
    ("ae", "æǽ"),
    ("Ae", "ÆǼ"),
    ("c", "çćĉċč"),
    ("C", "ÇĆĈĊČ"),
    ("d", "ďđð"),
    ("D", "ĎĐÐ"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("E", "ÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆ"),
    ("g", "ĝğġģ"),
    ("G", "ĜĞĠĢ"),
    ("h", "ĥħ"),
    ("H", "ĤĦ"),
    ("i", "ìíîïĩīĭįıỉị"),
    ("I", "ÌÍÎÏĨĪĬĮİỈỊ"),
    ("j", "ĵ"),
    ("J", "Ĵ"),
    ("k", "ķ"),
    ("K", "Ķ"),
    ("l", "ĺļľŀł"),
    ("L", "ĹĻĽĿŁ"),
    ("n", "ñńņňŋ"),
    ("N", "ÑŃŅŇŊ"),
    ("o", "òóôõöøōŏőºọỏốồổỗộớờởỡợơ"),
    ("O", "ÒÓÔÕÖØŌŎŐỌỎỐỒỔỖỘỚỜỞỠỢƠ"),
    ("oe", "œ"),
    ("Oe", "Œ"),
    ("r", "ŕŗř"),
    ("R", "ŔŖŘ"),
    ("s", "śŝşšș"),
    ("S", "ŚŜŞŠȘ"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("T", "ŢŤŦȚ"),
    ("th", "þ"),
    ("Th", "Þ"),
    ("u", "ùúûüũūŭůűųụủứừửữựư"),
    ("U", "ÙÚÛÜŨŪŬŮŰŲỤỦỨỪỬỮỰƯ"),
    ("w", "ŵ"),
    ("W", "Ŵ"),
    ("y", "ýÿŷỳỹỵỷ"),
    ("Y", "ÝŸŶỲỸỴỶ"),
    ("z", "źżž"),
    ("Z", "ŹŻŽ"),
    ("'", "’‘ʼ′‛`´"),
    ("\"", "“”„‟«»″"),
    ("-", "‐‑‒–−"),
    ("—", "―─"),
    ("...", "…"),
    (" 1/2", "½"),
    (" 1/3", "⅓"),
    (" 2/3", "⅔"),
    (" 1/4", "¼"),
    (" 3/4", "¾"),
    (" 1/5", "⅕"),
    (" 1/8", "⅛"),
    (" squared", "²"),
    (" cubed", "³"),
    (" micro", "µ"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
];

/// Signs that are read as words.
const SIGNS: &[(char, &str)] = &[
    ('×', "times"),
    ('÷', "divided by"),
    ('±', "plus or minus"),
    ('≈', "about"),
    ('≥', "at least"),
    ('≤', "at most"),
    ('≠', "is not"),
    ('→', "to"),
    ('∞', "infinity"),
    ('√', "root"),
    ('§', "section"),
    ('‰', "per mille"),
    ('№', "number"),
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('Δ', "delta"),
    ('ε', "epsilon"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('π', "pi"),
    ('σ', "sigma"),
    ('Σ', "sigma"),
    ('φ', "phi"),
    ('ω', "omega"),
    ('Ω', "omega"),
];

/// A written word made plain.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// ASCII, the currency signs `€£¥₹₽₩`, `°`, `¢` and the long dash; a space stands where one sign became several words.
    pub(super) text: String,
    /// Whether letters or digits of a script that can't be read were left out.
    pub(super) foreign: bool,
}

/// Makes a written word plain. Emoji, combining marks and ornaments vanish.
pub(super) fn fold(word: &str) -> Folded {
    let mut folded = Folded {
        text: String::with_capacity(word.len()),
        foreign: false,
    };
    let greek = word
        .chars()
        .filter(|letter| ('\u{370}'..='\u{3ff}').contains(letter))
        .count();
    for letter in word.chars() {
        let sign = SIGNS.iter().find(|(sign, _)| *sign == letter);
        if letter.is_ascii() || "€£¥₹₽₩¢°—".contains(letter) {
            folded.text.push(letter);
        } else if ('\u{ff01}'..='\u{ff5e}').contains(&letter) {
            // Full-width forms stand 0xfee0 above their ASCII ones.
            folded
                .text
                .extend(char::from_u32(u32::from(letter) - 0xfee0));
        } else if let Some((plain, _)) =
            PLAIN.iter().find(|(_, accented)| accented.contains(letter))
        {
            folded.text.push_str(plain);
        } else if let Some((_, name)) = sign.filter(|_| greek <= 1) {
            folded.text.push(' ');
            folded.text.push_str(name);
            folded.text.push(' ');
        } else if is_letter_or_digit(letter) {
            folded.foreign = true;
        }
    }
    if folded.text.contains(' ') {
        folded.text = folded.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    folded
}

/// Whether a sign outside the tables is something to be read: letters and decimal digits, but no ornament such as ① or ™.
fn is_letter_or_digit(letter: char) -> bool {
    if is_combining(letter)
        || ('\u{2100}'..='\u{27bf}').contains(&letter)
        || ('\u{1f000}'..='\u{1faff}').contains(&letter)
    {
        return false;
    }
    letter.is_alphanumeric()
}

/// Marks that sit on the letter before them.
fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_marks_fold_away_and_other_scripts_are_told() {
        for (word, text, foreign) in [
            ("naïve", "naive", false),
            ("cafe\u{301}", "cafe", false),
            ("Ærø", "Aero", false),
            ("it’s", "it's", false),
            ("🎉", "", false),
            ("👩‍💻", "", false),
            ("日本", "", true),
            ("שלום", "", true),
            ("ｏｋ", "ok", false),
            ("2½", "2 1/2", false),
            ("π", "pi", false),
            ("λόγος", "", true),
            ("fooбар", "foo", true),
            ("™", "", false),
        ] {
            assert_eq!(
                fold(word),
                Folded {
                    text: text.into(),
                    foreign
                },
                "{word}"
            );
        }
    }
}
