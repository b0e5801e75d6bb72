//! Words found in recordings: of a person, and of the embedded voice made to sound like other people in other rooms. Without the voice these tests
//! fail and say how to get it.
#![expect(clippy::unwrap_used, reason = "a failed test should panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use domain::{Pronunciations, SpokenWord};
use voice::align::{self, AlignError, Aligned, align};
use voice::{Speech, Voice};

fn voice() -> &'static Voice {
    static VOICE: OnceLock<Voice> = OnceLock::new();
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let [voice, voices, home] = ["REELWRIGHT_VOICE", "REELWRIGHT_VOICES", "HOME"].map(path);
    let dir = voice::voice_dir(voice.as_deref(), voices.as_deref(), home.as_deref()).unwrap();
    VOICE.get_or_init(|| Voice::load(&dir).unwrap_or_else(|error| panic!("{error}")))
}

/// Speaking takes longer than all else here: the same lines are spoken once.
fn spoken(lines: &[&str], pace: f32) -> Speech {
    static SPOKEN: Mutex<BTreeMap<String, Speech>> = Mutex::new(BTreeMap::new());
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let mut spoken = SPOKEN.lock().unwrap();
    let speech = spoken
        .entry(format!("{pace} {lines:?}"))
        .or_insert_with(|| {
            voice()
                .speak(&lines, &Pronunciations::default(), pace)
                .unwrap()
        });
    speech.clone()
}

/// Lines of scripts as they are written.
const SCENES: [&[&str]; 6] = [
    &["Why does bread rise?"],
    &[
        "Yeast eats the sugar in flour and breathes out carbon dioxide.",
        "Kneading builds gluten, which holds the gas in small bubbles.",
    ],
    &["In 2023, 41% of all homes in the town had a solar lamp; three years before it was 12%."],
    &[
        "The lighthouse was built in 1847.",
        "Its lamp burned whale oil, and one keeper lived there with his daughter.",
        "Today nobody does.",
    ],
    &["A lock that costs $40 is opened in 90 seconds."],
    &["Try it this weekend."],
];

/// A sound, with the time of each word.
#[derive(Clone)]
struct Take {
    samples: Vec<f32>,
    rate: u32,
    /// Milliseconds.
    words: Vec<(f32, f32)>,
}

impl Take {
    fn of(speech: &Speech) -> Self {
        let times = |word: &SpokenWord| (word.start_ms as f32, word.end_ms as f32);
        Self {
            samples: speech.samples.iter().map(|s| f32::from(*s)).collect(),
            rate: speech.sample_rate,
            words: speech.words.iter().map(times).collect(),
        }
    }

    fn heard(&self) -> Vec<i16> {
        self.samples.iter().map(|s| s.round() as i16).collect()
    }

    /// Played that much faster: higher, from a shorter throat.
    fn faster(mut self, by: f32) -> Self {
        let count = (self.samples.len() as f32 / by) as usize;
        let at = |at: usize| {
            let place = at as f32 * by;
            let (left, share) = (place as usize, place.fract());
            let right = self.samples.get(left + 1).copied().unwrap_or(0.0);
            self.samples[left] * (1.0 - share) + right * share
        };
        let samples = (0..count).map(at).collect();
        for (start, end) in &mut self.words {
            (*start, *end) = (*start / by, *end / by);
        }
        Self { samples, ..self }
    }

