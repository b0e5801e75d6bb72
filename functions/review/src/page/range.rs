//! Parts of files: players ask for them to begin before the whole is there, and to seek. Safari plays nothing without.

use axum::http::HeaderValue;

/// A part of a file, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) first: usize,
    pub(super) last: usize,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it: no part is named, or none in a form that is known (RFC 9110, section 14.2).
    Whole,
    /// One part.
    Part(Part),
    /// What lies behind its end.
    Beyond,
}

/// The part of a file of so many bytes that a `Range` header asks for. Several at once are answered by the whole.
pub(super) fn part(range: Option<&HeaderValue>, length: usize) -> Asked {
    let named = range
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("bytes="))
        .and_then(|value| value.split_once('-'));
    let Some((first, last)) = named else {
        return Asked::Whole;
    };
    let end = length.checked_sub(1);
    let (first, last) = match (number(first), number(last)) {
        // The last so many bytes.
        (Some(None), Some(Some(0))) => return Asked::Beyond,
        (Some(None), Some(Some(count))) => (length.saturating_sub(count), end),
        (Some(Some(first)), Some(None)) => (first, end),
        (Some(Some(first)), Some(Some(last))) if first <= last => {
            (first, end.map(|end| end.min(last)))
        }
        _ => return Asked::Whole,
    };
    match last {
        Some(last) if first <= last => Asked::Part(Part { first, last }),
        _ => Asked::Beyond,
    }
}

/// A number, or that there is none; nothing if it is something else.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn number(text: &str) -> Option<Option<usize>> {
    if text.is_empty() {
        return Some(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Some(text.parse().unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str, length: usize) -> Asked {
        part(HeaderValue::try_from(range).ok().as_ref(), length)
    }

    fn of(first: usize, last: usize) -> Asked {
        Asked::Part(Part { first, last })
    }

    #[test]
    fn a_part_is_what_players_ask_for() {
        assert_eq!(asked("bytes=0-", 10), of(0, 9));
        assert_eq!(asked("bytes=0-1", 10), of(0, 1));
        assert_eq!(asked("bytes=9-9", 10), of(9, 9));
        assert_eq!(asked("bytes=5-99999999999999999999", 10), of(5, 9));
        assert_eq!(asked("bytes=-3", 10), of(7, 9));
        assert_eq!(asked("bytes=-30", 10), of(0, 9));
    }

    #[test]
    fn what_isnt_there_is_told_and_what_isnt_known_is_the_whole() {
        for beyond in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(asked(beyond, 10), Asked::Beyond, "{beyond}");
        }
        assert_eq!(asked("bytes=0-", 0), Asked::Beyond);
        assert_eq!(part(None, 10), Asked::Whole);
        for unknown in [
            "bytes=3-2",
            "bytes=-",
            "bytes=a-b",
            "lines=1-2",
            "bytes=0-1,4-5",
            "bytes=+1-2",
        ] {
            assert_eq!(asked(unknown, 10), Asked::Whole, "{unknown}");
        }
    }
}
