//! How much memory taking in three hours of music takes: a process of its own, so that nothing else is in the figure.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{Cursor, Read, Seek, SeekFrom};

use media::{MUSIC_SECONDS, SAMPLE_RATE, take_music};

const MP3: &[u8] = include_bytes!("data/tone.mp3");
const FLAC: &[u8] = include_bytes!("data/tone.flac");

/// Where its frames of sound begin: behind its tag (20 bytes) and the frame that says how long it is (208), which would be believed.
const FIRST_FRAME: usize = 228;

/// What a video keeps of music, as it is put together (32 bits) and as it is stored (16), and as much again for how both grow.
const MOST: u64 = 2 * (MUSIC_SECONDS * SAMPLE_RATE) as u64 * (4 + 2);

/// The same bytes over and over, for so long; they are nowhere.
struct Endless {
    once: &'static [u8],
    length: u64,
    at: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = (buffer.len() as u64).min(self.length - self.at) as usize;
        for byte in &mut buffer[..count] {
            *byte = self.once[self.at as usize % self.once.len()];
            self.at += 1;
        }
        Ok(count)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.length.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

/// The most memory that the process had since it was last asked to forget, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kilobytes * 1024
}

#[test]
fn three_hours_of_music_take_no_more_memory_than_what_a_video_uses() {
    // Two seconds each.
    let hours = |once: &'static [u8]| Endless {
        once,
        length: once.len() as u64 * 5_400,
        at: 0,
    };
    // What is loaded once for all is there.
    take_music(Cursor::new(FLAC)).unwrap();
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak();
    let taken = take_music(hours(&MP3[FIRST_FRAME..])).unwrap();
    let more = peak() - before;
    println!("{} bytes of WAV, {} MB at most", taken.len(), more >> 20);
    assert_eq!(taken.len(), 44 + (MUSIC_SECONDS * SAMPLE_RATE * 2) as usize);
    assert!(more < MOST, "{} MB", more >> 20);
}