    /// With a hiss that much below the voice, in dB.
    fn noisy(mut self, below: f32) -> Self {
        let squares: f32 = self.samples.iter().map(|s| s * s).sum();
        let level = (squares / self.samples.len() as f32).sqrt() * 10_f32.powf(-below / 20.0);
        let mut seed = 7_u32;
        for sample in &mut self.samples {
            // The sum of four is near enough to a bell.
            let hiss: f32 = (0..4)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 8) as f32 / 16_777_216.0 - 0.5
                })
                .sum();
            *sample += hiss * 1.7 * level;
        }
        self
    }

    /// In a room that rings for half a second.
    fn in_a_room(mut self) -> Self {
        let dry = self.samples.clone();
        for (delay_ms, share) in [
            (17, 0.4),
            (29, 0.3),
            (43, 0.25),
            (71, 0.2),
            (113, 0.12),
            (190, 0.07),
            (310, 0.03),
        ] {
            let delay = delay_ms * self.rate as usize / 1000;
            for (at, sample) in self.samples.iter_mut().enumerate().skip(delay) {
                *sample += dry[at - delay] * share;
            }
        }
        self
    }

    /// As a telephone gives it: nothing above 3.4 kHz, 8,000 samples a second.
    fn by_telephone(mut self) -> Self {
        let cutoff = 3_400.0 / self.rate as f32;
        let tap = |at: i32| {
            let x = at as f32;
            let window = 0.5 + 0.5 * (std::f32::consts::PI * x / 64.0).cos();
            let angle = 2.0 * std::f32::consts::PI * cutoff * x;
            let sinc = if at == 0 {
                2.0 * cutoff
            } else {
                angle.sin() / (std::f32::consts::PI * x)
            };
            sinc * window
        };
        let taps: Vec<f32> = (-64..=64).map(tap).collect();
        let soft = |at: usize| -> f32 {
            let sample = |tap: usize| {
                (at + tap)
                    .checked_sub(64)
                    .and_then(|at| self.samples.get(at))
            };
            taps.iter()
                .enumerate()
                .filter_map(|(tap, share)| Some(sample(tap)? * share))
                .sum()
        };
        let count = self.samples.len() * 8_000 / self.rate as usize;
        let samples = (0..count)
            .map(|at| soft(at * self.rate as usize / 8_000))
            .collect();
        self.samples = samples;
        self.rate = 8_000;
        self
    }

    /// With a silence of so many milliseconds before every third word.
    fn hesitating(mut self, ms: usize) -> Self {
        let at = |ms: f32| (ms * self.rate as f32 / 1000.0) as usize;
        let pause = ms * self.rate as usize / 1000;
        let mut samples = Vec::new();
        let (mut from, mut later) = (0, 0.0);
        for (number, (start, end)) in self.words.iter_mut().enumerate() {
            if number % 3 == 0 {
                samples.extend(&self.samples[from..at(*start)]);
                samples.resize(samples.len() + pause, 0.0);
                from = at(*start);
                later += ms as f32;
            }
            (*start, *end) = (*start + later, *end + later);
        }
        samples.extend(&self.samples[from..]);
        Self { samples, ..self }
    }

    fn found(&self, reference: &Speech) -> Result<Aligned, AlignError> {
        align(reference, &self.heard(), self.rate)
    }

    /// By how much the words' starts are off, in milliseconds.
    fn errors(&self, reference: &Speech) -> Vec<f32> {
        let found = self.found(reference).unwrap();
        assert_eq!(found.words.len(), self.words.len());
        assert_eq!(found.doubtful, [0_u32; 0]);
        let words = found.words.iter().zip(&self.words);
        words
            .map(|(word, (start, _))| word.start_ms as f32 - start)
            .collect()
    }
}

/// The median of absolute errors, what 95 of 100 are within, and the largest.
fn spread(errors: &[f32]) -> [f32; 3] {
    let mut off: Vec<f32> = errors.iter().map(|error| error.abs()).collect();
    off.sort_by(f32::total_cmp);
    [0.5, 0.95, 1.0].map(|share| off[((off.len() - 1) as f32 * share) as usize])
}

