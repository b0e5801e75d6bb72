//! The acoustic model: phoneme ids in, samples and the length of each phoneme out.
//!
//! Piper's models are VITS (Kim, Kong and Son 2021): a text encoder, a stochastic duration predictor, a flow and a
//! HiFi-GAN decoder in one ONNX graph, which draws its noise inside. Here the graph runs in two halves, cut where the
//! durations are known, and the noise of both halves comes in from outside. So the same text gives the same sound,
//! and the durations, which the graph keeps to itself, tell when each phoneme is spoken.

use std::ops::Range;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use crate::VoiceError;
use crate::noise::Noise;

/// Samples of sound that one frame of the model stands for.
pub(crate) const HOP: usize = 256;

/// Frames that are decoded at once, 1.5 s: fewer cost time, more cost memory (0.2 MB each).
const WINDOW: usize = 128;
/// Frames to either side that a sample depends on: 11 by the kernels and dilations of Piper's medium decoder, and some
/// to spare for other sizes.
const REACH: usize = 14;

/// Values of the graph by their names in the export of every Piper voice.
struct Nodes {
    input: NodeId,
    input_lengths: NodeId,
    scales: NodeId,
    output: NodeId,
    /// Frames a phoneme, [1, 1, phonemes].
    durations: NodeId,
    /// Mean of the prior, stretched to frames: [1, channels, frames].
    mean: NodeId,
    /// Its standard deviation, likewise.
    deviation: NodeId,
    /// Noise of the duration predictor: [1, 2, phonemes].
    duration_noise: NodeId,
    /// Noise of the prior, shaped as `mean`.
    sound_noise: NodeId,
    /// What the decoder makes sound of: [1, channels, frames].
    latent: NodeId,
}

impl Nodes {
    fn find(model: &Model) -> Result<Self, String> {
        let find = |name: &str| {
            model.find_node(name).ok_or_else(|| {
                format!("its graph has no {name}; is it a Piper voice of one speaker?")
            })
        };
        Ok(Self {
            input: find("input")?,
            input_lengths: find("input_lengths")?,
            scales: find("scales")?,
            output: find("output")?,
            durations: find("/Ceil_output_0")?,
            mean: find("/Transpose_3_output_0")?,
            deviation: find("/Exp_1_output_0")?,
            duration_noise: find("/dp/RandomNormalLike_output_0")?,
            sound_noise: find("/RandomNormalLike_output_0")?,
            latent: find("/Mul_7_output_0")?,
        })
    }
}

/// How the model speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Spread of the sound's noise: 0 is flat, 1 is lively and rough.
    pub(crate) noise: f32,
    /// Factor on every duration.
    pub(crate) length: f32,
    /// Spread of the durations' noise.
    pub(crate) duration_noise: f32,
}

/// What the model made of some phonemes.
pub(crate) struct Utterance {
    /// Samples, about -1 to 1: [`HOP`] for each frame.
    pub(crate) samples: Vec<f32>,
    /// Frames of each id that went in.
    pub(crate) frames: Vec<u32>,
}

pub(crate) struct Acoustic {
    model: Model,
    nodes: Nodes,
}

impl Acoustic {
    pub(crate) fn load(path: &Path, bytes: Vec<u8>) -> Result<Self, VoiceError> {
        let model =
            ModelOptions::with_all_ops()
                .load(bytes)
                .map_err(|error| VoiceError::Damaged {
                    path: path.to_path_buf(),
                    reason: error.to_string(),
                })?;
        let nodes = Nodes::find(&model).map_err(|reason| VoiceError::Unsupported {
            path: path.to_path_buf(),
            reason,
        })?;
        Ok(Self { model, nodes })
    }

