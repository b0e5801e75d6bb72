//! What a brief gives the writer to tell from.

use domain::{Brief, SourceId, SourceSentence};

use crate::WriterError;
use crate::anaphora::{leans_on_previous, refers_elsewhere};
use crate::banned::WordList;
use crate::keywords::Keywords;
use crate::markup::{BlockKind, blocks};
use crate::pace::spoken_words;
use crate::quotation;
use crate::sentences::sentences;
use crate::shorten::for_speech;
use crate::title::title;
use crate::words::{content, count, words};

/// A sentence of a source text with fewer words is a fragment.
const FEWEST_WORDS: usize = 4;

/// A sentence that needs more words than this to say, shortened, is no line.
const MOST_WORDS: f64 = 30.0;

/// Where a candidate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A key point: must be said.
    KeyPoint,
    /// The source text's sentence of this number.
    Sentence(usize),
    /// The topic: told only where there is nothing else.
    Topic,
}

/// A sentence that may be told.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) id: SourceId,
    pub(crate) origin: Origin,
    /// As it stands in the brief.
    pub(crate) text: String,
    /// As it is said.
    pub(crate) spoken: String,
    /// Length of `spoken` in average words.
    pub(crate) words: f64,
    /// Content words, stemmed, sorted.
    pub(crate) terms: Vec<String>,
    /// Makes sense only right after the sentence before it.
    pub(crate) leans: bool,
    /// Asks.
    pub(crate) asks: bool,
    /// How far into the text it stands, 0 to 1.
    pub(crate) place: f64,
    /// Stands at the head of a paragraph.
    pub(crate) leads: bool,
}

/// What a brief gives the writer: the sentences that may be told, in order, with what they are about.
#[derive(Debug, Clone)]
pub struct Material {
    /// The title: the topic, or what the source text suggests.
    pub title: String,
    /// Keywords, best first.
    pub keywords: Vec<String>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) weights: Keywords,
}

impl Material {
    /// The sentences that may be told, key points first, then the source text's as they stand there, last the topic.
    pub fn sources(&self) -> impl Iterator<Item = SourceSentence> + '_ {
        self.candidates.iter().map(|candidate| SourceSentence {
            id: candidate.id.clone(),
            text: candidate.text.clone(),
        })
    }

    /// At most `limit` sentences: all key points and the topic, and of the source text those that say most, in order.
    pub fn best_sources(&self, limit: usize) -> Vec<SourceSentence> {
        let is_sentence = |candidate: &Candidate| matches!(candidate.origin, Origin::Sentence(_));
        let mut scores: Vec<(f64, usize)> = self
            .candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| is_sentence(candidate))
            .map(|(at, candidate)| (self.weights.coverage(&candidate.text), at))
            .collect();
        scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let kept: Vec<usize> = scores.into_iter().take(limit).map(|(_, at)| at).collect();
        self.candidates
            .iter()
            .enumerate()
            .filter(|(at, candidate)| !is_sentence(candidate) || kept.contains(at))
            .map(|(_, candidate)| SourceSentence {
                id: candidate.id.clone(),
                text: candidate.text.clone(),
            })
            .collect()
    }
}

