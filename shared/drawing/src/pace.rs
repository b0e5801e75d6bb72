//! Which word on the screen is which spoken word, and when each comes in.

use std::ops::Range;

use domain::SpokenWord;

/// The longest that a moving scene stays without a word, in milliseconds.
const LATEST_FIRST_MS: u32 = 700;

/// For each word on the screen, the spoken word that it comes in with, and when. Where that would leave the screen without words for
/// long, none is tied to a spoken word and they come in at once, at the pace of speech.
pub(crate) fn paced(
    shown: &[&str],
    spoken: &[SpokenWord],
    wpm: u32,
) -> (Vec<Option<u32>>, Vec<u32>) {
    let matches = aligned(shown, spoken);
    let times = entrances(&matches, spoken, wpm);
    if times.first().is_some_and(|first| *first > LATEST_FIRST_MS) {
        let free = vec![None; shown.len()];
        let times = entrances(&free, &[], wpm);
        return (free, times);
    }
    (matches, times)
}

/// When pieces come in.
pub(crate) struct Schedule {
    matches: Vec<Option<u32>>,
    times: Vec<u32>,
}

/// When the words of a picture, in the order in which they are read, come in. Where hardly any of them is spoken, they come in at twice the
/// pace of speech.
pub(crate) fn schedule(shown: &[&str], spoken: &[SpokenWord], wpm: u32) -> Schedule {
    let matches = aligned(shown, spoken);
    let told = matches.iter().flatten().count();
    let (matches, times) = if told * 3 < shown.len() {
        let free = vec![None; shown.len()];
        let times = entrances(&free, &[], wpm.saturating_mul(2));
        (free, times)
    } else {
        let times = entrances(&matches, spoken, wpm);
        (matches, times)
    };
    Schedule { matches, times }
}

impl Schedule {
    /// The spoken word and the planned time of what comes in with the first of these words that is spoken. What is read first doesn't wait for
    /// its words if they are spoken late.
    pub(crate) fn of(&self, cue: &Range<usize>) -> (Option<u32>, u32) {
        let first = self
            .times
            .first()
            .is_some_and(|first| *first > LATEST_FIRST_MS);
        if cue.is_empty() || cue.start == 0 && first {
            return (None, 0);
        }
        let spoken = cue
            .clone()
            .find_map(|at| Some((at, self.matches.get(at).copied()??)));
        let time = |at: usize| self.times.get(at).copied().unwrap_or_default();
        match spoken {
            Some((at, word)) => (Some(word), time(at)),
            None => (None, time(cue.start)),
        }
    }
}

/// For each word on the screen, the index of the spoken word that it is: the longest common subsequence of the two texts, capitals
/// and punctuation aside; of several, the one that matches earliest.
fn aligned(shown: &[&str], spoken: &[SpokenWord]) -> Vec<Option<u32>> {
    let shown: Vec<String> = shown.iter().map(|word| letters(word)).collect();
    let spoken: Vec<String> = spoken.iter().map(|word| letters(&word.text)).collect();
    let same = |a: usize, b: usize| !shown[a].is_empty() && shown[a] == spoken[b];
    // lengths[a][b]: the longest common subsequence of what follows.
    let mut lengths = vec![vec![0_u32; spoken.len() + 1]; shown.len() + 1];
    for a in (0..shown.len()).rev() {
        for b in (0..spoken.len()).rev() {
            lengths[a][b] = if same(a, b) {
                lengths[a + 1][b + 1] + 1
            } else {
                lengths[a + 1][b].max(lengths[a][b + 1])
            };
        }
    }
    let mut matches = vec![None; shown.len()];
    let (mut a, mut b) = (0, 0);
    while a < shown.len() && b < spoken.len() {
        if same(a, b) {
            matches[a] = Some(b as u32);
            (a, b) = (a + 1, b + 1);
        } else if lengths[a][b + 1] >= lengths[a + 1][b] {
            b += 1;
        } else {
            a += 1;
        }
    }
    matches
}

fn letters(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// When each word on the screen comes in, in milliseconds: with its spoken word, else evenly between the neighbours that have one;
/// never before the word in front of it.
fn entrances(matches: &[Option<u32>], spoken: &[SpokenWord], wpm: u32) -> Vec<u32> {
    let pace = 60_000 / wpm.clamp(30, 600);
    let end = spoken
        .last()
        .map_or(pace * matches.len() as u32, |word| word.end_ms);
    let known: Vec<(usize, u32)> = matches
        .iter()
        .enumerate()
        .filter_map(|(at, word)| Some((at, spoken.get((*word)? as usize)?.start_ms)))
        .collect();
    let mut times = Vec::with_capacity(matches.len());
    for at in 0..matches.len() {
        let before = known.iter().rev().find(|(index, _)| *index <= at);
        let after = known.iter().find(|(index, _)| *index >= at);
        let between = |from: (f64, f64), to: (f64, f64)| {
            from.1 + (to.1 - from.1) * (at as f64 - from.0) / (to.0 - from.0).max(1.0)
        };
        let point = |&(index, time): &(usize, u32)| (index as f64, f64::from(time));
        let time = match (before, after) {
            (Some((index, time)), _) if *index == at => f64::from(*time),
            (Some(before), Some(after)) => between(point(before), point(after)),
            // Before the first match they start at once; behind the last they keep the pace, as far as there is time.
            (None, Some(after)) => between((0.0, 0.0), point(after)),
            (Some(before), None) => {
                let (index, time) = point(before);
                (time + f64::from(pace) * (at as f64 - index)).min(between(
                    (index, time),
                    (matches.len() as f64, f64::from(end).max(time)),
                ))
            }
            (None, None) => between((0.0, 0.0), (matches.len() as f64, f64::from(end))),
        };
        times.push((time as u32).max(times.last().copied().unwrap_or_default()));
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str) -> Vec<SpokenWord> {
        let word = |(at, text): (usize, &str)| SpokenWord {
            text: text.to_owned(),
            line: 0,
            start_ms: at as u32 * 300,
            end_ms: at as u32 * 300 + 280,
        };
        text.split_whitespace().enumerate().map(word).collect()
    }

    #[test]
    fn words_on_screen_come_in_with_their_spoken_words() {
        let spoken = spoken("Did you know that honey, real honey, never spoils?");
        let matches = aligned(&["HONEY", "never", "—", "ever", "spoils!"], &spoken);
        assert_eq!(matches, [Some(4), Some(7), None, None, Some(8)]);
        assert_eq!(
            entrances(&matches, &spoken, 160),
            [1200, 2100, 2200, 2300, 2400]
        );
    }

    #[test]
    fn words_that_are_spoken_late_do_not_leave_the_screen_empty() {
        let spoken = spoken("The permit allowed the tower to stand for 20 years.");
        assert_eq!(
            paced(&["20", "years"], &spoken, 150),
            (vec![None, None], vec![0, 400])
        );
        assert_eq!(
            paced(&["Permit", "allowed"], &spoken, 150),
            (vec![Some(1), Some(2)], vec![300, 600])
        );
    }

    #[test]
    fn words_that_are_not_spoken_keep_an_even_pace() {
        let nothing = vec![None; 4];
        assert_eq!(
            entrances(&nothing, &spoken("one two"), 160),
            [0, 145, 290, 435]
        );
        assert_eq!(entrances(&nothing, &[], 150), [0, 400, 800, 1200]);
        assert_eq!(entrances(&[Some(0), None], &spoken("one"), 150), [0, 140]);
    }
}
