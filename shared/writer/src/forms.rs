//! The forms that a sentence has of itself: what a source offers to begin with.

use domain::HookForm;

use crate::words::{is_function_word, words};
use crate::{enumeration, figure, quotation};

/// How striking a figure must be to begin with.
pub(crate) const STRIKING: f64 = 0.6;

/// Numbers in words that count things.
const COUNTS: [&str; 8] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// Nouns that lists are made of.
const LISTED: &[&str] = &[
    "facts", "habits", "ideas", "kinds", "lessons", "mistakes", "myths", "parts", "places",
    "points", "reasons", "rules", "secrets", "signs", "stages", "steps", "things", "tips",
    "tricks", "ways",
];

/// Verbs of believing.
const BELIEVING: &[&str] = &[
    "think", "thinks", "thought", "believe", "believes", "believed", "assume", "assumes",
    "assumed", "expect", "expected", "suppose", "supposed", "imagine", "imagined",
];

/// Those who believe what many do.
const BELIEVERS: &[&str] = &[
    "people",
    "everyone",
    "everybody",
    "most",
    "many",
    "we",
    "you",
    "they",
    "doctors",
    "experts",
    "scientists",
    "engineers",
    "parents",
    "children",
    "nobody",
];

/// Words that set a belief right.
const REFUTING: &[&str] = &[
    "but", "yet", "wrong", "false", "untrue", "actually", "however", "instead",
];

/// Words that begin an instruction, and seldom anything else.
const IMPERATIVES: &[&str] = &[
    "add", "avoid", "bake", "become", "begin", "boil", "bring", "choose", "clean", "close", "fold",
    "get", "give", "grow", "keep", "learn", "leave", "lift", "make", "mix", "open", "pick", "pour",
    "pull", "push", "put", "read", "remove", "save", "sharpen", "stir", "stop", "take", "teach",
    "throw", "try", "use", "wait", "wash", "write",
];

/// Words that begin an instruction if one of [`BEHIND`] follows, and are nouns otherwise.
const EITHER: &[&str] = &[
    "build", "change", "check", "cook", "cut", "draw", "find", "hire", "lay", "lock", "paint",
    "plan", "plant", "press", "repair", "run", "sell", "set", "sleep", "start", "store", "test",
    "train", "travel", "turn", "walk", "work",
];

const BEHIND: &[&str] = &[
    "a", "an", "the", "your", "you", "it", "them", "better", "faster", "well", "less", "more",
    "in", "on", "off", "up", "out", "down", "over", "like", "without", "with", "before", "after",
    "every", "each", "this", "all",
];

/// People of whom something can be told.
const PEOPLE: &[&str] = &[
    "he",
    "she",
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "children",
    "mother",
    "father",
    "brother",
    "sister",
    "daughter",
    "son",
    "grandmother",
    "grandfather",
    "student",
    "engineer",
    "architect",
    "doctor",
    "teacher",
    "baker",
    "farmer",
    "sailor",
    "soldier",
    "king",
    "queen",
    "keeper",
    "neighbour",
    "family",
    "diver",
    "divers",
    "fisherman",
    "fishermen",
    "strangers",
    "somebody",
    "team",
    "i",
    "we",
];

/// What something happens on or in.
const TIMES: &[&str] = &[
    "ago",
    "day",
    "night",
    "morning",
    "evening",
    "afternoon",
    "winter",
    "summer",
    "spring",
    "autumn",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Past forms that don't end in "ed".
const PAST: &[&str] = &[
    "was", "were", "had", "did", "became", "began", "broke", "brought", "built", "came", "caught",
    "chose", "cut", "died", "drew", "fell", "felt", "fled", "found", "gave", "got", "grew",
    "heard", "held", "kept", "knew", "learnt", "led", "left", "lost", "made", "met", "put", "ran",
    "read", "rose", "said", "sat", "saw", "sold", "sent", "slept", "spent", "stood", "swam",
    "taught", "told", "took", "went", "won", "wrote",
];

/// Words that end like past forms and are none.
const NOT_PAST: &[&str] = &[
    "need", "seed", "indeed", "speed", "feed", "hundred", "exceed", "proceed", "succeed", "breed",
    "bleed", "weed", "sacred", "embed",
];

/// Every form that a sentence has, the most telling first; a plain statement has that of one.
pub(crate) fn forms_of(text: &str) -> Vec<HookForm> {
    let lower = words(text);
    let checks: [(HookForm, bool); 8] = [
        (HookForm::Question, text.ends_with(['?', '？', '؟'])),
        (HookForm::Quote, quotation::find(text).is_some()),
        (HookForm::Myth, refutes(&lower)),
        (
            HookForm::Number,
            figure::find(text).is_some_and(|figure| figure.strength >= STRIKING),
        ),
        (HookForm::HowTo, instructs(&lower)),
        (HookForm::List, lists(text, &lower)),
        (HookForm::Contrast, contrasts(&lower)),
        (HookForm::Story, happened(text, &lower)),
    ];
    let mut found: Vec<HookForm> = checks
        .into_iter()
        .filter_map(|(form, has)| has.then_some(form))
        .collect();
    if found.is_empty() {
        found.push(HookForm::Statement);
    }
    found
}

/// The form that a sentence begins in: the most telling one that it has.
pub(crate) fn form_of(text: &str) -> HookForm {
    forms_of(text)
        .first()
        .copied()
        .unwrap_or(HookForm::Statement)
}

/// Whether a text, in words, tells somebody to do something.
pub(crate) fn is_imperative(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let denies = word(0) == "do" && word(1) == "not" || word(0) == "never";
    denies
        || IMPERATIVES.contains(&word(0)) && !matches!(word(1), "" | "is" | "are" | "was")
        || EITHER.contains(&word(0)) && BEHIND.contains(&word(1))
}

/// Whether a text, in words, counts what a list is made of: "five ways to …".
pub(crate) fn counts(words: &[String]) -> bool {
    words.windows(2).any(|pair| {
        let number = COUNTS.contains(&pair[0].as_str()) || pair[0].parse::<u32>().is_ok();
        number && LISTED.contains(&pair[1].as_str())
    })
}

/// A number of things in words: two to nine.
pub(crate) fn counted(number: usize) -> Option<&'static str> {
    COUNTS.get(number.checked_sub(2)?).copied()
}

