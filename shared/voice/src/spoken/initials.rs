//! Initialisms, words in camel case, Roman numerals, single letters.

use super::numbers::{cardinal, ordinal, roman};
use super::out::Out;
use super::token::{Around, is_capitalized};

/// Capitals that are said as a word, with how to spell the word for its sound where the letters mislead.
const SAID: &[(&str, &str)] = &[
    ("NASA", "NASA"),
    ("NATO", "NATO"),
    ("UNESCO", "UNESCO"),
    ("UNICEF", "UNICEF"),
    ("OPEC", "OPEC"),
    ("FIFA", "FIFA"),
    ("UEFA", "UEFA"),
    ("COVID", "COVID"),
    ("AIDS", "AIDS"),
    ("SARS", "SARS"),
    ("DARPA", "DARPA"),
    ("CERN", "CERN"),
    ("IKEA", "ikea"),
    ("LEGO", "lego"),
    ("VISA", "visa"),
    ("NVIDIA", "NVIDIA"),
    ("NASDAQ", "NASDAQ"),
    ("NAFTA", "NAFTA"),
    ("SWAT", "swat"),
    ("SCUBA", "scuba"),
    ("RADAR", "radar"),
    ("LIDAR", "lidar"),
    ("LASER", "laser"),
    ("RAM", "RAM"),
    ("ROM", "ROM"),
    ("SIM", "SIM"),
    ("PIN", "PIN"),
    ("GIF", "GIF"),
    ("JPEG", "JPEG"),
    ("JSON", "jason"),
    ("YAML", "yaml"),
    ("TOML", "toml"),
    ("REST", "rest"),
    ("CRUD", "CRUD"),
    ("SQL", "SQL"),
    ("GUI", "gooey"),
    ("BIOS", "BIOS"),
    ("MIDI", "MIDI"),
    ("CAPTCHA", "captcha"),
    ("ASCII", "ASCII"),
    ("SAAS", "sass"),
    ("PAAS", "pass"),
    ("FOMO", "FOMO"),
    ("YOLO", "YOLO"),
    ("LIFO", "LIFO"),
    ("FIFO", "FIFO"),
    ("MOMA", "moma"),
    ("POTUS", "POTUS"),
    ("SCOTUS", "SCOTUS"),
    ("ZIP", "zip"),
    ("WIFI", "why fie"),
];

/// Initialisms with a small letter in them.
const HALF_SMALL: &[(&str, &str)] = &[
    ("PhD", "PHD"),
    ("PhDs", "PHDs"),
    ("IoT", "IOT"),
    ("mRNA", "MRNA"),
];

/// Words that people write in capitals to stress them.
const STRESSED: &[&str] = &[
    "THE", "AND", "NOT", "YOU", "YOUR", "NEW", "NOW", "FREE", "STOP", "NEVER", "ALL", "BEST",
    "ONLY", "ARE", "CAN", "WILL", "YES", "NO", "SALE", "MORE", "EVERY", "EACH", "THIS", "THAT",
    "ONE", "TWO", "BIG", "WHY", "HOW", "WHAT", "WHO", "WHEN", "OUT", "OFF", "ON", "IS", "IN", "AT",
    "OF", "TO", "BY", "BUT", "OR", "FOR", "WITH", "FROM", "HAVE", "HAS", "MUST", "REAL", "GO",
    "GET", "LET", "DO", "DONT", "WE", "MY", "ME", "HE", "SHE", "OUR", "SO", "UP", "MANY", "MOST",
    "JUST", "VERY", "ANY", "LAST", "FIRST", "NEXT", "TODAY", "HERE", "MAKE", "TRY", "BUY", "WIN",
    "WOW", "HOT", "TOP", "LESS", "OVER", "ALSO", "EVEN", "ALWAYS", "THEY", "BE",
];

/// Words after which a Roman numeral counts.
const COUNTED: &[&str] = &[
    "chapter", "part", "war", "volume", "phase", "act", "section", "type", "book", "stage",
    "level", "title", "article", "class", "bowl", "rocky", "tier", "round", "series", "mark",
];

/// Names of rulers and popes: their numerals are ranks.
const RULERS: &[&str] = &[
    "henry",
    "louis",
    "elizabeth",
    "charles",
    "george",
    "james",
    "william",
    "edward",
    "richard",
    "philip",
    "john",
    "paul",
    "pius",
    "benedict",
    "francis",
    "alexander",
    "catherine",
    "peter",
    "nicholas",
    "frederick",
    "napoleon",
    "leo",
    "mary",
    "gregory",
    "ramesses",
];

/// Consonants alone that are a sound, not letters.
const HUMMED: &[&str] = &[
    "hm", "hmm", "hmmm", "mm", "mmm", "shh", "sh", "psst", "pst", "brr", "grr", "pfft", "tsk",
    "zzz", "nth",
];

