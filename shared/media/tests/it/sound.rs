use domain::MediaType;
use media::{Hooks, Purpose, SAMPLE_RATE, measure, soundtrack, take_sound};

use crate::sample::{SCENES, Sample, wav};
use crate::tools;

/// How many samples `heard` comes after `meant`: the greatest correlation within 50 ms.
fn lag(meant: &[f32], heard: &[f32]) -> i64 {
    let reach = i64::from(SAMPLE_RATE) / 20;
    let window = SAMPLE_RATE as usize..SAMPLE_RATE as usize * 3 / 2;
    let alike = |shift: i64| -> f64 {
        window
            .clone()
            .map(|at| f64::from(meant[at]) * f64::from(heard[(at as i64 + shift) as usize]))
            .sum()
    };
    (-reach..=reach)
        .max_by(|a, b| alike(*a).total_cmp(&alike(*b)))
        .unwrap()
}

/// As loud as players expect, and never at full scale.
#[track_caller]
fn check_loudness(heard: &[f32]) {
    let loudness = measure(heard).unwrap().unwrap();
    assert!(
        (loudness.integrated_lufs + 14.0).abs() < 0.5,
        "{loudness:?}"
    );
    assert!(loudness.true_peak_dbtp < -1.0, "{loudness:?}");
}

#[test]
fn sound_is_in_time_as_loud_as_wanted_and_below_full_scale() {
    let sample = Sample::of((162, 288), &SCENES, &[]);
    let film = sample.film(2);
    let timeline = film.timeline().unwrap();
    let meant = soundtrack(&timeline, &film.narrations, film.music, film.assets.blobs).unwrap();
    let produced = film.produce(&Hooks::NONE).unwrap();
    let heard = tools::sound(&produced.mp4);

    let lag = lag(&meant.samples, &heard);
    assert!(
        lag.abs() * 1000 <= 10 * i64::from(SAMPLE_RATE) / 10,
        "{lag} samples late"
    );
    assert!(
        heard.len().abs_diff(meant.samples.len()) <= 2048,
        "{} {}",
        heard.len(),
        meant.samples.len()
    );
    check_loudness(&heard);
}

#[test]
fn a_film_without_voice_is_silent_and_as_long() {
    let mut sample = Sample::of((162, 288), &SCENES[..2], &[]);
    sample
        .narrations
        .iter_mut()
        .for_each(|narration| narration.audio = None);
    let produced = sample.film(2).produce(&Hooks::NONE).unwrap();
    assert_eq!(produced.loudness, None);
    let heard = tools::sound(&produced.mp4);
    assert!(heard.iter().all(|sample| sample.abs() < 1e-4));
    let said = tools::probe(&produced.mp4);
    let seconds = |at: usize| {
        said["streams"][at]["duration"]
            .as_str()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    assert!((seconds(0) - seconds(1)).abs() < 0.05);
}

/// Music of one tone that no voice here has.
const TONE: f64 = 5_000.0;

fn with_music(sample: &mut Sample) {
    let value = |at: u32| (TONE * f64::from(at) / 44_100.0 * std::f64::consts::TAU).sin();
    let tone: Vec<i16> = (0..44_100 * 3)
        .map(|at| (value(at) * 9_000.0) as i16)
        .collect();
    let file = std::io::Cursor::new(wav(44_100, &tone));
    sample.music = Some(sample.store(take_sound(file, Purpose::Music).unwrap(), MediaType::Wav));
}

/// The part of a sound between two times in milliseconds.
fn part(sound: &[f32], from: u32, to: u32) -> &[f32] {
    let at = |ms: u32| (ms * (SAMPLE_RATE / 1000)) as usize;
    &sound[at(from)..at(to)]
}

#[test]
fn music_is_lower_below_words_than_in_pauses_and_no_peak_is_too_high() {
    let mut sample = Sample::of((162, 288), &SCENES, &[]);
    // Time to breathe after the first scene's words.
    sample.narrations[0].length_ms += 3_000;
    with_music(&mut sample);
    let produced = sample.film(2).produce(&Hooks::NONE).unwrap();
    let heard = tools::sound(&produced.mp4);
    let last = &produced.words[sample.narrations[0].words.len() - 1];
    let pause = tools::level(part(&heard, last.end_ms + 800, last.end_ms + 2_300), TONE);
    let under = tools::level(part(&heard, last.end_ms - 2_000, last.end_ms - 100), TONE);
    let decibels = 20.0 * (under / pause).log10();
    assert!((-13.5..-10.5).contains(&decibels), "{decibels} dB");
    check_loudness(&heard);
}

#[test]
fn music_without_a_voice_is_as_loud_throughout() {
    let mut sample = Sample::of((162, 288), &SCENES, &[]);
    let silent = |narration: &mut domain::Narration| narration.audio = None;
    sample.narrations.iter_mut().for_each(silent);
    with_music(&mut sample);
    let produced = sample.film(2).produce(&Hooks::NONE).unwrap();
    let heard = tools::sound(&produced.mp4);
    let end = produced.length_ms - 2_000;
    let levels = (1_000..end)
        .step_by(500)
        .map(|from| tools::level(part(&heard, from, from + 400), TONE));
    let mut levels: Vec<f64> = levels.collect();
    levels.sort_by(f64::total_cmp);
    // Where its end meets its start it may be louder for a moment; nowhere is it lower.
    let usual = levels[levels.len() / 2];
    assert!(levels[0] > usual * 0.98, "{levels:?}");
    assert!(levels[levels.len() - 1] < usual * 1.42, "{levels:?}");
    check_loudness(&heard);
    let again = sample.film(1).produce(&Hooks::NONE).unwrap();
    assert!(
        again.mp4 == produced.mp4,
        "the same bytes on any number of threads"
    );
}
