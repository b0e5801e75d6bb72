//! What a person writes beside a decision.

/// The most characters of a note.
pub(crate) const LONGEST: usize = 2_000;

/// Why a text is no note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has too many characters.
    #[error("the note has {0} characters: at most {LONGEST} are kept")]
    TooLong(usize),
    /// It holds what isn't text.
    #[error("the note has control characters: write it without them")]
    Control,
}

/// A note as it is kept: lines end as they do everywhere, and nothing is no note.
pub fn note(written: &str) -> Result<Option<String>, NoteError> {
    // Forms send the end of a line as two characters, and count it as one.
    let text = written.replace("\r\n", "\n");
    let text = text.trim();
    let length = text.chars().count();
    if length > LONGEST {
        return Err(NoteError::TooLong(length));
    }
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(NoteError::Control);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_kept_as_it_was_meant() {
        assert_eq!(
            note(" two\r\nlines \r\n"),
            Ok(Some("two\nlines".to_owned()))
        );
        assert_eq!(note(" \r\n "), Ok(None));
        assert_eq!(note("a\0b"), Err(NoteError::Control));
        assert_eq!(note(&"é".repeat(LONGEST)), Ok(Some("é".repeat(LONGEST))));
        let long = "x\r\n".repeat(LONGEST);
        assert_eq!(note(&long), Err(NoteError::TooLong(2 * LONGEST - 1)));
    }
}
