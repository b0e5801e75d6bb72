//! What a chart's figures count, in words of the sentence that tells them.

use crate::chart::{NAMING, PARTING, VERBS, is_pointing};
use crate::figure::{Figure, is_plural};
use crate::words::{capitalised, count, is_function_word, words};

/// The most words of a heading.
const LONGEST: usize = 8;

/// The most words between a figure and the name that follows.
const LONGEST_COUNTED: usize = 4;

/// Stands for the figures, where a heading is the sentence that they stand in.
const BLANK: &str = "…";

/// Of figures that have their names behind them: the sentence up to the first name, with a blank for the figure ("Heat pumps warm … of homes").
pub(crate) fn before_names(sentence: &str, figures: &[Figure]) -> Option<String> {
    let first = figures.first()?;
    let counted = counted(sentence, figures);
    let clause = clause(&sentence[..first.start])?;
    let said: Vec<&str> = clause.split_whitespace().collect();
    let points = said
        .first()
        .is_none_or(|word| is_pointing(&word.to_lowercase()));
    if let Some(counted) = counted {
        return if points {
            alone(first, &counted)
        } else {
            short(&format!("{clause} {BLANK} {counted}"))
        };
    }
    let kept = said.iter().rposition(|word| {
        let word = word.to_lowercase();
        !is_function_word(&word) && !VERBS.contains(&word.as_str())
    })? + 1;
    let lead = said[..kept].join(" ");
    if kept < 2 || points {
        None
    } else if kept < said.len() {
        short(&lead)
    } else {
        short(&format!("{lead} {BLANK}"))
    }
}

/// Of figures that have their names before them: what they are parts of, and where ("Energy in the Union's homes").
pub(crate) fn behind_names(sentence: &str, figures: &[Figure]) -> Option<String> {
    let first = figures.first()?;
    let opening = sentence[..first.start]
        .rsplit_once([',', ';', ':'])
        .map(|(opening, _)| opening.trim())
        .filter(|opening| places(opening) && !opening.contains([',', ';', ':']));
    match (counted(sentence, figures), opening) {
        (Some(counted), Some(opening)) => {
            let noun = counted.strip_prefix("of ").unwrap_or(&counted);
            let noun = ["the ", "a ", "an ", "all "]
                .iter()
                .find_map(|article| noun.strip_prefix(article))
                .unwrap_or(noun);
            let (head, rest) = opening.split_once(' ')?;
            short(&format!("{noun} {} {rest}", head.to_lowercase()))
        }
        (Some(counted), None) => alone(first, &counted),
        (None, Some(opening)) => short(opening),
        (None, None) => None,
    }
}

/// Of figures that stand in a sentence each: what all of them count.
pub(crate) fn of_each(told: &[(&str, Figure)]) -> Option<String> {
    let (first, figure) = told.first()?;
    let one = |(sentence, figure): &(&str, Figure)| behind(&sentence[figure.end..]);
    let counted = behind(&first[figure.end..])?;
    told.iter()
        .all(|told| one(told).as_ref() == Some(&counted))
        .then(|| alone(figure, &counted))
        .flatten()
}

/// What all figures of a sentence count, by those that say so: none where one counts something else.
fn counted(sentence: &str, figures: &[Figure]) -> Option<String> {
    let ends = figures.iter().skip(1).map(|figure| figure.start);
    let found = figures
        .iter()
        .zip(ends.chain([sentence.len()]))
        .filter_map(|(figure, end)| behind(&sentence[figure.end..end]));
    let mut found: Vec<String> = found.collect();
    found.dedup();
    (found.len() == 1).then(|| found.pop()).flatten()
}

/// What a figure counts by the words right behind it: "of homes" of " of homes in Norway", "ferries" of " ferries and Sweden".
fn behind(text: &str) -> Option<String> {
    if !text.starts_with(' ') {
        return None;
    }
    let mut counted = Vec::new();
    for token in text.split_whitespace() {
        let lower = token.to_lowercase();
        if NAMING.contains(&lower.as_str()) || PARTING.contains(&lower.as_str()) {
            break;
        }
        let word = token.trim_end_matches([',', ';', '.', '!']);
        counted.push(word);
        if word.len() < token.len() {
            break;
        }
    }
    let last = counted.last()?.to_lowercase();
    let part = counted[0] == "of" && counted.len() > 1;
    let noun = is_plural(&last)
        && counted
            .iter()
            .all(|word| !is_function_word(&word.to_lowercase()));
    let text = counted.join(" ");
    let plain = counted.len() <= LONGEST_COUNTED
        && !is_function_word(&last)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
    (plain && (part || noun)).then_some(text)
}

