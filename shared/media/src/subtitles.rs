//! Captions as files beside the video.

use std::fmt::Write as _;

use domain::SpokenWord;

use crate::timeline::{CaptionGroup, frame_ms};

/// Hours, minutes, seconds and milliseconds, the last after `point`.
fn time(ms: u32, point: char) -> String {
    format!(
        "{:02}:{:02}:{:02}{point}{:03}",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        ms % 1000
    )
}

/// A caption's words and its first and last millisecond: it ends before the next one starts.
fn cues<'a>(
    words: &'a [SpokenWord],
    groups: &'a [CaptionGroup],
) -> impl Iterator<Item = (&'a [SpokenWord], u32, u32)> {
    let begins = |group: &CaptionGroup| {
        let first = words.get(group.words.clone())?.first()?;
        Some(frame_ms(group.from).min(first.start_ms))
    };
    groups.iter().enumerate().filter_map(move |(at, group)| {
        let start = begins(group)?;
        // A word may begin within the frame that is the last of the caption before.
        let next = groups.get(at + 1).and_then(begins).unwrap_or(u32::MAX);
        let end = frame_ms(group.until).min(next).max(start + 1);
        Some((words.get(group.words.clone())?, start, end))
    })
}

/// WebVTT, with the time of every word inside its caption: players can mark what is spoken (W3C WebVTT, 4.2.2 "cue timestamp").
pub fn vtt(words: &[SpokenWord], groups: &[CaptionGroup]) -> String {
    let mut out = String::from("WEBVTT\n");
    for (number, (shown, start, end)) in cues(words, groups).enumerate() {
        let _ = write!(
            out,
            "\n{}\n{} --> {}\n",
            number + 1,
            time(start, '.'),
            time(end, '.')
        );
        for (at, word) in shown.iter().enumerate() {
            let text = word
                .text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let space = if at > 0 { " " } else { "" };
            // A time inside a cue must lie after its start, before its end and after the time before it.
            let marked = word.start_ms > start
                && word.start_ms < end
                && (at == 0 || shown[at - 1].start_ms < word.start_ms);
            let stamp = if marked {
                format!("<{}>", time(word.start_ms, '.'))
            } else {
                String::new()
            };
            let _ = write!(out, "{space}{stamp}{text}");
        }
        out.push('\n');
    }
    out
}

/// SubRip: what players read that know no WebVTT.
pub fn srt(words: &[SpokenWord], groups: &[CaptionGroup]) -> String {
    let mut out = String::new();
    for (number, (shown, start, end)) in cues(words, groups).enumerate() {
        let text = shown
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let gap = if number > 0 { "\n" } else { "" };
        let _ = write!(
            out,
            "{gap}{}\n{} --> {}\n{text}\n",
            number + 1,
            time(start, ','),
            time(end, ',')
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_caption_stands_longer_than_until_the_next_one_begins() {
        let word = |text: &str, start_ms| SpokenWord {
            text: text.to_owned(),
            line: 0,
            start_ms,
            end_ms: start_ms + 300,
        };
        // The second begins within the frame with which the first ends: 30 frames are 1,000 ms.
        let words = [word("one", 500), word("two", 990)];
        let group = |at, from, until| CaptionGroup {
            scene: 0,
            words: at..at + 1,
            from,
            until,
        };
        let groups = [group(0, 15, 30), group(1, 30, 60)];
        let times = |text: String| -> Vec<String> {
            let times = text.lines().filter(|line| line.contains("-->"));
            times.map(str::to_owned).collect()
        };
        assert_eq!(
            times(srt(&words, &groups)),
            [
                "00:00:00,500 --> 00:00:00,990",
                "00:00:00,990 --> 00:00:02,000"
            ]
        );
        assert_eq!(
            times(vtt(&words, &groups)),
            [
                "00:00:00.500 --> 00:00:00.990",
                "00:00:00.990 --> 00:00:02.000"
            ]
        );
    }

    #[test]
    fn words_carry_their_times_and_markup_is_escaped() {
        let word = |text: &str, start_ms, end_ms| SpokenWord {
            text: text.to_owned(),
            line: 0,
            start_ms,
            end_ms,
        };
        let words = [
            word("R&D", 1_100, 1_500),
            word("beats", 1_500, 1_900),
            word("<luck>.", 3_661_234, 3_661_900),
        ];
        let groups = [
            CaptionGroup {
                scene: 0,
                words: 0..2,
                from: 30,
                until: 60,
            },
            CaptionGroup {
                scene: 0,
                words: 2..3,
                from: 109_837,
                until: 109_860,
            },
        ];
        assert_eq!(
            vtt(&words, &groups),
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<00:00:01.100>R&amp;D <00:00:01.500>beats\n\n\
             2\n01:01:01.233 --> 01:01:02.000\n<01:01:01.234>&lt;luck&gt;.\n"
        );
        assert_eq!(
            srt(&words, &groups),
            "1\n00:00:01,000 --> 00:00:02,000\nR&D beats\n\n2\n01:01:01,233 --> 01:01:02,000\n<luck>.\n"
        );
    }
}
