//! WAV files read and written: RIFF with PCM or floating-point samples.

use std::io::{self, Read, Seek, SeekFrom};

use crate::MediaError;

/// Sound as it came: one channel, -1 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sound {
    pub(crate) rate: u32,
    pub(crate) samples: Vec<f32>,
}

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;
/// Bytes of a format that is written out in full, with its sub-format at byte 24.
const LONGEST_FORMAT: usize = 40;
/// Frames that are read at a time.
const BLOCK: usize = 4096;

/// How one sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
}

impl Coding {
    fn of(format: u16, bits: u16) -> Option<Self> {
        match (format, bits) {
            (PCM, 8) => Some(Self::Unsigned8),
            (PCM, 16) => Some(Self::Signed16),
            (PCM, 24) => Some(Self::Signed24),
            (PCM, 32) => Some(Self::Signed32),
            (FLOAT, 32) => Some(Self::Float32),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Unsigned8 => 1,
            Self::Signed16 => 2,
            Self::Signed24 => 3,
            Self::Signed32 | Self::Float32 => 4,
        }
    }

    /// The value of one sample, -1 to 1.
    fn value(self, bytes: &[u8]) -> f32 {
        match (self, bytes) {
            (Self::Unsigned8, &[a]) => (f32::from(a) - 128.0) / 128.0,
            (Self::Signed16, &[a, b]) => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            (Self::Signed24, &[a, b, c]) => {
                i32::from_le_bytes([0, a, b, c]) as f32 / 2_147_483_648.0
            }
            (Self::Signed32, &[a, b, c, d]) => {
                i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0
            }
            (Self::Float32, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            _ => 0.0,
        }
    }
}

/// A WAV that is read piece by piece.
pub(crate) struct Reader<R> {
    input: R,
    coding: Coding,
    channels: usize,
    rate: u32,
    /// Bytes of samples that are still to come.
    left: u64,
}

/// Reads until the buffer is full or the input ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

impl<R: Read + Seek> Reader<R> {
    /// Reads up to the first sample.
    pub(crate) fn open(mut input: R) -> Result<Self, String> {
        let failed = |error: io::Error| error.to_string();
        let mut head = [0; 12];
        let got = fill(&mut input, &mut head).map_err(failed)?;
        if got < head.len() || &head[..4] != b"RIFF" || &head[8..] != b"WAVE" {
            return Err("it does not begin as a RIFF WAVE file".to_owned());
        }
        let mut format = None;
        loop {
            let mut head = [0; 8];
            if fill(&mut input, &mut head).map_err(failed)? < head.len() {
                return Err("it has no samples".to_owned());
            }
            let length = u32_at(&head, 4);
            let mut read = 0;
            match &head[..4] {
                b"fmt " => {
                    let mut chunk = [0; LONGEST_FORMAT];
                    let wanted = (length as usize).min(LONGEST_FORMAT);
                    read = fill(&mut input, &mut chunk[..wanted]).map_err(failed)?;
                    if read >= 16 {
                        let coding = match u16_at(&chunk, 0) {
                            EXTENSIBLE if read >= 26 => u16_at(&chunk, 24),
                            EXTENSIBLE => PCM,
                            other => other,
                        };
                        let bits = u16_at(&chunk, 14);
                        format = Some((coding, bits, u16_at(&chunk, 2), u32_at(&chunk, 4)));
                    }
                }
                b"data" => {
                    let Some((coding, bits, channels, rate)) = format else {
                        return Err("its samples come before their format".to_owned());
                    };
                    let Some(coding) = Coding::of(coding, bits) else {
                        return Err(format!(
                            "its samples are of coding {coding} with {bits} bits, not PCM of 8 to 32 bits or floating point of 32"
                        ));
                    };
                    if !(1..=2).contains(&channels) || !(8_000..=192_000).contains(&rate) {
                        return Err(format!(
                            "it has {channels} channels at {rate} Hz, and not one or two at 8,000 to 192,000 Hz"
                        ));
                    }
                    return Ok(Self {
                        input,
                        coding,
                        channels: usize::from(channels),
                        rate,
                        left: u64::from(length),
                    });
                }
                _ => {}
            }
            let rest = i64::from(length) + i64::from(length % 2) - read as i64;
            input.seek(SeekFrom::Current(rest.max(0))).map_err(failed)?;
        }
    }

    /// Samples a second.
    pub(crate) fn rate(&self) -> u32 {
        self.rate
    }

