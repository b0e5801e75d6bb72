//! 16-bit PCM in RIFF/WAVE files.

/// Why bytes are no sound that this crate reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    /// The file is none, or ends too early.
    #[error("not a whole wav file: {0}")]
    Malformed(&'static str),
    /// A kind of wav file that is not read here.
    #[error("the wav file is {0}: only 16-bit PCM with one or two channels is read")]
    Unsupported(String),
}

/// Sound in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wav {
    /// Samples; those of two channels alternate, left first.
    pub samples: Vec<i16>,
    /// Samples a second and channel.
    pub sample_rate: u32,
    /// 1 or 2.
    pub channels: u16,
}

const HEADER: u32 = 44;

/// A wav file of one channel.
pub fn wav(samples: &[i16], sample_rate: u32) -> Vec<u8> {
    let data = samples.len() as u32 * 2;
    let mut file = Vec::with_capacity((HEADER + data) as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(HEADER - 8 + data).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16u32.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes()); // PCM
    file.extend_from_slice(&1u16.to_le_bytes()); // channels
    file.extend_from_slice(&sample_rate.to_le_bytes());
    file.extend_from_slice(&(sample_rate * 2).to_le_bytes()); // bytes a second
    file.extend_from_slice(&2u16.to_le_bytes()); // bytes a frame
    file.extend_from_slice(&16u16.to_le_bytes()); // bits a sample
    file.extend_from_slice(b"data");
    file.extend_from_slice(&data.to_le_bytes());
    for sample in samples {
        file.extend_from_slice(&sample.to_le_bytes());
    }
    file
}

/// Reads a wav file. A data chunk that claims more than the file holds (as programs that write to a pipe leave it) is
/// read to the file's end.
pub fn read_wav(bytes: &[u8]) -> Result<Wav, WavError> {
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(WavError::Malformed("it does not start with RIFF and WAVE"));
    }
    let mut format: Option<(u16, u32)> = None;
    let mut at = 12;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let body = bytes.get(at + 8..).unwrap_or_default();
        let body = &body[..length.min(body.len())];
        match &head[..4] {
            b"fmt " => format = Some(read_format(body)?),
            b"data" => {
                let (channels, sample_rate) =
                    format.ok_or(WavError::Malformed("the sound comes before its format"))?;
                let frame = usize::from(channels) * 2;
                let whole = body.len() / frame * frame;
                let samples = body[..whole]
                    .chunks_exact(2)
                    .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
                    .collect();
                return Ok(Wav {
                    samples,
                    sample_rate,
                    channels,
                });
            }
            _ => {}
        }
        at = at
            .saturating_add(8)
            .saturating_add(length)
            .saturating_add(length % 2);
    }
    Err(WavError::Malformed("it has no sound"))
}

fn read_format(body: &[u8]) -> Result<(u16, u32), WavError> {
    let field = |at: usize| {
        body.get(at..at + 2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
    };
    let (Some(kind), Some(channels), Some(low), Some(high), Some(bits)) =
        (field(0), field(2), field(4), field(6), field(14))
    else {
        return Err(WavError::Malformed("its format is cut short"));
    };
    // 0xfffe is the extensible form of the same header; its sub-format starts with the kind.
    let kind = if kind == 0xfffe {
        field(24).unwrap_or(kind)
    } else {
        kind
    };
    if kind != 1 || bits != 16 || !(1..=2).contains(&channels) {
        let wanted = format!("of kind {kind}, with {channels} channels and {bits} bits");
        return Err(WavError::Unsupported(wanted));
    }
    let sample_rate = u32::from(high) << 16 | u32::from(low);
    if sample_rate == 0 {
        return Err(WavError::Malformed("its sample rate is 0"));
    }
    Ok((channels, sample_rate))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let samples = [0, 1, -1, i16::MAX, i16::MIN];
        let read = read_wav(&wav(&samples, 22_050)).unwrap();
        assert_eq!(
            read,
            Wav {
                samples: samples.to_vec(),
                sample_rate: 22_050,
                channels: 1
            }
        );
    }

    #[test]
    fn other_chunks_are_passed_over() {
        let mut file = wav(&[7, 8], 8_000);
        file.splice(12..12, *b"LIST\x03\x00\x00\x00abc\x00");
        assert_eq!(read_wav(&file).unwrap().samples, [7, 8]);
    }

    #[test]
    fn stereo_alternates() {
        let mut file = wav(&[1, 2, 3, 4], 8_000);
        file[22] = 2;
        let read = read_wav(&file).unwrap();
        assert_eq!((read.channels, read.samples), (2, vec![1, 2, 3, 4]));
    }

    #[test]
    fn a_length_too_large_reads_to_the_end() {
        let mut file = wav(&[5, 6, 7], 8_000);
        file[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(read_wav(&file).unwrap().samples, [5, 6, 7]);
    }

    #[test]
    fn what_is_no_sound_is_told() {
        assert!(matches!(read_wav(b"GIF89a"), Err(WavError::Malformed(_))));
        assert!(matches!(
            read_wav(&wav(&[1], 8_000)[..30]),
            Err(WavError::Malformed(_))
        ));
        let mut eight_bits = wav(&[1], 8_000);
        eight_bits[34] = 8;
        assert!(matches!(
            read_wav(&eight_bits),
            Err(WavError::Unsupported(_))
        ));
        let mut silent_rate = wav(&[1], 8_000);
        silent_rate[24..28].fill(0);
        assert!(matches!(
            read_wav(&silent_rate),
            Err(WavError::Malformed(_))
        ));
    }
}
