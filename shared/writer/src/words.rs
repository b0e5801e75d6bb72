//! Words as the writer compares them.

/// Whether a script is written without spaces between words (Han, kana, Hangul syllables are counted one by one; Thai and its
/// neighbours likewise have no spaces).
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character stands before or after an amount of money.
pub(crate) fn is_currency(c: char) -> bool {
    matches!(
        c,
        '$' | '€' | '£' | '¥' | '₹' | '₩' | '₽' | '₿' | '₺' | '₫' | '₱' | '₴' | '₦'
    )
}

/// Whether a character parts words, whatever stands around it.
fn parts_words(c: char) -> bool {
    let ascii =
        c.is_ascii() && !(c.is_ascii_alphanumeric() || matches!(c, '\'' | '%' | '$' | '.' | ','));
    let other = matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '…' | '\u{2010}'..='\u{2015}' | '\u{3001}'..='\u{3011}' | '\u{ff00}'..='\u{ff0f}' | '：' | '；' | '？' | '¿' | '¡' | '؟' | '،' | '؛' | '۔' | '।' | '॥' | '։' | '።' | '｡');
    c.is_whitespace() || c.is_control() || ascii || other
}

/// The words of a text in lower case: split at white space and punctuation (but not within "1,000.50"), one apiece for characters of
/// unspaced scripts, possessive endings off and "n't" spelled "not".
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Letter by letter: a whole text's lower case depends on where its words end (Greek sigma).
    let lower: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘') { '\'' } else { c })
        .collect();
    for token in lower.split(parts_words) {
        let mut rest = token;
        while let Some(at) = rest.find(['.', ',']) {
            let digits = |text: &str, last: bool| {
                if last {
                    text.ends_with(|c: char| c.is_ascii_digit())
                } else {
                    text.starts_with(|c: char| c.is_ascii_digit())
                }
            };
            let end = rest[at + 1..]
                .find(['.', ','])
                .map_or(rest.len(), |next| at + 1 + next);
            if digits(&rest[..at], true) && digits(&rest[at + 1..end], false) {
                // Part of a number: look for the next mark behind it.
                let number = rest
                    .find(|c: char| {
                        !(c.is_ascii_digit() || matches!(c, '.' | ',') || is_currency(c))
                    })
                    .unwrap_or(rest.len());
                let number = rest[..number].trim_end_matches(['.', ',']).len();
                if number > at {
                    push_token(&rest[..number], &mut found);
                    rest = &rest[number..];
                    continue;
                }
            }
            push_token(&rest[..at], &mut found);
            rest = &rest[at + 1..];
        }
        push_token(rest, &mut found);
    }
    found
}

fn push_token(token: &str, found: &mut Vec<String>) {
    let mut rest = token;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unspaced(*c)) {
        push_spaced(&rest[..at], found);
        if c.is_alphanumeric() {
            found.push(c.to_string());
        }
        rest = &rest[at + c.len_utf8()..];
    }
    push_spaced(rest, found);
}

fn push_spaced(token: &str, found: &mut Vec<String>) {
    let token = token.trim_matches(|c: char| {
        !(c.is_alphanumeric() || is_currency(c) || matches!(c, '%' | '‰' | '°'))
    });
    if token.chars().any(char::is_alphanumeric) {
        push_word(token, found);
    } else if !token.is_empty()
        && let Some(last) = found.last_mut()
    {
        // The "%" of "62.5%", which stands behind a number that was taken on its own.
        if token == "%" && last.ends_with(|c: char| c.is_ascii_digit()) {
            last.push('%');
        }
    }
}

fn push_word(word: &str, found: &mut Vec<String>) {
    if let Some(verb) = word.strip_suffix("n't") {
        let verb = match verb {
            "wo" => "will",
            "ca" => "can",
            "sha" => "shall",
            verb => verb,
        };
        found.extend([verb.to_owned(), "not".to_owned()]);
    } else if word == "cannot" {
        found.extend(["can".to_owned(), "not".to_owned()]);
    } else if let Some(at) = word
        .find('\'')
        .filter(|&at| at > 0 && word[at..].len() <= 3)
    {
        found.push(word[..at].to_owned());
    } else {
        found.push(word.to_owned());
    }
}

/// Whether a word holds a digit.
pub(crate) fn is_number(word: &str) -> bool {
    word.chars().any(char::is_numeric)
}

