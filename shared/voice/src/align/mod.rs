//! A person's recording of given words: when each of them is heard in it, and whether they are what is said.
//!
//! The words are known, so nothing has to be recognised. The recording is laid beside the same words as a voice speaks them, whose word times are
//! known, by dynamic time warping over mel cepstra (H. Sakoe and S. Chiba, 1978; S. Davis and P. Mermelstein, 1980). Three things make it one of another
//! person's: pauses are places of their own, which may be as long as they like or absent; both sounds are heard with the noise of the noisier; and the
//! recording's spectrum is stretched to the length of throat that fits best (L. Lee and R. Rose, 1996).
//!
//! Whether the words are what is said is told by comparison: the same reference with its parts in another order is laid beside the recording, too. Who
//! says something else is no nearer to the words than to their parts in disorder.

mod cepstra;
mod course;

use std::ops::Range;

use domain::SpokenWord;

use self::cepstra::{FRAMES, Pair, Spectra};
use self::course::{Course, Place, course, places};
use crate::{Speech, timing};

/// Bumped when the same recording comes to have other times, another sound or other doubts.
pub const REVISION: u32 = 1;

/// How long the recording's throat may be next to the reference's: filters are moved by these shares.
const WARPS: [f32; 9] = [0.82, 0.88, 0.94, 1.0, 1.06, 1.12, 1.18, 1.24, 1.3];
/// Where the search for the best of them begins: none.
const UNWARPED: usize = 3;
/// How much nearer to its words a recording is than to their parts in disorder, at least ([`Aligned::likeness`]). `tests/aligns.rs` prints how near
/// to it people come from either side.
const LIKE: f32 = 0.052;
/// How near a line is to its words, at least, next to the middle one of all lines.
const LINE_LIKE: f32 = 0.3;
/// Frames of the parts that are brought into disorder: a syllable or two.
const PART: usize = 24;
/// Silence that belongs to the speech before and after it, in frames.
const AROUND: usize = 15;
/// How much speech there may be next to what a voice needs for the words, as a share: from hurried to drawn out.
const LENGTHS: Range<f32> = 0.5..3.0;
/// A word that begins or ends with a longer silence than this, in frames, begins after it or ends before it.
const CLOSURE: usize = 8;
/// Kept of the sound before the first word and after the last, in milliseconds: breath, and ends that fade.
const KEPT_MS: [usize; 2] = [150, 220];
/// A narration fades in and out over this long, in milliseconds.
const FADE_MS: usize = 20;
/// How loud a voice's words usually are, as the root mean square of their samples: -20 dB of full scale.
const USUAL_LEVEL: f32 = 3_277.0;
/// Highest absolute sample of a narration.
const PEAK: f32 = 0.95;

/// Why words can't be found in a recording.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AlignError {
    /// Nothing in it stands out from its noise.
    #[error("nobody is heard to speak in the recording: record it nearer to the microphone")]
    Silent,
    /// There is far too little or too much speech in it.
    #[error(
        "somebody speaks for {spoken:.1} s in the recording, and these words take about {needed:.1} s: record just them, one after the other"
    )]
    Length {
        /// Seconds of speech in the recording.
        spoken: f32,
        /// Seconds of speech that a voice needs.
        needed: f32,
    },
    /// There is far too little or too much speech where a scene is looked for.
    #[error(
        "scene {scene} should be said from {from:.1} s on, and somebody speaks for {spoken:.1} s there, where its words take about {needed:.1} s: record all scenes once, in their order"
    )]
    Scene {
        /// Its number, from 1.
        scene: usize,
        /// Where it is looked for, in seconds.
        from: f32,
        /// Seconds of speech there.
        spoken: f32,
        /// Seconds of speech that a voice needs.
        needed: f32,
    },
}

/// A recording with the times of its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Aligned {
    /// Every word in its order, with its time in the recording.
    pub words: Vec<SpokenWord>,
    /// How much nearer the recording is to its words than to their parts in disorder, as a share: about 0 where something else is said, 0.1 to 0.2
    /// for people, up to 0.9 for the very voice.
    pub likeness: f32,
    /// The lines, by their numbers, that don't seem to be what is said where they were looked for.
    pub doubtful: Vec<u32>,
}

/// Finds the words of `reference`, a voice's speech, in a recording of so many samples a second.
pub fn align(reference: &Speech, recording: &[i16], rate: u32) -> Result<Aligned, AlignError> {
    let beside = Beside::lay(reference, recording, rate)?;
    let (likeness, doubtful) = beside.doubts(&reference.words);
    Ok(Aligned {
        words: beside.words(&reference.words),
        likeness,
        doubtful,
    })
}

