//! Which words stand together in one caption.

use std::ops::Range;

use domain::SpokenWord;

/// Most columns of one caption: two lines of about eighteen Latin letters.
const COLUMNS: usize = 34;
/// The size of group that is aimed at.
const WORDS: Range<usize> = 3..7;

/// How many columns a text takes: East Asian wide characters count twice, combining marks not at all.
pub(crate) fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x0300..=0x036f | 0x200b..=0x200f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
            0x1100..=0x115f
            | 0x2e80..=0xa4cf
            | 0xac00..=0xd7a3
            | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f
            | 0xff00..=0xff60
            | 0x1f300..=0x1faff
            | 0x20000..=0x3fffd => 2,
            _ => 1,
        })
        .sum()
}

/// How well a caption may end after this word: the more it closes, the better.
fn closes(word: &str) -> u32 {
    let bare = word.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    match bare.chars().next_back() {
        Some('.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟') => 3,
        Some(';' | ':' | '—' | '–' | '；' | '：') => 2,
        Some(',' | '،' | '、' | '，') => 1,
        _ => 0,
    }
}

/// What it costs to show `words` together.
fn cost(words: &[SpokenWord], last_of_line: bool) -> u64 {
    let count = words.len();
    let width: usize = words
        .iter()
        .map(|word| columns(&word.text) + 1)
        .sum::<usize>()
        - 1;
    let mut cost = 10;
    if width > COLUMNS && count > 1 {
        cost += 10_000 + 100 * width as u64;
    }
    cost += match count {
        0..3 => 30 * (WORDS.start - count) as u64,
        3..5 => 0,
        5..7 => 4 * (count - 4) as u64,
        _ => 1_000 * (count - 6) as u64,
    };
    // A sentence's end inside a caption reads badly, a comma's a little.
    cost += words[..count - 1]
        .iter()
        .map(|word| [0, 12, 60, 200][closes(&word.text) as usize])
        .sum::<u64>();
    if !last_of_line && closes(&words[count - 1].text) == 0 {
        cost += 8;
    }
    cost
}

/// Splits words into captions: never across lines, three to six words each where that can be had, rather at punctuation than
/// elsewhere, and no wider than two lines. The split of least cost, found by dynamic programming; it depends on the words alone.
pub(crate) fn groups(words: &[SpokenWord]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let line = words[from].line;
        let to = words[from..]
            .iter()
            .position(|word| word.line != line)
            .map_or(words.len(), |n| from + n);
        split(&words[from..to], from, &mut found);
        from = to;
    }
    found
}

fn split(line: &[SpokenWord], offset: usize, found: &mut Vec<Range<usize>>) {
    let count = line.len();
    let mut best = vec![(u64::MAX, 0); count + 1];
    best[0].0 = 0;
    for end in 1..=count {
        for start in end.saturating_sub(WORDS.end)..end {
            let total = best[start].0 + cost(&line[start..end], end == count);
            if total < best[end].0 {
                best[end] = (total, start);
            }
        }
    }
    let mut ranges = Vec::new();
    let mut end = count;
    while end > 0 {
        let start = best[end].1;
        ranges.push(offset + start..offset + end);
        end = start;
    }
    found.extend(ranges.into_iter().rev());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<SpokenWord> {
        text.lines()
            .enumerate()
            .flat_map(|(line, text)| text.split_whitespace().map(move |word| (line as u32, word)))
            .enumerate()
            .map(|(at, (line, text))| SpokenWord {
                text: text.to_owned(),
                line,
                start_ms: at as u32 * 300,
                end_ms: at as u32 * 300 + 250,
            })
            .collect()
    }

    fn split_text(text: &str) -> Vec<String> {
        let words = words(text);
        groups(&words)
            .into_iter()
            .map(|range| {
                words[range]
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    #[test]
    fn captions_break_at_punctuation_and_lines() {
        assert_eq!(
            split_text(
                "Most people sleep too little, and they know it.\nHere is why that matters."
            ),
            [
                "Most people sleep too little,",
                "and they know it.",
                "Here is why that matters."
            ]
        );
    }

    #[test]
    fn a_word_too_long_for_a_caption_stands_alone() {
        let long = "x".repeat(300);
        assert_eq!(split_text(&format!("so {long} it is said"))[1], long);
    }

    proptest::proptest! {
        #[test]
        fn every_word_is_in_exactly_one_caption(text in "([a-z]{1,12}[.,]? ){0,40}(\n([a-z]{1,9} ){1,9})?") {
            let words = words(&text);
            let groups = groups(&words);
            let mut next = 0;
            for group in &groups {
                proptest::prop_assert_eq!(group.start, next);
                proptest::prop_assert!(group.len() <= 6 && !group.is_empty());
                proptest::prop_assert!(words[group.clone()].iter().all(|word| word.line == words[group.start].line));
                next = group.end;
            }
            proptest::prop_assert_eq!(next, words.len());
        }
    }
}
