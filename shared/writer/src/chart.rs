//! Figures that can be drawn to one scale: of the same kind, each with its own name, all of them said.

use domain::{Amount, Entry, Visual, amount};

use crate::figure::{self, Figure};
use crate::heading;
use crate::words::{capitalised, count, is_function_word, words};

/// Words in front of a figure that say it isn't quite that: a bar would claim more than the sentence.
const INEXACT: &[&str] = &[
    "than",
    "by",
    "about",
    "around",
    "roughly",
    "nearly",
    "almost",
    "over",
    "under",
    "least",
    "most",
    "approximately",
    "up",
    "some",
    "every",
    "another",
    "within",
];

/// Words between a figure and the name behind it.
pub(crate) const NAMING: &[&str] = &["in", "for", "among", "with", "at", "on", "during"];

/// Words that end a name, or begin another clause.
pub(crate) const PARTING: &[&str] = &[
    "and", "while", "but", "whereas", "to", "then", "compared", "against", "versus", "or", "when",
    "because", "which", "who", "that", "so", "is", "are", "was", "were",
];

/// The most words of a name.
const LONGEST_NAME: usize = 4;

/// The chart that suits these sentences, each of which is said in the scene: from one that holds several figures, or from several that hold
/// one each.
pub(crate) fn find(sentences: &[&str]) -> Option<Visual> {
    if let Some(chart) = sentences.iter().find_map(|sentence| within(sentence)) {
        return Some(chart);
    }
    if sentences.len() < 2 {
        return None;
    }
    let told: Option<Vec<(&str, Figure)>> = sentences
        .iter()
        .map(|sentence| {
            let mut figures = exact(sentence)?;
            let figure = figures.pop().filter(|_| figures.is_empty())?;
            Some((*sentence, figure))
        })
        .collect();
    let told = told?;
    let named: Option<Vec<Named>> = told
        .iter()
        .map(|(sentence, figure)| alone(sentence, figure))
        .collect();
    drawn(named?, heading::of_each(&told))
}

/// A figure with its name.
struct Named {
    label: String,
    value: String,
    amount: Amount,
}

/// The figures of a sentence, unless one of them is said not to be exact.
fn exact(sentence: &str) -> Option<Vec<Figure>> {
    let figures = figure::all(sentence);
    let inexact = figures.iter().any(|figure| {
        let before = sentence[..figure.start].split_whitespace().next_back();
        before.is_some_and(|word| INEXACT.contains(&word.to_lowercase().as_str()))
    });
    (!inexact && !sentence.trim_end().ends_with('?')).then_some(figures)
}

/// A chart from one sentence: the names stand all behind their figures, or all before them.
fn within(sentence: &str) -> Option<Visual> {
    let figures = exact(sentence)?;
    if !(2..=5).contains(&figures.len()) {
        return None;
    }
    let named = |label: &dyn Fn(usize) -> Option<String>| -> Option<Vec<Named>> {
        (0..figures.len())
            .map(|at| named(label(at)?, &figures[at]))
            .collect()
    };
    let behind = |at: usize| {
        let end = figures
            .get(at + 1)
            .map_or(sentence.len(), |next| next.start);
        name_behind(&sentence[figures[at].end..end])
    };
    let before = |at: usize| {
        let start = at.checked_sub(1).map_or(0, |last| figures[last].end);
        let text = &sentence[start..figures[at].start];
        name_before(if at > 0 { past_counted(text) } else { text })
    };
    // Who has a name behind it has no other before it.
    match named(&behind) {
        Some(named) => drawn(named, heading::before_names(sentence, &figures)),
        None => drawn(named(&before)?, heading::behind_names(sentence, &figures)),
    }
}

fn named(label: String, figure: &Figure) -> Option<Named> {
    Some(Named {
        label,
        value: figure.value.clone(),
        amount: amount(&figure.value)?,
    })
}

/// The figure of a sentence that has but one: its name stands behind it, or at the beginning after "in".
fn alone(sentence: &str, figure: &Figure) -> Option<Named> {
    let opening = sentence[..figure.start]
        .split_once(',')
        .map(|(opening, _)| opening.trim())
        .and_then(|opening| opening.split_once(' '))
        .filter(|(word, _)| NAMING.contains(&word.to_lowercase().as_str()))
        .and_then(|(_, name)| tidy(name));
    let label = opening
        .or_else(|| name_behind(&sentence[figure.end..]))
        .or_else(|| name_before(&sentence[..figure.start]))?;
    named(label, figure)
}

