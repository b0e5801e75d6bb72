//! When everything happens.
//!
//! The film is a row of *slots*, one a scene: the scene's sound, with silence before and after it where the cross-fades need room.
//! A cross-fade takes the last frames of one slot and the first of the next, and no word is spoken in them. All boundaries are whole
//! frames and each slot follows from its own scene alone, so a changed scene moves the later ones without changing them.

use std::ops::Range;

use domain::{Narration, SpokenWord};

use crate::group::groups;
use crate::{MediaError, SegmentSpec};

/// Frames a second.
pub const FPS: u32 = 30;
/// Samples a second of the film's sound.
pub const SAMPLE_RATE: u32 = 48_000;
/// Samples of sound in one frame: a whole number, so that sound and picture end together.
pub const SAMPLES_PER_FRAME: u32 = SAMPLE_RATE / FPS;

/// Fewest frames in which a scene stands alone, between its cross-fades.
const LEAST_BODY: u32 = 15;
/// Fewest frames after the last word of the film.
const LAST_HOLD: u32 = 15;

/// One scene, as far as time is concerned.
#[derive(Debug, Clone, Copy)]
pub struct SceneTiming<'a> {
    /// Its sound and its words.
    pub narration: &'a Narration,
    /// Whether sprites come in with its words.
    pub moving: bool,
}

/// What a timeline is planned from.
#[derive(Debug, Clone)]
pub struct TimelineInput<'a> {
    /// The scenes in order.
    pub scenes: Vec<SceneTiming<'a>>,
    /// Length of a cross-fade between two scenes in milliseconds; 0 for hard cuts.
    pub transition_ms: u32,
}

/// Where one scene lies. Frames count from the start of the film unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenePlan {
    /// First frame of its slot.
    pub start: u32,
    /// Length of its slot in frames.
    pub frames: u32,
    /// Frames from the start of its slot to the start of its sound.
    pub sound_at: u32,
    /// Length of its sound in frames, rounded up.
    pub sound_frames: u32,
    /// Its words among [`Timeline::words`].
    pub words: Range<usize>,
    /// Whether sprites come in with its words.
    pub moving: bool,
    /// Start of each of its words in frames from the start of its slot.
    pub word_frames: Vec<u32>,
    /// End of each of its words in frames from the start of its slot.
    pub word_ends: Vec<u32>,
}

/// Words that are shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionGroup {
    /// The scene.
    pub scene: usize,
    /// The words among [`Timeline::words`].
    pub words: Range<usize>,
    /// First frame in which they are shown.
    pub from: u32,
    /// First frame in which they no longer are.
    pub until: u32,
}

/// When everything happens: see the module's own words on slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Frames of a cross-fade that lie in the slot before the boundary.
    pub(crate) fade_out: u32,
    /// Frames of a cross-fade that lie in the slot after the boundary.
    pub(crate) fade_in: u32,
    scenes: Vec<ScenePlan>,
    words: Vec<SpokenWord>,
    groups: Vec<CaptionGroup>,
}

/// The nearest frame to a time.
pub(crate) fn nearest(ms: u32) -> u32 {
    ((u64::from(ms) * u64::from(FPS) + 500) / 1000) as u32
}

/// The last frame boundary not after a time.
fn floor(ms: u32) -> u32 {
    (u64::from(ms) * u64::from(FPS) / 1000) as u32
}

/// The first frame boundary not before a time.
fn ceil(ms: u32) -> u32 {
    (u64::from(ms) * u64::from(FPS)).div_ceil(1000) as u32
}

/// The time at which a frame starts, to the nearest millisecond.
pub(crate) fn frame_ms(frame: u32) -> u32 {
    ((u64::from(frame) * 1000 + u64::from(FPS) / 2) / u64::from(FPS)) as u32
}

impl Timeline {
    /// Plans a film.
    pub fn plan(input: &TimelineInput) -> Result<Self, MediaError> {
        if input.scenes.is_empty() {
            return Err(MediaError::NoScenes);
        }
        // One lone frame between two others would be two IDR pictures in a row; two is the shortest fade.
        let fade = match nearest(input.transition_ms) {
            0 => 0,
            frames => frames.max(2),
        };
        let mut timeline = Self {
            fade_out: fade / 2,
            fade_in: fade - fade / 2,
            scenes: Vec::new(),
            words: Vec::new(),
            groups: Vec::new(),
        };
        for (at, scene) in input.scenes.iter().enumerate() {
            timeline.add(*scene, at > 0, at + 1 < input.scenes.len());
        }
        Ok(timeline)
    }

