//! Sound to AAC-LC, by the Fraunhofer encoder.

use fdk_aac::enc::{
    AudioObjectType, BitRate, ChannelMode, Encoder, EncoderError, EncoderParams, Transport,
};

use crate::MediaError;
use crate::timeline::SAMPLE_RATE;

/// Bits a second.
pub(crate) const BIT_RATE: u32 = 128_000;
/// Samples in one coded frame.
pub(crate) const FRAME: usize = 1024;

/// Coded sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Track {
    /// The AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).
    pub(crate) config: Vec<u8>,
    /// Coded frames of 1024 samples in order.
    pub(crate) frames: Vec<Vec<u8>>,
    /// Samples that come out before the first that went in.
    pub(crate) delay: usize,
    /// Samples that went in.
    pub(crate) samples: usize,
}

fn failed(error: EncoderError) -> MediaError {
    MediaError::Aac(error.to_string())
}

/// Codes one channel as two equal ones, at 48 kHz: what every player takes; the second costs next to nothing.
pub(crate) fn encode(samples: &[f32]) -> Result<Track, MediaError> {
    let encoder = Encoder::new(EncoderParams {
        bit_rate: BitRate::Cbr(BIT_RATE),
        sample_rate: SAMPLE_RATE,
        transport: Transport::Raw,
        channels: ChannelMode::Stereo,
        audio_object_type: AudioObjectType::Mpeg4LowComplexity,
    })
    .map_err(failed)?;
    let info = encoder.info().map_err(failed)?;
    let config = info
        .confBuf
        .get(..info.confSize as usize)
        .unwrap_or_default()
        .to_vec();
    let delay = info.nDelay as usize;
    if info.frameLength as usize != FRAME || config.is_empty() {
        return Err(MediaError::Aac(format!(
            "it codes {} samples a frame instead of {FRAME}",
            info.frameLength
        )));
    }
    // What went in last comes out whole only `delay` samples later.
    let wanted = (samples.len() + delay).div_ceil(FRAME);
    let mut frames = Vec::with_capacity(wanted);
    let mut output = vec![0; 8192];
    let mut input = vec![0_i16; 2 * FRAME];
    let mut at = 0;
    while frames.len() < wanted {
        for (place, pair) in input.chunks_exact_mut(2).enumerate() {
            let sample = samples.get(at + place).copied().unwrap_or(0.0);
            pair.fill((sample * 32768.0).round().clamp(-32768.0, 32767.0) as i16);
        }
        at += FRAME;
        let mut rest = &input[..];
        while !rest.is_empty() {
            let done = encoder.encode(rest, &mut output).map_err(failed)?;
            if done.output_size > 0 {
                frames.push(output[..done.output_size].to_vec());
            } else if done.input_consumed == 0 {
                return Err(MediaError::Aac(
                    "it takes no more samples and gives none back".to_owned(),
                ));
            }
            rest = rest.get(done.input_consumed..).unwrap_or_default();
        }
    }
    frames.truncate(wanted);
    Ok(Track {
        config,
        frames,
        delay,
        samples: samples.len(),
    })
}
