//! Checking that nothing was invented.

use domain::{Entry, Hook, Line, LineSource, Script, SourceId, SourceSentence, Story, Visual};

use crate::forms::counted;
use crate::hook::points_told;
use crate::phrases;
use crate::story::TOPIC;
use crate::words::{is_function_word, is_number, stem, words};

/// Words that deny.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "hardly",
    "barely", "rarely",
];

/// Words that hedge or bound a claim: a line that keeps what they stand before must keep them.
const HEDGES: &[&str] = &[
    "may",
    "might",
    "could",
    "perhaps",
    "probably",
    "possibly",
    "likely",
    "almost",
    "nearly",
    "some",
    "few",
    "only",
    "allegedly",
    "reportedly",
    "roughly",
    "approximately",
    "maybe",
    "unless",
    "if",
    "except",
];

/// Words behind which a condition stands: a line that keeps what they are a condition of must keep them.
const CONDITIONS: &[&str] = &["if", "unless", "except"];

/// Words before an "if" that asks or compares, and so is no condition.
const NO_CONDITION: &[&str] = &[
    "as", "even", "ask", "asks", "asked", "know", "see", "wonder", "wonders", "wondered",
];

/// Words that end what a negation or hedge stands before.
const JOINTS: &[&str] = &[
    "and", "but", "or", "while", "because", "which", "who", "that",
];

/// How many words of substance a negation or hedge speaks of: an adverb may stand between it and the verb ("is not widely known").
const REACH: usize = 3;

/// The most words of a phrase.
const LONGEST_PHRASE: usize = 12;

/// The least share of a line's content words that stand in the order of the source.
const IN_ORDER: f64 = 0.6;

/// What a line claims that its source doesn't.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untraced {
    /// There is no such source.
    #[error("{line:?} names the source {id:?}, which the story doesn't hold: name one of {known}")]
    UnknownSource {
        /// The line.
        line: String,
        /// The source it names.
        id: String,
        /// The sources there are.
        known: String,
    },
    /// A word of substance or a number that the source doesn't hold.
    #[error(
        "{line:?} says {word:?}, which its source {id} doesn't: use only words and numbers of {source_text:?}"
    )]
    NotInSource {
        /// The line.
        line: String,
        /// The word, stemmed.
        word: String,
        /// The source's id.
        id: String,
        /// The source's text.
        source_text: String,
    },
    /// A negation or hedge was lost, or one was added.
    #[error(
        "{line:?} drops or adds {word:?} and so claims something else than its source {id}: keep the sense of {source_text:?}"
    )]
    ChangedSense {
        /// The line.
        line: String,
        /// The word.
        word: String,
        /// The source's id.
        id: String,
        /// The source's text.
        source_text: String,
    },
    /// The words are the source's, but in an order that says something else.
    #[error("{line:?} rearranges the words of its source {id}: keep the order of {source_text:?}")]
    Rearranged {
        /// The line.
        line: String,
        /// The source's id.
        id: String,
        /// The source's text.
        source_text: String,
    },
    /// A line said to be a phrase claims something.
    #[error(
        "{line:?} is given as a phrase but says {word:?}: name the source it comes from, or leave it out"
    )]
    NotAPhrase {
        /// The line.
        line: String,
        /// The word that is no phrase's.
        word: String,
    },
    /// What is shown says more than what its scene's sources do.
    #[error(
        "the picture of scene {scene} shows {word:?}, which neither its lines nor the title say"
    )]
    Shown {
        /// The scene's index.
        scene: usize,
        /// The word.
        word: String,
    },
}

/// Checks one line: all its words of substance and all its numbers occur in its source, in about that order, with the same negations and
/// hedges. A phrase holds only words that claim nothing. The brand's own words
/// are its own affair, and so are those of a person who edits the script.
pub fn trace_line(line: &Line, story: &Story) -> Result<(), Untraced> {
    match &line.source {
        LineSource::Brand | LineSource::Author => Ok(()),
        LineSource::Phrase => trace_phrase(&line.text),
        LineSource::Source(id) => {
            let Some(source) = story.sources.iter().find(|source| source.id == *id) else {
                let known: Vec<&str> = story
                    .sources
                    .iter()
                    .map(|source| source.id.0.as_str())
                    .collect();
                return Err(Untraced::UnknownSource {
                    line: line.text.clone(),
                    id: id.0.clone(),
                    known: known.join(", "),
                });
            };
            match phrases::counted(&line.text) {
                Some((number, topic)) if id.0 == TOPIC => {
                    trace_count(number, line, source, story)?;
                    trace_text(topic, source)
                }
                _ => trace_text(&line.text, source),
            }
        }
    }
}

