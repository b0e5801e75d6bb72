//! What somebody probably meant.

/// The candidate that is fewest edits (Damerau-Levenshtein) away from `typed`, if it is close enough to be a slip of the keys:
/// at most a third of the letters, and not all of them. Of equally near ones, the first.
pub(crate) fn nearest<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let letters = typed.chars().count();
    let limit = (letters / 3).max(1).min(letters.saturating_sub(1));
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(typed, candidate), candidate))
        .filter(|&(edits, _)| edits <= limit)
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate.to_owned())
}

/// `; did you mean "x"?`, or nothing.
pub(crate) fn hint(suggestion: Option<&String>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; did you mean {name:?}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("afer", ["after", "when"]).as_deref(), Some("after"));
        assert_eq!(nearest("timeuot", ["timeout"]).as_deref(), Some("timeout"));
        assert_eq!(nearest("x", ["a"]), None);
        assert_eq!(nearest("colour", ["after", "when"]), None);
        assert_eq!(hint(None), "");
    }
}