/// "in Norway, Sweden 43% …" -> "Norway".
fn name_behind(text: &str) -> Option<String> {
    let mut tokens = text.split_whitespace();
    // What the figure counts may stand between it and the name: "60% of homes in Norway".
    let mut skipped = 0;
    loop {
        let token = tokens.next()?;
        if NAMING.contains(&token.to_lowercase().as_str()) {
            break;
        }
        skipped += 1;
        if skipped > 4 || token.ends_with([',', ';', '.']) || PARTING.contains(&token) {
            return None;
        }
    }
    let mut name = Vec::new();
    for token in tokens {
        // "43% in Sweden have one": what is said of it is no part of the name.
        if PARTING.contains(&token.to_lowercase().as_str()) || VERBS.contains(&token) {
            break;
        }
        name.push(token.trim_end_matches([',', ';', '.', '!']));
        if token.ends_with([',', ';', '.', '!']) {
            break;
        }
    }
    tidy(&name.join(" "))
}

/// What stands behind a figure without what that counts: " of the energy and hot water " is " hot water ".
fn past_counted(text: &str) -> &str {
    if text.contains([',', ';', ':']) {
        return text;
    }
    let joints = text
        .match_indices(" and ")
        .chain(text.match_indices(" while "));
    match joints.min_by_key(|(at, _)| *at) {
        Some((at, joint)) => &text[at + joint.len() - 1..],
        None => text,
    }
}

/// ", while Sweden has " -> "Sweden".
fn name_before(text: &str) -> Option<String> {
    let clause = text.rsplit([',', ';', ':']).next().unwrap_or(text);
    let mut tokens: Vec<&str> = clause.split_whitespace().collect();
    let parting = |token: &str| {
        let token = token.to_lowercase();
        PARTING.contains(&token.as_str()) || NAMING.contains(&token.as_str())
    };
    while tokens.first().is_some_and(|token| parting(token)) {
        tokens.remove(0);
    }
    // The verb stands between the name and its figure.
    while tokens.last().is_some_and(|token| {
        VERBS.contains(&token.to_lowercase().as_str()) || is_function_word(&token.to_lowercase())
    }) {
        tokens.pop();
    }
    // "Lights and appliances" are one name.
    if tokens.iter().any(|token| *token != "and" && parting(token)) {
        return None;
    }
    tidy(&tokens.join(" "))
}

/// Words that say that something comes to a figure.
pub(crate) const VERBS: &[&str] = &[
    "has", "have", "had", "is", "are", "was", "were", "gets", "uses", "use", "used", "takes",
    "take", "took", "costs", "cost", "reached", "reaches", "makes", "made", "scored", "weighs",
    "lasts", "lasted", "measures", "needs", "need", "gives", "runs", "counts", "holds", "stands",
    "burns", "draws", "drew", "sold", "sells", "pays", "earns", "spends", "only", "just",
];

/// A name without its article; `None` if it is none.
fn tidy(name: &str) -> Option<String> {
    let mut tokens: Vec<&str> = name
        .split_whitespace()
        .map(|token| token.trim_matches([',', '.', ';', '"', '“', '”', '(', ')']))
        .collect();
    while tokens
        .first()
        .is_some_and(|token| matches!(token.to_lowercase().as_str(), "the" | "a" | "an"))
    {
        tokens.remove(0);
    }
    let name = tokens.join(" ");
    let year = is_year(&name);
    let said = words(&name);
    let means = said.iter().any(|word| !is_function_word(word));
    let plain = !name.contains(|c: char| c.is_ascii_digit()) || year;
    let pointing = said.first().is_some_and(|word| is_pointing(word));
    ((1..=LONGEST_NAME).contains(&count(&name)) && means && plain && !pointing)
        .then(|| capitalised(&name))
}

/// Whether a word stands for something that was named before.
pub(crate) fn is_pointing(word: &str) -> bool {
    matches!(
        word,
        "it" | "they" | "this" | "that" | "these" | "he" | "she" | "we" | "you" | "i"
    )
}

fn is_year(name: &str) -> bool {
    name.len() == 4
        && name
            .parse()
            .is_ok_and(|year: u32| (1500..2100).contains(&year))
}

