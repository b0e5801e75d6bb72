//! The embedded voice.

use std::ops::Range;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use domain::{Pronunciations, SpokenWord};

use crate::error::excerpt;
use crate::install::Installed;
use crate::model::{Acoustic, HOP, Manner};
use crate::pauses::{self, Gap};
use crate::phonemes::{Ids, Sequence, Utterable, to_ipa};
use crate::sound::Joiner;
use crate::spoken::{self, Piece, Reading, Say};
use crate::{Speech, VoiceError, pronounce, timing};

/// Bumped when the same text comes to sound otherwise than before.
const REVISION: u32 = 2;

/// Milliseconds of silence that stand for a written word that has no sound: a symbol, or a word of another script.
const SYMBOL_MS: usize = 60;
const UNREADABLE_MS: usize = 200;

/// A sentence's samples, and the samples that each of its written words (by index) takes.
type Heard = (Vec<f32>, Vec<(usize, Range<usize>)>);

/// A Piper voice of English, loaded. Speaking takes `&self` and one thread: several scenes can be spoken side by side.
pub struct Voice {
    model: Acoustic,
    ids: Ids,
    sample_rate: u32,
    manner: Manner,
    digest: String,
}

impl Voice {
    /// Loads the voice in a folder: one `NAME.onnx` with its `NAME.onnx.json`, held to `voice.sha256` where that is
    /// there (scripts/fetch-voice.sh writes it).
    pub fn load(dir: &Path) -> Result<Self, VoiceError> {
        thread::spawn(pronounce::warm_up);
        let Installed {
            onnx,
            model,
            config,
            digest,
        } = Installed::read(dir)?;
        let ids = Ids::new(&config, &onnx)?;
        let manner = Manner {
            noise: config.inference.noise_scale,
            length: config.inference.length_scale,
            duration_noise: config.inference.noise_w,
        };
        let model = Acoustic::load(&onnx, model)?;
        Ok(Self {
            model,
            ids,
            sample_rate: config.audio.sample_rate,
            manner,
            digest,
        })
    }

    /// Names everything that the sound depends on beside text and pace: equal fingerprints, equal sounds.
    pub fn fingerprint(&self) -> String {
        format!(
            "piper/{REVISION} rten/0.27 misaki/0.8 voice/{}",
            self.digest
        )
    }

    /// Speaks the lines of one scene, one after the other, some words as `own` says them. `pace` is 1 for the voice's own, more for faster.
    pub fn speak(
        &self,
        lines: &[String],
        own: &Pronunciations,
        pace: f32,
    ) -> Result<Speech, VoiceError> {
        self.speak_with(lines, own, pace, || None::<()>)
    }

    /// The same, sentences and parts of them on threads of their own as long as there is `another` that may be used: until what it gave is
    /// dropped. The sound is the same on any number of them.
    pub fn speak_with<Hand: Send>(
        &self,
        lines: &[String],
        own: &Pronunciations,
        pace: f32,
        another: impl Fn() -> Option<Hand> + Sync,
    ) -> Result<Speech, VoiceError> {
        if !(0.5..=2.0).contains(&pace) {
            return Err(VoiceError::Pace(pace));
        }
        let manner = Manner {
            length: self.manner.length / pace,
            ..self.manner
        };
        let readings: Vec<Reading> = lines.iter().map(|line| spoken::read(line, own)).collect();
        let sentences = readings.iter().flat_map(|reading| &reading.sentences);
        let sentences: Vec<&[Piece]> = sentences.map(Vec::as_slice).collect();
        let mut heard = self
            .sentences(&sentences, manner, pace, another)?
            .into_iter();
        let mut joiner = Joiner::new(self.sample_rate, pace);
        let mut words = Vec::new();
        let mut unspoken = Vec::new();
        for (at, reading) in readings.into_iter().enumerate() {
            unspoken.extend(
                reading
                    .unspoken
                    .iter()
                    .map(|&word| reading.words[word].clone()),
            );
            let spans = line(&reading, &mut heard, &mut joiner);
            joiner.line();
            let ms = |sample: usize| (sample as u64 * 1000 / u64::from(self.sample_rate)) as u32;
            words.extend(
                reading
                    .words
                    .into_iter()
                    .zip(spans)
                    .map(|(text, span)| SpokenWord {
                        text,
                        line: at as u32,
                        start_ms: ms(span.start),
                        end_ms: ms(span.end),
                    }),
            );
        }
        let mut speech = Speech {
            samples: joiner.finish(),
            sample_rate: self.sample_rate,
            words: Vec::new(),
            unspoken,
        };
        speech.words = timing::settle(words, speech.length_ms());
        Ok(speech)
    }

