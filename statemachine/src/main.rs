//! `statemachine generate | check | explain`: the committed machines, made and compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use statemachine::{Strategy, Workflow, asl, chart, plan};

const USAGE: &str = "usage: statemachine generate | check | explain [--items N]
  generate   writes generated/ from workflows/short-video.yaml
  check      says which files of generated/ differ from what generate would write (exit code 1)
  explain    says what each machine takes, with N items a for_each (6 if left out)";

const WORKFLOWS: [&str; 1] = ["short-video"];
const STRATEGIES: [Strategy; 4] = [
    Strategy::Levels,
    Strategy::Nested,
    Strategy::Joins,
    Strategy::Auto,
];
const ITEMS: u32 = 6;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["generate"] => generate(),
        ["check"] => check(),
        ["explain"] => explain(ITEMS),
        ["explain", "--items", items] => match items.parse() {
            Ok(items @ 0..=40) => explain(items),
            _ => Err(format!(
                "--items takes a number from 0 to 40, not {items:?}"
            )),
        },
        [] => Err(USAGE.to_owned()),
        other => Err(format!("{:?} is not understood\n{USAGE}", other.join(" "))),
    };
    match done {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// What `generate` writes: each file's name and text.
fn files() -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for name in WORKFLOWS {
        let workflow = read(name)?;
        for strategy in STRATEGIES {
            let plan = plan(workflow.dag(), strategy);
            let machine = asl::generate(&workflow, &plan);
            if let Some(finding) = asl::lint::lint(&machine, Some(&workflow)).first() {
                return Err(format!("{name} by {strategy}: {finding}"));
            }
            let stem = format!("{name}.{strategy}");
            files.push((format!("{stem}.asl.json"), asl::text(&machine)));
            files.push((
                format!("{stem}.mermaid"),
                chart::mermaid(&plan, workflow.dag()),
            ));
        }
    }
    Ok(files)
}

fn generate() -> Result<ExitCode, String> {
    let folder = home().join("generated");
    let failed = |what: &Path, error: std::io::Error| {
        format!("{} could not be written: {error}", what.display())
    };
    fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
    for (name, text) in files()? {
        let path = folder.join(&name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
        println!("wrote generated/{name}");
    }
    Ok(ExitCode::SUCCESS)
}

fn check() -> Result<ExitCode, String> {
    let mut drifted = false;
    for (name, text) in files()? {
        let found = fs::read_to_string(home().join("generated").join(&name));
        if found.ok().as_deref() != Some(text.as_str()) {
            println!(
                "generated/{name} is not what generate writes now; run it, and look at the difference"
            );
            drifted = true;
        }
    }
    Ok(ExitCode::from(u8::from(drifted)))
}

fn explain(items: u32) -> Result<ExitCode, String> {
    for name in WORKFLOWS {
        let workflow = read(name)?;
        for strategy in STRATEGIES {
            let plan = plan(workflow.dag(), strategy);
            let machine = asl::generate(&workflow, &plan);
            let explanation = asl::explain(&workflow, &plan, &machine, items);
            println!("{name} by {strategy}\n{explanation}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read(name: &str) -> Result<Workflow, String> {
    let path = home().join("workflows").join(format!("{name}.yaml"));
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("{} could not be read: {error}", path.display()))?;
    Workflow::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The crate's own folder, wherever the command is run from.
fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
