//! What briefs come to: each goes through the embedded writer (story, script, hook) and is judged by its words, without speech and
//! picture. `cargo run -p quality --example score_briefs -- FOLDER [--scripts]` prints a line a brief, best first, then how many came to each tier.

use std::path::Path;

use domain::Brief;
use quality::score::{Criterion, Hold, Tier, Total};
use quality::{Assessment, Content, Policy, assess};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .ok_or("usage: score_briefs FOLDER [--scripts]")?;
    let scripts = arguments.any(|argument| argument == "--scripts");
    let mut judged = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        judged.push((name.into_owned(), told(&path)?));
    }
    judged.sort_by_key(|(_, outcome)| std::cmp::Reverse(total(outcome)));
    for (name, outcome) in &judged {
        match outcome {
            Ok((content, assessment)) => {
                println!("{}", line(name, assessment));
                if scripts {
                    println!("{}\n", content.text());
                }
            }
            Err(why) => println!("{name:<24} not written: {why}"),
        }
    }
    for kind in ["good", "bad"] {
        let counts = [Tier::Approve, Tier::Review, Tier::Regenerate].map(|tier| {
            let of = |(name, outcome): &&(String, Outcome)| {
                name.starts_with(kind)
                    && matches!(outcome, Ok((_, assessment)) if assessment.tier == tier)
            };
            format!("{} {}", judged.iter().filter(of).count(), tier.name())
        });
        println!("{kind}: {}", counts.join(", "));
    }
    Ok(())
}

/// What a brief came to, or why the writer refused it.
type Outcome = Result<(Content, Assessment), String>;

fn total(outcome: &Outcome) -> Option<Total> {
    let (_, assessment) = outcome.as_ref().ok()?;
    Some(assessment.total)
}

fn told(path: &Path) -> Result<Outcome, Box<dyn std::error::Error>> {
    let brief = domain::read_brief(&std::fs::read_to_string(path)?)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let policy = Policy::of(&brief.brand.quality)?;
    Ok(written(&brief).map(|content| {
        let assessment = assess(&content, &policy);
        (content, assessment)
    }))
}

fn written(brief: &Brief) -> Result<Content, String> {
    let story = writer::story(brief).map_err(|error| error.to_string())?;
    let script = writer::script(brief, &story).map_err(|error| error.to_string())?;
    let hook = writer::hook(brief, &story).map_err(|error| error.to_string())?;
    Ok(Content::of_script(&script, &hook).with_brief(brief.clone()))
}

fn line(name: &str, assessment: &Assessment) -> String {
    let scores: Vec<String> = Criterion::ALL
        .into_iter()
        .filter_map(|criterion| {
            let score = assessment.score(criterion)?;
            Some(format!("{criterion} {}", score.value))
        })
        .collect();
    let holds: Vec<&str> = assessment.holds.iter().map(Hold::reason).collect();
    format!(
        "{name:<24} {:>5} {:<10} {} {}",
        assessment.total.to_string(),
        assessment.tier.name(),
        scores.join(" "),
        holds.join("; ")
    )
}
