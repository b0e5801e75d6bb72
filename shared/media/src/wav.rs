//! WAV files read: RIFF, 16-bit PCM.

use crate::MediaError;

/// Sound as it came: one channel, -1 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sound {
    pub(crate) rate: u32,
    pub(crate) samples: Vec<f32>,
}

const PCM: u16 = 1;
const EXTENSIBLE: u16 = 0xfffe;

/// Reads a WAV; of two channels the mean is taken.
pub(crate) fn read(bytes: &[u8], what: &str) -> Result<Sound, MediaError> {
    let wrong = |cause: &str| MediaError::Sound {
        what: what.to_owned(),
        cause: cause.to_owned(),
    };
    let u16_at = |bytes: &[u8], at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let u32_at = |bytes: &[u8], at: usize| {
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    if bytes.len() < 12 || &bytes[..4] != b"RIFF" || &bytes[8..12] != b"WAVE" {
        return Err(wrong("it does not begin as a RIFF WAVE file"));
    }
    let mut format = None;
    let mut rest = &bytes[12..];
    while rest.len() >= 8 {
        let (head, body) = rest.split_at(8);
        let length = u32_at(head, 4) as usize;
        // A file that was cut off, or written without knowing its length, still has its beginning.
        let chunk = &body[..length.min(body.len())];
        match &head[..4] {
            b"fmt " if chunk.len() >= 16 => {
                format = Some((
                    u16_at(chunk, 0),
                    u16_at(chunk, 2),
                    u32_at(chunk, 4),
                    u16_at(chunk, 14),
                ));
            }
            b"data" => {
                let Some((coding, channels, rate, bits)) = format else {
                    return Err(wrong("its samples come before their format"));
                };
                if !matches!(coding, PCM | EXTENSIBLE) || bits != 16 {
                    return Err(wrong("its samples are not 16-bit PCM"));
                }
                if !(1..=2).contains(&channels) || !(8_000..=192_000).contains(&rate) {
                    return Err(wrong("its number of channels or its rate is out of range"));
                }
                let frame = usize::from(channels) * 2;
                let sample =
                    |bytes: &[u8]| f32::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32768.0;
                let samples = chunk.chunks_exact(frame).map(|frame| {
                    frame.chunks_exact(2).map(sample).sum::<f32>() / f32::from(channels)
                });
                return Ok(Sound {
                    rate,
                    samples: samples.collect(),
                });
            }
            _ => {}
        }
        rest = &body[(length + length % 2).min(body.len())..];
    }
    Err(wrong("it has no samples"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn wav(channels: u16, rate: u32, samples: &[i16]) -> Vec<u8> {
        let data: Vec<u8> = samples
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        let mut out = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0".to_vec();
        out.extend(channels.to_le_bytes());
        out.extend(rate.to_le_bytes());
        out.extend((rate * u32::from(channels) * 2).to_le_bytes());
        out.extend((channels * 2).to_le_bytes());
        out.extend(16_u16.to_le_bytes());
        out.extend(b"data");
        out.extend((data.len() as u32).to_le_bytes());
        out.extend(data);
        out
    }

    #[test]
    fn stereo_becomes_its_mean_and_odd_chunks_are_stepped_over() {
        let sound = read(&wav(2, 44_100, &[16384, -16384, 8192, 8192]), "a test").unwrap();
        assert_eq!(
            sound,
            Sound {
                rate: 44_100,
                samples: vec![0.0, 0.25]
            }
        );
    }

    #[test]
    fn what_is_no_sound_is_refused_with_its_name() {
        for bytes in [
            &b""[..],
            b"RIFF",
            &wav(1, 22_050, &[1])[..30],
            &wav(7, 22_050, &[1]),
            &wav(1, 4, &[1]),
        ] {
            assert!(
                read(bytes, "scene 3's sound")
                    .unwrap_err()
                    .to_string()
                    .starts_with("scene 3's sound is no usable WAV")
            );
        }
    }
}