/// Parts a recording of all that is said in several scenes, one after the other: the samples that belong to each. `scenes` are a voice's speech of
/// them. Whether each part is what its scene says isn't looked at.
pub fn part(
    scenes: &[Speech],
    recording: &[i16],
    rate: u32,
) -> Result<Vec<Range<usize>>, AlignError> {
    let mut all = Speech {
        samples: Vec::new(),
        sample_rate: scenes.first().map_or(rate, |scene| scene.sample_rate),
        words: Vec::new(),
        unspoken: Vec::new(),
    };
    for (number, scene) in scenes.iter().enumerate() {
        let before = all.length_ms();
        let words = scene.words.iter().map(|word| SpokenWord {
            text: word.text.clone(),
            line: number as u32,
            start_ms: word.start_ms + before,
            end_ms: word.end_ms + before,
        });
        all.words.extend(words);
        all.samples.extend(&scene.samples);
    }
    let beside = Beside::lay(&all, recording, rate)?;
    let words = beside.words(&all.words);
    let ms = (recording.len() as u64 * 1000 / u64::from(rate)) as u32;
    let mut parts = Vec::with_capacity(scenes.len());
    for number in 0..scenes.len() as u32 {
        let begins = words.partition_point(|word| word.line < number);
        let ends = words.partition_point(|word| word.line <= number);
        // Half of the pause is the neighbour's.
        let edge = |at: usize| {
            let before = at.checked_sub(1).map_or(0, |last| words[last].end_ms);
            let after = words.get(at).map_or(ms, |next| next.start_ms);
            u32::midpoint(before, after)
        };
        let from = if begins == 0 { 0 } else { edge(begins) };
        let to = if ends == words.len() { ms } else { edge(ends) };
        let frame = |ms: u32| (ms as usize * FRAMES / 1000).min(beside.loud.len());
        let loud = &beside.loud[frame(from)..frame(to)];
        let spoken = loud.iter().filter(|loud| **loud).count();
        let needed = beside.frames[begins..ends].iter().map(Vec::len).sum();
        if !fits(spoken, needed) {
            return Err(AlignError::Scene {
                scene: number as usize + 1,
                from: from as f32 / 1000.0,
                spoken: seconds(spoken),
                needed: seconds(needed),
            });
        }
        let at = |ms: u32| (u64::from(ms) * u64::from(rate) / 1000) as usize;
        parts.push(at(from).min(recording.len())..at(to).min(recording.len()));
    }
    Ok(parts)
}

/// Whether so many frames of speech may be words that take a voice so many.
fn fits(spoken: usize, needed: usize) -> bool {
    LENGTHS.contains(&(spoken as f32 / needed.max(1) as f32))
}

fn seconds(frames: usize) -> f32 {
    frames as f32 / FRAMES as f32
}

/// The words spread over the speech of a recording as their own times are spread: where there is no voice to compare it with.
pub fn spread(
    words: &[SpokenWord],
    recording: &[i16],
    rate: u32,
) -> Result<Vec<SpokenWord>, AlignError> {
    let heard = Spectra::of(recording, rate);
    let loud = cepstra::speech(&heard.loudness).ok_or(AlignError::Silent)?;
    let frames: Vec<usize> = (0..loud.len()).filter(|at| loud[*at]).collect();
    let length: u32 = words.iter().map(|word| word.end_ms - word.start_ms).sum();
    let (mut said, mut spread) = (0, Vec::with_capacity(words.len()));
    for word in words {
        let at = |said: u32| said as usize * frames.len() / length.max(1) as usize;
        let first = frames.get(at(said)).or(frames.last());
        said += word.end_ms - word.start_ms;
        let last = at(said).checked_sub(1).and_then(|last| frames.get(last));
        let ms = |frame: usize| (frame * 1000 / FRAMES) as u32;
        spread.push(SpokenWord {
            start_ms: ms(first.copied().unwrap_or_default()),
            end_ms: ms(last.copied().unwrap_or_default() + 1),
            ..word.clone()
        });
    }
    Ok(timing::settle(spread, (loud.len() * 1000 / FRAMES) as u32))
}

/// A recording laid beside its words.
struct Beside {
    pair: Pair,
    loud: Vec<bool>,
    /// The reference's frames of each word.
    frames: Vec<Vec<usize>>,
    course: Course,
}