    fn add(&mut self, scene: SceneTiming, follows: bool, followed: bool) {
        let narration = scene.narration;
        let last_end = narration.words.last().map_or(0, |word| word.end_ms);
        let sound_frames = ceil(narration.length_ms.max(last_end));
        let lead = narration
            .words
            .first()
            .map_or(sound_frames, |word| floor(word.start_ms));
        let tail = if narration.words.is_empty() {
            sound_frames
        } else {
            sound_frames - ceil(last_end)
        };
        let (before, after) = (
            if follows { self.fade_in } else { 0 },
            if followed { self.fade_out } else { LAST_HOLD },
        );
        let sound_at = before.saturating_sub(lead);
        let frames = sound_at + sound_frames + after.saturating_sub(tail);
        let frames = frames.max(self.fade_in + self.fade_out + LEAST_BODY);

        let start = self.frames();
        // Whole milliseconds from a rounded start: what is in order within the scene stays in order.
        let sound_ms = frame_ms(start + sound_at);
        let first_word = self.words.len();
        let first_line = self.words.last().map_or(0, |word| word.line + 1);
        self.words
            .extend(narration.words.iter().map(|word| SpokenWord {
                text: word.text.clone(),
                line: first_line + word.line,
                start_ms: sound_ms + word.start_ms,
                end_ms: sound_ms + word.end_ms,
            }));
        let plan = ScenePlan {
            start,
            frames,
            sound_at,
            sound_frames,
            words: first_word..self.words.len(),
            moving: scene.moving,
            word_frames: narration
                .words
                .iter()
                .map(|word| sound_at + nearest(word.start_ms))
                .collect(),
            word_ends: narration
                .words
                .iter()
                .map(|word| sound_at + nearest(word.end_ms))
                .collect(),
        };
        let body = start + before..start + frames - if followed { self.fade_out } else { 0 };
        self.add_groups(&plan, &narration.words, body);
        self.scenes.push(plan);
    }

    /// A caption comes a little before its first word, and stays a little after its last unless the next one needs the place.
    fn add_groups(&mut self, plan: &ScenePlan, words: &[SpokenWord], body: Range<u32>) {
        const EARLY: u32 = 3;
        const LATE: u32 = 15;
        let groups = groups(words);
        let mut free_from = body.start;
        for (at, group) in groups.iter().enumerate() {
            let word = |at: usize| plan.start + plan.word_frames[at];
            let spoken = plan.start + plan.word_ends[group.end - 1];
            let from = word(group.start)
                .saturating_sub(EARLY)
                .max(free_from)
                .min(word(group.start));
            let next = groups.get(at + 1).map_or(body.end, |next| {
                word(next.start)
                    .saturating_sub(EARLY)
                    .max(spoken)
                    .min(word(next.start))
            });
            let until = (spoken + LATE).min(next).min(body.end).max(from + 1);
            free_from = until;
            let words = plan.words.start + group.start..plan.words.start + group.end;
            self.groups.push(CaptionGroup {
                scene: self.scenes.len(),
                words,
                from,
                until,
            });
        }
    }

    /// Length of the film in frames.
    pub fn frames(&self) -> u32 {
        self.scenes
            .last()
            .map_or(0, |scene| scene.start + scene.frames)
    }

    /// Length of the film in milliseconds, rounded.
    pub fn length_ms(&self) -> u32 {
        frame_ms(self.frames())
    }

    /// Length of the film's sound in samples.
    pub fn samples(&self) -> usize {
        self.frames() as usize * SAMPLES_PER_FRAME as usize
    }

    /// Where each scene lies.
    pub fn scenes(&self) -> &[ScenePlan] {
        &self.scenes
    }

    /// When each scene starts, in milliseconds.
    pub fn scene_starts_ms(&self) -> Vec<u32> {
        self.scenes
            .iter()
            .map(|scene| frame_ms(scene.start))
            .collect()
    }

    /// Every word, with its time in the film; lines are numbered through the whole film.
    pub fn words(&self) -> &[SpokenWord] {
        &self.words
    }

    /// The captions in order.
    pub fn groups(&self) -> &[CaptionGroup] {
        &self.groups
    }

    /// The frame at which a word of [`Timeline::words`] is marked.
    pub fn word_frame(&self, word: usize) -> Option<u32> {
        let scene = self
            .scenes
            .iter()
            .find(|scene| scene.words.contains(&word))?;
        Some(scene.start + scene.word_frames[word - scene.words.start])
    }