/// A word of ASCII letters (and apostrophes).
pub(super) fn word(around: &Around, core: &str, out: &mut Out) {
    let (stem, ending) = match core.strip_suffix("'s") {
        Some(stem) => (stem, "'s"),
        None => (core, ""),
    };
    if let Some((_, letters)) = HALF_SMALL.iter().find(|(known, _)| *known == stem) {
        out.letters(letters);
        return;
    }
    if numeral(around, stem, out)
        || initialism(around, stem, ending, out)
        || camel(around, core, out)
    {
        return;
    }
    let lower = core.to_ascii_lowercase();
    let vowel = |letter: char| "aeiouy".contains(letter);
    let consonants = (2..=5).contains(&stem.len())
        && stem.chars().all(|c| c.is_ascii_alphabetic())
        && !lower.contains(vowel);
    if consonants && !HUMMED.contains(&lower.as_str()) {
        out.letters(&(stem.to_ascii_uppercase() + ending.trim_start_matches('\'')));
    } else if core.len() == 1 && !matches!(core, "a" | "A" | "I" | "O" | "o") {
        out.letters(&core.to_ascii_uppercase());
    } else if core == "A" && is_labelled(around.prev) {
        out.letters("A");
    } else if core.len() > 1 && !core.contains(|c: char| c.is_ascii_lowercase()) {
        // Capitals that are no initialism: the dictionary knows the small form.
        out.words(&lower);
    } else {
        out.words(core);
    }
}

/// Whether the word before makes a single "A" a letter: "plan A", "vitamin A".
fn is_labelled(prev: &str) -> bool {
    matches!(
        prev.to_ascii_lowercase().as_str(),
        "plan"
            | "vitamin"
            | "class"
            | "grade"
            | "type"
            | "option"
            | "team"
            | "series"
            | "point"
            | "group"
            | "hepatitis"
    )
}

fn numeral(around: &Around, stem: &str, out: &mut Out) -> bool {
    let Some(value) = roman(stem) else {
        return false;
    };
    let before = around.prev.to_ascii_lowercase();
    if RULERS.contains(&before.as_str()) && stem != "I" {
        out.words("the");
        out.words(&ordinal(value));
    } else if COUNTED.contains(&before.as_str())
        || (stem.len() > 1 && is_capitalized(around.prev) && stem != "XX")
    {
        out.words(&cardinal(value));
    } else {
        return false;
    }
    true
}

/// `AWS`, `APIs`, `NASA's`.
fn initialism(around: &Around, stem: &str, ending: &str, out: &mut Out) -> bool {
    let (capitals, plural) = match stem.strip_suffix('s') {
        Some(capitals) if capitals.len() > 1 => (capitals, true),
        _ => (stem, false),
    };
    let (capitals, plural) = if is_capitals(capitals) {
        (capitals, plural)
    } else {
        (stem, false)
    };
    if !is_capitals(capitals) || capitals.len() < 2 {
        return false;
    }
    if let Some((_, said)) = SAID.iter().find(|(known, _)| *known == capitals) {
        let ending = if plural { "s" } else { ending };
        out.words(&format!("{said}{ending}"));
        return true;
    }
    let has_vowel = capitals.contains(|c: char| "AEIOUY".contains(c));
    let is_word = (around.shouted
        && (has_vowel && capitals.len() > 2 || STRESSED.contains(&capitals)))
        || (STRESSED.contains(&capitals) && !plural && ending.is_empty())
        || (capitals.len() > 5 && has_vowel);
    if is_word {
        return false;
    }
    let plural = if plural || !ending.is_empty() {
        "s"
    } else {
        ""
    };
    out.letters(&format!("{capitals}{plural}"));
    true
}

fn is_capitals(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `YouTube`, `OpenAI`, `eBay`: each part by itself; `McDonald` stays whole.
fn camel(around: &Around, core: &str, out: &mut Out) -> bool {
    if core.starts_with("Mc") || core.starts_with("Mac") || core.contains('\'') {
        return false;
    }
    let letters: Vec<char> = core.chars().collect();
    let mut starts = vec![0];
    for at in 1..letters.len() {
        let (before, here) = (letters[at - 1], letters[at]);
        let next_small = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let joint = here.is_ascii_uppercase() && (before.is_ascii_lowercase() || next_small);
        // "APIs" was seen to before; "PhDs" and the like keep their small end.
        if joint
            && !(at + 2 == letters.len() && letters[at + 1] == 's' && before.is_ascii_uppercase())
        {
            starts.push(at);
        }
    }
    if starts.len() < 2 {
        return false;
    }
    starts.push(letters.len());
    for pair in starts.windows(2) {
        let part: String = letters[pair[0]..pair[1]].iter().collect();
        match part.as_str() {
            "i" | "e" | "x" => out.letters(&part.to_ascii_uppercase()),
            part => word(&around.alone(part), part, out),
        }
    }
    true
}