impl Beside {
    fn lay(reference: &Speech, recording: &[i16], rate: u32) -> Result<Self, AlignError> {
        let spoken = Spectra::of(&reference.samples, reference.sample_rate);
        let heard = Spectra::of(recording, rate);
        let loud = cepstra::speech(&heard.loudness).ok_or(AlignError::Silent)?;
        let frame = |ms: u32| (ms as usize * FRAMES / 1000).min(spoken.loudness.len());
        let words = reference.words.iter();
        let frames: Vec<Vec<usize>> = words
            .map(|word| (frame(word.start_ms)..frame(word.end_ms)).collect())
            .collect();
        let needed = frames.iter().map(Vec::len).sum::<usize>();
        let count = loud.iter().filter(|loud| **loud).count();
        let length = AlignError::Length {
            spoken: seconds(count),
            needed: seconds(needed),
        };
        if !fits(count, needed) {
            return Err(length);
        }
        let mut spoken_loud = vec![false; spoken.loudness.len()];
        frames
            .iter()
            .flatten()
            .for_each(|at| spoken_loud[*at] = true);
        let places = places(&frames);
        let through = |warp: usize| {
            let pair = Pair::of(&spoken, &heard, [&spoken_loud, &loud], WARPS[warp]);
            let course = course(&places, &pair.reference, &pair.recording, &loud)?;
            Some((course.costs.iter().sum::<f32>(), pair, course))
        };
        // Costs have one valley: down it from the middle, to the one side and else to the other.
        let mut best = through(UNWARPED).ok_or(length)?;
        for side in [1, -1] {
            let mut moved = false;
            let mut warp = UNWARPED;
            while let Some(next) = warp.checked_add_signed(side).filter(|at| *at < WARPS.len()) {
                match through(next) {
                    Some(nearer) if nearer.0 < best.0 => best = nearer,
                    _ => break,
                }
                (warp, moved) = (next, true);
            }
            if moved {
                break;
            }
        }
        let (_, pair, course) = best;
        Ok(Self {
            pair,
            loud,
            frames,
            course,
        })
    }

    /// The frames of the recording that each word takes; none where it was passed over.
    fn spans(&self) -> Vec<Option<Range<usize>>> {
        let mut spans: Vec<Option<Range<usize>>> = vec![None; self.frames.len()];
        for (time, place) in self.course.at.iter().enumerate() {
            if let Place::Word(word, _) = place {
                let span = spans[*word].get_or_insert(time..time);
                span.end = time + 1;
            }
        }
        for span in spans.iter_mut().flatten() {
            let loud = &self.loud[span.clone()];
            let before = loud.iter().take_while(|loud| !**loud).count();
            let after = loud.iter().rev().take_while(|loud| !**loud).count();
            if before > CLOSURE && before < loud.len() {
                span.start += before - CLOSURE / 2;
            }
            if after > CLOSURE && after < loud.len() {
                span.end -= after - CLOSURE / 2;
            }
        }
        spans
    }

    fn words(&self, words: &[SpokenWord]) -> Vec<SpokenWord> {
        let ms = |frame: usize| (frame * 1000 / FRAMES) as u32;
        let spans = timing::fill(&self.spans());
        let words = words.iter().zip(spans).map(|(word, span)| SpokenWord {
            text: word.text.clone(),
            line: word.line,
            start_ms: ms(span.start),
            end_ms: ms(span.end),
        });
        timing::settle(words.collect(), ms(self.loud.len()))
    }

    /// How like the words what is said is, and the lines that aren't what is said.
    fn doubts(&self, words: &[SpokenWord]) -> (f32, Vec<u32>) {
        let disorder = self.disorder();
        let counted = self.counted();
        let cost = |course: &Course, frames: Range<usize>| -> f32 {
            let costs = course.costs[frames.clone()].iter().zip(&counted[frames]);
            costs
                .filter(|(_, counted)| **counted)
                .map(|(cost, _)| cost)
                .sum()
        };
        let like = |frames: Range<usize>| {
            let costs = disorder.iter().map(|course| cost(course, frames.clone()));
            let other = costs.sum::<f32>() / disorder.len() as f32;
            // Nothing to compare with is nothing to believe.
            (1.0 - cost(&self.course, frames) / other).max(0.0)
        };
        let spans = self.spans();
        let mut lines: Vec<(u32, Range<usize>)> = Vec::new();
        for (word, span) in words.iter().zip(&spans) {
            let Some(span) = span else { continue };
            match lines.last_mut() {
                Some((line, frames)) if *line == word.line => frames.end = span.end,
                _ => lines.push((word.line, span.clone())),
            }
        }
        let likeness = like(0..self.loud.len());
        let lines = lines.into_iter().map(|(line, frames)| (line, like(frames)));
        let lines: Vec<(u32, f32)> = lines.collect();
        let mut sorted: Vec<f32> = lines.iter().map(|(_, like)| *like).collect();
        sorted.sort_by(f32::total_cmp);
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let least = LIKE.max(LINE_LIKE * middle);
        let doubtful = lines
            .iter()
            .filter(|(_, like)| likeness < LIKE || *like < least);
        (likeness, doubtful.map(|(line, _)| *line).collect())
    }