/// Reads a brief's topic, key points and source text into sentences; what holds a banned word is left out.
pub fn material(brief: &Brief) -> Result<Material, WriterError> {
    let english = brief.language.0 == "en";
    let banned = WordList::banned(&brief.brand);
    let source_blocks = blocks(brief.source_text.as_deref().unwrap_or_default());
    let mut candidates = Vec::new();
    let mut dropped = 0;
    for (at, point) in brief.key_points.iter().enumerate() {
        let text: String = blocks(point)
            .into_iter()
            .map(|block| block.text)
            .collect::<Vec<_>>()
            .join(" ");
        if banned.hit(&text) {
            dropped += 1;
        } else if text.chars().any(char::is_alphanumeric) {
            candidates.push(candidate(
                SourceId(format!("k{at}")),
                Origin::KeyPoint,
                text,
                english,
            ));
        }
    }
    let running: Vec<Vec<String>> = source_blocks
        .iter()
        .filter(|block| block.kind != BlockKind::Heading)
        .map(|block| {
            if block.kind == BlockKind::Item && !ends(&block.text) {
                Vec::new()
            } else {
                sentences(&block.text)
            }
        })
        .collect();
    let total = running.iter().map(Vec::len).sum::<usize>().max(1);
    let mut number = 0;
    for paragraph in running {
        for (in_paragraph, text) in paragraph.into_iter().enumerate() {
            let at = number;
            number += 1;
            if banned.hit(&text) {
                dropped += 1;
                continue;
            }
            let mut found = candidate(
                SourceId(format!("s{at}")),
                Origin::Sentence(at),
                text,
                english,
            );
            found.place = at as f64 / total as f64;
            found.leads = in_paragraph == 0;
            if usable(&found, english) {
                candidates.push(found);
            }
        }
    }
    let topic = inline_topic(brief);
    let texts: Vec<&str> = candidates
        .iter()
        .map(|c| c.text.as_str())
        .chain((!topic.is_empty()).then_some(topic.as_str()))
        .collect();
    let weights = Keywords::find(&texts, english);
    let keywords: Vec<String> = weights
        .phrases
        .iter()
        .filter(|phrase| !banned.hit(phrase))
        .cloned()
        .collect();
    let topic_ok = topic.chars().any(char::is_alphanumeric) && !banned.hit(&topic);
    let heading = source_blocks
        .iter()
        .find(|block| block.kind == BlockKind::Heading && !banned.hit(&block.text));
    let title = title(
        topic_ok.then_some(topic.as_str()),
        heading.map(|h| h.text.as_str()),
        &keywords,
        &candidates,
    );
    if topic_ok {
        candidates.push(candidate(
            SourceId("t".to_owned()),
            Origin::Topic,
            topic,
            english,
        ));
    }
    if candidates.is_empty() {
        return Err(WriterError::NothingToTell(match dropped {
            0 => "no topic, no key point and no full sentence".to_owned(),
            n => format!("{n} sentences were left out for holding a banned word"),
        }));
    }
    Ok(Material {
        title,
        keywords,
        candidates,
        weights,
    })
}

fn inline_topic(brief: &Brief) -> String {
    blocks(&brief.topic)
        .into_iter()
        .map(|block| block.text)
        .collect::<Vec<_>>()
        .join(" ")
}

fn ends(text: &str) -> bool {
    text.ends_with(['.', '!', '?', '…', '。', '”', '"'])
}

fn candidate(id: SourceId, origin: Origin, text: String, english: bool) -> Candidate {
    let spoken = for_speech(&text, english);
    let mut terms = content(&spoken);
    terms.sort();
    terms.dedup();
    Candidate {
        id,
        origin,
        words: spoken_words(&spoken),
        terms,
        leans: english
            && matches!(origin, Origin::Sentence(_))
            && leans_on_previous(&text)
            && !is_quoted(&text),
        asks: spoken.ends_with(['?', '？', '؟']),
        place: 0.0,
        leads: false,
        text,
        spoken,
    }
}

/// Whether a text begins with somebody's words and says whose: what these speak of ("It is …"), nobody looks for before them.
fn is_quoted(text: &str) -> bool {
    let begins = text.trim_start().starts_with(['“', '"', '«', '„']);
    begins && quotation::find(text).is_some_and(|quotation| quotation.speaker.is_some())
}

/// Whether a sentence of the source text can be a line at all.
fn usable(candidate: &Candidate, english: bool) -> bool {
    let enough = if english {
        count(&candidate.spoken) >= FEWEST_WORDS
    } else {
        words(&candidate.spoken).len() >= 2
    };
    let address = ["http://", "https://", "www.", "@"]
        .iter()
        .any(|mark| candidate.spoken.contains(mark));
    let shouting = candidate
        .spoken
        .chars()
        .filter(|c| c.is_uppercase())
        .count()
        * 2
        > candidate
            .spoken
            .chars()
            .filter(|c| c.is_lowercase())
            .count()
        && candidate.spoken.is_ascii();
    let open = candidate.spoken.ends_with([':', ';']) || candidate.text.trim_end().ends_with(':');
    let elsewhere = english && refers_elsewhere(&candidate.text);
    let long = candidate.words > 2.0 * MOST_WORDS;
    enough && !(address || shouting || open || elsewhere || long)
}

/// Whether a candidate is short enough to be said in one breath or two.
pub(crate) fn sayable(candidate: &Candidate) -> bool {
    candidate.words <= MOST_WORDS
}