    /// Adds the next samples; of two channels the mean is taken. `false` at the end.
    pub(crate) fn next(&mut self, samples: &mut Vec<f32>) -> Result<bool, String> {
        let frame = self.channels * self.coding.bytes();
        let wanted = ((BLOCK * frame) as u64).min(self.left) as usize;
        let mut bytes = vec![0; wanted];
        // A file that was cut off, or written without knowing its length, still has its beginning.
        let got = fill(&mut self.input, &mut bytes).map_err(|error| error.to_string())?;
        self.left = if got < wanted {
            0
        } else {
            self.left - got as u64
        };
        let (coding, channels) = (self.coding, self.channels as f32);
        let frames = bytes[..got].chunks_exact(frame).map(|frame| {
            let values = frame.chunks_exact(coding.bytes());
            values.map(|bytes| coding.value(bytes)).sum::<f32>() / channels
        });
        samples.extend(frames);
        Ok(got >= frame)
    }
}

/// Reads a whole WAV.
pub(crate) fn read(bytes: &[u8], what: &str) -> Result<Sound, MediaError> {
    let wrong = |cause| MediaError::Sound {
        what: what.to_owned(),
        cause,
    };
    let mut reader = Reader::open(io::Cursor::new(bytes)).map_err(wrong)?;
    let mut samples = Vec::new();
    while reader.next(&mut samples).map_err(wrong)? {}
    Ok(Sound {
        rate: reader.rate(),
        samples,
    })
}

/// Writes one channel as 16-bit PCM. What passes full scale is cut.
pub(crate) fn write(rate: u32, samples: &[f32]) -> Vec<u8> {
    const HEAD: usize = 44;
    let data = samples.len() * 2;
    let mut out = Vec::with_capacity(HEAD + data);
    out.extend(b"RIFF");
    out.extend(((HEAD - 8 + data) as u32).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0");
    out.extend(PCM.to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate * 2).to_le_bytes());
    out.extend(2_u16.to_le_bytes());
    out.extend(16_u16.to_le_bytes());
    out.extend(b"data");
    out.extend((data as u32).to_le_bytes());
    for sample in samples {
        let value = (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
        out.extend(value.to_le_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A file of any coding, with an odd chunk before its format.
    fn wav(coding: u16, bits: u16, channels: u16, rate: u32, data: &[u8]) -> Vec<u8> {
        let mut out = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0".to_vec();
        out.extend(coding.to_le_bytes());
        out.extend(channels.to_le_bytes());
        out.extend(rate.to_le_bytes());
        out.extend((rate * u32::from(channels) * 2).to_le_bytes());
        out.extend((channels * 2).to_le_bytes());
        out.extend(bits.to_le_bytes());
        out.extend(b"data");
        out.extend((data.len() as u32).to_le_bytes());
        out.extend(data);
        out
    }

    fn pcm(samples: &[i16]) -> Vec<u8> {
        samples.iter().flat_map(|s| s.to_le_bytes()).collect()
    }

    #[test]
    fn stereo_becomes_its_mean_and_odd_chunks_are_stepped_over() {
        let stereo = wav(PCM, 16, 2, 44_100, &pcm(&[16384, -16384, 8192, 8192]));
        let sound = read(&stereo, "a test").unwrap();
        assert_eq!(
            sound,
            Sound {
                rate: 44_100,
                samples: vec![0.0, 0.25]
            }
        );
    }

    #[test]
    fn every_coding_gives_the_same_sound() {
        let codings: [(u16, u16, &[u8]); 5] = [
            (PCM, 8, &[192, 64]),
            (PCM, 16, &[0, 0x40, 0, 0xc0]),
            (PCM, 24, &[0, 0, 0x40, 0, 0, 0xc0]),
            (PCM, 32, &[0, 0, 0, 0x40, 0, 0, 0, 0xc0]),
            (FLOAT, 32, &[0, 0, 0, 0x3f, 0, 0, 0, 0xbf]),
        ];
        for (coding, bits, data) in codings {
            let sound = read(&wav(coding, bits, 1, 8_000, data), "a test").unwrap();
            assert_eq!(sound.samples, [0.5, -0.5], "{coding} {bits}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let samples: Vec<f32> = (0..9_000).map(|at| (at - 4_500) as f32 / 8_192.0).collect();
        let sound = read(&write(48_000, &samples), "a test").unwrap();
        assert_eq!(sound.rate, 48_000);
        assert_eq!(sound.samples, samples);
    }

    #[test]
    fn what_is_no_sound_is_refused_with_its_name() {
        for bytes in [
            &b""[..],
            b"RIFF",
            &wav(PCM, 16, 1, 22_050, &[1, 0])[..30],
            &wav(PCM, 16, 7, 22_050, &[1, 0]),
            &wav(PCM, 16, 1, 4, &[1, 0]),
            &wav(2, 4, 1, 22_050, &[1, 0]),
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
