//! The embedded voice as installed. Without it these tests fail and say how to get it.
#![expect(clippy::unwrap_used, reason = "a failed test should panic")]

use std::path::PathBuf;
use std::sync::OnceLock;

use domain::Pronunciations;
use voice::{Speech, Voice, VoiceError, pauses};

fn dir() -> PathBuf {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let [voice, voices, home] = ["REELWRIGHT_VOICE", "REELWRIGHT_VOICES", "HOME"].map(path);
    voice::voice_dir(voice.as_deref(), voices.as_deref(), home.as_deref()).unwrap()
}

fn voice() -> &'static Voice {
    static VOICE: OnceLock<Voice> = OnceLock::new();
    VOICE.get_or_init(|| Voice::load(&dir()).unwrap_or_else(|error| panic!("{error}")))
}

fn speak(lines: &[&str]) -> Speech {
    speak_with(&Pronunciations::default(), lines)
}

fn speak_with(own: &Pronunciations, lines: &[&str]) -> Speech {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let speech = voice().speak(&lines, own, 1.0).unwrap();
    let written: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.split_whitespace())
        .collect();
    let timed: Vec<&str> = speech.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(written, timed);
    assert!(
        speech.words.iter().all(|word| word.start_ms < word.end_ms),
        "{:?}",
        speech.words
    );
    assert!(
        speech
            .words
            .windows(2)
            .all(|pair| pair[0].end_ms <= pair[1].start_ms),
        "{:?}",
        speech.words
    );
    assert!(
        speech
            .words
            .last()
            .is_none_or(|word| word.end_ms <= speech.length_ms())
    );
    speech
}

/// Root mean square of a stretch of the sound, in samples' units.
fn loudness(speech: &Speech, from_ms: u32, to_ms: u32) -> f64 {
    let at = |ms: u32| (u64::from(ms) * u64::from(speech.sample_rate) / 1000) as usize;
    let part = &speech.samples[at(from_ms)..at(to_ms).min(speech.samples.len())];
    (part
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum::<f64>()
        / part.len().max(1) as f64)
        .sqrt()
}

#[test]
fn a_sentence_is_heard_where_its_words_say() {
    let speech = speak(&[
        "Making a video took three days.",
        "Now it takes ten minutes.",
    ]);
    assert_eq!(speech.sample_rate, 22_050);
    assert!(
        (2_500..6_000).contains(&speech.length_ms()),
        "{} ms",
        speech.length_ms()
    );
    for word in &speech.words {
        assert!(
            loudness(&speech, word.start_ms, word.end_ms) > 300.0,
            "{word:?} is not heard"
        );
    }
    let (days, now) = (&speech.words[5], &speech.words[6]);
    assert!(
        now.start_ms - days.end_ms >= 200,
        "no pause between the lines: {days:?} {now:?}"
    );
    assert!(loudness(&speech, 0, 60) < 30.0, "no silence before");
    assert!(
        loudness(&speech, speech.length_ms() - 100, speech.length_ms()) < 30.0,
        "no silence after"
    );
    assert!(speech.unspoken.is_empty());
}

#[test]
fn the_same_text_gives_the_same_bytes_whatever_else_is_spoken() {
    let alone = speak(&["Same words, same bytes."]);
    let beside: Vec<Speech> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| speak(&["Same words, same bytes."])))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(beside.iter().all(|other| *other == alone));
}

#[test]
fn a_written_word_lasts_as_long_as_all_that_is_said_for_it() {
    let speech = speak(&["It costs $5.20 today."]);
    let lasts = |at: usize| speech.words[at].end_ms - speech.words[at].start_ms;
    assert!(lasts(2) > 3 * lasts(1).max(150), "{:?}", speech.words);
}

#[test]
fn a_faster_pace_takes_less_time() {
    let line = ["A faster pace takes less time than a slow one.".to_owned()];
    let own = Pronunciations::default();
    let length = |pace: f32| voice().speak(&line, &own, pace).unwrap().length_ms();
    assert!(length(1.4) < length(1.0) && length(1.0) < length(0.7));
    assert!(matches!(
        voice().speak(&line, &own, 0.0),
        Err(VoiceError::Pace(_))
    ));
    assert!(matches!(
        voice().speak(&line, &own, f32::NAN),
        Err(VoiceError::Pace(_))
    ));
}

#[test]
fn what_cannot_be_read_has_its_time_and_is_told() {
    let speech = speak(&["日本 and 🎉 then שלום", "🎉🎉", "", "cafe\u{301} naïve"]);
    assert_eq!(speech.unspoken, ["日本", "שלום"]);
}

#[test]
fn the_strangest_text_is_spoken() {
    let long = "a".repeat(300);
    speak(&[&long]);
    speak(&["!!! ... ,,, — - --", "[x](y) [a](/b/) {c} <d> \\e"]);
    speak(&["bcdfghjklmnpqrstvwxz", "zxqv's", "a\u{0}b\u{7}c"]);
    assert!(speak(&[]).words.is_empty());
}

#[test]
fn a_missing_or_damaged_voice_says_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let wrong = |dir: &std::path::Path| Voice::load(dir).map(|_| ()).unwrap_err().to_string();
    assert!(wrong(empty.path()).contains("scripts/fetch-voice.sh"));
    assert!(wrong(&empty.path().join("nowhere")).contains("scripts/fetch-voice.sh"));
    std::fs::write(empty.path().join("x.onnx"), b"none").unwrap();
    assert!(wrong(empty.path()).contains("x.onnx.json is damaged (it is missing)"));
    std::fs::write(empty.path().join("x.onnx.json"), b"{}").unwrap();
    assert!(wrong(empty.path()).contains("damaged"));
    std::fs::write(
        empty.path().join("voice.sha256"),
        format!("{}  x.onnx\n", "0".repeat(64)),
    )
    .unwrap();
    assert!(wrong(empty.path()).contains("sha256"));
}

