//! The course of a recording through what is to be said: which word, or which pause between words, each of its frames belongs to.

use super::cepstra::{Frame, unlike};

/// What it costs that a sound lasts longer than in the reference, a frame.
const LONGER: f32 = 0.12;
/// What it costs that a frame of the reference is left out.
const SHORTER: f32 = 0.12;
/// What a quiet frame costs as a part of a pause: less than any word.
const QUIET: f32 = 0.45;
/// What a loud one does: more than the word that it belongs to, less than one that it doesn't. Breath and coughs are taken for pauses so.
const LOUD: f32 = 1.35;

/// A place on the way: a frame of a word of the reference, or the pause before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the word with this number; after the last, where there is none.
    Pause(usize),
    /// A word's number, and a frame of the reference.
    Word(usize, usize),
}

/// All places in the order in which they are passed, where words are said that have these frames.
pub(super) fn places(words: &[Vec<usize>]) -> Vec<Place> {
    let mut places = Vec::new();
    for (number, frames) in words.iter().enumerate() {
        places.push(Place::Pause(number));
        places.extend(frames.iter().map(|frame| Place::Word(number, *frame)));
    }
    places.push(Place::Pause(words.len()));
    places
}

/// The way through.
pub(super) struct Course {
    /// The place of each frame of the recording.
    pub(super) at: Vec<Place>,
    /// What each frame costs there.
    pub(super) costs: Vec<f32>,
}

/// Two bits each.
struct Steps(Vec<u8>);

impl Steps {
    fn set(&mut self, at: usize, step: u8) {
        self.0[at / 4] |= step << (at % 4 * 2);
    }

    fn get(&self, at: usize) -> usize {
        usize::from(self.0[at / 4] >> (at % 4 * 2) & 3)
    }
}

/// The cheapest course from before the first word to after the last (A. J. Viterbi, 1967); none where the recording is shorter than half of the
/// reference.
pub(super) fn course(
    places: &[Place],
    reference: &[Frame],
    recording: &[Frame],
    loud: &[bool],
) -> Option<Course> {
    let emission = |place: &Place, time: usize| match place {
        Place::Pause(_) if loud[time] => LOUD,
        Place::Pause(_) => QUIET,
        Place::Word(_, of) => unlike(&reference[*of], &recording[time]),
    };
    let mut costs = vec![f32::INFINITY; places.len()];
    let mut steps = Steps(vec![0; (places.len() * recording.len()).div_ceil(4)]);
    for time in 0..recording.len() {
        let mut next = vec![f32::INFINITY; places.len()];
        for (at, place) in places.iter().enumerate() {
            let (mut best, mut step) = match (time, place) {
                // In the first pause, or at once in the first word.
                (0, _) if at < 2 => (0.0, 0),
                (0, _) => (f32::INFINITY, 0),
                (_, Place::Pause(_)) => (costs[at], 0),
                (_, Place::Word(..)) => (costs[at] + LONGER, 0),
            };
            for back in 1..=2_usize.min(at) {
                // A pause is left out for nothing.
                let skipped = back == 2 && !matches!(places[at - 1], Place::Pause(_));
                let cost = costs[at - back] + if skipped { SHORTER } else { 0.0 };
                if cost < best {
                    (best, step) = (cost, back as u8);
                }
            }
            steps.set(time * places.len() + at, step);
            if best.is_finite() {
                next[at] = best + emission(place, time);
            }
        }
        costs = next;
    }
    let last = places.len().checked_sub(1)?;
    let ends = last.saturating_sub(1)..=last;
    let mut here = ends.min_by(|a, b| costs[*a].total_cmp(&costs[*b]))?;
    if recording.is_empty() || !costs[here].is_finite() {
        return None;
    }
    let mut at = Vec::with_capacity(recording.len());
    for time in (0..recording.len()).rev() {
        at.push(places[here]);
        here -= steps.get(time * places.len() + here);
    }
    at.reverse();
    let costs = at.iter().enumerate();
    let costs = costs.map(|(time, place)| emission(place, time)).collect();
    Some(Course { at, costs })
}