/// The chart of figures of one kind with different names: over years a line, of two a comparison, else bars.
fn drawn(named: Vec<Named>, heading: Option<String>) -> Option<Visual> {
    let first = named.first()?;
    let like = named
        .iter()
        .all(|one| one.amount.unit == first.amount.unit && one.amount.number >= 0.0);
    let different = named
        .iter()
        .enumerate()
        .all(|(at, one)| named[..at].iter().all(|other| other.label != one.label));
    let years = named.iter().all(|one| is_year(&one.label));
    let mixed = !years && named.iter().any(|one| is_year(&one.label));
    let rising = named.windows(2).all(|pair| pair[0].label < pair[1].label);
    if !like || !different || !(2..=5).contains(&named.len()) || (years && !rising) || mixed {
        return None;
    }
    let mut entries: Vec<Entry> = named
        .into_iter()
        .map(|one| Entry {
            label: one.label,
            value: one.value,
        })
        .collect();
    if years {
        return Some(Visual::LineChart {
            heading,
            points: entries,
        });
    }
    if entries.len() > 2 {
        return Some(Visual::BarChart {
            heading,
            bars: entries,
        });
    }
    let (second, first) = (entries.pop()?, entries.pop()?);
    Some(Visual::Comparison { first, second })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(sentences: &[&str]) -> Option<(&'static str, Vec<(String, String)>)> {
        let (kind, entries) = match find(sentences)? {
            Visual::BarChart { bars, .. } => ("bars", bars),
            Visual::LineChart { points, .. } => ("line", points),
            Visual::Comparison { first, second } => ("comparison", vec![first, second]),
            _ => return None,
        };
        let pairs = entries.into_iter().map(|entry| (entry.label, entry.value));
        Some((kind, pairs.collect()))
    }

    fn check(sentences: &[&str], kind: &str, expected: &[(&str, &str)]) {
        let expected = expected
            .iter()
            .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()))
            .collect();
        let found = entries(sentences);
        assert_eq!(
            found
                .as_ref()
                .map(|(kind, entries)| (*kind, entries.clone())),
            Some((kind, expected)),
            "{sentences:?}"
        );
    }

    #[test]
    fn figures_of_one_kind_with_names_become_a_chart() {
        check(
            &["Heat pumps warm 60% of homes in Norway, 43% in Sweden and 41% in Finland."],
            "bars",
            &[("Norway", "60%"), ("Sweden", "43%"), ("Finland", "41%")],
        );
        check(
            &["Norway has 60%, Sweden 43% and Finland 41%."],
            "bars",
            &[("Norway", "60%"), ("Sweden", "43%"), ("Finland", "41%")],
        );
        check(
            &[
                "In the Union's homes, heating rooms takes 64 percent of the energy, hot water 15 percent, lights and appliances 14 percent, and cooking 6 percent.",
            ],
            "bars",
            &[
                ("Heating rooms", "64 percent"),
                ("Hot water", "15 percent"),
                ("Lights and appliances", "14 percent"),
                ("Cooking", "6 percent"),
            ],
        );
        check(
            &["A bulb uses 60 watts, while an LED uses 8 watts."],
            "comparison",
            &[("Bulb", "60 watts"), ("LED", "8 watts")],
        );
        check(
            &["The price fell from $806 in 2013 to $192 in 2019 and $115 in 2024."],
            "line",
            &[("2013", "$806"), ("2019", "$192"), ("2024", "$115")],
        );
    }

    #[test]
    fn sentences_that_follow_each_other_become_one_too() {
        check(
            &["In 2019, sales came to 40%.", "In 2023, they came to 55%."],
            "line",
            &[("2019", "40%"), ("2023", "55%")],
        );
    }

    #[test]
    fn what_cannot_be_drawn_to_one_scale_is_left() {
        for sentence in [
            "It weighs 85 grams and gives 20 hours of light.",
            "Sales rose by 5% in 2019 and fell by 3% in 2020.",
            "More than 60% in Norway and nearly 40% in Sweden agree.",
            "It opened in 1889 and closed in 1910.",
            "Is it 60% in Norway or 40% in Sweden?",
            "About 62% of shops closed.",
            "The share was 60% in 2020 and 40% in 2015.",
        ] {
            assert!(
                find(&[sentence]).is_none(),
                "{sentence}: {:?}",
                find(&[sentence])
            );
        }
        assert!(find(&["It costs $5.", "It lasts 20 hours."]).is_none());
    }
}
