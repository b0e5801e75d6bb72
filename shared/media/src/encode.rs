//! Frames to H.264, by OpenH264.

use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, IntraFramePeriod, Profile, QpRange,
    RateControlMode, SpsPpsStrategy, UsageType, VuiConfig,
};

use crate::MediaError;
use crate::planes::Planes;
use crate::timeline::FPS;

/// What the settings below are known by in segments' keys.
pub(crate) const SETTINGS: &str = "openh264 0.9, quantiser 22, low complexity, one slice, bt709";

/// Chosen by eye and by figures: at 26 the edges of faint shapes fray; 22 takes a third more bytes (about 1.1 Mbit/s for a film of type
/// over gradients), 20 nearly a half.
const QUANTISER: u8 = 22;
/// A bit rate that the encoder asks for and, with one quantiser, has no use for.
const NOMINAL: u32 = 10_000_000;

/// One coded frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessUnit {
    /// Whether decoding can start here (an IDR picture).
    pub(crate) key: bool,
    /// NAL units, each after its length in four bytes (ISO/IEC 14496-15), without parameter sets.
    pub(crate) data: Vec<u8>,
}

/// The sequence and picture parameter sets, without start codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParameterSets {
    pub(crate) sps: Vec<u8>,
    pub(crate) pps: Vec<u8>,
}

/// Codes one closed group of pictures: an IDR picture, then pictures that refer only backwards. One thread, so the same frames give the
/// same bytes.
pub(crate) struct Coder {
    encoder: Encoder,
    pub(crate) sets: ParameterSets,
}

const NAL_IDR: u8 = 5;
const NAL_SPS: u8 = 7;
const NAL_PPS: u8 = 8;

fn failed(error: &openh264::Error) -> MediaError {
    MediaError::H264 {
        what: "a frame".to_owned(),
        cause: error.to_string(),
    }
}

impl Coder {
    pub(crate) fn new() -> Result<Self, MediaError> {
        // The same quantiser for every picture: the buffer-based rate control, given one value for least and most, does nothing else.
        // What makes quality waver with content (adaptive quantisation, background detection) shows as specks in smooth
        // gradients, so it is off.
        let config = EncoderConfig::new()
            .rate_control_mode(RateControlMode::Bufferbased)
            .qp(QpRange::new(QUANTISER, QUANTISER))
            .bitrate(BitRate::from_bps(NOMINAL))
            .skip_frames(false)
            .max_frame_rate(FrameRate::from_hz(FPS as f32))
            .usage_type(UsageType::CameraVideoRealTime)
            .complexity(Complexity::Low)
            .profile(Profile::Baseline)
            .sps_pps_strategy(SpsPpsStrategy::ConstantId)
            .intra_frame_period(IntraFramePeriod::from_num_frames(0))
            .scene_change_detect(false)
            .adaptive_quantization(false)
            .background_detection(false)
            .num_threads(1)
            .vui(VuiConfig::bt709());
        let encoder = Encoder::with_api_config(OpenH264API::from_source(), config)
            .map_err(|error| failed(&error))?;
        Ok(Self {
            encoder,
            sets: ParameterSets::default(),
        })
    }

    /// Codes the next frame.
    pub(crate) fn push(&mut self, frame: &Planes) -> Result<AccessUnit, MediaError> {
        let stream = self.encoder.encode(frame).map_err(|error| failed(&error))?;
        let mut unit = AccessUnit {
            key: false,
            data: Vec::new(),
        };
        for layer in (0..stream.num_layers()).filter_map(|at| stream.layer(at)) {
            for nal in (0..layer.nal_count()).filter_map(|at| layer.nal_unit(at)) {
                let nal = bare(nal);
                match nal.first().map_or(0, |header| header & 0x1f) {
                    0 => {}
                    NAL_SPS => self.sets.sps = nal.to_vec(),
                    NAL_PPS => self.sets.pps = nal.to_vec(),
                    kind => {
                        unit.key |= kind == NAL_IDR;
                        unit.data.extend((nal.len() as u32).to_be_bytes());
                        unit.data.extend_from_slice(nal);
                    }
                }
            }
        }
        if unit.data.is_empty() {
            return Err(MediaError::H264 {
                what: "a frame".to_owned(),
                cause: "it gave no picture back".to_owned(),
            });
        }
        Ok(unit)
    }
}

/// A NAL unit without its start code.
fn bare(nal: &[u8]) -> &[u8] {
    let zeros = nal.iter().take_while(|&&byte| byte == 0).count();
    match nal.get(zeros) {
        Some(1) if zeros >= 2 => &nal[zeros + 1..],
        _ => nal,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use openh264::decoder::Decoder;
    use openh264::formats::YUVSource as _;

    use super::*;

    #[test]
    fn what_is_decoded_looks_like_what_was_coded() {
        let (width, height) = (128, 96);
        let mut coder = Coder::new().unwrap();
        let mut decoder = Decoder::new().unwrap();
        let start = [0, 0, 0, 1];
        for number in 0..6 {
            let mut frame = Planes::new(width, height);
            for (at, sample) in frame.y.iter_mut().enumerate() {
                let (x, y) = (at % width, at / width);
                *sample = (40 + x + y / 2 + 2 * number) as u8
                    + if (x / 16 + y / 16) % 2 == 0 { 30 } else { 0 };
            }
            let unit = coder.push(&frame).unwrap();
            assert_eq!(unit.key, number == 0);
            let mut stream = Vec::new();
            for nal in [&coder.sets.sps, &coder.sets.pps] {
                stream.extend(start);
                stream.extend_from_slice(nal);
            }
            let mut rest = &unit.data[..];
            while let Some((length, body)) = rest.split_first_chunk::<4>() {
                let (nal, after) = body.split_at(u32::from_be_bytes(*length) as usize);
                stream.extend(start);
                stream.extend_from_slice(nal);
                rest = after;
            }
            let decoded = decoder.decode(&stream).unwrap().unwrap();
            let rows = decoded
                .y()
                .chunks(decoded.strides().0)
                .zip(frame.y.chunks(width));
            let squares = rows.flat_map(|(is, was)| {
                is.iter()
                    .zip(was)
                    .map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2))
            });
            let error = squares.take(width * height).sum::<f64>() / (width * height) as f64;
            let decibels = 10.0 * (255.0 * 255.0 / error.max(1e-9)).log10();
            assert!(decibels > 38.0, "frame {number}: {decibels} dB");
        }
    }
}
