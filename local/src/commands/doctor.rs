//! `reelwright doctor`.

use std::fmt::Write;

use cache::Cache;
use providers::Providers;
use runtime::{Config, Services, VARIABLES};
use serde_json::json;

use super::print_json;
use crate::failure::Failure;
use crate::say;

pub(crate) async fn doctor(as_json: bool) -> Result<(), Failure> {
    let config = Config::from_process().map_err(Failure::input)?;
    // Nothing is asked for, so nothing is kept.
    let cache = Cache::builder(&config.cache, Services::system_clock())
        .build()
        .map_err(Failure::input)?;
    let providers = Providers::choose(&config.providers, &cache)
        .await
        .map_err(Failure::input)?;
    let (text, speech, pictures) = (
        providers.text.description(),
        providers.speech.description(),
        providers.pictures.description(),
    );
    let judge = providers.judge.as_ref().map(|judge| {
        format!(
            "{}, counts for {:.0}%",
            judge.provider.description(),
            judge.weight.share() * 100.0
        )
    });
    let lacks = providers.speech.lacks();
    if as_json {
        return print_json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "home": config.home,
            "text": text,
            "speech": speech,
            "pictures": pictures,
            "judge": judge,
            "degraded": lacks,
        }));
    }
    // Writing to a string can't fail.
    let mut told = String::new();
    let _ = writeln!(told, "reelwright {}", env!("CARGO_PKG_VERSION"));
    let _ = writeln!(
        told,
        "  home      {}{}",
        config.home.display(),
        if config.home.exists() {
            ""
        } else {
            " (not there yet)"
        }
    );
    let _ = writeln!(told, "  text      {text}");
    let _ = writeln!(told, "  speech    {speech}");
    let _ = writeln!(told, "  pictures  {pictures}");
    let _ = writeln!(told, "  judge     {}", judge.as_deref().unwrap_or("nobody"));
    let _ = match &lacks {
        Some(reason) => writeln!(told, "\nruns will be degraded: {reason}"),
        None => writeln!(told, "\nnothing is missing"),
    };
    let _ = writeln!(told, "\nconfiguration (environment variables):");
    for (name, meaning) in VARIABLES {
        let set = std::env::var_os(name).is_some();
        let _ = writeln!(
            told,
            "  {name:<36} {meaning}{}",
            if set { "  [set]" } else { "" }
        );
    }
    say::answer(told)
}
