//! What a brief must keep to beyond its types.

use crate::variants::voice_problem;
use crate::{Brand, Brief, BriefError, UserPicture, Variants};

/// The longest source text in bytes: 1 MB.
pub const MAX_SOURCE_BYTES: usize = 1024 * 1024;

/// The shortest and longest video in seconds.
pub(crate) const SECONDS: std::ops::RangeInclusive<u32> = 5..=180;

/// The least and the most that a run may be allowed to cost, in US dollars.
pub(crate) const COST_USD: std::ops::RangeInclusive<f64> = 0.0..=10_000.0;

/// The most key points, and the most characters of one.
pub(crate) const KEY_POINTS: usize = 40;
/// The pace at which key points are reckoned, and how many times the length asked for they may take: every one of them is said.
const WORDS_A_MINUTE: f64 = 160.0;
const LONGEST_POINTS: f64 = 2.0;
pub(crate) const KEY_POINT_CHARS: usize = 500;

/// The most characters of a topic, an audience and a call to action; of a brand's name and one of its words; the most words of a list.
pub(crate) const TOPIC_CHARS: usize = 200;
pub(crate) const NAME_CHARS: usize = 60;
pub(crate) const WORDS: usize = 200;

/// One thing wrong with a brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefProblem {
    /// The field, such as `brand.palette.accent` or `key_points[2]`; empty for the brief as a whole.
    pub field: String,
    /// Line and column in the text it was read from, both from 1; absent where there is no text.
    pub place: Option<(u64, u64)>,
    /// What is wrong and what to do.
    pub message: String,
}

impl BriefProblem {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            place: None,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for BriefProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

impl Brief {
    /// Checks all that the types can't: an error lists everything that is wrong.
    pub fn check(&self) -> Result<(), BriefError> {
        let problems = self.problems();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(BriefError::Problems(problems))
        }
    }

    /// Everything that is wrong with the brief; empty if it can be made.
    pub fn problems(&self) -> Vec<BriefProblem> {
        let mut problems = Vec::new();
        let mut wrong =
            |field: &str, message: String| problems.push(BriefProblem::new(field, message));
        if !SECONDS.contains(&self.target_seconds) {
            let (least, most) = (SECONDS.start(), SECONDS.end());
            wrong(
                "target_seconds",
                format!(
                    "{} seconds can't be made: choose {least} to {most}",
                    self.target_seconds
                ),
            );
        }
        if let Some(limit) = self.max_cost_usd.filter(|usd| !COST_USD.contains(usd)) {
            let (least, most) = (COST_USD.start(), COST_USD.end());
            wrong(
                "max_cost_usd",
                format!(
                    "{limit} is no limit in dollars: give {least} to {most}, or leave the field out for no limit"
                ),
            );
        }
        let language = self.language.0.as_str();
        if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            wrong(
                "language",
                format!(
                    "{:?} is not a language code: use two small letters of ISO 639-1, such as en, de or ja",
                    excerpt(language)
                ),
            );
        }
        let has_source =
            self.source_text.as_deref().is_some_and(tells) || self.source_file.is_some();
        if !tells(&self.topic) && !has_source && !self.key_points.iter().any(|point| tells(point)) {
            wrong(
                "topic",
                "there is nothing to tell: give a topic, key_points, source_text or source_file"
                    .to_owned(),
            );
        }
        if self.source_text.is_some() && self.source_file.is_some() {
            wrong(
                "source_file",
                "source_text and source_file are both given: keep one".to_owned(),
            );
        }
        if self
            .source_file
            .as_deref()
            .is_some_and(|path| path.trim().is_empty())
        {
            wrong(
                "source_file",
                "the path is empty: name a text file, or leave the field out".to_owned(),
            );
        }
        if let Some(message) = self.source_text.as_deref().and_then(source_problem) {
            wrong("source_text", message);
        }
        short_text(&mut wrong, "topic", &self.topic, TOPIC_CHARS);
        short_text(
            &mut wrong,
            "audience",
            self.audience.as_deref().unwrap_or_default(),
            TOPIC_CHARS,
        );
        if self.key_points.len() > KEY_POINTS {
            wrong(
                "key_points",
                format!(
                    "{} are too many: keep the {KEY_POINTS} that matter most",
                    self.key_points.len()
                ),
            );
        }
        let takes = self
            .key_points
            .iter()
            .map(|point| point.split_whitespace().count())
            .sum::<usize>() as f64
            * 60.0
            / WORDS_A_MINUTE;
        if SECONDS.contains(&self.target_seconds)
            && takes > f64::from(self.target_seconds) * LONGEST_POINTS
        {
            wrong(
                "key_points",
                format!(
                    "all of them must be said, which takes about {takes:.0} seconds, and target_seconds is {}: leave some out, \
                     or raise it",
                    self.target_seconds
                ),
            );
        }
        for (at, point) in self.key_points.iter().enumerate() {
            let field = format!("key_points[{at}]");
            if !tells(point) {
                wrong(
                    &field,
                    "it says nothing: write a sentence, or take it out".to_owned(),
                );
            }
            short_text(&mut wrong, &field, point, KEY_POINT_CHARS);
            if let Some(word) = first_banned(&self.brand, point) {
                wrong(
                    &field,
                    format!(
                        "it holds {word:?}, which brand.banned_words bans: reword it, or lift the ban"
                    ),
                );
            }
        }
        if let Some(word) = first_banned(&self.brand, &self.topic) {
            wrong(
                "topic",
                format!(
                    "it holds {word:?}, which brand.banned_words bans: reword it, or lift the ban"
                ),
            );
        }
        check_brand(&mut wrong, &self.brand);
        for (field, message) in UserPicture::problems(&self.pictures) {
            wrong(&field, message);
        }
        for (field, message) in self.variants.iter().flat_map(Variants::problems) {
            wrong(&field, message);
        }
        for (field, message) in self.brand.quality.problems() {
            wrong(&format!("brand.quality.{field}"), message);
        }
        problems
    }

    /// The same brief with the text of its `source_file` in place of the file's name, if that text will do.
    pub fn with_source(mut self, text: String) -> Result<Self, BriefProblem> {
        let field = self.source_file.as_ref().map_or_else(
            || "source_text".to_owned(),
            |path| format!("source_file {path}"),
        );
        let message = match source_problem(&text) {
            None if !tells(&text) => Some("it holds no words: give a text to draw on".to_owned()),
            problem => problem,
        };
        if let Some(message) = message {
            return Err(BriefProblem::new(field, message));
        }
        self.source_file = None;
        self.source_text = Some(text);
        Ok(self)
    }
}