    /// Speaks the ids; a run of ids in `least` takes at least so many frames. Beside the caller's thread it decodes on one more if there is
    /// `another` that may be used. The error is the engine's own words.
    pub(crate) fn speak<Hand: Send>(
        &self,
        ids: &[i32],
        manner: Manner,
        least: &[(Range<usize>, u32)],
        another: &impl Fn() -> Option<Hand>,
    ) -> Result<Utterance, String> {
        let alone = alone();
        let options = || Some(alone.clone());
        let nodes = &self.nodes;
        let mut noise = Noise::for_ids(ids);

        let input = Tensor::from_data(&[1, ids.len()], ids.to_vec());
        let input_lengths = Tensor::from_data(&[1], vec![ids.len() as i32]);
        let scales = Tensor::from_data(
            &[3],
            vec![manner.noise, manner.length, manner.duration_noise],
        );
        let duration_noise = Tensor::from_data(&[1, 2, ids.len()], noise.fill(2 * ids.len()));
        let given = || {
            vec![
                (nodes.input, input.view().into()),
                (nodes.input_lengths, input_lengths.view().into()),
                (nodes.scales, scales.view().into()),
                (nodes.duration_noise, duration_noise.view().into()),
            ]
        };
        let [durations, mean, deviation] = self
            .model
            .run_n(
                given(),
                [nodes.durations, nodes.mean, nodes.deviation],
                options(),
            )
            .map_err(|error| error.to_string())?;
        let durations: Tensor<f32> = floats(durations)?;
        let mut frames: Vec<u32> = durations
            .iter()
            .map(|&frames| frames.max(0.0) as u32)
            .collect();
        let sources = lengthen(&mut frames, least);
        let lengths: Vec<f32> = frames.iter().map(|&frames| frames as f32).collect();
        let durations = Tensor::from_data(durations.shape(), lengths);
        let mean = gathered(&floats(mean)?, &sources)?;
        let deviation = gathered(&floats(deviation)?, &sources)?;

        let sound_noise = Tensor::from_data(mean.shape(), noise.fill(mean.len()));
        let mut known = given();
        known.push((nodes.durations, durations.view().into()));
        known.push((nodes.mean, mean.view().into()));
        known.push((nodes.deviation, deviation.view().into()));
        known.push((nodes.sound_noise, sound_noise.view().into()));
        let [latent] = self
            .model
            .run_n(known, [nodes.latent], options())
            .map_err(|error| error.to_string())?;
        let samples = self.decode(&floats(latent)?, alone.clone(), another)?;
        Ok(Utterance { samples, frames })
    }