/// Checks that a line counts as many things as the story tells.
fn trace_count(
    number: &str,
    line: &Line,
    source: &SourceSentence,
    story: &Story,
) -> Result<(), Untraced> {
    let told = points_told(story).and_then(counted);
    if told == Some(number.to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Untraced::NotInSource {
        line: line.text.clone(),
        word: number.to_owned(),
        id: source.id.0.clone(),
        source_text: source.text.clone(),
    })
}

/// Checks a hook: its lines, what it shows, and its alternatives against everything the story holds.
pub fn trace_hook(hook: &Hook, story: &Story) -> Result<(), Untraced> {
    for line in &hook.lines {
        trace_line(line, story)?;
    }
    let said: Vec<&str> = hook
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .chain([story.title.as_str()])
        .collect();
    shown_words(&hook.on_screen, &said)
        .map_or(Ok(()), |word| Err(Untraced::Shown { scene: 0, word }))
}

/// Checks a script: every line, and that every picture shows only what its scene says.
pub fn trace_script(script: &Script, story: &Story) -> Result<(), Untraced> {
    for (at, scene) in script.scenes.iter().enumerate() {
        for line in &scene.lines {
            trace_line(line, story)?;
        }
        let said: Vec<&str> = scene
            .lines
            .iter()
            .map(|line| line.text.as_str())
            .chain([story.title.as_str()])
            .collect();
        if let Some(word) = untold(&scene.visual, &said) {
            return Err(Untraced::Shown { scene: at, word });
        }
    }
    Ok(())
}

/// A word that a picture shows and nobody says.
pub(crate) fn untold(visual: &Visual, said: &[&str]) -> Option<String> {
    let texts: Vec<&str> = match visual {
        // The brand's name is its own affair.
        Visual::Title { title, .. } => vec![title],
        Visual::CallToAction { text, .. } => vec![text],
        other => other.texts().into_iter().chain(other.emphasis()).collect(),
    };
    texts.into_iter().find_map(|text| shown_words(text, said))
}

/// Checks what a scene's picture shows, against its lines and the title: nothing that isn't said, each figure in one line with its name,
/// figures of a chart of one kind, an icon that there is. Says what is wrong.
pub fn trace_visual(visual: &Visual, lines: &[Line], title: &str) -> Result<(), String> {
    let said: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let known: Vec<&str> = said.iter().copied().chain([title]).collect();
    if let Some(word) = untold(visual, &known) {
        return Err(format!(
            "the picture shows {word:?}, which neither its lines nor the title say"
        ));
    }
    let (entries, charted): (Vec<&Entry>, bool) = match visual {
        Visual::BarChart { bars, .. } => (bars.iter().collect(), true),
        Visual::LineChart { points, .. } => (points.iter().collect(), true),
        Visual::Comparison { first, second } => (vec![first, second], false),
        Visual::Share { value, .. }
            if !domain::amount(value).is_some_and(|a| a.unit == "%" && a.number <= 100.0) =>
        {
            return Err(format!("{value:?} is no share of a hundred"));
        }
        Visual::List { items, icons, .. } => return icons_fit(items, icons),
        Visual::IconStatement { icon, .. } if !crate::icons().any(|known| known == icon) => {
            return Err(format!("there is no icon {icon:?}"));
        }
        _ => return Ok(()),
    };
    for entry in &entries {
        if !said.iter().any(|line| {
            entry
                .texts()
                .iter()
                .all(|text| shown_words(text, &[line]).is_none())
        }) {
            return Err(format!(
                "no line says {:?} together with {:?}",
                entry.value, entry.label
            ));
        }
    }
    let amounts: Option<Vec<_>> = entries
        .iter()
        .map(|entry| domain::amount(&entry.value))
        .collect();
    let alike = amounts.is_some_and(|amounts| {
        amounts.windows(2).all(|pair| pair[0].unit == pair[1].unit)
            && amounts.iter().all(|amount| amount.number >= 0.0)
    });
    if charted && !(alike && (2..=8).contains(&entries.len())) {
        return Err("a chart needs two to eight figures of one unit, none below nought".to_owned());
    }
    Ok(())
}

