//! What Polly is given to read, and when each of its words is spoken.

use std::fmt::Write;
use std::ops::Range;

use domain::{Part, Pronunciations, Said};
use serde::Deserialize;
use voice::pauses::LINE_MS;

/// What is quieter than this is silence: -48 dB.
const SILENCE: u16 = 131;
/// Kept of the silence after a word, so that soft consonants aren't cut.
const KEPT_MS: usize = 15;
/// How far behind the end of the sound a mark may lie: the service rounds.
const SLACK_MS: u64 = 50;

/// The lines of a scene as SSML.
pub(crate) struct Ssml {
    pub(crate) text: String,
    /// Every written word: its line, as it is written, and the bytes that it takes in `text`.
    pub(crate) words: Vec<Written>,
}

/// A word as it is written.
pub(crate) struct Written {
    pub(crate) line: u32,
    pub(crate) text: String,
    /// What stands for it, tags included.
    bytes: Range<usize>,
    /// Characters that may be charged for.
    characters: usize,
    /// Whether something else is said than is written: the service's marks then tell either.
    respelled: bool,
}

impl Written {
    fn speakable(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }

    /// Writes a word into SSML, with what is said for it.
    fn new(line: u32, word: &str, own: &Pronunciations, text: &mut String) -> Self {
        let start = text.len();
        let parts = own.parts(word);
        let respelled = parts.is_some();
        let mut characters = 0;
        for part in parts.unwrap_or_else(|| vec![Part::Written(word)]) {
            let from = text.len();
            match part {
                Part::Written(written) => escape(written, text),
                Part::Said {
                    written,
                    said,
                    possessive,
                } => said_otherwise(written, said, possessive, text),
            }
            // Tags aren't charged for; an alias may be.
            characters += text.len() - from;
        }
        Self {
            line,
            text: word.to_owned(),
            bytes: start..text.len(),
            characters,
            respelled,
        }
    }
}

impl Ssml {
    /// Writes lines to be read at a pace in percent of the voice's own.
    pub(crate) fn new(lines: &[String], own: &Pronunciations, pace: u32) -> Self {
        let mut text = format!("<speak><prosody rate=\"{pace}%\">");
        let mut words = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                // Writing to a string can't fail.
                let _ = write!(text, "<break time=\"{LINE_MS}ms\"/>");
            }
            for (nth, word) in line.split_whitespace().enumerate() {
                if nth > 0 {
                    text.push(' ');
                }
                words.push(Written::new(at as u32, word, own, &mut text));
            }
        }
        text.push_str("</prosody></speak>");
        Self { text, words }
    }

    /// Whether there is anything to say.
    pub(crate) fn says_something(&self) -> bool {
        self.words.iter().any(Written::speakable)
    }

    /// The most characters that are charged for: those of the words, and the spaces between; of tags only those of words that are said otherwise.
    pub(crate) fn characters(&self) -> usize {
        let letters: usize = self.words.iter().map(|word| word.characters).sum();
        letters + self.words.len()
    }
}

/// Writes a word into SSML that is said otherwise than it is written; `possessive` if it ends in `'s`.
fn said_otherwise(written: &str, said: Said<'_>, possessive: bool, text: &mut String) {
    match said {
        Said::Words(said) => {
            text.push_str("<sub alias=\"");
            escape(said, text);
            escape(if possessive { "'s" } else { "" }, text);
            text.push_str("\">");
            escape(written, text);
            text.push_str("</sub>");
        }
        Said::Ipa(ipa) => {
            // The ending is read, its sounds aren't given.
            let bare = match written.char_indices().nth_back(1) {
                Some((at, _)) if possessive => &written[..at],
                _ => written,
            };
            text.push_str("<phoneme alphabet=\"ipa\" ph=\"");
            escape(ipa, text);
            text.push_str("\">");
            escape(bare, text);
            text.push_str("</phoneme>");
            escape(&written[bare.len()..], text);
        }
    }
}

/// Writes text into XML: without characters that mean something there, and those that it can't hold.
fn escape(written: &str, text: &mut String) {
    for c in written.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&apos;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => text.push(' '),
            c => text.push(c),
        }
    }
}

/// A speech mark as the service writes it: one JSON object a line.
#[derive(Debug, Deserialize)]
struct Mark {
    /// Milliseconds from the start of the sound.
    time: u64,
    #[serde(rename = "type")]
    kind: String,
    /// Bytes of the SSML.
    #[serde(default)]
    start: usize,
    #[serde(default)]
    end: usize,
    #[serde(default)]
    value: String,
}

