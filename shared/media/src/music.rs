//! Music taken in: a file of any kind becomes one channel at the film's own rate, no longer than a video needs.

use std::io::{Read, Seek, SeekFrom};

use crate::decode::{MusicKind, open};
use crate::resample::{FINE, Resampler, Stream};
use crate::timeline::SAMPLE_RATE;
use crate::{loudness, wav};

/// How much of a file is used, in seconds: the longest video that can be asked for, and a cross-fade.
pub const MUSIC_SECONDS: u32 = 182;
/// The shortest music, in seconds: what is shorter would be a sound that repeats.
const LEAST_SECONDS: u32 = 1;
/// Integrated loudness in LUFS below which nobody hears music: the noise of a quiet room's recording.
const SILENCE: f64 = -60.0;
/// The most filters that changing the rate may take: 11,025 Hz needs 640, and no usual rate more.
const MOST_PHASES: u32 = 1_000;

/// Why a file can't be used as music.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MusicError {
    /// Something else.
    #[error("it is no WAV, MP3, Ogg Vorbis or FLAC; convert it to one of them")]
    Unknown,
    /// It can't be read from its start.
    #[error(
        "it is no usable {kind}: {cause}; save it again, mono or stereo, as WAV, MP3, Ogg Vorbis or FLAC"
    )]
    Unusable {
        /// What it seems to be.
        kind: MusicKind,
        /// What is wrong with it.
        cause: String,
    },
    /// It can't be read on from some place.
    #[error("the {kind} is damaged after {seconds:.1} s: {cause}; save it again, or cut it there")]
    Damaged {
        /// What it is.
        kind: MusicKind,
        /// How much was read, in seconds.
        seconds: f64,
        /// What is wrong there.
        cause: String,
    },
    /// Nothing samples at such a rate.
    #[error("it has {0} samples a second; save it again with 44,100 or 48,000")]
    Rate(u32),
    /// Next to nothing.
    #[error("it has {seconds:.2} s of sound, and music takes {LEAST_SECONDS} s or more")]
    Short {
        /// Its length in seconds.
        seconds: f64,
    },
    /// Nothing to be heard.
    #[error("it is silent for its first {seconds:.0} s, which are what is used")]
    Silent {
        /// Its length in seconds, as far as it is used.
        seconds: f64,
    },
    /// It can't be read, or its loudness not measured.
    #[error("it can't be read: {0}")]
    Unreadable(String),
}

/// Reads music: its first [`MUSIC_SECONDS`] as a WAV of one channel, 16 bits, 48 kHz. Only that much is read and held, however long it is.
pub fn take_music(mut file: impl Read + Seek) -> Result<Vec<u8>, MusicError> {
    let unreadable = |error: std::io::Error| MusicError::Unreadable(error.to_string());
    let mut head = Vec::new();
    let first = Read::by_ref(&mut file).take(4).read_to_end(&mut head);
    first.map_err(unreadable)?;
    let kind = MusicKind::of(&head).ok_or(MusicError::Unknown)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut blocks = open(kind, file).map_err(|cause| MusicError::Unusable { kind, cause })?;
    let rate = blocks.rate();
    if !(8_000..=192_000).contains(&rate) || Resampler::filters(rate, SAMPLE_RATE) > MOST_PHASES {
        return Err(MusicError::Rate(rate));
    }

    let most = (MUSIC_SECONDS * SAMPLE_RATE) as usize;
    let mut stream = Stream::new(Resampler::new(rate, SAMPLE_RATE, FINE));
    let mut samples = Vec::new();
    let mut block = Vec::new();
    let seconds = |samples: &[f32]| samples.len() as f64 / f64::from(SAMPLE_RATE);
    while samples.len() < most {
        block.clear();
        let damaged = |cause| MusicError::Damaged {
            kind,
            seconds: seconds(&samples),
            cause,
        };
        if !blocks.next(&mut block).map_err(damaged)? {
            stream.finish(&mut samples);
            break;
        }
        if block.iter().any(|sample| !sample.is_finite()) {
            return Err(damaged("a sample is no number".to_owned()));
        }
        stream.push(&block, &mut samples);
    }
    samples.truncate(most);

    let seconds = seconds(&samples);
    if samples.len() < (LEAST_SECONDS * SAMPLE_RATE) as usize {
        return Err(MusicError::Short { seconds });
    }
    let loud = loudness::measure(&samples);
    let loud = loud.map_err(|error| MusicError::Unreadable(error.to_string()))?;
    if loud.is_none_or(|loud| loud.integrated_lufs < SILENCE) {
        return Err(MusicError::Silent { seconds });
    }
    Ok(wav::write(SAMPLE_RATE, &samples))
}