/// The person's sentences: what is said, the sound, and when each word begins and ends.
fn austen() -> Vec<(String, Take)> {
    #[derive(serde::Deserialize)]
    struct Sentence {
        file: String,
        words: Vec<(String, f32, f32)>,
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let text = std::fs::read_to_string(folder.join("austen.json")).unwrap();
    let sentences: Vec<Sentence> = serde_json::from_str(&text).unwrap();
    let sentences = sentences.into_iter().map(|sentence| {
        let wav = std::fs::read(folder.join(sentence.file)).unwrap();
        let wav = voice::read_wav(&wav).unwrap();
        let said: Vec<&str> = sentence
            .words
            .iter()
            .map(|(word, ..)| word.as_str())
            .collect();
        let take = Take {
            samples: wav.samples.iter().map(|s| f32::from(*s)).collect(),
            rate: wav.sample_rate,
            words: sentence
                .words
                .iter()
                .map(|(_, start, end)| (*start, *end))
                .collect(),
        };
        (said.join(" "), take)
    });
    sentences.collect()
}

#[test]
fn a_persons_words_are_found_within_a_few_hundredths_of_a_second() {
    let mut errors = Vec::new();
    for (said, take) in austen() {
        errors.extend(take.errors(&spoken(&[&said], 1.0)));
    }
    let [median, most, worst] = spread(&errors);
    println!(
        "{} words of a person: median {median} ms, 95% {most} ms, worst {worst} ms",
        errors.len()
    );
    assert!(median <= 25.0 && most <= 70.0, "{median} {most} {worst}");
}

#[test]
fn words_are_found_whatever_the_pace_the_throat_the_room_and_the_line() {
    type Change = fn(Take) -> Take;
    let same = |take: Take| take;
    let kinds: [(&str, f32, Change); 9] = [
        ("as it is", 1.0, same),
        ("slowly", 0.75, same),
        ("fast", 1.35, same),
        ("a short throat", 0.9, |take| take.faster(1.18)),
        ("a long throat", 1.1, |take| take.faster(0.87)),
        ("hiss 15 dB below", 0.9, |take| take.noisy(15.0)),
        ("a room that rings", 1.1, Take::in_a_room),
        ("a telephone", 0.95, Take::by_telephone),
        ("hesitating, in hiss", 1.05, |take| {
            take.hesitating(700).noisy(30.0)
        }),
    ];
    for (kind, pace, change) in kinds {
        let mut errors = Vec::new();
        for lines in SCENES {
            let take = change(Take::of(&spoken(lines, pace)));
            errors.extend(take.errors(&spoken(lines, 1.0)));
        }
        let [median, most, worst] = spread(&errors);
        println!(
            "{kind}: {} words, median {median:.0} ms, 95% {most:.0} ms, worst {worst:.0} ms",
            errors.len()
        );
        assert!(
            median <= 20.0 && most <= 80.0,
            "{kind}: {median} {most} {worst}"
        );
    }
}

#[test]
fn who_says_something_else_is_not_believed() {
    let person = austen().into_iter();
    let person = person.map(|(said, take)| (spoken(&[&said], 1.0), take));
    let another = SCENES.map(|lines| {
        let take = Take::of(&spoken(lines, 0.95)).faster(1.08).noisy(25.0);
        (spoken(lines, 1.0), take)
    });
    for (who, sentences) in [
        ("a person", person.collect()),
        ("the voice", another.to_vec()),
    ] {
        let (mut true_least, mut false_most) = (1.0_f32, 0.0_f32);
        for (at, (_, take)) in sentences.iter().enumerate() {
            for (other, (reference, _)) in sentences.iter().enumerate() {
                match take.found(reference) {
                    Ok(found) if at == other => {
                        assert_eq!(found.doubtful, [0_u32; 0], "{who} {at}");
                        true_least = true_least.min(found.likeness);
                    }
                    Ok(found) => {
                        assert_ne!(found.doubtful, [0_u32; 0], "{who} {at} for {other}");
                        false_most = false_most.max(found.likeness);
                    }
                    Err(AlignError::Length { .. }) => assert_ne!(at, other),
                    Err(error) => panic!("{error}"),
                }
            }
        }
        println!(
            "{who}: likeness {true_least:.3} and more to what is said, {false_most:.3} and less to other words"
        );
    }
}

#[test]
fn long_silence_makes_no_difference_to_what_is_believed_and_nothing_to_what_is_not() {
    let sentences = austen();
    let within = |take: &Take| {
        let silence = vec![0.0; take.rate as usize * 8];
        let samples = [silence.clone(), take.samples.clone(), silence].concat();
        Take {
            samples,
            ..take.clone()
        }
    };
    let (said, take) = &sentences[2];
    let reference = spoken(&[said], 1.0);
    let found = within(take).found(&reference).unwrap();
    assert_eq!(found.doubtful, [0_u32; 0], "{}", found.likeness);
    let close = take.found(&reference).unwrap().likeness;
    assert!(
        (found.likeness - close).abs() < 0.03,
        "{} {close}",
        found.likeness
    );
    let other = within(&sentences[3].1).found(&reference).unwrap();
    assert_eq!(other.doubtful, [0], "{}", other.likeness);
}

#[test]
fn the_line_that_was_changed_after_it_was_recorded_is_named() {
    let said = SCENES[3];
    for changed in 0..said.len() {
        let mut written = said.to_vec();
        written[changed] = [
            "People came from far away to look at it.",
            "It stands on a rock that no road leads to, and gulls breed there.",
            "Come and see it.",
        ][changed];
        let take = Take::of(&spoken(said, 0.95)).faster(1.06).noisy(30.0);
        let found = take.found(&spoken(&written, 1.0)).unwrap();
        assert_eq!(found.doubtful, [changed as u32], "{written:?}");
    }
}

#[test]
fn what_is_no_recording_of_the_words_is_refused_with_what_is_in_it() {
    let reference = spoken(SCENES[1], 1.0);
    let silent = |samples: &[i16]| align(&reference, samples, 48_000).unwrap_err();
    assert_eq!(silent(&[]), AlignError::Silent);
    assert_eq!(silent(&vec![0; 480_000]), AlignError::Silent);
    let hiss = Take {
        samples: vec![0.0; 240_000],
        rate: 48_000,
        words: Vec::new(),
    };
    let mut hiss = Take {
        samples: vec![1_000.0; 240_000],
        ..hiss
    }
    .noisy(0.0);
    hiss.samples
        .iter_mut()
        .for_each(|sample| *sample -= 1_000.0);
    assert_eq!(silent(&hiss.heard()), AlignError::Silent);
    let word = Take::of(&spoken(&["Yeast."], 1.0))
        .found(&reference)
        .unwrap_err();
    assert!(
        matches!(word, AlignError::Length { spoken, needed } if spoken < 1.0 && needed > 5.0),
        "{word:?}"
    );
    let long: Vec<&str> = SCENES.concat();
    let long = Take::of(&spoken(&long, 1.0))
        .found(&spoken(SCENES[0], 1.0))
        .unwrap_err();
    assert!(long.to_string().contains("take about 1."), "{long}");
}

#[test]
fn a_narration_is_what_is_said_of_a_recording_as_loud_as_the_voice() {
    let reference = spoken(SCENES[1], 1.0);
    let mut take = Take::of(&spoken(SCENES[1], 0.9)).noisy(50.0);
    take.samples.iter_mut().for_each(|sample| *sample *= 0.1);
    let quiet = vec![0.0; take.rate as usize * 2];
    take.samples = [quiet.clone(), take.samples, quiet].concat();
    let found = take.found(&reference).unwrap();
    let narration = align::narration(Some(&reference), &take.heard(), take.rate, &found.words);
    let (first, last) = (&narration.words[0], narration.words.last().unwrap());
    assert!(first.start_ms <= 150 && first.end_ms < 700, "{first:?}");
    assert!(
        narration.length_ms().abs_diff(last.end_ms) <= 221,
        "{last:?}"
    );
    let level = |speech: &Speech| {
        let squares = speech.samples.iter().map(|s| f64::from(*s).powi(2));
        (squares.sum::<f64>() / speech.samples.len() as f64).sqrt()
    };
    let ratio = level(&narration) / level(&reference);
    assert!((0.85..1.2).contains(&ratio), "{ratio}");
    assert!(narration.samples[0].unsigned_abs() < 10);
}
