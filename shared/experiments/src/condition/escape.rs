//! What a backslash means in a pattern of JavaScript.

use super::pattern::PatternError;

/// What stands after a backslash.
pub(crate) enum Escape {
    Item(ClassItem),
    /// An assertion that takes no letter, in the syntax of the `regex` crate.
    Boundary(&'static str),
}

/// What a class is made of.
pub(crate) enum ClassItem {
    Letter(char),
    /// The inside of a class, in the syntax of the `regex` crate.
    Set(&'static str),
}

impl ClassItem {
    /// Writes it as a part of a class.
    pub(crate) fn write_to(&self, class: &mut String) {
        match self {
            Self::Set(set) => class.push_str(set),
            Self::Letter(c) => {
                if c.is_ascii_punctuation() {
                    class.push('\\');
                }
                class.push(*c);
            }
        }
    }
}

const DIGIT: &str = "0-9";
const NOT_DIGIT: &str = "[^0-9]";
const WORD: &str = "0-9A-Za-z_";
const NOT_WORD: &str = "[^0-9A-Za-z_]";
const SPACE: &str = r"\t\n\x0B\x0C\r\x20\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
const NOT_SPACE: &str = r"[^\t\n\x0B\x0C\r\x20\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}]";

/// Reads what follows a backslash.
pub(crate) fn escape(rest: &mut &str, in_class: bool) -> Result<Escape, PatternError> {
    let mut letters = rest.chars();
    let c = letters
        .next()
        .ok_or(PatternError::Invalid("it ends in a backslash"))?;
    *rest = letters.as_str();
    let set = |set| Ok(Escape::Item(ClassItem::Set(set)));
    let letter = |c| Ok(Escape::Item(ClassItem::Letter(c)));
    match c {
        'd' => set(DIGIT),
        'D' => set(NOT_DIGIT),
        'w' => set(WORD),
        'W' => set(NOT_WORD),
        's' => set(SPACE),
        'S' => set(NOT_SPACE),
        'b' if in_class => letter('\u{8}'),
        'b' => Ok(Escape::Boundary(r"(?-u:\b)")),
        'B' if !in_class => Ok(Escape::Boundary(NOT_A_BOUNDARY)),
        't' => letter('\t'),
        'n' => letter('\n'),
        'v' => letter('\u{b}'),
        'f' => letter('\u{c}'),
        'r' => letter('\r'),
        '0' if !rest.starts_with(|c: char| c.is_ascii_digit()) => letter('\0'),
        '0'..='9' | 'k' => Err(PatternError::Unsupported("referring back")),
        'c' => match rest.chars().next().filter(char::is_ascii_alphabetic) {
            Some(control) => {
                *rest = rest.strip_prefix(control).unwrap_or(rest);
                letter(char::from(control as u8 % 32))
            }
            None => Err(PatternError::Unsupported(
                "a control letter without its letter",
            )),
        },
        'x' => Ok(Escape::Item(ClassItem::Letter(
            hexadecimal(rest, 2)?.unwrap_or('x'),
        ))),
        'u' => Ok(Escape::Item(ClassItem::Letter(
            hexadecimal(rest, 4)?.unwrap_or('u'),
        ))),
        other => letter(other),
    }
}

/// Between two letters of a word or two that are none, letters being ASCII's.
const NOT_A_BOUNDARY: &str = r"(?-u:\B)";

/// The letter of a code of so many digits; nothing where there are fewer.
fn hexadecimal(rest: &mut &str, digits: usize) -> Result<Option<char>, PatternError> {
    let Some(code) = rest
        .get(..digits)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
    else {
        return Ok(None);
    };
    *rest = &rest[digits..];
    char::from_u32(code)
        .map(Some)
        .ok_or(PatternError::Unsupported("half a surrogate pair"))
}