fn check_brand(wrong: &mut impl FnMut(&str, String), brand: &Brand) {
    short_text(
        wrong,
        "brand.name",
        brand.name.as_deref().unwrap_or_default(),
        NAME_CHARS,
    );
    if let Some(message) = brand.voice.as_deref().and_then(voice_problem) {
        wrong("brand.voice", message);
    }
    for (entry, message) in brand.pronunciations.problems() {
        wrong(&format!("brand.pronunciations{entry}"), message);
    }
    let call = brand.call_to_action.as_deref();
    short_text(
        wrong,
        "brand.call_to_action",
        call.unwrap_or_default(),
        TOPIC_CHARS,
    );
    if call.is_some_and(|text| !tells(text)) {
        wrong(
            "brand.call_to_action",
            "it says nothing: write what the viewer should do, or leave the field out".to_owned(),
        );
    }
    for (field, text) in [
        ("brand.name", brand.name.as_deref()),
        ("brand.call_to_action", call),
    ] {
        if let Some(word) = text.and_then(|text| first_banned(brand, text)) {
            wrong(
                field,
                format!(
                    "it holds {word:?}, which brand.banned_words bans: reword it, or lift the ban"
                ),
            );
        }
    }
    for (field, words) in [
        ("brand.voice_words", &brand.voice_words),
        ("brand.banned_words", &brand.banned_words),
    ] {
        if words.len() > WORDS {
            wrong(
                field,
                format!("{} are too many: keep at most {WORDS}", words.len()),
            );
        }
        for (at, word) in words.iter().enumerate() {
            let field = format!("{field}[{at}]");
            if !tells(word) {
                wrong(&field, "it holds no word: take it out".to_owned());
            }
            short_text(wrong, &field, word, NAME_CHARS);
        }
    }
    for (at, word) in brand.voice_words.iter().enumerate() {
        if let Some(banned) = first_banned(brand, word) {
            let field = format!("brand.voice_words[{at}]");
            wrong(
                &field,
                format!(
                    "{word:?} is wanted, but brand.banned_words bans {banned:?}: take one of them out"
                ),
            );
        }
    }
}

/// What is wrong with a source text: its size, or characters that no text holds.
fn source_problem(text: &str) -> Option<String> {
    if text.len() > MAX_SOURCE_BYTES {
        let size = text.len() as f64 / MAX_SOURCE_BYTES as f64;
        return Some(format!(
            "the text is {size:.1} MB, at most 1 MB can be drawn on: give the part that matters"
        ));
    }
    control_character(text).map(|(line, column, c)| {
        let code = u32::from(c);
        format!("line {line}, column {column} of the text is the control character U+{code:04X}: this is no plain text; save it as UTF-8 text first")
    })
}

/// The first control character that plain text doesn't hold, with its line and column, both from 1.
pub(crate) fn control_character(text: &str) -> Option<(u64, u64, char)> {
    let (mut line, mut column) = (1, 1);
    for c in text.chars() {
        match c {
            '\n' => (line, column) = (line + 1, 1),
            '\t' | '\r' | '\u{c}' => column += 1,
            c if c.is_ascii_control() => return Some((line, column, c)),
            _ => column += 1,
        }
    }
    None
}

fn short_text(wrong: &mut impl FnMut(&str, String), field: &str, text: &str, most: usize) {
    let length = text.chars().count();
    if length > most {
        wrong(
            field,
            format!("{length} characters are too many: keep to {most}"),
        );
    }
    if let Some((_, column, c)) = control_character(text) {
        let code = u32::from(c);
        wrong(
            field,
            format!("character {column} is the control character U+{code:04X}: take it out"),
        );
    }
}

/// Whether a text holds a letter or a digit: emoji and punctuation alone can't be spoken.
fn tells(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

pub(crate) fn parts(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The first banned word that a text holds whole, whatever its case.
fn first_banned<'a>(brand: &'a Brand, text: &str) -> Option<&'a str> {
    let words = parts(text);
    let holds = |banned: &&String| {
        let banned = parts(banned);
        !banned.is_empty() && words.windows(banned.len()).any(|window| window == banned)
    };
    brand.banned_words.iter().find(holds).map(String::as_str)
}

/// Shortens what a person typed so that an error message stays readable.
pub(crate) fn excerpt(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        text.chars().take(37).chain("...".chars()).collect()
    }
}
