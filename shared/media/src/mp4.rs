//! Segments and sound joined into one MP4 file: ISO/IEC 14496-12 (boxes), 14496-14 (AAC in them), 14496-15 (H.264 in them).
//!
//! The index (`moov`) comes first, so that playing starts before the file is loaded. Sound and picture lie in turns of half a second. The
//! sound's edit list leaves out what the encoder put before it, so that both start together. No time of making is written.

use crate::aac::{self, Track};
use crate::boxes::Boxes;
use crate::encode::ParameterSets;
use crate::timeline::{FPS, SAMPLE_RATE, SAMPLES_PER_FRAME};
use crate::{MediaError, Segment, Soundtrack};

/// Units of time a frame lasts, in the picture's track.
const FRAME_TICKS: u32 = 1000;
/// Frames in one run of picture data.
const FRAMES_A_CHUNK: usize = FPS as usize / 2;
/// Files stay below this: offsets in them have four bytes.
const LARGEST: usize = u32::MAX as usize - 1024;

/// One track's samples, as the index lists them.
struct Samples<'a> {
    data: Vec<&'a [u8]>,
    /// How many samples each chunk has.
    chunks: Vec<usize>,
}

impl<'a> Samples<'a> {
    /// The samples of each chunk.
    fn runs(&self) -> impl Iterator<Item = &[&'a [u8]]> {
        let mut rest = &self.data[..];
        self.chunks.iter().map(move |&count| {
            let (run, after) = rest.split_at(count.min(rest.len()));
            rest = after;
            run
        })
    }
}

/// Joins segments, in order, with the film's sound, which must be as long as they are together.
pub fn mux(segments: &[&Segment], sound: &Soundtrack) -> Result<Vec<u8>, MediaError> {
    let wrong = |cause: String| MediaError::Join(cause);
    let Some(first) = segments.first() else {
        return Err(MediaError::NoScenes);
    };
    for (at, segment) in segments.iter().enumerate() {
        if segment.sets != first.sets
            || (segment.width, segment.height) != (first.width, first.height)
        {
            return Err(wrong(format!(
                "segment {at} was encoded differently from the first; render it again"
            )));
        }
        if !segment.units.first().is_some_and(|unit| unit.key) {
            return Err(wrong(format!(
                "segment {at} does not start with a picture that stands alone; render it again"
            )));
        }
    }
    let frames: usize = segments.iter().map(|segment| segment.units.len()).sum();
    let length = frames * SAMPLES_PER_FRAME as usize;
    if sound.samples.len() != length {
        return Err(wrong(format!(
            "the sound has {} samples, and the picture lasts for {length}",
            sound.samples.len()
        )));
    }
    let track = aac::encode(&sound.samples)?;

    let units = || segments.iter().flat_map(|segment| &segment.units);
    let video = Samples {
        data: units().map(|unit| unit.data.as_slice()).collect(),
        chunks: (0..frames.div_ceil(FRAMES_A_CHUNK))
            .map(|at| FRAMES_A_CHUNK.min(frames - at * FRAMES_A_CHUNK))
            .collect(),
    };
    let keys: Vec<u32> = units()
        .zip(1..)
        .filter(|(unit, _)| unit.key)
        .map(|(_, number)| number)
        .collect();
    let audio = Samples {
        data: track.frames.iter().map(Vec::as_slice).collect(),
        chunks: audio_chunks(&track, video.chunks.len()),
    };

    let movie = Movie {
        size: (first.width, first.height),
        sets: &first.sets,
        video: &video,
        keys: &keys,
        audio: &audio,
        track: &track,
    };
    let (head, data): (usize, usize) = (
        head().len(),
        [&video, &audio]
            .iter()
            .flat_map(|samples| &samples.data)
            .map(|d| d.len())
            .sum(),
    );
    // The index has the same length whatever offsets it holds: once to measure, once with the true ones.
    let index = movie.index(0).len();
    let start = head + index + 8;
    if start + data > LARGEST {
        return Err(wrong(format!(
            "it would have {} bytes, more than one file of this kind can have; make a shorter video",
            start + data
        )));
    }
    let mut out = Vec::with_capacity(start + data);
    out.extend(self::head());
    out.extend(movie.index(start as u32));
    out.extend((data as u32 + 8).to_be_bytes());
    out.extend(b"mdat");
    for (picture, sound) in video.runs().zip(audio.runs()) {
        picture
            .iter()
            .chain(sound)
            .for_each(|sample| out.extend_from_slice(sample));
    }
    Ok(out)
}

