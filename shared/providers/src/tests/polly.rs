//! Amazon Polly.

use serde_json::json;

use super::wire::{Reply, aws_at, server};
use super::{body_of, cache, kind, paid};
use crate::polly::Polly;
use crate::{PollyChoice, PollyVoice, ProviderError, SpeechProvider, SpeechRequest};

const LINES: [&str; 2] = ["Fish & chips.", "Five dollars!"];

fn request() -> SpeechRequest {
    SpeechRequest {
        lines: LINES.map(str::to_owned).to_vec(),
        language: domain::Language::default(),
        planned_wpm: 170,
        pronunciations: domain::Pronunciations::default(),
    }
}

fn ssml() -> String {
    "<speak><prosody rate=\"100%\">Fish &amp; chips.<break time=\"420ms\"/>Five dollars!</prosody></speak>".to_owned()
}

fn marks() -> String {
    let mark = |word: &str, time: u32| {
        let start = ssml().find(word).unwrap();
        json!({ "time": time, "type": "word", "start": start, "end": start + word.len(), "value": word }).to_string()
    };
    [
        mark("Fish", 6),
        mark("chips", 400),
        mark("Five", 1200),
        mark("dollars", 1500),
    ]
    .join("\n")
}

fn answered(body: Vec<u8>) -> Reply {
    Reply::Whole(
        "200 OK",
        "content-type: audio/pcm\r\nx-amzn-requestcharacters: 27\r\n".to_owned(),
        body,
    )
}

/// Two seconds of sound, with silence from 900 to 1,200 ms.
fn sound() -> Vec<u8> {
    let sample = |at: usize| {
        if (900..1200).contains(&(at / 16)) {
            0_i16
        } else {
            4_000
        }
    };
    (0..32_000)
        .flat_map(|at| sample(at).to_le_bytes())
        .collect()
}

async fn polly(url: &str) -> Polly {
    let choice = PollyChoice {
        voice: PollyVoice::parse("Joanna").unwrap(),
        timeout_seconds: 0.5,
        usd_per_million_characters: 16.0,
    };
    Polly::new(&aws_at(url).await, &choice, cache())
}

async fn failure(replies: Vec<Reply>) -> ProviderError {
    let (url, _) = server(replies).await;
    let polly = polly(&url).await;
    paid(polly.speak(&request())).await.unwrap_err()
}

#[tokio::test]
async fn a_scene_is_spoken_with_the_time_of_every_word() {
    let (url, seen) = server(vec![answered(marks().into_bytes()), answered(sound())]).await;
    let polly = polly(&url).await;
    let answer = paid(polly.speak(&request())).await.unwrap();
    assert!(
        (answer.cost_usd - 2.0 * 27.0 * 16e-6).abs() < 1e-12,
        "both calls are paid: {}",
        answer.cost_usd
    );
    assert_eq!(answer.degraded, Vec::<String>::new());
    let speech = answer.value;
    assert_eq!(speech.length_ms, 80 + 2_000 + 120);
    let wav = voice::read_wav(&speech.wav.unwrap()).unwrap();
    assert_eq!(
        (wav.sample_rate, wav.channels, wav.samples.len()),
        (16_000, 1, 2_200 * 16)
    );
    let words: Vec<(&str, u32, u32, u32)> = speech
        .words
        .iter()
        .map(|word| (word.text.as_str(), word.line, word.start_ms, word.end_ms))
        .collect();
    let written: Vec<&str> = words.iter().map(|word| word.0).collect();
    assert_eq!(written, ["Fish", "&", "chips.", "Five", "dollars!"]);
    assert_eq!(words[0].2, 86);
    assert_eq!(words[2], ("chips.", 0, 480, 995));
    assert_eq!(words[3], ("Five", 1, 1280, 1580));
    assert!(
        words
            .windows(2)
            .all(|pair| pair[0].3 <= pair[1].2 && pair[0].2 < pair[0].3),
        "{words:?}"
    );
    let sent = seen.lock().unwrap().clone();
    assert!(
        sent[0].starts_with("POST /v1/speech HTTP/1.1\r\n"),
        "{}",
        sent[0]
    );
    assert!(
        sent[0]
            .to_lowercase()
            .contains("authorization: aws4-hmac-sha256 "),
        "{}",
        sent[0]
    );
    let (for_marks, for_sound) = (body_of(&sent[0]), body_of(&sent[1]));
    assert_eq!(for_marks["Text"], ssml());
    assert_eq!(for_marks["OutputFormat"], "json");
    assert_eq!(for_marks["SpeechMarkTypes"], json!(["word"]));
    assert_eq!(for_sound["Text"], ssml());
    assert_eq!(
        (&for_sound["OutputFormat"], &for_sound["SampleRate"]),
        (&json!("pcm"), &json!("16000"))
    );
    assert_eq!(
        (&for_sound["Engine"], &for_sound["VoiceId"]),
        (&json!("neural"), &json!("Joanna"))
    );
}