    /// The film as pieces that are encoded apart: scene, cross-fade, scene …; together they are every frame once.
    pub fn segments(&self) -> Vec<SegmentSpec> {
        let mut segments = Vec::new();
        for at in 0..self.scenes.len() {
            segments.push(SegmentSpec::scene(self, at));
            if at + 1 < self.scenes.len() && self.fade_in + self.fade_out > 0 {
                segments.push(SegmentSpec::transition(self, at));
            }
        }
        segments
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;
    use crate::SegmentKind;

    fn narration() -> impl Strategy<Value = Narration> {
        let word = (0..400_u32, 10..900_u32, "[a-z]{1,9}[.,]?");
        let words = proptest::collection::vec(word, 0..12);
        (words, 0..700_u32).prop_map(|(words, tail)| {
            let mut at = 0;
            let mut narration = Narration {
                audio: None,
                length_ms: 0,
                words: Vec::new(),
            };
            for (number, (pause, length, text)) in words.into_iter().enumerate() {
                let start_ms = at + pause;
                at = start_ms + length;
                narration.words.push(SpokenWord {
                    text,
                    line: number as u32 / 5,
                    start_ms,
                    end_ms: at,
                });
            }
            narration.length_ms = at + tail;
            narration
        })
    }

    fn plan(narrations: &[Narration], transition_ms: u32) -> Timeline {
        let scenes = narrations.iter().map(|narration| SceneTiming {
            narration,
            moving: false,
        });
        Timeline::plan(&TimelineInput {
            scenes: scenes.collect(),
            transition_ms,
        })
        .unwrap()
    }

    proptest! {
        #[test]
        fn segments_are_every_frame_once(
            narrations in proptest::collection::vec(narration(), 1..7),
            transition_ms in 0..1_200_u32,
        ) {
            let timeline = plan(&narrations, transition_ms);
            let mut next = 0;
            for segment in timeline.segments() {
                prop_assert_eq!(segment.start, next);
                prop_assert!(segment.frames >= 2);
                next += segment.frames;
            }
            prop_assert_eq!(next, timeline.frames());
            prop_assert_eq!(timeline.samples(), timeline.frames() as usize * 1_600);
        }

        #[test]
        fn words_are_in_order_and_never_in_a_cross_fade(
            narrations in proptest::collection::vec(narration(), 1..7),
            transition_ms in 0..1_200_u32,
        ) {
            let timeline = plan(&narrations, transition_ms);
            let words = timeline.words();
            prop_assert_eq!(words.len(), narrations.iter().map(|n| n.words.len()).sum::<usize>());
            prop_assert!(words.iter().all(|word| word.start_ms < word.end_ms));
            prop_assert!(words.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms && pair[0].line <= pair[1].line));
            prop_assert!(words.last().is_none_or(|word| word.end_ms <= timeline.length_ms()));
            for segment in timeline.segments() {
                if let SegmentKind::Transition(_) = segment.kind {
                    let (from, to) = (frame_ms(segment.start), frame_ms(segment.start + segment.frames));
                    // A millisecond for the rounding of frames to times.
                    prop_assert!(words.iter().all(|word| word.end_ms <= from + 1 || word.start_ms + 1 >= to));
                }
            }
        }

        #[test]
        fn captions_follow_each_other_and_hold_their_words(
            narrations in proptest::collection::vec(narration(), 1..5),
            transition_ms in 0..1_200_u32,
        ) {
            let timeline = plan(&narrations, transition_ms);
            let mut next = 0;
            for (at, group) in timeline.groups().iter().enumerate() {
                prop_assert_eq!(group.words.start, next);
                next = group.words.end;
                prop_assert!(group.from < group.until);
                prop_assert!(group.from <= timeline.word_frame(group.words.start).unwrap());
                if let Some(after) = timeline.groups().get(at + 1) {
                    prop_assert!(group.until <= after.from, "{:?} {:?}", group, after);
                }
                let last = timeline.words()[group.words.end - 1].start_ms;
                prop_assert!(frame_ms(group.until) + 17 > last);
            }
            prop_assert_eq!(next, timeline.words().len());
        }

        #[test]
        fn a_scene_lasts_as_long_wherever_it_stands(
            scene in narration(), before in narration(), other in narration(), transition_ms in 0..1_200_u32,
        ) {
            let lengths = |before: &Narration| {
                let timeline = plan(&[before.clone(), scene.clone(), other.clone()], transition_ms);
                (timeline.scenes()[1].frames, timeline.scenes()[1].word_frames.clone())
            };
            prop_assert_eq!(lengths(&before), lengths(&other));
        }
    }

    #[test]
    fn a_film_without_scenes_is_refused() {
        let input = TimelineInput {
            scenes: Vec::new(),
            transition_ms: 300,
        };
        assert_eq!(Timeline::plan(&input), Err(MediaError::NoScenes));
    }
}