/// How many coded frames of sound go with each chunk of pictures: those that start before its end; the last takes what is left.
fn audio_chunks(track: &Track, count: usize) -> Vec<usize> {
    let mut before = 0;
    (1..=count)
        .map(|chunk| {
            let end = chunk * FRAMES_A_CHUNK * SAMPLES_PER_FRAME as usize + track.delay;
            let until = if chunk == count {
                track.frames.len()
            } else {
                end.div_ceil(aac::FRAME).min(track.frames.len())
            };
            let here = until - before;
            before = until;
            here
        })
        .collect()
}

fn head() -> Vec<u8> {
    let mut out = Boxes::default();
    out.boxed(*b"ftyp", |out| {
        out.bytes(b"isom");
        out.u32(0x200);
        out.bytes(b"isomiso2avc1mp41");
    });
    out.finish()
}

/// What the index is written from.
struct Movie<'a> {
    size: (u32, u32),
    sets: &'a ParameterSets,
    video: &'a Samples<'a>,
    keys: &'a [u32],
    audio: &'a Samples<'a>,
    track: &'a Track,
}

impl Movie<'_> {
    /// Length of the film in samples of sound: the movie's unit of time.
    fn length(&self) -> u32 {
        self.video.data.len() as u32 * SAMPLES_PER_FRAME
    }

    /// The index, for data that starts at `start`.
    fn index(&self, start: u32) -> Vec<u8> {
        let (mut video_at, mut audio_at, mut at) = (Vec::new(), Vec::new(), start);
        let bytes = |run: &[&[u8]]| run.iter().map(|sample| sample.len() as u32).sum::<u32>();
        for (picture, sound) in self.video.runs().zip(self.audio.runs()) {
            video_at.push(at);
            at += bytes(picture);
            audio_at.push(at);
            at += bytes(sound);
        }
        let mut out = Boxes::default();
        out.boxed(*b"moov", |out| {
            out.full(*b"mvhd", 0, 0, |out| {
                out.times(SAMPLE_RATE, self.length());
                out.u32(0x0001_0000);
                out.u16(0x0100);
                out.zeros(10);
                out.unity();
                out.zeros(24);
                out.u32(3);
            });
            self.video_track(out, &video_at);
            self.audio_track(out, &audio_at);
        });
        out.finish()
    }

    fn video_track(&self, out: &mut Boxes, offsets: &[u32]) {
        let frames = self.video.data.len() as u32;
        out.boxed(*b"trak", |out| {
            out.track_header(1, self.length(), 0, self.size);
            out.boxed(*b"mdia", |out| {
                out.media_header(FPS * FRAME_TICKS, frames * FRAME_TICKS);
                out.handler(*b"vide", "picture");
                out.boxed(*b"minf", |out| {
                    out.full(*b"vmhd", 0, 1, |out| out.zeros(8));
                    out.data_here();
                    out.boxed(*b"stbl", |out| {
                        out.full(*b"stsd", 0, 0, |out| {
                            out.u32(1);
                            self.avc1(out);
                        });
                        out.full(*b"stts", 0, 0, |out| out.numbers(&[1, frames, FRAME_TICKS]));
                        out.full(*b"stss", 0, 0, |out| {
                            out.u32(self.keys.len() as u32);
                            out.numbers(self.keys);
                        });
                        sample_tables(out, self.video, offsets);
                    });
                });
            });
        });
    }

    fn avc1(&self, out: &mut Boxes) {
        out.boxed(*b"avc1", |out| {
            out.zeros(6);
            out.u16(1);
            out.zeros(16);
            out.u16(self.size.0 as u16);
            out.u16(self.size.1 as u16);
            out.numbers(&[0x0048_0000, 0x0048_0000, 0]);
            out.u16(1);
            out.zeros(32);
            out.u16(24);
            out.u16(0xffff);
            let ParameterSets { sps, pps } = self.sets;
            out.boxed(*b"avcC", |out| {
                out.u8(1);
                // Profile, compatibility and level, as in the sequence parameter set.
                out.bytes(sps.get(1..4).unwrap_or(&[66, 0xc0, 40]));
                out.bytes(&[0xff, 0xe1]);
                out.u16(sps.len() as u16);
                out.bytes(sps);
                out.u8(1);
                out.u16(pps.len() as u16);
                out.bytes(pps);
            });
            out.boxed(*b"pasp", |out| out.numbers(&[1, 1]));
            // Primaries, transfer and matrix of BT.709, narrow range.
            out.boxed(*b"colr", |out| {
                out.bytes(b"nclx");
                out.bytes(&[0, 1, 0, 1, 0, 1, 0]);
            });
        });
    }

    fn audio_track(&self, out: &mut Boxes, offsets: &[u32]) {
        let frames = self.track.frames.len() as u32;
        let length = (self.track.delay + self.track.samples) as u32;
        let last = length - (frames - 1) * aac::FRAME as u32;
        out.boxed(*b"trak", |out| {
            out.track_header(2, self.length(), 0x0100, (0, 0));
            out.boxed(*b"edts", |out| {
                out.full(*b"elst", 0, 0, |out| {
                    out.numbers(&[1, self.length(), self.track.delay as u32, 0x0001_0000]);
                });
            });
            out.boxed(*b"mdia", |out| {
                out.media_header(SAMPLE_RATE, length);
                out.handler(*b"soun", "sound");
                out.boxed(*b"minf", |out| {
                    out.full(*b"smhd", 0, 0, |out| out.zeros(4));
                    out.data_here();
                    out.boxed(*b"stbl", |out| {
                        out.full(*b"stsd", 0, 0, |out| {
                            out.u32(1);
                            self.mp4a(out);
                        });
                        out.full(*b"stts", 0, 0, |out| {
                            out.numbers(&[2, frames - 1, aac::FRAME as u32, 1, last]);
                        });
                        sample_tables(out, self.audio, offsets);
                    });
                });
            });
        });
    }

    fn mp4a(&self, out: &mut Boxes) {
        let largest = self.track.frames.iter().map(Vec::len).max().unwrap_or(0) as u32;
        out.boxed(*b"mp4a", |out| {
            out.zeros(6);
            out.u16(1);
            out.zeros(8);
            out.u16(2);
            out.u16(16);
            out.zeros(4);
            out.u32(SAMPLE_RATE << 16);
            out.full(*b"esds", 0, 0, |out| {
                // ISO/IEC 14496-1, 7.2.6: an elementary stream, its decoder (AAC, audio), the decoder's own configuration.
                let config = &self.track.config;
                let own = config.len() as u8;
                out.bytes(&[0x03, 23 + own, 0, 0, 0]);
                out.bytes(&[0x04, 15 + own, 0x40, 0x15]);
                out.bytes(&largest.to_be_bytes()[1..]);
                out.numbers(&[aac::BIT_RATE, aac::BIT_RATE]);
                out.bytes(&[0x05, own]);
                out.bytes(config);
                out.bytes(&[0x06, 1, 2]);
            });
        });
    }
}

fn sample_tables(out: &mut Boxes, samples: &Samples, offsets: &[u32]) {
    out.full(*b"stsc", 0, 0, |out| {
        // A row for each run of chunks with equally many samples.
        let mut rows: Vec<[u32; 3]> = Vec::new();
        for (number, &count) in (1..).zip(&samples.chunks) {
            if rows.last().is_none_or(|row| row[1] != count as u32) {
                rows.push([number, count as u32, 1]);
            }
        }
        out.u32(rows.len() as u32);
        out.numbers(rows.as_flattened());
    });
    out.full(*b"stsz", 0, 0, |out| {
        out.numbers(&[0, samples.data.len() as u32]);
        samples
            .data
            .iter()
            .for_each(|sample| out.u32(sample.len() as u32));
    });
    out.full(*b"stco", 0, 0, |out| {
        out.u32(offsets.len() as u32);
        out.numbers(offsets);
    });
}
