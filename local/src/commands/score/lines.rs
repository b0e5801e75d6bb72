//! Texts as lines of JSON, scored one after the other.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use quality::score::{Criterion, Score};
use quality::{Assessment, Content, Policy, assess};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::files;

/// The longest line read: more than any text that is worth scoring.
const LONGEST: u64 = 16_000_000;

/// What a line should be.
const EXPECTED: &str = "give one JSON object a line, such as {\"id\": \"a1\", \"text\": \"What is said.\", \"hook\": \"Its opening.\"} (hook may be left out)";

/// A line of a set to be scored.
struct Item {
    id: Value,
    text: String,
    hook: Option<String>,
}

/// Scores one text a line. A line that can't be read ends it, named by its number: what was scored before is already printed.
pub(super) fn score(path: &Path) -> Result<(), Failure> {
    let mut input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::input(format!("can't read {}: {error}", files::name(path)))
        })?;
        Box::new(BufReader::new(file))
    };
    let policy = Policy::default();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let wrong =
            |what: String| Failure::input(format!("{} line {number}: {what}", files::name(path)));
        let read = input
            .by_ref()
            .take(LONGEST + 1)
            .read_until(b'\n', &mut line)
            .map_err(|error| wrong(format!("can't be read: {error}")))?;
        if read == 0 {
            break;
        }
        if line.len() as u64 > LONGEST {
            return Err(wrong(format!(
                "it has more than {LONGEST} bytes: give shorter texts"
            )));
        }
        let Some(item) = item(&line).map_err(wrong)? else {
            continue;
        };
        let mut content = Content::of_text(item.text);
        if let Some(hook) = item.hook {
            content = content.with_hook(hook);
        }
        let scored = scored(&item.id, &assess(&content, &policy));
        if gone(writeln!(out, "{scored}"))? {
            return Ok(());
        }
    }
    gone(out.flush()).map(|_| ())
}

/// Whether the reader has left, who then has had enough; any other trouble is a failure.
fn gone(written: std::io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(true),
        Err(error) => Err(Failure::other(format!(
            "the answer can't be written to standard output: {error}"
        ))),
    }
}

/// What a line holds; nothing if it is blank, and what is wrong with it if it can't be scored. Fields that aren't ours, such as a
/// set's labels, are passed over.
fn item(line: &[u8]) -> Result<Option<Item>, String> {
    let text = std::str::from_utf8(line)
        .map_err(|_| "it is not UTF-8 text: save the file as UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.is_empty() {
        return Ok(None);
    }
    // What the parser says is about its own words; what helps is what was expected.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!(
            "it is not JSON (from its character {} on): {EXPECTED}",
            error.column().max(1)
        )
    })?;
    let Value::Object(mut fields) = value else {
        return Err(format!("it is JSON, but not an object: {EXPECTED}"));
    };
    let id = fields.remove("id").ok_or_else(|| lacking("id"))?;
    let text = match fields.remove("text") {
        Some(Value::String(text)) => text,
        Some(_) => return Err(format!("its \"text\" is not a string: {EXPECTED}")),
        None => return Err(lacking("text")),
    };
    let hook = match fields.remove("hook") {
        None | Some(Value::Null) => None,
        Some(Value::String(hook)) => Some(hook),
        Some(_) => return Err(format!("its \"hook\" is not a string: {EXPECTED}")),
    };
    Ok(Some(Item { id, text, hook }))
}

fn lacking(field: &str) -> String {
    format!("it has no {field:?}: {EXPECTED}")
}

/// `{id, total, tier, scores, raw, valence, arousal}`; what wasn't measured is null.
fn scored(id: &Value, assessment: &Assessment) -> Value {
    let all = |of: &dyn Fn(&Score) -> Value| -> Map<String, Value> {
        Criterion::ALL
            .into_iter()
            .map(|criterion| {
                (
                    criterion.name().to_owned(),
                    assessment.score(criterion).map_or(Value::Null, of),
                )
            })
            .collect()
    };
    json!({
        "id": id,
        "total": assessment.total,
        "tier": assessment.tier,
        "scores": all(&|score| score.value.into()),
        "raw": all(&|score| score.raw.into()),
        "valence": assessment.valence,
        "arousal": assessment.arousal,
    })
}