/// Where in the sound each word is heard, in samples; nothing for words that have no sound. Refuses marks that are of another text.
pub(crate) fn heard(
    ssml: &Ssml,
    marks: &[u8],
    samples: &[i16],
    rate: u32,
) -> Result<Vec<Option<Range<usize>>>, String> {
    let starts = starts(ssml, marks, samples.len(), rate)?;
    let mut spans: Vec<Option<Range<usize>>> = vec![None; starts.len()];
    let mut next = samples.len();
    for (span, start) in spans.iter_mut().zip(starts).rev() {
        if let Some(start) = start {
            let start = start.min(next);
            *span = Some(start..sounding(samples, start..next, rate));
            next = start;
        }
    }
    Ok(spans)
}

/// Whether marks are of this text, whatever the sound.
pub(crate) fn check(ssml: &Ssml, marks: &[u8]) -> Result<(), String> {
    const LONGEST_SOUND: usize = u32::MAX as usize;
    starts(ssml, marks, LONGEST_SOUND, 1000).map(drop)
}

/// The sample at which each word starts.
fn starts(
    ssml: &Ssml,
    marks: &[u8],
    length: usize,
    rate: u32,
) -> Result<Vec<Option<usize>>, String> {
    let text = std::str::from_utf8(marks).map_err(|_| "the marks are no text".to_owned())?;
    let length_ms = length as u64 * 1000 / u64::from(rate.max(1));
    let mut starts: Vec<Option<usize>> = vec![None; ssml.words.len()];
    let mut before = 0;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mark: Mark = serde_json::from_str(line)
            .map_err(|error| format!("a mark can't be read ({error})"))?;
        if mark.kind != "word" {
            continue;
        }
        let word = ssml
            .words
            .iter()
            .position(|word| word.bytes.contains(&mark.start))
            .filter(|&word| ssml.words[word].respelled || says(&ssml.text, &mark))
            .ok_or_else(|| format!("no word {:?} stands at byte {}", mark.value, mark.start))?;
        if mark.time < before || mark.time > length_ms + SLACK_MS {
            return Err(format!(
                "the word {:?} is said to begin at {} ms, and the sound has {length_ms}",
                mark.value, mark.time
            ));
        }
        before = mark.time;
        let sample = (mark.time * u64::from(rate) / 1000) as usize;
        if let Some(start) = starts.get_mut(word) {
            start.get_or_insert(sample.min(length));
        }
    }
    let speakable = ssml.words.iter().filter(|word| word.speakable()).count();
    let marked = starts.iter().flatten().count();
    if marked * 2 < speakable {
        return Err(format!("only {marked} of {speakable} words have a mark"));
    }
    Ok(starts)
}

