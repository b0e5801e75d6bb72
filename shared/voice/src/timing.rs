//! The rules that word times keep, whoever estimated them.

use std::ops::Range;

use domain::SpokenWord;

/// Gives words without a span (symbols amid a sentence) a short one at the end of the word before, or at the start of the one
/// after.
pub fn fill(spans: &[Option<Range<usize>>]) -> Vec<Range<usize>> {
    let mut filled: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    let mut at = 0;
    while at < spans.len() {
        if let Some(span) = &spans[at] {
            filled.push(span.clone());
            at += 1;
            continue;
        }
        let until = (at..spans.len())
            .find(|&next| spans[next].is_some())
            .unwrap_or(spans.len());
        let count = until - at;
        // A quarter of the word before, and the gap up to the next.
        let start = filled.last_mut().map_or(0, |before| {
            before.end -= (before.end - before.start) / 4;
            before.end
        });
        let end = spans
            .get(until)
            .cloned()
            .flatten()
            .map_or(start, |next| next.start)
            .max(start);
        for part in 0..count {
            filled.push(
                start + (end - start) * part / count..start + (end - start) * (part + 1) / count,
            );
        }
        at = until;
    }
    filled
}

/// Makes times that keep the rules out of times that nearly do: in order, none empty, none overlapping, none past
/// `length_ms` as long as there is a millisecond for each word.
pub fn settle(mut words: Vec<SpokenWord>, length_ms: u32) -> Vec<SpokenWord> {
    let mut free = 0;
    for word in &mut words {
        word.start_ms = word.start_ms.max(free);
        word.end_ms = word.end_ms.max(word.start_ms + 1);
        free = word.end_ms;
    }
    let mut limit = length_ms.max(words.len() as u32);
    for word in words.iter_mut().rev() {
        word.end_ms = word.end_ms.min(limit);
        word.start_ms = word.start_ms.min(word.end_ms - 1);
        limit = word.start_ms;
    }
    words
}
