use std::io::Cursor;

use media::{
    MUSIC_SECONDS, Purpose, RECORDING_SECONDS, SAMPLE_RATE, SoundKind, TAKE_SECONDS, TakeError,
    take_sound,
};
use proptest::prelude::*;

use crate::nowhere::Nowhere;
use crate::sample::wav;
use crate::tools::level;

const MP3: &[u8] = include_bytes!("../data/tone.mp3");
const OGG: &[u8] = include_bytes!("../data/tone.ogg");
const FLAC: &[u8] = include_bytes!("../data/tone.flac");
const OPUS: &[u8] = include_bytes!("../data/opus.ogg");

/// The samples of a WAV that was taken in.
fn samples(wav: &[u8]) -> Vec<f32> {
    assert_eq!(wav[22..28], [1, 0, 0x80, 0xbb, 0, 0], "one channel, 48 kHz");
    let pairs = wav[44..].chunks_exact(2);
    pairs
        .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect()
}

fn tone(rate: u32, seconds: f32) -> Vec<i16> {
    let value = |at: u32| (at as f32 / rate as f32 * 440.0 * std::f32::consts::TAU).sin();
    (0..(rate as f32 * seconds) as u32)
        .map(|at| (value(at) * 8_000.0) as i16)
        .collect()
}

fn refusal(file: &[u8]) -> String {
    take_sound(Cursor::new(file), Purpose::Music)
        .unwrap_err()
        .to_string()
}

#[test]
fn every_kind_is_taken_in_as_one_channel_of_the_same_sound() {
    for (name, file) in [("mp3", MP3), ("ogg", OGG), ("flac", FLAC)] {
        let heard = samples(&take_sound(Cursor::new(file), Purpose::Music).unwrap());
        let off = heard.len().abs_diff(2 * SAMPLE_RATE as usize);
        assert!(off < 3_000, "{name}: {} samples", heard.len());
        // ffmpeg's tones have an amplitude of 1/8, and either is in one channel of two.
        for hertz in [440.0, 660.0] {
            let level = level(&heard[9_600..81_600], hertz);
            assert!(
                (level - 1.0 / 16.0).abs() < 0.005,
                "{name} {hertz}: {level}"
            );
        }
        assert!(level(&heard[9_600..81_600], 1_000.0) < 0.002, "{name}");
    }
}

#[test]
fn every_usual_rate_keeps_pitch_and_length() {
    for rate in [
        8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
    ] {
        let file = wav(rate, &tone(rate, 1.5));
        let heard = samples(&take_sound(Cursor::new(file), Purpose::Music).unwrap());
        assert!(heard.len().abs_diff(72_000) <= 6, "{rate}: {}", heard.len());
        let level = level(&heard[9_600..57_600], 440.0);
        assert!(
            (level - 8_000.0 / 32_768.0).abs() < 0.003,
            "{rate}: {level}"
        );
    }
}

#[test]
fn of_three_hours_only_what_a_video_needs_is_read_and_kept() {
    let bytes = 3 * 3_600 * 44_100 * 2;
    let mut head = wav(44_100, &[]);
    head[40..44].copy_from_slice(&(bytes as u32).to_le_bytes());
    let mut hours = Nowhere::new(head.len() as u64 + bytes, |at| {
        let told = head.get(at as usize).copied();
        told.unwrap_or((at / 64 % 32) as u8)
    });
    let taken = take_sound(&mut hours, Purpose::Music).unwrap();
    assert_eq!(taken.len(), 44 + (MUSIC_SECONDS * SAMPLE_RATE * 2) as usize);
    let needed = u64::from(MUSIC_SECONDS) * 44_100 * 2;
    assert!(hours.read < needed + 100_000, "{} bytes", hours.read);
}

#[test]
fn what_cannot_be_music_is_refused_with_its_reason() {
    let mut surround = wav(48_000, &tone(48_000, 2.0));
    surround[22] = 6;
    let mut odd = wav(44_056, &tone(44_056, 2.0));
    for (file, part) in [
        (&b""[..], "no WAV, MP3, Ogg Vorbis or FLAC"),
        (b"\0\0\0\x20ftypM4A ", "no WAV, MP3, Ogg Vorbis or FLAC"),
        (b"RIFF\0\0\0\0WEBP", "no usable WAV"),
        (
            b"ID3\x04\0\0\0\0\0\0 and no frame",
            "no usable MP3: it has no sound",
        ),
        (OPUS, "no usable Ogg Vorbis"),
        (&FLAC[..40], "no usable FLAC"),
        (&surround, "6 channels"),
        (&odd, "44056 samples a second"),
        (&wav(48_000, &tone(48_000, 0.4)), "it has 0.40 s of sound"),
        (
            &wav(48_000, &vec![0; 96_000]),
            "it is silent for its first 2 s",
        ),
        (&wav(48_000, &[]), "it has 0.00 s of sound"),
    ] {
        let said = refusal(file);
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    odd[24..28].copy_from_slice(&4_000_000_u32.to_le_bytes());
    assert!(refusal(&odd).contains("4000000 Hz"), "{}", refusal(&odd));
}

#[test]
fn a_recording_is_taken_whole_or_refused() {
    let recorded = |seconds: f32| {
        let file = wav(8_000, &tone(8_000, seconds));
        take_sound(Cursor::new(file), Purpose::Recording)
    };
    let word = samples(&recorded(0.5).unwrap());
    assert!(word.len().abs_diff(24_000) <= 6, "{}", word.len());
    let longest = samples(&recorded(RECORDING_SECONDS as f32).unwrap());
    let expected = (RECORDING_SECONDS * SAMPLE_RATE) as usize;
    assert!(longest.len().abs_diff(expected) <= 6, "{}", longest.len());
    let refused = |taken: Result<Vec<u8>, TakeError>| taken.unwrap_err().to_string();
    let long = refused(recorded(RECORDING_SECONDS as f32 + 0.1));
    assert!(long.contains("longer than 120 s"), "{long}");
    let short = refused(recorded(0.2));
    assert!(
        short.contains("the recording of a scene takes 0.3 s"),
        "{short}"
    );
    let script = wav(8_000, &tone(8_000, TAKE_SECONDS as f32 + 0.1));
    let long = refused(take_sound(Cursor::new(script), Purpose::Take));
    assert!(long.contains("longer than 240 s"), "{long}");
}

#[test]
fn a_damaged_place_is_named() {
    let mut flac = FLAC.to_vec();
    let place = flac.len() * 3 / 4;
    flac[place..place + 40].fill(0x55);
    match take_sound(Cursor::new(flac), Purpose::Music) {
        Err(TakeError::Damaged { kind, seconds, .. }) => {
            assert_eq!(kind, SoundKind::Flac);
            assert!((0.9..1.7).contains(&seconds), "{seconds}");
        }
        other => panic!("{:?}", other.map(|taken| taken.len())),
    }
}

proptest! {
    #[test]
    fn damage_anywhere_is_taken_or_refused_and_never_a_panic(
        file in proptest::sample::select(vec![MP3, OGG, FLAC]),
        places in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        // Most of what there is to get wrong is at the start.
        early in any::<bool>(),
        length in any::<proptest::sample::Index>(),
    ) {
        let mut file = file.to_vec();
        let reach = if early { 400 } else { file.len() };
        for (place, value) in places {
            file[place.index(reach)] = value;
        }
        file.truncate(file.len() / 2 + length.index(file.len() / 2) + 1);
        if let Err(error) = take_sound(Cursor::new(file), Purpose::Music) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
