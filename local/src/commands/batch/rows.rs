//! The briefs of a batch: a line or a row each.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{Brief, BriefError, ContentKey, brief_of_cells, read_brief};

use crate::failure::Failure;
use crate::files;

/// The most briefs of one batch.
const MOST_ROWS: usize = 10_000;

/// The most problems that are told at once.
const MOST_TOLD: usize = 20;

/// One brief of a batch.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    /// The brief.
    pub(super) brief: Brief,
    /// What it is known by in its batch: the digest of the brief, and how many like it come before.
    pub(super) key: String,
    /// The digest of the brief.
    pub(super) digest: ContentKey,
}

/// Reads all rows. What is wrong with any of them is told before anything is made.
pub(super) fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let text = files::read_text(path)?;
    let text = text.trim_start_matches('\u{feff}');
    let about = |message: String| Failure::input(format!("{}: {message}", files::name(path)));
    let kind = path
        .extension()
        .map(|kind| kind.to_string_lossy().to_ascii_lowercase());
    let read = match kind.as_deref() {
        Some("csv") => csv_rows(text).map_err(about)?,
        Some("jsonl" | "ndjson") => json_rows(text),
        _ => {
            return Err(about(
                "a batch is a .csv file, a column a field, or a .jsonl file, a brief a line"
                    .to_owned(),
            ));
        }
    };
    if read.is_empty() {
        return Err(about("there is no brief in it".to_owned()));
    }
    if read.len() > MOST_ROWS {
        return Err(about(format!(
            "there are {} briefs in it, and at most {MOST_ROWS} are taken at once: part it",
            read.len()
        )));
    }
    let mut rows = Vec::with_capacity(read.len());
    let mut problems = Vec::new();
    let mut seen: BTreeMap<ContentKey, u32> = BTreeMap::new();
    for (line, brief) in read {
        match brief.map_err(|error| error.to_string()).and_then(alone) {
            Err(error) => problems.extend(error.lines().map(|told| format!("line {line}: {told}"))),
            Ok(brief) => {
                let json = serde_json::to_vec(&brief).map_err(Failure::other)?;
                let digest = ContentKey::of_bytes(&json);
                let before = seen.entry(digest.clone()).or_default();
                *before += 1;
                rows.push(Row {
                    line,
                    key: format!("{digest}/{before}"),
                    brief,
                    digest,
                });
            }
        }
    }
    if problems.is_empty() {
        return Ok(rows);
    }
    let more = problems.len().saturating_sub(MOST_TOLD);
    problems.truncate(MOST_TOLD);
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    Err(about(format!(
        "nothing is begun, because some briefs can't be made:\n{}",
        problems.join("\n")
    )))
}

/// A brief that is one video.
fn alone(brief: Brief) -> Result<Brief, String> {
    if brief.variants.is_some() {
        return Err(
            "variants: a batch makes one video of each brief; make this one with `reelwright make`"
                .to_owned(),
        );
    }
    Ok(brief)
}

type Read = Vec<(u64, Result<Brief, BriefError>)>;

fn json_rows(text: &str) -> Read {
    let lines = (1..).zip(text.lines());
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number, read_brief(line)))
        .collect()
}

fn csv_rows(text: &str) -> Result<Read, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let fields = reader.headers().map_err(|error| error.to_string())?.clone();
    if let Some(twice) = (fields.iter().enumerate())
        .find(|(at, field)| fields.iter().take(*at).any(|before| before == *field))
    {
        return Err(format!("line 1: the column {:?} is there twice", twice.1));
    }
    let mut rows = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        // Where the record was looked for; empty lines before it are passed over.
        let from = record.position().map_or(0, csv::Position::byte) as usize;
        let rest = text.get(from..).unwrap_or_default();
        let starts = text.len() - rest.trim_start_matches(['\r', '\n']).len();
        line += text
            .get(counted..starts)
            .unwrap_or_default()
            .matches('\n')
            .count() as u64;
        counted = starts;
        if record.iter().all(str::is_empty) {
            continue;
        }
        rows.push((line, brief_of_cells(fields.iter().zip(record.iter()))));
    }
    Ok(rows)
}
