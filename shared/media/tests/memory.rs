//! How much memory taking in three hours of music takes: a process of its own, so that nothing else is in the figure.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Cursor;

use media::{MUSIC_SECONDS, Purpose, SAMPLE_RATE, take_sound};

#[path = "it/nowhere.rs"]
mod nowhere;
#[path = "it/peak.rs"]
mod peak;

use nowhere::Nowhere;
use peak::beyond;

const MP3: &[u8] = include_bytes!("data/tone.mp3");
const FLAC: &[u8] = include_bytes!("data/tone.flac");

/// Where its frames of sound begin: behind its tag (20 bytes) and the frame that says how long it is (208), which would be believed.
const FIRST_FRAME: usize = 228;

/// What a video keeps of music, as it is put together (32 bits) and as it is stored (16), and as much again for how both grow.
const MOST: u64 = 2 * (MUSIC_SECONDS * SAMPLE_RATE) as u64 * (4 + 2);

#[test]
fn three_hours_of_music_take_no_more_memory_than_what_a_video_uses() {
    // Two seconds over and over.
    let once = &MP3[FIRST_FRAME..];
    let length = once.len() as u64 * 5_400;
    let mut hours = Nowhere::new(length, |at| once[at as usize % once.len()]);
    // What is loaded once for all is there.
    take_sound(Cursor::new(FLAC), Purpose::Music).unwrap();
    let (more, taken) = beyond(|| take_sound(&mut hours, Purpose::Music).unwrap());
    println!(
        "{} bytes of {length} read, {} bytes of WAV, {} MB at most",
        hours.read,
        taken.len(),
        more >> 20
    );
    assert_eq!(taken.len(), 44 + (MUSIC_SECONDS * SAMPLE_RATE * 2) as usize);
    assert!(more < MOST, "{} MB", more >> 20);
}
