//! A person's recording in the place of a voice.

use voice::align;

use crate::speech::{Speech, SpeechRequest};
use crate::{Answer, ProviderError, in_turn};

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
        .map_err(|error| ProviderError::permanent("alignment", error))?
}

/// Parts a recording of a whole script among its scenes, of which a voice's speech is given: a WAV for each.
pub async fn parted(scenes: Vec<Speech>, take: Vec<u8>) -> Result<Vec<Vec<u8>>, ProviderError> {
    let parts = in_turn(move || {
        let scenes: Option<Vec<voice::Speech>> =
            scenes.iter().map(reference).collect::<Result<_, _>>()?;
        let scenes = scenes.ok_or_else(|| {
            ProviderError::invalid_input(
                "alignment",
                "no voice speaks here to compare the recording with: give one of each scene",
            )
        })?;
        let sound = read(&take)?;
        let rate = sound.sample_rate;
        let parts = align::part(&scenes, &sound.samples, rate).map_err(refused)?;
        let wav = |part| voice::wav(&sound.samples[part], rate);
        Ok(parts.into_iter().map(wav).collect())
    });
    parts
        .await
        .map_err(|error| ProviderError::permanent("alignment", error))?
}

fn narration(
    lines: &[String],
    mut spoken: Answer<Speech>,
    recording: &[u8],
) -> Result<Answer<Speech>, ProviderError> {
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
    // What the voice can't read or say as it should isn't heard.
    spoken.degraded = aligned.doubtful.iter().map(|line| {
        let said: String = lines.get(*line as usize).into_iter().flat_map(|line| line.chars()).take(CITED).collect();
        format!("the recording doesn't seem to say {said:?}: record the scene again, or change what it says")
    }).collect();
    spoken.value = cut(&align::narration(
        Some(&reference),
        samples,
        rate,
        &aligned.words,
    ));
    Ok(spoken)
}

fn read(recording: &[u8]) -> Result<voice::Wav, ProviderError> {
    voice::read_wav(recording).map_err(|error| ProviderError::permanent("alignment", error))
}

fn refused(error: align::AlignError) -> ProviderError {
    ProviderError::invalid_input("alignment", error)
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