#[test]
fn sentences_that_are_spoken_at_once_sound_as_those_one_after_the_other() {
    let lines = [
        "Bread rises. Why does it? Yeast eats sugar.".to_owned(),
        "Salt slows it.".to_owned(),
    ];
    let own = Pronunciations::default();
    let one_by_one = voice().speak(&lines, &own, 1.0).unwrap();
    let given = std::sync::atomic::AtomicUsize::new(0);
    let another = || {
        given.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Some(())
    };
    let at_once = voice().speak_with(&lines, &own, 1.0, another).unwrap();
    assert_eq!(at_once, one_by_one);
    // The first takes the second along, and the third the fourth.
    assert_eq!(given.into_inner(), 2);
}

#[test]
fn a_sentence_that_is_decoded_by_two_at_once_sounds_as_one_that_is_decoded_by_one() {
    let line =
        ["Yeast eats the sugar in flour and breathes out carbon dioxide all day.".to_owned()];
    let own = Pronunciations::default();
    let by_one = voice().speak(&line, &own, 1.0).unwrap();
    let given = std::sync::atomic::AtomicUsize::new(0);
    let another = || {
        given.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Some(())
    };
    let by_two = voice().speak_with(&line, &own, 1.0, another).unwrap();
    assert_eq!(by_two, by_one);
    assert_eq!(given.into_inner(), 1);
}

#[test]
fn the_fingerprint_is_stable() {
    let again = Voice::load(&dir()).unwrap();
    assert_eq!(voice().fingerprint(), again.fingerprint());
    assert!(voice().fingerprint().contains("rten/0.27"));
}

/// The longest stretch below -48 dB between the middles of two words, in milliseconds.
fn silence_between(speech: &Speech, before: usize, after: usize) -> u32 {
    let middle = |word: usize| {
        let word = &speech.words[word];
        (u64::from(u32::midpoint(word.start_ms, word.end_ms)) * u64::from(speech.sample_rate)
            / 1000) as usize
    };
    let heard = &speech.samples[middle(before)..middle(after)];
    let longest = heard
        .split(|sample| sample.unsigned_abs() > 131)
        .map(<[i16]>::len)
        .max()
        .unwrap_or(0);
    (longest as u64 * 1000 / u64::from(speech.sample_rate)) as u32
}

#[test]
fn every_mark_gets_the_pause_that_is_its() {
    // The mark follows the third word.
    for (mark, wanted) in [
        (",", pauses::COMMA_MS),
        (";", pauses::CLAUSE_MS),
        (":", pauses::CLAUSE_MS),
        (" —", pauses::CLAUSE_MS),
        ("...", pauses::CLAUSE_MS),
        (".", pauses::STOP_MS),
        ("?", pauses::QUESTION_MS),
        ("!", pauses::QUESTION_MS),
    ] {
        for (before, after) in [
            ("Here we are", "nobody else came along today"),
            ("They moved on", "only the dog stayed with us"),
            ("It is free", "all of them were told so"),
            ("Bees can dance", "birds never do that at all"),
        ] {
            let speech = speak(&[&format!("{before}{mark} {after}.")]);
            let dash = usize::from(mark == " —");
            let heard = silence_between(&speech, 2, 3 + dash);
            assert!(
                heard.abs_diff(wanted as u32) <= 25,
                "{before}{mark} {after}: {heard} ms, not {wanted}"
            );
            // The words about it are heard where they are said to be.
            for word in [&speech.words[2], &speech.words[3 + dash]] {
                assert!(
                    loudness(&speech, word.start_ms, word.end_ms) > 300.0,
                    "{word:?} of {before}{mark} {after}"
                );
            }
            let gap = speech.words[3 + dash].start_ms - speech.words[2].end_ms;
            if dash == 0 {
                assert!(
                    gap + 60 >= wanted as u32 && gap <= wanted as u32 + 40,
                    "{before}{mark} {after}: {gap} ms between the words, not {wanted}"
                );
            }
        }
    }
    let speech = speak(&["Here we are.", "Nobody else came."]);
    let heard = silence_between(&speech, 2, 3);
    assert!(heard.abs_diff(pauses::LINE_MS as u32) <= 25, "{heard} ms");
}

#[test]
fn a_brand_s_own_words_are_said_its_way_in_the_time_of_what_is_written() {
    let own = |said: &str| -> Pronunciations {
        [("Nginx".to_owned(), said.to_owned())]
            .into_iter()
            .collect()
    };
    let line = "We run Nginx, and it is fast.";
    let plain = speak(&[line]);
    let respelled = speak_with(&own("engine ex"), &[line]);
    let sounded = speak_with(&own("/ˈɛndʒɪn ˈɛks/"), &[line]);
    let words = speak(&["We run engine ex, and it is fast."]);
    assert_ne!(plain.samples, respelled.samples);
    assert_eq!(
        respelled.samples, words.samples,
        "it is what the other words are"
    );
    let span = |speech: &Speech| speech.words[2].start_ms..speech.words[2].end_ms;
    assert_eq!(respelled.words[2].text, "Nginx,");
    assert_eq!(
        span(&respelled),
        words.words[2].start_ms..words.words[3].end_ms,
        "one written word has the time of both spoken ones"
    );
    let lasts = |speech: &Speech| span(speech).len() as i64;
    assert!(
        (lasts(&sounded) - lasts(&respelled)).abs() < 150,
        "{:?} {:?}",
        sounded.words,
        respelled.words
    );
    // An entry that isn't needed changes nothing.
    let idle = own("engine ex");
    assert_eq!(
        speak_with(&idle, &["Hello there."]),
        speak(&["Hello there."])
    );
}
