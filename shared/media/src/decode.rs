//! Sound files opened: whichever of four kinds, as blocks of one channel.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use claxon::{FlacReader, FlacReaderOptions};
use lewton::inside_ogg::OggStreamReader;

use crate::wav;

/// The most bytes that are read of a file: 24-bit stereo at 192 kHz for three minutes, and a cover.
const MOST_BYTES: u64 = 256_000_000;
/// The most of an Ogg file, whose packets are put together in memory: 500 kb/s for three minutes take 11 MB, the rest is for covers.
const MOST_OGG_BYTES: u64 = 32_000_000;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoundKind {
    /// RIFF WAVE.
    Wav,
    /// MPEG audio, layer III.
    Mp3,
    /// Vorbis in Ogg.
    Vorbis,
    /// FLAC.
    Flac,
}

impl fmt::Display for SoundKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wav => "WAV",
            Self::Mp3 => "MP3",
            Self::Vorbis => "Ogg Vorbis",
            Self::Flac => "FLAC",
        })
    }
}

impl SoundKind {
    /// By a file's first bytes.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [b'R', b'I', b'F', b'F', ..] => Some(Self::Wav),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Vorbis),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            // A tag before the first frame, or a frame's sync with a layer (ISO/IEC 11172-3, 2.4.1.3).
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 == 0x02 => Some(Self::Mp3),
            _ => None,
        }
    }
}

/// Sound that comes block by block.
pub(crate) trait Blocks {
    /// Samples a second.
    fn rate(&self) -> u32;
    /// Adds the next samples of one channel. `false` at the end.
    fn next(&mut self, samples: &mut Vec<f32>) -> Result<bool, String>;
}

/// Opens a file of a kind.
pub(crate) fn open<'a>(
    kind: SoundKind,
    input: impl Read + Seek + 'a,
) -> Result<Box<dyn Blocks + 'a>, String> {
    Ok(match kind {
        SoundKind::Wav => Box::new(wav::Reader::open(io::BufReader::new(input))?),
        SoundKind::Mp3 => Box::new(Mp3::open(Limited::new(input, MOST_BYTES))?),
        SoundKind::Vorbis => Box::new(Vorbis::open(Limited::new(input, MOST_OGG_BYTES))?),
        SoundKind::Flac => Box::new(Flac::open(Limited::new(input, MOST_BYTES))?),
    })
}

fn one_or_two(channels: u32) -> Result<usize, String> {
    match channels {
        0 => Err("it has no sound".to_owned()),
        1 | 2 => Ok(channels as usize),
        more => Err(format!("it has {more} channels: mix it down to stereo")),
    }
}

/// A file of which only so much may be read, since what it says of itself may be made up.
struct Limited<R> {
    input: R,
    left: u64,
}

impl<R> Limited<R> {
    fn new(input: R, left: u64) -> Self {
        Self { input, left }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("its beginning takes up more bytes than music does"))?;
        Ok(count)
    }
}

impl<R: Seek> Seek for Limited<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}

impl<R: Read + Seek> Blocks for wav::Reader<R> {
    fn rate(&self) -> u32 {
        self.rate()
    }
    fn next(&mut self, samples: &mut Vec<f32>) -> Result<bool, String> {
        self.next(samples)
    }
}

struct Mp3<R> {
    reader: nanomp3::Reader<R, f32>,
    channels: usize,
}

impl<R: Read + Seek> Mp3<R> {
    fn open(input: R) -> Result<Self, String> {
        // Without reading all of it to know its length.
        let options = nanomp3::Options::default().skip_scan(true);
        let reader = nanomp3::Reader::with_options(input, options).map_err(|e| e.to_string())?;
        let channels = reader.channels().map_or(0, nanomp3::Channels::num);
        Ok(Self {
            channels: one_or_two(u32::from(channels))?,
            reader,
        })
    }
}

impl<R: Read + Seek> Blocks for Mp3<R> {
    fn rate(&self) -> u32 {
        self.reader.sample_rate()
    }
    fn next(&mut self, samples: &mut Vec<f32>) -> Result<bool, String> {
        let frame = self.reader.read_frame().map_err(|e| e.to_string())?;
        let Some(frame) = frame else {
            return Ok(false);
        };
        let share = 1.0 / self.channels as f32;
        let frames = frame.chunks_exact(self.channels);
        samples.extend(frames.map(|frame| frame.iter().sum::<f32>() * share));
        Ok(true)
    }
}

struct Vorbis<R: Read + Seek>(OggStreamReader<R>);

impl<R: Read + Seek> Vorbis<R> {
    fn open(input: R) -> Result<Self, String> {
        let reader = OggStreamReader::new(input).map_err(|e| e.to_string())?;
        one_or_two(u32::from(reader.ident_hdr.audio_channels))?;
        Ok(Self(reader))
    }
}

impl<R: Read + Seek> Blocks for Vorbis<R> {
    fn rate(&self) -> u32 {
        self.0.ident_hdr.audio_sample_rate
    }
    fn next(&mut self, samples: &mut Vec<f32>) -> Result<bool, String> {
        let rate = self.rate();
        let packet = self.0.read_dec_packet_generic::<Vec<Vec<f32>>>();
        let Some(packet) = packet.map_err(|e| e.to_string())? else {
            return Ok(false);
        };
        if self.rate() != rate {
            return Err("its rate changes on the way".to_owned());
        }
        match &packet[..] {
            [one] => samples.extend(one),
            [left, right] => {
                samples.extend(left.iter().zip(right).map(|(a, b)| f32::midpoint(*a, *b)));
            }
            other => drop(one_or_two(other.len() as u32)?),
        }
        Ok(true)
    }
}

struct Flac<R: Read> {
    reader: FlacReader<R>,
    /// Taken and given back block by block.
    buffer: Vec<i32>,
}

impl<R: Read> Flac<R> {
    fn open(input: R) -> Result<Self, String> {
        let options = FlacReaderOptions {
            metadata_only: false,
            read_vorbis_comment: false,
        };
        let reader = FlacReader::new_ext(input, options).map_err(|e| e.to_string())?;
        one_or_two(reader.streaminfo().channels)?;
        Ok(Self {
            reader,
            buffer: Vec::new(),
        })
    }
}

impl<R: Read> Blocks for Flac<R> {
    fn rate(&self) -> u32 {
        self.reader.streaminfo().sample_rate
    }
    fn next(&mut self, samples: &mut Vec<f32>) -> Result<bool, String> {
        let bits = self.reader.streaminfo().bits_per_sample;
        let scale = 0.5_f32.powi(bits as i32 - 1);
        let buffer = std::mem::take(&mut self.buffer);
        let block = self.reader.blocks().read_next_or_eof(buffer);
        let Some(block) = block.map_err(|e| e.to_string())? else {
            return Ok(false);
        };
        match block.channels() {
            1 => samples.extend(block.channel(0).iter().map(|s| *s as f32 * scale)),
            2 => {
                let pairs = block.channel(0).iter().zip(block.channel(1));
                samples.extend(pairs.map(|(a, b)| (*a as f32 + *b as f32) * 0.5 * scale));
            }
            other => drop(one_or_two(other)?),
        }
        self.buffer = block.into_buffer();
        Ok(true)
    }
}
