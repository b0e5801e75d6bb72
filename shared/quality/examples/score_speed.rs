//! How long 300 words take, with grammar and without: reads texts from standard input, one JSON string a line, and prints one JSON
//! object: `{"texts", "words", "first_ms", "with_ms", "without_ms"}`, medians over all texts, warm, on one core.

use std::io::BufRead;
use std::time::{Duration, Instant};

use quality::score::{Criterion, Weights};
use quality::{Content, Policy, assess};

/// How often all texts are judged; the median is over all of them.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts: Vec<String> = std::io::stdin()
        .lock()
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let whole = Policy::default();
    let mut percent = Criterion::ALL.map(|criterion| whole.weights.of(criterion));
    // What weighs nothing isn't read.
    for (criterion, weight) in Criterion::ALL.into_iter().zip(&mut percent) {
        match criterion {
            Criterion::Clarity => *weight += whole.weights.of(Criterion::Grammar),
            Criterion::Grammar => *weight = 0,
            _ => {}
        }
    }
    let without_grammar = Policy {
        weights: Weights::new(percent)?,
        ..Policy::default()
    };
    let first = texts.first().map(|text| time(text, &whole));
    let median = |policy: &Policy| {
        let mut times: Vec<Duration> = (0..ROUNDS)
            .flat_map(|_| texts.iter().map(|text| time(text, policy)))
            .collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let (with, without) = (median(&whole), median(&without_grammar));
    let words: usize = texts
        .iter()
        .map(|text| text.split_whitespace().count())
        .sum();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let told = serde_json::json!({
        "texts": texts.len(),
        "words": words / texts.len().max(1),
        "first_ms": ms(first.unwrap_or_default()),
        "with_ms": ms(with),
        "without_ms": ms(without),
    });
    println!("{told}");
    Ok(())
}

fn time(text: &str, policy: &Policy) -> Duration {
    let content = Content::of_text(text);
    let start = Instant::now();
    std::hint::black_box(assess(&content, policy));
    start.elapsed()
}
