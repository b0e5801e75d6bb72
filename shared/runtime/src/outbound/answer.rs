//! What a receiver answers: read to its end, within bounds, and hardly any of it kept.

use reqwest::Response;

/// The most of an answer that is read, in bytes. Whoever sends more is cut off; the status counts all the same.
const READ_BYTES: usize = 64 * 1024;

/// The most of an answer that is kept, in bytes.
const KEPT_BYTES: usize = 1024;

/// Reads an answer's body and gives its beginning as people can read it. An error means that it broke off.
pub(super) async fn beginning(response: &mut Response) -> Result<String, reqwest::Error> {
    let mut kept = Vec::new();
    let mut read = 0_usize;
    while read < READ_BYTES {
        let Some(chunk) = response.chunk().await? else {
            break;
        };
        read = read.saturating_add(chunk.len());
        let room = KEPT_BYTES.saturating_sub(kept.len());
        kept.extend(chunk.iter().take(room));
    }
    Ok(readable(&kept))
}

/// Text that does nothing to a terminal or a page that shows it.
fn readable(bytes: &[u8]) -> String {
    let plain = |c: char| {
        if c.is_control() && !matches!(c, '\n' | '\t') {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    String::from_utf8_lossy(bytes).chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_move_a_cursor_or_is_no_text_is_replaced() {
        assert_eq!(
            readable(b"not\tfound\n\x1b[2J\xff\0"),
            "not\tfound\n\u{fffd}[2J\u{fffd}\u{fffd}"
        );
    }
}
