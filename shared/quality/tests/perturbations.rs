//! What makes a text worse lowers the criterion that it is about, over many texts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use quality::score::Criterion::{Brand, Engagement, Grammar, Originality, Tone};
use support::{Dice, articles, casual, judge, raw};

/// The share of cases in which something holds.
fn share(cases: &[bool]) -> f64 {
    cases.iter().filter(|&&holds| holds).count() as f64 / cases.len() as f64
}

#[test]
fn shuffled_sentences_lower_engagement_and_tone() {
    let (mut engagement, mut tone) = (Vec::new(), Vec::new());
    let mut dice = Dice(1);
    for article in articles() {
        let told = judge(&article.text());
        let mut sums = [0.0; 2];
        for _ in 0..3 {
            let mut order = article.sentences.clone();
            dice.shuffle(&mut order);
            let shuffled = judge(&order.join(" "));
            sums[0] += raw(&shuffled, Engagement) / 3.0;
            sums[1] += raw(&shuffled, Tone) / 3.0;
        }
        engagement.push(sums[0] < raw(&told, Engagement));
        tone.push(sums[1] < raw(&told, Tone));
    }
    assert!(engagement.len() > 30);
    let (engagement, tone) = (share(&engagement), share(&tone));
    assert!(
        engagement >= 0.8 && tone >= 0.8,
        "engagement in {engagement:.2}, tone in {tone:.2} of the cases"
    );
}

#[test]
fn two_registers_spliced_together_lower_tone() {
    let mut lower = Vec::new();
    let mut dice = Dice(2);
    let casual = casual();
    for article in articles() {
        let half = article.sentences.len() / 2;
        let own = raw(&judge(&article.text()), Tone);
        let talk: Vec<&str> = (0..half)
            .map(|_| casual[dice.below(casual.len())])
            .collect();
        let spliced = format!("{} {}", article.sentences[..half].join(" "), talk.join(" "));
        lower.push(raw(&judge(&spliced), Tone) < own);
    }
    assert!(share(&lower) >= 0.9, "in {:.2} of the cases", share(&lower));
}

#[test]
fn typos_lower_grammar_in_proportion_to_their_number() {
    let mut losses = [0.0; 3];
    let mut dice = Dice(3);
    let articles: Vec<_> = articles().into_iter().step_by(3).collect();
    for article in &articles {
        let clean = raw(&judge(&article.text()), Grammar);
        let mut before = clean;
        for (at, every) in [40, 20, 10].into_iter().enumerate() {
            let typed = raw(
                &judge(&with_typos(&article.text(), every, &mut dice)),
                Grammar,
            );
            assert!(
                typed < before,
                "{}: one word in {every}: {typed} after {before}",
                article.id
            );
            before = typed;
            losses[at] += (clean - typed) / articles.len() as f64;
        }
    }
    // Twice the typos cost between 1.3 and 2.2 times as many points.
    for pair in losses.windows(2) {
        let ratio = pair[1] / pair[0];
        assert!((1.3..=2.2).contains(&ratio), "{losses:?}");
    }
}

/// Swaps two letters within each `every`th word that is long enough and in small letters.
fn with_typos(text: &str, every: usize, dice: &mut Dice) -> String {
    let mut long = 0;
    let words = text.split(' ').map(|word| {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < 6 || !letters.iter().all(char::is_ascii_lowercase) {
            return word.to_owned();
        }
        long += 1;
        // About a fourth of the words are such.
        if long % (every / 4).max(1) != 0 {
            return word.to_owned();
        }
        let mut letters = letters;
        let at = 1 + dice.below(letters.len() - 3);
        if letters[at] == letters[at + 1] {
            letters[at + 1] = 'x';
        } else {
            letters.swap(at, at + 1);
        }
        letters.into_iter().collect()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn agreement_errors_lower_grammar() {
    let mut lower = Vec::new();
    for article in articles() {
        let text = article.text();
        let wrong = text
            .replace(" they are ", " they is ")
            .replace(" it is ", " it are ")
            .replace(" he was ", " he were ")
            .replace(" they have ", " they has ");
        if wrong != text {
            lower.push(raw(&judge(&wrong), Grammar) < raw(&judge(&text), Grammar));
        }
    }
    assert!(
        lower.len() > 5 && share(&lower) >= 0.9,
        "in {:.2} of {} cases",
        share(&lower),
        lower.len()
    );
}

#[test]
fn pasted_cliches_lower_originality() {
    let cliches = [
        "It is a game changer.",
        "Think outside the box and take it to the next level.",
        "At the end of the day, the sky is the limit.",
    ];
    for article in articles() {
        let mut sentences = article.sentences.clone();
        for (at, cliche) in cliches.iter().enumerate() {
            sentences.insert(3 + at * 4, (*cliche).to_owned());
        }
        let (own, pasted) = (
            raw(&judge(&article.text()), Originality),
            raw(&judge(&sentences.join(" ")), Originality),
        );
        assert!(pasted < own, "{}: {pasted} after {own}", article.id);
    }
}

#[test]
fn padding_with_filler_never_raises_the_total() {
    let filler = [
        "It goes without saying that this is a very important thing to consider.",
        "As we all know, there are many things to say about that.",
        "You know, at the end of the day it is what it is.",
        "Basically, in today's world, that is really how it is.",
    ];
    let mut dice = Dice(5);
    for article in articles() {
        let own = judge(&article.text());
        for count in [1, 4, 12] {
            let mut sentences = article.sentences.clone();
            for _ in 0..count {
                let at = 1 + dice.below(sentences.len());
                // Behind a heading without a stop it would become part of the heading.
                if !sentences[at - 1].ends_with(['.', '!', '?']) {
                    continue;
                }
                sentences.insert(at, filler[dice.below(filler.len())].to_owned());
            }
            let padded = judge(&sentences.join(" "));
            assert!(
                padded.total <= own.total,
                "{}: {} with {count} more, {} before",
                article.id,
                padded.total,
                own.total
            );
        }
    }
}

#[test]
fn a_banned_word_lowers_brand_and_holds_the_round_back() {
    let mut brief = domain::Brief::default();
    brief.brand.banned_words = vec!["bargain".to_owned()];
    for article in articles() {
        let judged = |text: String| {
            quality::assess(
                &quality::Content::of_text(text).with_brief(brief.clone()),
                &quality::Policy::default(),
            )
        };
        let (own, banned) = (
            judged(article.text()),
            judged(article.text() + " What a bargain."),
        );
        assert!(raw(&banned, Brand) < raw(&own, Brand) - 30.0);
        assert!(
            own.holds.is_empty()
                && banned.holds.len() == 1
                && banned.tier != quality::score::Tier::Approve
        );
    }
}