/// What is counted as a heading of its own: a part with the unit that it is told in ("% of homes").
fn alone(figure: &Figure, counted: &str) -> Option<String> {
    if !counted.starts_with("of ") {
        return short(counted);
    }
    let unit = ["percent", "per cent", "%"]
        .into_iter()
        .find(|unit| figure.value.ends_with(unit))?;
    short(&format!("{unit} {counted}"))
}

/// The last clause of a text, where what stands before it only says when or where; none where it sets a condition, say.
fn clause(text: &str) -> Option<&str> {
    if text.contains([':', ';']) {
        return None;
    }
    match text.rsplit_once(", ") {
        Some((opening, clause)) => places(opening).then(|| clause.trim()),
        None => Some(text.trim()),
    }
}

/// Whether a clause says where or when something is so.
fn places(opening: &str) -> bool {
    let first = words(opening).into_iter().next().unwrap_or_default();
    count(opening) >= 2 && NAMING.contains(&first.as_str())
}

/// A heading, unless it is too long for one.
fn short(text: &str) -> Option<String> {
    (count(text) <= LONGEST && text.chars().count() <= 60).then(|| {
        if text.starts_with('%') {
            text.to_owned()
        } else {
            capitalised(text)
        }
    })
}

#[cfg(test)]
mod tests {
    use domain::Visual;

    use crate::chart;
    use crate::trace::untold;

    fn heading(sentences: &[&str]) -> Option<String> {
        let chart = chart::find(sentences);
        match chart.as_ref() {
            Some(Visual::BarChart { heading, .. } | Visual::LineChart { heading, .. }) => {
                assert_eq!(
                    chart.as_ref().and_then(|chart| untold(chart, sentences)),
                    None
                );
                heading.clone()
            }
            other => Some(format!("{other:?}")),
        }
    }

    #[test]
    fn a_heading_says_what_the_figures_count_in_the_sentences_own_words() {
        for (sentence, expected) in [
            (
                "Heat pumps warm 60% of homes in Norway, 43% in Sweden and 41% in Finland.",
                Some("Heat pumps warm … of homes"),
            ),
            (
                "In 2024, heat pumps warmed 60% of homes in Norway, 43% in Sweden and 41% in Finland.",
                Some("Heat pumps warmed … of homes"),
            ),
            (
                "60 percent of homes in Norway, 43 percent in Sweden and 41 percent in Finland have one.",
                Some("Percent of homes"),
            ),
            (
                "They warm 60% of homes in Norway, 43% in Sweden and 41% in Finland.",
                Some("% of homes"),
            ),
            (
                "In the Union's homes, heating takes 64 percent of the energy, hot water 15 percent, and cooking 6 percent.",
                Some("Energy in the Union's homes"),
            ),
            (
                "Heating takes 64% of the energy, hot water 15% and cooking 6%.",
                Some("% of the energy"),
            ),
            (
                "In Norway, cars take 60%, buses 30% and trains 10%.",
                Some("In Norway"),
            ),
            (
                "Norway has 120 ferries, Sweden has 430 and Finland has 210.",
                Some("Ferries"),
            ),
            (
                "The price fell from $806 in 2013 to $192 in 2019 and $115 in 2024.",
                Some("The price fell"),
            ),
        ] {
            assert_eq!(heading(&[sentence]).as_deref(), expected, "{sentence}");
        }
    }

    #[test]
    fn sentences_that_count_the_same_have_one_heading() {
        let told = [
            "In 2019, 40% of sales were made there.",
            "In 2021, 48% of sales were made there.",
            "In 2023, 55% of sales were made there.",
        ];
        assert_eq!(heading(&told).as_deref(), Some("% of sales"));
    }

    #[test]
    fn there_is_no_heading_where_the_sentence_has_no_words_for_one() {
        for sentence in [
            "Norway has 60%, Sweden 43% and Finland 41%.",
            // Parts of different wholes.
            "Cars take 64% of the petrol, ships 15% of the oil and trains 6% of the power.",
            // It is so on a condition.
            "If it is cold, they warm 60% in Norway, 43% in Sweden and 41% in Finland.",
        ] {
            assert_eq!(heading(&[sentence]), None, "{sentence}");
        }
    }
}
