//! Writes the catalogue of events as JSON: `docs/webhooks-events.json`.

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &webhooks::catalogue::document())?;
    writeln!(out)?;
    Ok(())
}