    /// Decodes window by window: the decoder's convolutions look at most [`REACH`] frames to either side, so the joined
    /// windows are what one run would give, for a tenth of its memory.
    fn decode<Hand: Send>(
        &self,
        latent: &Tensor<f32>,
        options: RunOptions,
        another: &impl Fn() -> Option<Hand>,
    ) -> Result<Vec<f32>, String> {
        let &[1, channels, frames] = latent.shape() else {
            return Err(format!("its latent has the shape {:?}", latent.shape()));
        };
        let values: Vec<f32> = latent.iter().copied().collect();
        let window = |start: usize, options: RunOptions| -> Result<Vec<f32>, String> {
            let end = (start + WINDOW).min(frames);
            let (from, to) = (start.saturating_sub(REACH), (end + REACH).min(frames));
            let part: Vec<f32> = values
                .chunks_exact(frames)
                .flat_map(|channel| &channel[from..to])
                .copied()
                .collect();
            let part = Tensor::from_data(&[1, channels, to - from], part);
            let known = vec![(self.nodes.latent, part.view().into())];
            let [sound] = self
                .model
                .run_n(known, [self.nodes.output], Some(options))
                .map_err(|error| error.to_string())?;
            let sound: Vec<f32> = floats(sound)?.iter().copied().collect();
            let kept = (start - from) * HOP..(end - from) * HOP;
            let kept = sound.get(kept).ok_or("its decoder gave too few samples")?;
            Ok(kept.to_vec())
        };
        let starts: Vec<usize> = (0..frames).step_by(WINDOW).collect();
        let next = AtomicUsize::new(0);
        let some = |options: RunOptions| {
            let mut decoded = Vec::new();
            while let Some(start) = starts.get(next.fetch_add(1, Ordering::Relaxed)) {
                decoded.push((*start, window(*start, options.clone())));
            }
            decoded
        };
        let hand = if starts.len() > 1 { another() } else { None };
        let mut decoded = thread::scope(|scope| {
            let beside = hand.map(|hand| {
                scope.spawn(|| {
                    let _until_it_is_decoded = hand;
                    some(alone())
                })
            });
            let mut decoded = some(options);
            if let Some(beside) = beside {
                decoded.extend(beside.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            decoded
        });
        decoded.sort_by_key(|(start, _)| *start);
        let mut samples = Vec::with_capacity(frames * HOP);
        for (_, window) in decoded {
            samples.extend(window?);
        }
        Ok(samples)
    }
}

/// One thread, so that no sum is taken in another order on a machine with another number of cores; and one for each caller, as callers that share
/// a pool would queue.
fn alone() -> RunOptions {
    let pool = Arc::new(ThreadPool::with_num_threads(1));
    RunOptions::default().with_thread_pool(Some(pool))
}

/// Gives runs of ids at least their frames, and tells of which of the frames before each of the frames is a copy.
fn lengthen(frames: &mut [u32], least: &[(Range<usize>, u32)]) -> Vec<usize> {
    let before = frames.to_vec();
    for (run, least) in least {
        let run = frames.get_mut(run.clone()).unwrap_or_default();
        let missing = least.saturating_sub(run.iter().sum());
        // The mark itself: what follows is its pad, and a space.
        if let Some(first) = run.first_mut() {
            *first += missing;
        }
    }
    let mut sources = Vec::new();
    let mut start = 0;
    for (before, now) in before.iter().zip(frames.iter()) {
        let (before, now) = (*before as usize, *now as usize);
        // An id's frames are all alike up to here.
        sources.extend(std::iter::repeat_n(start, now.saturating_sub(before)));
        sources.extend(start..start + before);
        start += before;
    }
    sources
}

/// A tensor of the shape [1, channels, frames] with other frames.
fn gathered(values: &Tensor<f32>, sources: &[usize]) -> Result<Tensor<f32>, String> {
    let &[1, channels, frames] = values.shape() else {
        return Err(format!("its prior has the shape {:?}", values.shape()));
    };
    let known: Vec<f32> = values.iter().copied().collect();
    // An id that the model gave no frame has none to be copied: its neighbour's stands for it.
    let last = frames.saturating_sub(1);
    let gathered: Vec<f32> = known
        .chunks_exact(frames.max(1))
        .flat_map(|channel| sources.iter().map(|&source| channel[source.min(last)]))
        .collect();
    Ok(Tensor::from_data(&[1, channels, sources.len()], gathered))
}

fn floats(value: Value) -> Result<Tensor<f32>, String> {
    value
        .try_into()
        .map_err(|_| "a tensor of the graph is not of type f32".to_owned())
}

#[cfg(test)]
mod tests {
    use rten_tensor::Tensor;
    use rten_tensor::prelude::*;

    use super::{gathered, lengthen};

    #[test]
    fn runs_of_ids_get_their_frames_and_the_others_keep_theirs() {
        let mut frames = vec![2, 1, 0, 3];
        let sources = lengthen(&mut frames, &[(1..3, 4), (3..4, 2)]);
        assert_eq!(frames, [2, 4, 0, 3]);
        assert_eq!(sources, [0, 1, 2, 2, 2, 2, 3, 4, 5]);
        let values: Vec<f32> = (0..12).map(|at| at as f32).collect();
        let prior = Tensor::from_data(&[1, 2, 6], values);
        let longer = gathered(&prior, &sources).map(|longer| longer.to_vec());
        let second = longer.as_deref().map(|longer| &longer[9..]);
        assert_eq!(
            second,
            Ok(&[6.0, 7.0, 8.0, 8.0, 8.0, 8.0, 9.0, 10.0, 11.0][..])
        );
    }
}
