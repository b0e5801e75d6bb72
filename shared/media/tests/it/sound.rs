use media::{Hooks, SAMPLE_RATE, measure, soundtrack};

use crate::sample::{SCENES, Sample};
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

#[test]
fn sound_is_in_time_as_loud_as_wanted_and_below_full_scale() {
    let sample = Sample::of((162, 288), &SCENES, &[]);
    let film = sample.film(2);
    let timeline = film.timeline().unwrap();
    let meant = soundtrack(&timeline, &film.narrations, film.assets.blobs).unwrap();
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
    let loudness = measure(&heard).unwrap().unwrap();
    assert!(
        (loudness.integrated_lufs + 14.0).abs() < 0.5,
        "{loudness:?}"
    );
    assert!(loudness.true_peak_dbtp < -1.0, "{loudness:?}");
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
