//! Prints the hook and script that the embedded writer makes of a brief: `cargo run -p writer --example write -- BRIEF [SEED]`.

use std::path::Path;

use domain::{LineSource, Script};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a brief")?;
    let mut brief = domain::read_brief(&std::fs::read_to_string(&path)?)?;
    if let Some(seed) = arguments.next() {
        brief.seed = seed.parse()?;
    }
    if let Some(file) = brief.source_file.take() {
        brief.source_text = Some(std::fs::read_to_string(
            Path::new(&path).with_file_name(file),
        )?);
    }
    let story = writer::story(&brief)?;
    let (script, hook) = (
        writer::script(&brief, &story)?,
        writer::hook(&brief, &story)?,
    );
    println!(
        "{} | {} | {:?}",
        story.title,
        story.keywords.join(", "),
        hook.form
    );
    println!(
        "on screen: {} | alternatives: {:?}",
        hook.on_screen, hook.alternatives
    );
    let mut total = 0;
    for (at, scene) in script.scenes.iter().enumerate() {
        let lines = Script::spoken(&script, &hook, at);
        let length: u32 = lines
            .iter()
            .map(|line| writer::spoken_ms(&line.text, script.planned_wpm))
            .sum();
        total += length;
        println!(
            "\n{at} {:?} {:.1} s  {}",
            scene.role,
            f64::from(length) / 1000.0,
            serde_json::to_string(&scene.visual)?
        );
        for line in lines {
            let source = match &line.source {
                LineSource::Source(id) => id.0.as_str(),
                LineSource::Brand => "brand",
                LineSource::Phrase => "phrase",
                LineSource::Author => "author",
            };
            println!("  [{source}] {}", line.text);
        }
    }
    println!(
        "\n{:.1} s of {} s",
        f64::from(total) / 1000.0,
        brief.target_seconds
    );
    writer::trace_script(&script, &story)?;
    writer::trace_hook(&hook, &story)?;
    Ok(())
}