/// Checks that a list has an icon for each item or none at all, and such as there are.
fn icons_fit(items: &[String], icons: &[Option<String>]) -> Result<(), String> {
    if !icons.is_empty() && icons.len() != items.len() {
        return Err(format!(
            "a list of {} items has {} icons",
            items.len(),
            icons.len()
        ));
    }
    let mut named = icons.iter().flatten();
    match named.find(|icon| !crate::icons().any(|known| known == **icon)) {
        Some(icon) => Err(format!("there is no icon {icon:?}")),
        None => Ok(()),
    }
}

/// Checks a story: its title is made of words that its sources hold.
pub fn trace_story(story: &Story) -> Result<(), Untraced> {
    let said: Vec<&str> = story
        .sources
        .iter()
        .map(|source| source.text.as_str())
        .collect();
    match shown_words(&story.title, &said) {
        Some(word) => Err(Untraced::NotAPhrase {
            line: story.title.clone(),
            word,
        }),
        None => Ok(()),
    }
}

/// The first word of substance of `text` that none of `said` holds.
pub(crate) fn shown_words(text: &str, said: &[&str]) -> Option<String> {
    let known: Vec<String> = said
        .iter()
        .flat_map(|text| words(text))
        .map(|word| stem(&word))
        .collect();
    words(text).into_iter().find(|word| {
        !is_function_word(word) && !known.contains(&stem(word)) && !claims_nothing(word)
    })
}

/// Whether a word occurs in the writer's own phrases and so claims nothing.
fn claims_nothing(word: &str) -> bool {
    !is_number(word)
        && !NEGATIONS.contains(&word)
        && phrases::all().any(|phrase| words(phrase).iter().any(|known| known == word))
}

fn trace_phrase(text: &str) -> Result<(), Untraced> {
    if phrases::all().any(|phrase| phrase == text) {
        return Ok(());
    }
    let found = words(text);
    let not = |word: &str| {
        Err(Untraced::NotAPhrase {
            line: text.to_owned(),
            word: word.to_owned(),
        })
    };
    if found.len() > LONGEST_PHRASE {
        return not(&found[LONGEST_PHRASE]);
    }
    match found
        .iter()
        .find(|word| !is_function_word(word) && !claims_nothing(word))
    {
        Some(word) => not(word),
        None => Ok(()),
    }
}

/// Whether a sentence bears a text out.
pub(crate) fn borne_out(text: &str, sentence: &str) -> bool {
    let source = SourceSentence {
        id: SourceId(String::new()),
        text: sentence.to_owned(),
    };
    trace_text(text, &source).is_ok()
}

fn trace_text(text: &str, source: &SourceSentence) -> Result<(), Untraced> {
    let clauses = clauses(&source.text);
    // Taken from the whole text: a line's "1(%" is read as its source's is, wherever a clause may end.
    let (line, origin) = (words(text), words(&source.text));
    let asks = text.trim_end().ends_with('?');
    let topic = source.id.0 == TOPIC;
    let announces = topic && phrases::announces(text);
    let id = source.id.0.clone();
    let known: Vec<String> = origin.iter().map(|word| stem(word)).collect();
    for word in line
        .iter()
        .filter(|word| !is_function_word(word) && !NEGATIONS.contains(&word.as_str()))
    {
        // The topic may be asked about and announced in the writer's own phrases: that claims nothing.
        let asked = (asks || announces) && topic && claims_nothing(word);
        if !known.contains(&stem(word)) && !asked {
            return Err(Untraced::NotInSource {
                line: text.to_owned(),
                word: word.clone(),
                id,
                source_text: source.text.clone(),
            });
        }
    }
    let changed = |word: &str| Untraced::ChangedSense {
        line: text.to_owned(),
        word: word.to_owned(),
        id: id.clone(),
        source_text: source.text.clone(),
    };
    let denials = |words: &[String]| {
        words
            .iter()
            .filter(|word| NEGATIONS.contains(&word.as_str()))
            .count()
    };
    if denials(&line) > denials(&origin) {
        return Err(changed(
            line.iter()
                .find(|word| NEGATIONS.contains(&word.as_str()))
                .map_or("not", String::as_str),
        ));
    }
    // Where the line keeps what a negation or hedge speaks of, it keeps the negation or hedge.
    for (at, mark) in marks(&clauses) {
        let keeps = |bound: &&String| line.iter().any(|word| stem(word) == stem(bound));
        let kept = bound_by(&clauses, at).iter().any(keeps);
        let negation = NEGATIONS.contains(&mark.as_str());
        let lost = if negation {
            denials(&line) == 0
        } else {
            !line.contains(mark)
        };
        if kept && lost {
            return Err(changed(mark));
        }
    }
    let order = in_order(&line, &origin);
    if order < IN_ORDER {
        return Err(Untraced::Rearranged {
            line: text.to_owned(),
            id,
            source_text: source.text.clone(),
        });
    }
    Ok(())
}

