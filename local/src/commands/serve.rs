//! `reelwright serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use runtime::Config;
use runtime::http::Keys;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use webhooks::ApiRoot;

use crate::experiments::experiments;
use crate::failure::Failure;
use crate::home::Home;
use crate::link_secret;
use crate::say;
use crate::serve::{InProcess, Telling, Uploads, connections, look_after_runs, tell_subscribers};
use crate::subscriptions::subscriptions;

/// How long answers that are on their way may take once the server is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// How the server runs.
#[derive(Debug, Args)]
pub(crate) struct Serving {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8420")]
    addr: SocketAddr,
    /// How many runs are worked on at once; the others wait
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// How many tasks of a run run at once
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: u16,
    /// Listen where other machines can reach it; keys travel unencrypted then
    #[arg(long)]
    allow_remote: bool,
}

pub(crate) async fn serve(how: &Serving) -> Result<(), Failure> {
    if !how.addr.ip().is_loopback() && !how.allow_remote {
        return Err(Failure::input(format!(
            "{} can be reached from other machines, and keys would travel unencrypted: name a loopback address, or say --allow-remote",
            how.addr
        )));
    }
    let config = Config::from_process().map_err(Failure::input)?;
    if let Some(cloud) = &config.cloud {
        return Err(Failure::input(format!(
            "REELWRIGHT_BUCKET is {:?}, but this server keeps everything in REELWRIGHT_HOME: unset it",
            cloud.bucket
        )));
    }
    let home = Home::open().await?;
    let services = &home.services;
    let cant_listen = |error| Failure::input(format!("can't listen on {}: {error}", how.addr));
    let listener = TcpListener::bind(how.addr).await.map_err(cant_listen)?;
    let base = format!("http://{}", listener.local_addr().map_err(cant_listen)?);

    let executions = InProcess::new(
        services.clone(),
        usize::from(how.runs),
        usize::from(how.workers),
    );
    let runs = services.runs(Arc::new(executions.clone()));
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(Failure::other)?;
    let uploads = Arc::new(Uploads {
        artifacts: services.artifacts.clone(),
        clock: services.clock.clone(),
        base: base.clone(),
        secret,
    });
    let signer = Arc::clone(&uploads);
    let routes = runs::routes(runs::Api {
        runs: runs.clone(),
        uploads: Some(Arc::new(move |asset, until| signer.address(asset, until))),
    });
    let reviews = review::routes(review::Api {
        runs: runs.clone(),
        seal: link_secret::seal(&config)?,
        encrypted: !how.addr.ip().is_loopback(),
    });
    let experiments = assign::routes(experiments(services.store.clone()));
    let open = routes
        .open
        .merge(reviews.open)
        .merge(experiments.open)
        .merge(uploads.router());
    let root = match &config.api_root {
        Some(root) => root.clone(),
        None => ApiRoot::parse(&base).map_err(Failure::other)?,
    };
    let subscriptions = subscriptions(&config, services.store.clone(), root)?;
    let telling = Telling::new(&subscriptions)?;
    let locked = routes
        .locked
        .merge(reviews.locked)
        .merge(subscribe::routes(subscriptions))
        .merge(experiments.locked);
    let keys = Keys {
        store: services.store.clone(),
        cache: services.cache.clone(),
    };
    let router = runtime::http::behind_keys(locked, open, keys);

    say::answer(format_args!("listening on {base}\n"))?;
    if services.store.list_keys(1, None).await?.items.is_empty() {
        say::tell("there is no key yet: `reelwright keys add NAME --scopes read,submit` makes one");
    }
    let keeping = home.keep_figures();
    let (told, mut stop) = watch::channel(());
    let stopped = async move {
        // An error is the same news: who tells is gone.
        let _ = stop.changed().await;
    };
    let serving = connections::answer(listener, router, connections::HEAD, stopped);
    let mut serving = tokio::spawn(serving);
    tokio::select! {
        ended = &mut serving => return ended.map_err(Failure::other),
        asked = asked_to_stop() => asked?,
        never = look_after_runs(&runs, &home.embedded) => never,
        never = tell_subscribers(&telling) => never,
    }
    told.send_replace(());
    if tokio::time::timeout(LAST_ANSWERS, telling.worker.finish())
        .await
        .is_err()
    {
        say::tell("some webhooks were still on their way; they are sent again");
    }
    if tokio::time::timeout(LAST_ANSWERS, serving).await.is_err() {
        say::tell("some answers were still on their way");
    }
    keeping.end().await;
    let going = executions.going();
    if going > 0 {
        say::tell(format_args!(
            "runs left as they are: {going}; `reelwright serve` goes on with them"
        ));
    }
    Ok(())
}

/// Waits for Ctrl-C or the signal to terminate.
pub(super) async fn asked_to_stop() -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::other)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Failure::other),
        _ = terminate.recv() => Ok(()),
    }
}