/// Whether a mark's value is what stands at its place, as far as letters and digits go.
fn says(text: &str, mark: &Mark) -> bool {
    let plain = |text: &str| -> String {
        let text = text.to_lowercase();
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    text.get(mark.start..mark.end)
        // An escaped character is told as itself.
        .is_some_and(|there| there.contains('&') || plain(there) == plain(&mark.value))
}

/// Where the sound of a span ends: silence after a word isn't the word's.
fn sounding(samples: &[i16], span: Range<usize>, rate: u32) -> usize {
    let kept = KEPT_MS * rate as usize / 1000;
    let loud = samples.get(span.clone()).and_then(|heard| {
        heard
            .iter()
            .rposition(|sample| sample.unsigned_abs() > SILENCE)
    });
    loud.map_or(span.end, |last| {
        (span.start + last + 1 + kept).min(span.end)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

    use super::*;

    fn mark(ssml: &Ssml, word: &str, time: u32) -> String {
        let start = ssml.text.find(word).unwrap();
        let end = start + word.len();
        format!(
            "{{\"time\":{time},\"type\":\"word\",\"start\":{start},\"end\":{end},\"value\":\"{word}\"}}\n"
        )
    }

    fn ssml(lines: &[&str]) -> Ssml {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Ssml::new(&lines, &Pronunciations::default(), 100)
    }

    #[test]
    fn words_are_escaped_and_known_by_their_bytes() {
        let ssml = ssml(&["Fish & chips <now>", "it's über"]);
        assert!(ssml.text.contains(
            "Fish &amp; chips &lt;now&gt;<break time=\"420ms\"/>it&apos;s über</prosody>"
        ));
        for word in &ssml.words {
            let there = ssml.text.get(word.bytes.clone()).unwrap();
            assert_eq!(there.is_empty(), word.text.is_empty());
        }
        assert_eq!(ssml.words.len(), 6);
        assert!(ssml.says_something() && !self::ssml(&["🎉 —"]).says_something());
    }

    #[test]
    fn a_word_lasts_until_its_sound_ends_or_the_next_begins() {
        let ssml = ssml(&["one two", "three"]);
        let marks = mark(&ssml, "one", 0) + &mark(&ssml, "two", 100) + &mark(&ssml, "three", 600);
        // 16 samples a millisecond: sound until 300 ms, silence until 600, sound until 900.
        let samples: Vec<i16> = (0..16_000)
            .map(|at| match at / 16 {
                0..300 | 600..900 => 5_000,
                _ => 0,
            })
            .collect();
        let spans = heard(&ssml, marks.as_bytes(), &samples, 16_000).unwrap();
        let ms: Vec<Range<usize>> = spans
            .into_iter()
            .flatten()
            .map(|s| s.start / 16..s.end / 16)
            .collect();
        assert_eq!(ms, [0..100, 100..315, 600..915]);
    }

    #[test]
    fn words_of_two_parts_begin_with_the_first_and_symbols_have_no_sound() {
        let ssml = ssml(&["well-known — thing"]);
        let marks =
            mark(&ssml, "well", 10) + &mark(&ssml, "known", 200) + &mark(&ssml, "thing", 500);
        let spans = heard(&ssml, marks.as_bytes(), &vec![5_000; 16_000], 16_000).unwrap();
        assert_eq!(spans[0], Some(160..8_000));
        assert_eq!(spans[1], None);
        assert_eq!(spans[2], Some(8_000..16_000));
    }

    #[test]
    fn what_is_said_otherwise_is_marked_as_it_is_written() {
        let own: Pronunciations = [("Nginx", "engine & \"ex\""), ("Ceph", "/ˈsɛf/")]
            .into_iter()
            .map(|(word, said)| (word.to_owned(), said.to_owned()))
            .collect();
        let ssml = Ssml::new(&["Run (nginx's), Ceph's too.".to_owned()], &own, 100);
        let wanted = "Run (<sub alias=\"engine &amp; &quot;ex&quot;&apos;s\">nginx&apos;s</sub>), \
                      <phoneme alphabet=\"ipa\" ph=\"ˈsɛf\">Ceph</phoneme>&apos;s too.";
        assert!(ssml.text.contains(wanted), "{}", ssml.text);
        // The service may mark what is written, or what is said for it, at the tag or within.
        let at = |place: &str, value: &str, time: u32| {
            let start = ssml.text.find(place).unwrap();
            serde_json::json!({ "time": time, "type": "word", "start": start, "end": start + place.len(), "value": value }).to_string() + "\n"
        };
        let marks = at("Run", "Run", 0)
            + &at("<sub", "engine", 100)
            + &at("nginx&apos;s", "nginx's", 200)
            + &at("Ceph", "Ceph", 500)
            + &at("too", "too", 700);
        let spans = heard(&ssml, marks.as_bytes(), &vec![5_000; 16_000], 16_000).unwrap();
        let starts: Vec<Option<usize>> = spans
            .into_iter()
            .map(|span| Some(span?.start / 16))
            .collect();
        assert_eq!(starts, [Some(0), Some(100), Some(500), Some(700)]);
        let written: Vec<&str> = ssml.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(written, ["Run", "(nginx's),", "Ceph's", "too."]);
        let plain = Ssml::new(
            &["Run (nginx's), Ceph's too.".to_owned()],
            &Pronunciations::default(),
            100,
        );
        assert!(
            ssml.characters() > plain.characters(),
            "what is said may be charged for"
        );
    }

    #[test]
    fn marks_of_another_text_are_refused() {
        let ssml = ssml(&["one two three"]);
        let good = mark(&ssml, "one", 0) + &mark(&ssml, "two", 100);
        let told =
            |marks: &str| heard(&ssml, marks.as_bytes(), &vec![0; 16_000], 16_000).unwrap_err();
        assert!(heard(&ssml, good.as_bytes(), &vec![0; 16_000], 16_000).is_ok());
        assert!(told(&good.replace("\"two\"", "\"ten\"")).contains("no word \"ten\""));
        assert!(
            told("{\"time\":1,\"type\":\"word\",\"start\":3,\"end\":8,\"value\":\"speak\"}")
                .contains("no word")
        );
        assert!(told(&good.replace("\"time\":100", "\"time\":2000")).contains("2000 ms"));
        let backwards = mark(&ssml, "one", 500) + &mark(&ssml, "two", 100);
        assert!(told(&backwards).contains("100 ms"));
        assert!(told("").contains("0 of 3 words"));
        assert!(told(&good[..good.len() - 5]).contains("can't be read"));
    }
}
