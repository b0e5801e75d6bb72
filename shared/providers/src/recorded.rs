//! A person's recording in the place of a voice.

use voice::align::{self, AlignError};

use crate::speech::{Speech, SpeechRequest};
use crate::{Answer, ProviderError, in_turn};

/// What finds the words, in messages.
const NAME: &str = "the alignment of recordings";
/// The most of a line that a message cites, in characters.
const CITED: usize = 60;

/// A recording of what a scene says, in place of `spoken`, a voice's speech of the same lines: its words' times are found by it. WAV of one channel,
/// 16 bits. Where no voice speaks, the words are spread over the recording as they are long, and where a line doesn't seem to be what is said,
/// that is told as well: either leaves the answer degraded.
pub async fn recorded(
    request: &SpeechRequest,
    spoken: Answer<Speech>,
    recording: Vec<u8>,
) -> Result<Answer<Speech>, ProviderError> {
    let lines = request.lines.clone();
    in_turn(move || narration(&lines, spoken, &recording))
        .await
        .map_err(|error| ProviderError::permanent(NAME, error))?
}

/// Parts a recording of a whole script among its scenes, of which a voice's speech is given: a WAV for each.
pub async fn parted(scenes: Vec<Speech>, take: Vec<u8>) -> Result<Vec<Vec<u8>>, ProviderError> {
    let parts = in_turn(move || {
        let scenes: Option<Vec<voice::Speech>> =
            scenes.iter().map(reference).collect::<Result<_, _>>()?;
        let scenes = scenes.ok_or_else(|| {
            ProviderError::invalid_input(
                NAME,
                "no voice speaks here to compare the recording with: give one of each scene",
            )
        })?;
        let sound = read(&take)?;
        let rate = sound.sample_rate;
        let parts = align::part(&scenes, &sound.samples, rate)
            .map_err(|error| ProviderError::invalid_input(NAME, error))?;
        let wav = |part| voice::wav(&sound.samples[part], rate);
        Ok(parts.into_iter().map(wav).collect())
    });
    parts
        .await
        .map_err(|error| ProviderError::permanent(NAME, error))?
}

fn narration(
    lines: &[String],
    mut spoken: Answer<Speech>,
    recording: &[u8],
) -> Result<Answer<Speech>, ProviderError> {
    let refused = |error: AlignError| {
        let said = lines.first().map_or_else(String::new, |line| cited(line));
        let message = format!("the recording of the scene that says {said}: {error}");
        ProviderError::invalid_input(NAME, message)
    };
    let sound = read(recording)?;
    let (samples, rate) = (&sound.samples, sound.sample_rate);
    let Some(reference) = reference(&spoken.value)? else {
        let words = align::spread(&spoken.value.words, samples, rate).map_err(refused)?;
        spoken.degraded = vec![
            "the words' times in the recording are reckoned from their length, because no voice speaks here to compare it with"
                .to_owned(),
        ];
        spoken.value = cut(&align::narration(None, samples, rate, &words));
        return Ok(spoken);
    };
    let aligned = align::align(&reference, samples, rate).map_err(refused)?;
    let doubtful = aligned.doubtful.iter();
    let doubtful = doubtful.filter_map(|line| lines.get(*line as usize));
    // In place of what the voice couldn't read or say, which isn't heard.
    spoken.degraded = doubtful
        .map(|line| {
            format!(
                "the recording doesn't seem to say {}: record the scene again, or change what it says",
                cited(line)
            )
        })
        .collect();
    spoken.value = cut(&align::narration(
        Some(&reference),
        samples,
        rate,
        &aligned.words,
    ));
    Ok(spoken)
}

fn read(recording: &[u8]) -> Result<voice::Wav, ProviderError> {
    voice::read_wav(recording).map_err(|error| ProviderError::permanent(NAME, error))
}

/// The beginning of a line, in quotation marks.
fn cited(line: &str) -> String {
    let beginning: String = line.chars().take(CITED).collect();
    let more = if beginning.len() < line.len() {
        "…"
    } else {
        ""
    };
    format!("\"{beginning}{more}\"")
}

/// What a voice said, as samples.
fn reference(spoken: &Speech) -> Result<Option<voice::Speech>, ProviderError> {
    let Some(wav) = &spoken.wav else {
        return Ok(None);
    };
    let sound = read(wav)?;
    Ok(Some(voice::Speech {
        samples: sound.samples,
        sample_rate: sound.sample_rate,
        words: spoken.words.clone(),
        unspoken: Vec::new(),
    }))
}

fn cut(narration: &voice::Speech) -> Speech {
    Speech {
        wav: Some(voice::wav(&narration.samples, narration.sample_rate)),
        length_ms: narration.length_ms(),
        words: narration.words.clone(),
    }
}
