//! `reelwright doctor`.

use providers::Providers;
use runtime::{Config, VARIABLES};
use serde_json::json;

use super::print_json;
use crate::failure::Failure;

pub(crate) fn doctor(as_json: bool) -> Result<(), Failure> {
    let config = Config::from_process().map_err(Failure::input)?;
    let providers = Providers::choose(&config.providers).map_err(Failure::input)?;
    let (text, speech, pictures) = (
        providers.text.description(),
        providers.speech.description(),
        providers.pictures.description(),
    );
    let lacks = providers.speech.lacks();
    if as_json {
        return print_json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "home": config.home,
            "text": text,
            "speech": speech,
            "pictures": pictures,
            "degraded": lacks,
        }));
    }
    println!("reelwright {}", env!("CARGO_PKG_VERSION"));
    println!(
        "  home      {}{}",
        config.home.display(),
        if config.home.exists() {
            ""
        } else {
            " (not there yet)"
        }
    );
    println!("  text      {text}");
    println!("  speech    {speech}");
    println!("  pictures  {pictures}");
    match &lacks {
        Some(reason) => println!("\nruns will be degraded: {reason}"),
        None => println!("\nnothing is missing"),
    }
    println!("\nconfiguration (environment variables):");
    for (name, meaning) in VARIABLES {
        let set = std::env::var_os(name).is_some();
        println!("  {name:<36} {meaning}{}", if set { "  [set]" } else { "" });
    }
    Ok(())
}