/// The words of each clause: what stands between commas, brackets and the like.
fn clauses(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        // A comma within a number parts nothing.
        let parts = match c {
            ',' | '.' | ':' => text[end..].starts_with(char::is_whitespace),
            ';' | '(' | ')' | '–' | '—' | '!' | '?' => true,
            _ => false,
        };
        if parts {
            found.push(words(&text[begin..end]));
            begin = end;
        }
    }
    found.push(words(&text[begin..]));
    found
}

/// Where a word stands: its clause, and its place in that.
type Place = (usize, usize);

/// The negations and hedges of a text, and where they stand.
fn marks(clauses: &[Vec<String>]) -> impl Iterator<Item = (Place, &String)> {
    clauses.iter().enumerate().flat_map(|(clause, words)| {
        let marked = (0..words.len()).filter(|&at| is_mark(words, at));
        marked.map(move |at| ((clause, at), &words[at]))
    })
}

/// Whether a word denies or hedges, and is not the month of May.
fn is_mark(words: &[String], at: usize) -> bool {
    let word = words[at].as_str();
    let beside = |at: Option<usize>| at.and_then(|at| words.get(at)).map(String::as_str);
    let before = beside(at.checked_sub(1));
    let dates = |word: &str| matches!(word, "in" | "of" | "since" | "until") || is_number(word);
    let month =
        word == "may" && (before.is_some_and(dates) || beside(Some(at + 1)).is_some_and(is_number));
    let asks = before.is_some_and(|before| NO_CONDITION.contains(&before));
    let condition = CONDITIONS.contains(&word);
    NEGATIONS.contains(&word) || HEDGES.contains(&word) && !month && !(condition && asks)
}

/// The words of substance that a negation or hedge speaks of: the next ones of its clause, or the next that there is; and what a condition is one of.
fn bound_by(clauses: &[Vec<String>], (clause, at): Place) -> Vec<&String> {
    let substance = |word: &&String| {
        let word = word.as_str();
        !is_function_word(word) && !NEGATIONS.contains(&word) && !HEDGES.contains(&word)
    };
    let (before, behind) = clauses[clause].split_at(at);
    let mut bound: Vec<&String> = behind[1..]
        .iter()
        .take_while(|word| !JOINTS.contains(&word.as_str()))
        .filter(substance)
        .take(REACH)
        .collect();
    if bound.is_empty() {
        let rest = behind[1..]
            .iter()
            .chain(clauses[clause + 1..].iter().flatten());
        bound.extend(rest.filter(substance).take(1));
    }
    if CONDITIONS.contains(&behind[0].as_str()) {
        // "It holds unless …", or "If …, it holds".
        let mut earlier = clauses[..clause].iter().flatten().chain(before);
        let mut later = clauses[clause + 1..].iter().flatten();
        bound.extend(earlier.rfind(substance).or_else(|| later.find(substance)));
    }
    bound
}

/// The share of a line's content words that form a common subsequence with the source's.
fn in_order(line: &[String], origin: &[String]) -> f64 {
    let content = |words: &[String]| -> Vec<String> {
        words
            .iter()
            .filter(|word| !is_function_word(word))
            .map(|word| stem(word))
            .collect()
    };
    let origin = content(origin);
    let line: Vec<String> = content(line)
        .into_iter()
        .filter(|word| origin.contains(word))
        .collect();
    if line.is_empty() {
        return 1.0;
    }
    let mut row = vec![0_usize; origin.len() + 1];
    for word in &line {
        let mut diagonal = 0;
        for (at, other) in origin.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    row[origin.len()] as f64 / line.len() as f64
}