fn instructs(words: &[String]) -> bool {
    is_imperative(words) || holds(words, &["how", "to"])
}

fn lists(text: &str, words: &[String]) -> bool {
    counts(words) || enumeration::find(text).is_some()
}

fn contrasts(words: &[String]) -> bool {
    let single = ["but", "yet", "while", "whereas", "not"];
    words.iter().any(|word| single.contains(&word.as_str()))
        || holds(words, &["instead", "of"])
        || holds(words, &["rather", "than"])
}

/// Whether a sentence names what is believed and sets it right.
fn refutes(words: &[String]) -> bool {
    let named = words
        .iter()
        .any(|word| matches!(word.as_str(), "myth" | "misconception"));
    if named || holds(words, &["contrary", "to"]) {
        return true;
    }
    let believes = words.windows(2).position(|pair| {
        BELIEVERS.contains(&pair[0].as_str()) && BELIEVING.contains(&pair[1].as_str())
    });
    // "You think you know it" names no belief.
    believes.is_some_and(|at| {
        let behind = words.get(at + 2..).unwrap_or_default();
        !behind.iter().take(2).any(|word| word == "know")
            && behind.iter().any(|word| REFUTING.contains(&word.as_str()))
    })
}

/// Whether a sentence tells what somebody did or what happened at a time: a person or a time, and a verb in the past.
fn happened(text: &str, words: &[String]) -> bool {
    let past = |word: &str| {
        PAST.contains(&word) || word.len() > 4 && word.ends_with("ed") && !NOT_PAST.contains(&word)
    };
    let year = |word: &str| word.len() == 4 && matches!(word.parse::<u32>(), Ok(1000..=2099));
    let set_in = |word: &String| {
        year(word) || PEOPLE.contains(&word.as_str()) || TIMES.contains(&word.as_str())
    };
    // "Ida pulled them in": a name, at the head of what it did.
    let name = words
        .first()
        .zip(words.get(1))
        .is_some_and(|(first, second)| {
            text.starts_with(char::is_uppercase)
                && !first.ends_with('s')
                && !is_function_word(first)
                && past(second)
        });
    words.iter().any(|word| past(word)) && (name || words.iter().any(set_in))
}

fn holds(words: &[String], run: &[&str]) -> bool {
    words
        .windows(run.len())
        .any(|window| window.iter().zip(run).all(|(word, other)| word == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_know_their_form() {
        for (text, form) in [
            ("Do bees sleep?", HookForm::Question),
            ("Sales rose 62% in a year.", HookForm::Number),
            ("Bees sleep, but the hive never does.", HookForm::Contrast),
            (
                "Most people think that bulls hate red, but they can't see it.",
                HookForm::Myth,
            ),
            (
                "It is a myth that lightning never strikes twice.",
                HookForm::Myth,
            ),
            ("Put your phone in the kitchen.", HookForm::HowTo),
            ("Turn the cup over.", HookForm::HowTo),
            ("Here is how to sharpen a knife.", HookForm::HowTo),
            ("In 1992 the cities gave the river back.", HookForm::Story),
            ("Ida pulled three men over the stern.", HookForm::Story),
            (
                "It comes in three colours: sand, moss and night.",
                HookForm::List,
            ),
            ("There are five ways to fold a shirt.", HookForm::List),
            (
                "“It is the best kettle I own,” said Maria Lopez.",
                HookForm::Quote,
            ),
            ("Bees sleep.", HookForm::Statement),
        ] {
            assert_eq!(form_of(text), form, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_form_is_none() {
        for text in [
            "You think you know bees, until you look closer.",
            "Turn signals blink.",
            "Sleep matters.",
            "The structure needed iron.",
            "We need seed.",
        ] {
            assert_eq!(forms_of(text), [HookForm::Statement], "{text}");
        }
        assert_eq!(
            form_of("You think you know bees, but look again."),
            HookForm::Contrast
        );
    }

    #[test]
    fn a_sentence_has_every_form_that_it_offers() {
        assert_eq!(
            forms_of("In 1992 the cities spent 40% of it, but not on walls."),
            [HookForm::Number, HookForm::Contrast, HookForm::Story]
        );
    }
}