/// Brings forms of one word together: plural, past and -ing endings off. Light on purpose: two different words must not meet.
pub(crate) fn stem(word: &str) -> String {
    if is_number(word) {
        return word.replace([',', '\u{a0}'], "");
    }
    if !word.is_ascii() || word.len() < 4 {
        return word.to_owned();
    }
    let cut =
        |ending: &str, least: usize| word.strip_suffix(ending).filter(|rest| rest.len() >= least);
    let base = if let Some(rest) = cut("ies", 2) {
        format!("{rest}y")
    } else if let Some(rest) = cut("es", 2).filter(|rest| {
        ["ss", "sh", "ch", "x", "z"]
            .iter()
            .any(|end| rest.ends_with(end))
    }) {
        rest.to_owned()
    } else if let Some(rest) = cut("s", 3).filter(|rest| !rest.ends_with(['s', 'u', 'i'])) {
        rest.to_owned()
    } else {
        word.to_owned()
    };
    let trimmed = ["ing", "ed"]
        .iter()
        .find_map(|ending| {
            base.strip_suffix(ending)
                .filter(|rest| rest.len() >= 3 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']))
        })
        .map(|rest| {
            let mut rest = rest.to_owned();
            let tail: Vec<char> = rest.chars().rev().take(2).collect();
            if tail.len() == 2 && tail[0] == tail[1] && !matches!(tail[0], 'l' | 's' | 'z') {
                rest.pop();
            }
            rest
        })
        .unwrap_or(base);
    trimmed
        .strip_suffix('e')
        .filter(|rest| rest.len() >= 3)
        .map(str::to_owned)
        .unwrap_or(trimmed)
}

/// Words that carry no claim of their own: articles, auxiliaries, prepositions, pronouns. Quantities ("all", "most"), hedges
/// ("may"), directions ("over", "under") and negations are left out on purpose: they change what is claimed.
const FUNCTION: &[&str] = &[
    "a", "about", "across", "against", "along", "also", "am", "among", "an", "and", "any", "are",
    "around", "as", "at", "be", "because", "been", "being", "between", "but", "by", "can", "did",
    "do", "does", "doing", "done", "during", "else", "even", "for", "from", "get", "gets", "go",
    "goes", "got", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his",
    "how", "i", "if", "in", "into", "is", "it", "its", "itself", "just", "let", "like", "make",
    "makes", "me", "mine", "my", "now", "of", "off", "on", "one's", "onto", "or", "other", "our",
    "ours", "out", "own", "per", "said", "she", "should", "since", "so", "such", "than", "that",
    "the", "their", "theirs", "them", "then", "there", "these", "they", "this", "those", "through",
    "to", "too", "toward", "towards", "upon", "us", "via", "was", "we", "were", "what", "when",
    "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within",
    "would", "yet", "you", "your", "yours",
];

/// Whether a (lower-case) word carries no claim of its own.
pub(crate) fn is_function_word(word: &str) -> bool {
    FUNCTION.binary_search(&word).is_ok()
}

/// The content words of a text, stemmed, in order.
pub(crate) fn content(text: &str) -> Vec<String> {
    words(text)
        .iter()
        .filter(|word| !is_function_word(word))
        .map(|word| stem(word))
        .collect()
}

/// How many words a text holds, as people count them.
pub(crate) fn count(text: &str) -> usize {
    text.split_whitespace()
        .filter(|token| token.chars().any(char::is_alphanumeric))
        .count()
}

/// The same text with its first letter in upper case, where that is one letter ("ß" stays).
pub(crate) fn capitalised(text: &str) -> String {
    let Some((at, first)) = text.char_indices().find(|(_, c)| c.is_alphanumeric()) else {
        return text.to_owned();
    };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        // A letter that isn't its capital's small one is a sign, such as the micro sign of "µm", and stays as it is.
        (Some(upper), None) if upper == first || upper.to_lowercase().eq([first]) => {
            format!("{}{upper}{}", &text[..at], &text[at + first.len_utf8()..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital_where_there_is_one() {
        assert_eq!(capitalised("\"tea\" first"), "\"Tea\" first");
        assert_eq!(capitalised("éclair"), "Éclair");
        // The micro sign's capital is a Greek letter, whose small one is another character.
        assert_eq!(capitalised("µm"), "µm");
        assert_eq!(capitalised("ßa"), "ßa");
        assert_eq!(capitalised("7 days"), "7 days");
    }

    #[test]
    fn the_list_of_function_words_is_sorted_for_searching() {
        assert!(
            FUNCTION.is_sorted(),
            "{:?}",
            FUNCTION.windows(2).find(|w| w[0] > w[1])
        );
    }

    #[test]
    fn forms_of_one_word_meet() {
        for (a, b) in [
            ("tower", "towers"),
            ("city", "cities"),
            ("stop", "stopped"),
            ("make", "making"),
            ("box", "boxes"),
            ("1,000", "1000"),
            ("rust", "rusting"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [
            ("glass", "glas"),
            ("bus", "bu"),
            ("ring", "r"),
            ("nation", "national"),
            ("1.5", "15"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn contractions_keep_their_negation() {
        assert_eq!(
            words("It won’t, can't, doesn't, isn’t!"),
            [
                "it", "will", "not", "can", "not", "does", "not", "is", "not"
            ]
        );
        assert_eq!(
            words("the brand's $1.2 (62%) 富士山"),
            ["the", "brand", "$1.2", "62%", "富", "士", "山"]
        );
    }

    #[test]
    fn first_letters_rise_behind_quotes() {
        assert_eq!(capitalised("“so it goes”"), "“So it goes”");
        assert_eq!(capitalised("ß"), "ß");
        assert_eq!(capitalised("🙂"), "🙂");
    }
}