    /// Sentences, in their order.
    fn sentences<Hand: Send>(
        &self,
        sentences: &[&[Piece]],
        manner: Manner,
        pace: f32,
        another: impl Fn() -> Option<Hand> + Sync,
    ) -> Result<Vec<Heard>, VoiceError> {
        let mut heard: Vec<(usize, Result<Heard, VoiceError>)> = thread::scope(|scope| {
            let mut left = sentences.iter().enumerate();
            let (mut here, mut beside) = (Vec::new(), Vec::new());
            let another = &another;
            while let Some((at, sentence)) = left.next() {
                if left.len() > 0
                    && let Some(hand) = another()
                    && let Some((at, sentence)) = left.next()
                {
                    beside.push(scope.spawn(move || {
                        let _until_it_is_spoken = hand;
                        (at, self.sentence(sentence, manner, pace, another))
                    }));
                }
                here.push((at, self.sentence(sentence, manner, pace, another)));
            }
            let beside = beside.into_iter().map(ScopedJoinHandle::join);
            here.extend(beside.map(|spoken| spoken.unwrap_or_else(|panic| resume_unwind(panic))));
            here
        });
        heard.sort_by_key(|(at, _)| *at);
        heard.into_iter().map(|(_, heard)| heard).collect()
    }

    /// One sentence: its samples, and where in them each of its written words is heard.
    fn sentence<Hand: Send>(
        &self,
        pieces: &[Piece],
        manner: Manner,
        pace: f32,
        another: &impl Fn() -> Option<Hand>,
    ) -> Result<Heard, VoiceError> {
        let mut sequence = Sequence::new(&self.ids);
        for (at, (piece, phonemes)) in pieces.iter().zip(pronounce::sentence(pieces)).enumerate() {
            if at > 0 {
                sequence.space(piece.word, pieces[at - 1].after.is_some());
            }
            match &piece.say {
                Say::Ipa { ipa, .. } => sequence.word(ipa, piece.word),
                _ => sequence.word(&to_ipa(&phonemes), piece.word),
            }
            if let Some(mark) = piece.after {
                sequence.mark(mark);
            }
        }
        let Utterable {
            numbers,
            owners,
            mut marks,
        } = sequence.finish();
        // The pause after the last is the joiner's.
        marks.retain(|(_, ids)| ids.end < numbers.len() - 1);
        let pause = |mark: char| {
            let ms = pauses::after(Some(mark)) as f32 / pace;
            (ms * self.sample_rate as f32 / 1000.0) as usize
        };
        // The model itself is to be silent: so words before a pause fade as they should.
        let least: Vec<(Range<usize>, u32)> = marks
            .iter()
            .map(|(mark, ids)| (ids.clone(), (pause(*mark) / HOP) as u32))
            .collect();
        let mut utterance = self
            .model
            .speak(&numbers, manner, &least, another)
            .map_err(|reason| VoiceError::Inference {
                text: excerpt(&spoken::plain(pieces)),
                reason,
            })?;
        let mut words: Vec<(usize, Range<usize>)> = Vec::new();
        let mut at = 0;
        let mut starts = Vec::with_capacity(owners.len());
        for (owner, frames) in owners.into_iter().zip(utterance.frames) {
            let end = at + frames as usize * HOP;
            starts.push(at);
            if let Some(owner) = owner {
                match words.last_mut() {
                    Some((word, span)) if *word == owner => span.end = end,
                    _ => words.push((owner, at..end)),
                }
            }
            at = end;
        }
        let gaps: Vec<Gap> = marks
            .into_iter()
            .map(|(mark, ids)| Gap {
                mark: starts[ids.start]..starts[ids.end],
                length: pause(mark),
            })
            .collect();
        let rate = self.sample_rate as usize;
        pauses::set(&mut utterance.samples, &mut words, &gaps, rate);
        Ok((utterance.samples, words))
    }
}

/// One line, whose sentences are the next that were `heard`, added to the scene: where each of its written words is, in samples.
fn line(
    reading: &Reading,
    heard: &mut impl Iterator<Item = Heard>,
    joiner: &mut Joiner,
) -> Vec<Range<usize>> {
    let mut spans: Vec<Option<Range<usize>>> = vec![None; reading.words.len()];
    let rest = |spans: &mut [Option<Range<usize>>], words: Range<usize>, joiner: &mut Joiner| {
        for word in words {
            let ms = if reading.unspoken.contains(&word) {
                UNREADABLE_MS
            } else {
                SYMBOL_MS
            };
            spans[word] = Some(joiner.rest(ms));
        }
    };
    let mut next = 0;
    for (sentence, (sound, mut heard)) in reading.sentences.iter().zip(heard) {
        let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else {
            continue;
        };
        rest(&mut spans, next..first.word, joiner);
        next = last.word + 1;
        joiner.sentence(&sound, &mut heard, last.after);
        for (word, span) in heard {
            match &mut spans[word] {
                Some(known) => known.end = known.end.max(span.end),
                unknown => *unknown = Some(span),
            }
        }
    }
    rest(&mut spans, next..reading.words.len(), joiner);
    timing::fill(&spans)
}