    /// The frames by which it is judged: a long silence says nothing of what is said around it.
    fn counted(&self) -> Vec<bool> {
        let mut counted = vec![false; self.loud.len()];
        for at in (0..self.loud.len()).filter(|at| self.loud[*at]) {
            let end = (at + AROUND + 1).min(counted.len());
            counted[at.saturating_sub(AROUND)..end].fill(true);
        }
        counted
    }

    /// The recording laid beside the same sounds in other orders: from back to front, from the middle on, both, and every other or third one first.
    fn disorder(&self) -> Vec<Course> {
        let all: Vec<usize> = self.frames.iter().flatten().copied().collect();
        let parts: Vec<Vec<usize>> = all.chunks(PART).map(<[usize]>::to_vec).collect();
        let turned = |mut parts: Vec<Vec<usize>>, by: usize| {
            let middle = parts.len() / by;
            parts.rotate_left(middle);
            parts
        };
        let combed = |teeth: usize| -> Vec<Vec<usize>> {
            let tooth = |from: usize| parts.iter().skip(from).step_by(teeth).cloned();
            (0..teeth).rev().flat_map(tooth).collect()
        };
        let back: Vec<Vec<usize>> = parts.iter().rev().cloned().collect();
        let orders = [
            back.clone(),
            turned(parts.clone(), 2),
            turned(back, 3),
            combed(2),
            combed(3),
        ];
        let courses = orders.iter().filter_map(|parts| {
            let (reference, recording) = (&self.pair.reference, &self.pair.recording);
            course(&places(parts), reference, recording, &self.loud)
        });
        courses.collect()
    }
}

/// A recording as the narration of a scene: without what is before its first word and after its last, and as loud as `reference`, or as voices usually
/// are. The words' times move along.
pub fn narration(
    reference: Option<&Speech>,
    recording: &[i16],
    rate: u32,
    words: &[SpokenWord],
) -> Speech {
    let at = |ms: usize| ms * rate as usize / 1000;
    let (first, last) = (words.first(), words.last());
    let start = first.map_or(0, |word| word.start_ms as usize);
    let start = start.saturating_sub(KEPT_MS[0]);
    let end = last.map_or(0, |word| word.end_ms as usize) + KEPT_MS[1];
    let part = at(start).min(recording.len())..at(end).min(recording.len());
    let part = &recording[part];
    let wanted = reference.map_or(USUAL_LEVEL, |reference| {
        level(&reference.samples, &reference.words, reference.sample_rate)
    });
    let gain = wanted / level(recording, words, rate).max(1.0);
    let peak = part.iter().map(|sample| sample.unsigned_abs()).max();
    let most = PEAK * f32::from(i16::MAX) / f32::from(peak.unwrap_or(0).max(1));
    let gain = gain.min(most);
    let fade = at(FADE_MS).min(part.len() / 2);
    let samples = part.iter().enumerate().map(|(at, sample)| {
        let edge = (at + 1).min(part.len() - at);
        let share = (edge as f32 / fade.max(1) as f32).min(1.0);
        (f32::from(*sample) * gain * share).round() as i16
    });
    let words = words.iter().map(|word| SpokenWord {
        start_ms: word.start_ms - start as u32,
        end_ms: word.end_ms - start as u32,
        ..word.clone()
    });
    Speech {
        samples: samples.collect(),
        sample_rate: rate,
        words: words.collect(),
        unspoken: Vec::new(),
    }
}

/// How loud words are: the root mean square of their samples.
fn level(samples: &[i16], words: &[SpokenWord], rate: u32) -> f32 {
    let at = |ms: u32| (ms as usize * rate as usize / 1000).min(samples.len());
    let spoken = words
        .iter()
        .flat_map(|word| &samples[at(word.start_ms)..at(word.end_ms)]);
    let (mut sum, mut count) = (0.0_f64, 0_u32);
    for sample in spoken {
        sum += f64::from(*sample).powi(2);
        count += 1;
    }
    (sum / f64::from(count.max(1))).sqrt() as f32
}
