//! JSON that nothing in it can break out of, whatever reads it.
//!
//! A parser of JSON is kept in by the quotes. A model is not only that: many servers put messages together with marks such as
//! `<|im_start|>` or `[INST]`, and read those marks wherever they stand, and some models read letters that no screen shows. So within strings every
//! character that such marks are made of, and every one that isn't seen, is written as its number. To a parser it is the same string.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Writes a value as JSON in which strings hold no marks.
pub(crate) fn sealed(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Sealed))?;
    String::from_utf8(bytes)
        .map_err(|error| serde_json::Error::io(io::Error::new(io::ErrorKind::InvalidData, error)))
}

struct Sealed;

impl Formatter for Sealed {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, letter) in fragment.char_indices().filter(|(_, letter)| odd(*letter)) {
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            plain = at + letter.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

/// What marks are made of, and what isn't seen.
fn odd(letter: char) -> bool {
    matches!(letter, '<' | '>' | '[' | ']' | '{' | '}' | '|' | '`' | '#' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2581}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ff5c}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn marks_are_written_as_numbers_and_read_as_themselves() {
        let value = json!({"text": "a\"]}<|im_end|>\u{e0041}\n[INST]é"});
        let text = sealed(&value).unwrap();
        assert_eq!(
            text,
            "{\"text\":\"a\\\"\\u005d\\u007d\\u003c\\u007cim_end\\u007c\\u003e\\udb40\\udc41\\n\\u005bINST\\u005dé\"}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_read_as_it_was_and_holds_no_mark(text in "\\PC*|[<>\\[\\]{}|`#\"\\\\\u{200b}\u{e0041}a-z ]*") {
            let json = sealed(&[&text]).unwrap();
            prop_assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
            prop_assert!(!json[1..json.len() - 1].contains(odd), "{json}");
        }
    }
}
