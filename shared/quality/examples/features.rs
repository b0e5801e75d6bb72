//! What the models look at, for `scripts/quality/fit.py`: reads JSON lines of `{id, text}` and writes one of figures and words for each.
//!
//! Fitting and scoring so see the same numbers.

use std::io::{BufRead, BufWriter, Write};

use quality::text::{Text, Word};
use quality::{clarity, emotion, hook};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Item {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct Features<'a> {
    id: &'a str,
    sentences: Vec<Sentence<'a>>,
    /// [`clarity::figures`].
    clarity: &'a [f64],
    /// [`hook::figures`].
    hook: &'a [f64],
    /// `emotion::impact::figures_of`.
    impact: &'a [f64],
    /// The baseline: the lexicon's compound.
    lexicon: f64,
    valence: f64,
    arousal: f64,
    ease: f64,
    worth: f64,
    /// Clarity, hook and emotional impact in points.
    points: [f64; 3],
}

#[derive(Serialize)]
struct Sentence<'a> {
    words: Vec<&'a str>,
    /// [`emotion::figures`].
    emotion: Vec<f64>,
}

#[derive(Serialize)]
struct Names {
    clarity: &'static [&'static str],
    hook: &'static [&'static str],
    impact: &'static [&'static str],
    emotion: &'static [&'static str],
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let names = Names {
        clarity: &clarity::FIGURES,
        hook: &hook::FIGURES,
        impact: &emotion::impact::FIGURES,
        emotion: &emotion::FIGURES,
    };
    serde_json::to_writer(&mut out, &names)?;
    for line in std::io::stdin().lock().lines() {
        let item: Item = serde_json::from_str(&line?)?;
        let text = Text::parse(&item.text);
        let sentences = text.sentences.iter().map(|sentence| Sentence {
            words: text.words_of(sentence).iter().map(form).collect(),
            emotion: emotion::figures(&text, sentence).to_vec(),
        });
        let feeling = emotion::of(&text);
        let features = Features {
            id: &item.id,
            sentences: sentences.collect(),
            clarity: &clarity::figures(&text),
            hook: &hook::figures(&text),
            impact: &emotion::impact::figures_of(&text),
            lexicon: emotion::lexicon(&text),
            valence: feeling.valence,
            arousal: feeling.arousal,
            ease: clarity::ease(&text),
            worth: hook::worth(&text),
            points: [
                clarity::read(&text),
                hook::read(&text),
                emotion::read(&text),
            ]
            .map(|reading| reading.raw),
        };
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut out, &features)?;
    }
    out.write_all(b"\n")?;
    Ok(())
}

fn form(word: &Word) -> &str {
    if word.number { "#" } else { &word.form }
}
