//! `reelwright keys`.

use std::collections::BTreeSet;
use std::fmt::Write;

use clap::Subcommand;
use domain::{ApiKey, KeyId, KeySecret, Scope};
use runtime::Services;
use serde_json::json;

use super::print_json;
use crate::failure::Failure;
use crate::home::open_store;
use crate::say;

/// The most characters of a key's name.
const LONGEST_NAME: usize = 100;

/// How many keys a request lists.
const PAGE: u32 = 1000;

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a key, and print its secret: this once, as only its digest is kept
    Add {
        /// Whose it is, for people
        name: String,
        /// What it may do: read, submit, review, admin
        #[arg(long, required = true, value_delimiter = ',')]
        scopes: Vec<Scope>,
    },
    /// List the keys, newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key: within a minute nothing can be done with it any more
    Revoke {
        /// The key's id, as `reelwright keys list` prints it
        id: KeyId,
    },
}

pub(crate) async fn keys(what: Keys) -> Result<(), Failure> {
    match what {
        Keys::Add { name, scopes } => add(&name, scopes.into_iter().collect()).await,
        Keys::List { json } => list(json).await,
        Keys::Revoke { id } => revoke(&id).await,
    }
}

async fn add(name: &str, scopes: BTreeSet<Scope>) -> Result<(), Failure> {
    let length = name.chars().count();
    if !(1..=LONGEST_NAME).contains(&length) || name.chars().any(char::is_control) {
        return Err(Failure::input(format!(
            "a key's name has 1 to {LONGEST_NAME} characters, and no control characters"
        )));
    }
    let store = open_store().await?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(Failure::other)?;
    let secret = KeySecret::new(&random);
    let digest = secret.digest();
    let key = ApiKey::new(&digest, name, scopes, now());
    store.put_key(&key, &digest).await?;
    say::tell(format_args!(
        "key {} of {name}: {}; its secret, which isn't kept:",
        key.id,
        scopes_of(&key)
    ));
    say::answer(format_args!("{}\n", secret.reveal()))
}

async fn list(as_json: bool) -> Result<(), Failure> {
    let store = open_store().await?;
    let mut keys = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.list_keys(PAGE, cursor.as_deref()).await?;
        keys.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    if as_json {
        return print_json(&json!({ "keys": keys }));
    }
    if keys.is_empty() {
        return say::answer(
            "no keys yet: `reelwright keys add NAME --scopes read,submit` makes the first\n",
        );
    }
    let mut text = format!(
        "{:<28} {:<20} {:<24} {:<25} name\n",
        "key", "made", "revoked", "scopes"
    );
    for key in &keys {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<28} {:<20} {:<24} {:<25} {}",
            key.id.as_str(),
            &key.created_at.rfc3339()[..19],
            key.revoked_at
                .map_or_else(|| "-".to_owned(), domain::Timestamp::rfc3339),
            scopes_of(key),
            key.name
        );
    }
    say::answer(text)
}

async fn revoke(id: &KeyId) -> Result<(), Failure> {
    let key = open_store().await?.revoke_key(id, now()).await?;
    say::answer(format_args!("revoked {} of {}\n", key.id, key.name))
}

fn scopes_of(key: &ApiKey) -> String {
    let names: Vec<_> = key.scopes.iter().map(|scope| scope.name()).collect();
    names.join(",")
}

fn now() -> domain::Timestamp {
    Services::system_clock()()
}
