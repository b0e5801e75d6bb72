//! How long 300 words take, without grammar: `cargo run -p quality --example speed`.

use std::time::Instant;

use quality::text::Text;
use quality::{clarity, emotion, hook};

const PARAGRAPH: &str = "The office was dark when Maria came in. She had slept badly, and the report still lay on her desk, although nobody had asked for it since \
    the merger. “Who reads these things?” she wondered. Every month the company prints 14,000 pages that end up in a bin, which costs it more than the \
    coffee for the whole building. So she did something that none of her colleagues expected: she turned the printer off. ";

fn main() {
    let text = PARAGRAPH.repeat(4);
    let start = Instant::now();
    let first = judge(&text);
    let cold = start.elapsed();
    let rounds = 200;
    let start = Instant::now();
    let sum: f64 = (0..rounds).map(|_| judge(&text)).sum();
    let warm = start.elapsed() / rounds;
    let words = Text::parse(&text).words.len();
    println!(
        "{words} words: first {cold:.2?}, then {warm:.2?} each (points {first:.1}, {:.1})",
        sum / f64::from(rounds)
    );
}

fn judge(text: &str) -> f64 {
    let read = Text::parse(text);
    let opening = Text::parse(text.split_inclusive('.').next().unwrap_or_default());
    emotion::read(&read).raw + clarity::read(&read).raw + hook::read(&opening).raw
}