#[tokio::test]
async fn a_voice_of_another_language_keeps_silent_and_says_so_without_a_call() {
    let (url, seen) = server(Vec::new()).await;
    let mut request = request();
    request.language = domain::Language("de".to_owned());
    let answer = paid(polly(&url).await.speak(&request)).await.unwrap();
    assert!(answer.value.wav.is_none() && answer.cost_usd.abs() < 1e-12);
    assert!(
        answer.degraded[0].contains("REELWRIGHT_POLLY_VOICE"),
        "{:?}",
        answer.degraded
    );
    request.language = domain::Language::default();
    request.lines = vec!["🎉".to_owned()];
    assert!(
        paid(polly(&url).await.speak(&request))
            .await
            .unwrap()
            .degraded
            .is_empty()
    );
    request.lines = vec!["word ".repeat(700)];
    let error = paid(polly(&url).await.speak(&request)).await.unwrap_err();
    assert_eq!(kind(&error), "invalid input");
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn each_way_of_failing_has_its_name() {
    let error = Reply::error;
    for (reply, wanted, told) in [
        (
            error("429 Too Many Requests", "ThrottlingException", "slow down"),
            "transient",
            "slow down",
        ),
        (
            error(
                "500 Internal Server Error",
                "ServiceFailureException",
                "oops",
            ),
            "transient",
            "oops",
        ),
        (
            Reply::Hang,
            "transient",
            "REELWRIGHT_SPEECH_TIMEOUT_SECONDS",
        ),
        (Reply::Close, "transient", "connection"),
        (
            error(
                "400 Bad Request",
                "EngineNotSupportedException",
                "not neural here",
            ),
            "permanent",
            "REELWRIGHT_POLLY_VOICE",
        ),
        (
            error("403 Forbidden", "AccessDeniedException", "no"),
            "permanent",
            "polly:SynthesizeSpeech",
        ),
        (
            error("400 Bad Request", "TextLengthExceededException", "too long"),
            "invalid input",
            "too long",
        ),
    ] {
        let found = failure(vec![reply]).await;
        assert_eq!(kind(&found), wanted, "{found}");
        assert!(found.to_string().contains(told), "{told}: {found}");
    }
}

#[tokio::test]
async fn lies_are_found_out() {
    let good = || answered(marks().into_bytes());
    let broken = Reply::Half("200 OK", String::new(), sound());
    assert_eq!(kind(&failure(vec![good(), broken]).await), "transient");
    for (marks, sound, told) in [
        (marks().replace("\"chips\"", "\"peas\""), sound(), "peas"),
        ("<html>".to_owned(), sound(), "can't be read"),
        (String::new(), sound(), "0 of 4 words"),
        (marks(), Vec::new(), "0 bytes"),
        (marks(), vec![1; 33], "33 bytes"),
        (marks(), sound()[..16_000].to_vec(), "1200 ms"),
    ] {
        let found = failure(vec![answered(marks.into_bytes()), answered(sound)]).await;
        assert_eq!(kind(&found), "permanent", "{found}");
        assert!(found.to_string().contains(told), "{told}: {found}");
    }
}
