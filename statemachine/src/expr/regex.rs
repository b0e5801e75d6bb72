//! Regular expressions that JavaScript and Rust read alike.

/// What in a pattern one of the two sides lacks or reads otherwise.
pub(super) fn trouble(pattern: &str, flags: &str) -> Option<String> {
    if let Some(flag) = flags.chars().find(|flag| !"im".contains(*flag)) {
        return Some(format!("the flag `{flag}`"));
    }
    if !ends_where_written(pattern) {
        return Some("brackets that don't pair as JSONata counts them".to_owned());
    }
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next() {
                Some('k') => return Some("a named back-reference".to_owned()),
                Some(digit @ '1'..='9') => return Some(format!("the back-reference `\\{digit}`")),
                Some(class @ ('p' | 'P')) => return Some(format!("the Unicode class `\\{class}`")),
                Some(escape @ ('A' | 'z' | 'Z' | 'Q' | 'G' | 'h' | 'H' | 'c')) => {
                    return Some(format!("the escape `\\{escape}`"));
                }
                _ => {}
            },
            // Rust intersects and nests classes; JavaScript takes the same characters literally.
            '[' if in_class => return Some("an unescaped `[` inside a class".to_owned()),
            '&' if in_class && chars.peek() == Some(&'&') => {
                return Some("`&&` inside a class".to_owned());
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && chars.peek() == Some(&'?') => {
                chars.next();
                match chars.peek() {
                    Some(':') => {}
                    Some('=' | '!') => return Some("a look-ahead".to_owned()),
                    Some('<') => return Some("a look-behind or a named group".to_owned()),
                    _ => return Some("a group that starts with `(?`".to_owned()),
                }
            }
            _ => {}
        }
    }
    None
}

/// JSONata 2.0.6 ends a pattern at the first slash outside brackets. It counts those inside classes, too, and takes a bracket after any
/// backslash for an escaped one, even where that backslash is itself escaped: in `\\[a]` it misses the opening bracket but counts the
/// closing one, and finds no end.
fn ends_where_written(pattern: &str) -> bool {
    let mut depth = 0_i32;
    let mut before = '/';
    for char in pattern.chars() {
        match char {
            '(' | '[' | '{' if before != '\\' => depth += 1,
            ')' | ']' | '}' if before != '\\' => depth -= 1,
            _ => {}
        }
        before = char;
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_sides_read_alike_passes() {
        for pattern in [
            "^a.*z$",
            r"\d+(?:px|em)",
            "[^a-z]",
            r"\(\?=",
            "[(?=)]",
            r"a{2,3}?",
            r"[\(\)\\x]",
        ] {
            assert_eq!(trouble(pattern, "im"), None, "{pattern}");
        }
    }

    #[test]
    fn what_one_side_lacks_is_named() {
        for (pattern, part) in [
            ("a(?=b)", "look-ahead"),
            ("a(?!b)", "look-ahead"),
            ("(?<=a)b", "look-behind"),
            ("(?<n>a)", "named group"),
            ("(?i)a", "(?"),
            (r"(a)\1", "back-reference"),
            (r"\k<n>", "back-reference"),
            (r"\p{L}", "Unicode"),
            (r"\Aa", "escape"),
            ("[a[b]]", "inside a class"),
            ("[a&&b]", "inside a class"),
            (r"\\(a)", "don't pair"),
            (r"[^\\]", "don't pair"),
            ("[(]", "don't pair"),
        ] {
            let found = trouble(pattern, "").unwrap_or_default();
            assert!(found.contains(part), "{pattern}: {found}");
        }
        assert_eq!(trouble("a", "g").as_deref(), Some("the flag `g`"));
    }
}
