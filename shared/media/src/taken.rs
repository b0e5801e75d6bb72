//! Sound files taken in: of any kind, they become one channel at the film's own rate.

use std::io::{Read, Seek, SeekFrom};

use crate::decode::{SoundKind, open};
use crate::resample::{FINE, Resampler, Stream};
use crate::timeline::SAMPLE_RATE;
use crate::{loudness, wav};

/// How much of a music file is used, in seconds: the longest video that can be asked for, and a cross-fade.
pub const MUSIC_SECONDS: u32 = 182;
/// The longest recording of what a scene says, in seconds: twelve long sentences, slowly.
pub const RECORDING_SECONDS: u32 = 120;
/// The longest recording of a whole script, in seconds: the longest video, slowly.
pub const TAKE_SECONDS: u32 = 240;
/// Integrated loudness in LUFS below which nobody hears anything: the noise of a quiet room's recording.
const SILENCE: f64 = -60.0;
/// The most filters that changing the rate may take: 11,025 Hz needs 640, and no usual rate more.
const MOST_PHASES: u32 = 1_000;

/// Why a sound file can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TakeError {
    /// Something else.
    #[error("it is no WAV, MP3, Ogg Vorbis or FLAC; convert it to one of them")]
    Unknown,
    /// It can't be read from its start.
    #[error(
        "it is no usable {kind}: {cause}; save it again, mono or stereo, as WAV, MP3, Ogg Vorbis or FLAC"
    )]
    Unusable {
        /// What it seems to be.
        kind: SoundKind,
        /// What is wrong with it.
        cause: String,
    },
    /// It can't be read on from some place.
    #[error("the {kind} is damaged after {seconds:.1} s: {cause}; save it again, or cut it there")]
    Damaged {
        /// What it is.
        kind: SoundKind,
        /// How much was read, in seconds.
        seconds: f64,
        /// What is wrong there.
        cause: String,
    },
    /// Nothing samples at such a rate.
    #[error("it has {0} samples a second; save it again with 44,100 or 48,000")]
    Rate(u32),
    /// Next to nothing.
    #[error("it has {seconds:.2} s of sound, and {what} takes {least} s or more")]
    Short {
        /// Its length in seconds.
        seconds: f64,
        /// What it was to be.
        what: &'static str,
        /// How long that is at least, in seconds.
        least: f64,
    },
    /// More than can be used, where all of it is needed.
    #[error(
        "it is longer than {most} s, the most that {what} may take; record it in parts, a file a scene"
    )]
    Long {
        /// What it was to be.
        what: &'static str,
        /// How long that is at most, in seconds.
        most: u32,
    },
    /// Nothing to be heard.
    #[error(
        "it is silent for its first {seconds:.0} s, or nearly: below {SILENCE} LUFS; save it louder"
    )]
    Silent {
        /// Its length in seconds, as far as it is used.
        seconds: f64,
    },
    /// It can't be read, or its loudness not measured.
    #[error("it can't be read: {0}")]
    Unreadable(String),
}

/// What a sound file is to be used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Music: its first [`MUSIC_SECONDS`] are used.
    Music,
    /// A person's recording of what a scene says. All of it is used, so one of more than [`RECORDING_SECONDS`] is refused.
    Recording,
    /// One of all that a video says: at most [`TAKE_SECONDS`].
    Take,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Music => "music",
            Self::Recording => "the recording of a scene",
            Self::Take => "the recording of a script",
        }
    }

    /// The shortest, in seconds: shorter music would be a sound that repeats.
    fn least(self) -> f64 {
        match self {
            Self::Music => 1.0,
            Self::Recording | Self::Take => 0.3,
        }
    }

    /// What is read at most, in seconds.
    fn most(self) -> u32 {
        match self {
            Self::Music => MUSIC_SECONDS,
            Self::Recording => RECORDING_SECONDS,
            Self::Take => TAKE_SECONDS,
        }
    }
}

/// Reads a sound file as a WAV of one channel, 16 bits, 48 kHz. Only as much is read and held as its purpose takes, however long it is.
pub fn take_sound(mut file: impl Read + Seek, purpose: Purpose) -> Result<Vec<u8>, TakeError> {
    let unreadable = |error: std::io::Error| TakeError::Unreadable(error.to_string());
    let mut head = Vec::new();
    let first = Read::by_ref(&mut file).take(4).read_to_end(&mut head);
    first.map_err(unreadable)?;
    let kind = SoundKind::of(&head).ok_or(TakeError::Unknown)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut blocks = open(kind, file).map_err(|cause| TakeError::Unusable { kind, cause })?;
    let rate = blocks.rate();
    if !(8_000..=192_000).contains(&rate) || Resampler::filters(rate, SAMPLE_RATE) > MOST_PHASES {
        return Err(TakeError::Rate(rate));
    }

    let most = (purpose.most() * SAMPLE_RATE) as usize;
    let mut stream = Stream::new(Resampler::new(rate, SAMPLE_RATE, FINE));
    let mut samples = Vec::new();
    let mut block = Vec::new();
    let seconds = |samples: &[f32]| samples.len() as f64 / f64::from(SAMPLE_RATE);
    while samples.len() <= most {
        block.clear();
        let damaged = |cause| TakeError::Damaged {
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
    let what = purpose.name();
    if samples.len() > most && purpose != Purpose::Music {
        let most = purpose.most();
        return Err(TakeError::Long { what, most });
    }
    samples.truncate(most);

    let (seconds, least) = (seconds(&samples), purpose.least());
    if seconds < least {
        return Err(TakeError::Short {
            seconds,
            what,
            least,
        });
    }
    let loud = loudness::measure(&samples);
    let loud = loud.map_err(|error| TakeError::Unreadable(error.to_string()))?;
    if loud.is_none_or(|loud| loud.integrated_lufs < SILENCE) {
        return Err(TakeError::Silent { seconds });
    }
    Ok(wav::write(SAMPLE_RATE, &samples))
}
