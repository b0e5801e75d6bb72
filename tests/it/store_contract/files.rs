//! The file: shared, durable, and never overwritten.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Run, RunId};
use reelwright::embedded::{Embedded, EmbeddedError};
use runtime::Services;
use store::Tables;

use super::{NOW, store_over, stored_run};

async fn one_run_in(dir: &Path) -> Run {
    let store = store_over(&Embedded::open(dir).unwrap()).await;
    stored_run(&store).await
}

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("a/b");
    let run = one_run_in(&dir).await;
    let store = store_over(&Embedded::open(&dir).unwrap()).await;
    assert_eq!(store.run(&run.id).await.unwrap(), run);
}

#[tokio::test]
async fn only_what_has_expired_is_removed() {
    let home = tempfile::tempdir().unwrap();
    let embedded = Embedded::open(home.path()).unwrap();
    let store = store_over(&embedded).await;
    let run = stored_run(&store).await;
    let client = embedded.client();
    let now = Services::system_clock()().0 / 1000;
    for (pk, expires_at) in [("old", now - 1), ("fresh", now + 3600)] {
        let put = client.put_item().table_name(Tables::default().cache);
        put.item("pk", AttributeValue::S(pk.to_owned()))
            .item("expires_at", AttributeValue::N(expires_at.to_string()))
            .send()
            .await
            .unwrap();
    }
    assert_eq!(embedded.remove_expired().await.unwrap(), 1);
    assert_eq!(embedded.remove_expired().await.unwrap(), 0);
    let fresh = client
        .get_item()
        .table_name(Tables::default().cache)
        .key("pk", AttributeValue::S("fresh".to_owned()));
    assert!(fresh.send().await.unwrap().item.is_some());
    assert_eq!(store.run(&run.id).await.unwrap(), run);
}

#[tokio::test]
async fn a_file_that_is_no_store_is_named_and_left_alone() {
    for content in [&b"these are my notes, do not touch"[..], b"x", &[0; 8192]] {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state.db");
        fs::write(&path, content).unwrap();
        let error = Embedded::open(home.path()).unwrap_err();
        assert!(
            matches!(&error, EmbeddedError::Damaged { path: named, .. } if *named == path),
            "{error}"
        );
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[tokio::test]
async fn a_store_that_is_cut_off_or_overwritten_is_named_and_left_alone() {
    let cut: fn(&mut Vec<u8>) = |bytes| bytes.truncate(bytes.len() / 2);
    let odd: fn(&mut Vec<u8>) = |bytes| bytes.truncate(5000);
    let overwritten: fn(&mut Vec<u8>) = |bytes| bytes[100..20_000].fill(0xa5);
    let tables: fn(&mut Vec<u8>) = |bytes| bytes[4096..].fill(0x5a);
    for damage in [cut, odd, overwritten, tables] {
        let home = tempfile::tempdir().unwrap();
        one_run_in(home.path()).await;
        let path = home.path().join("state.db");
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        let error = Embedded::open(home.path()).unwrap_err();
        assert!(
            matches!(&error, EmbeddedError::Damaged { path: named, .. } if *named == path),
            "{error}"
        );
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_named_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    one_run_in(home.path()).await;
    let path = home.path().join("state.db");
    let mut bytes = fs::read(&path).unwrap();
    // SQLite's user version: four bytes at 60, the most significant first.
    bytes[60..64].copy_from_slice(&77_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let error = Embedded::open(home.path()).unwrap_err();
    assert!(
        matches!(&error, EmbeddedError::Newer { path: named, .. } if *named == path),
        "{error}"
    );
    assert!(error.to_string().contains("update reelwright"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn a_home_that_cant_be_one_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "x").unwrap();
    for dir in [file.clone(), file.join("below")] {
        let error = Embedded::open(&dir).unwrap_err();
        assert!(matches!(&error, EmbeddedError::Io { .. }), "{error}");
        assert!(
            error.to_string().contains(&file.display().to_string()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn processes_that_open_one_new_file_at_the_same_instant_share_it() {
    let home = tempfile::tempdir().unwrap();
    let mut children: Vec<_> = (0..4)
        .map(|number| another_process(home.path(), &format!("add {number}")))
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let store = store_over(&Embedded::open(home.path()).unwrap()).await;
    assert_eq!(
        store.list_runs(None, 100, None).await.unwrap().items.len(),
        4
    );
    for number in 0..4 {
        let run = store.run(&RunId::new(NOW.0, number)).await.unwrap();
        assert_eq!(store.tasks(&run.id, 1).await.unwrap().len(), 10);
    }
}

#[tokio::test]
async fn what_a_process_was_told_is_written_outlives_its_kill() {
    let home = tempfile::tempdir().unwrap();
    let mut child = another_process(home.path(), "forever");
    // The child says each number once the store has said that its task is done.
    let told = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .filter_map(|line| {
            line.unwrap()
                .strip_prefix("done ")
                .and_then(|number| number.parse::<u32>().ok())
        })
        .take(25)
        .last()
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    let store = store_over(&Embedded::open(home.path()).unwrap()).await;
    let records = store.tasks(&RunId::new(NOW.0, 0), 1).await.unwrap();
    let done: BTreeSet<_> = records
        .iter()
        .filter(|record| record.status.has_output())
        .filter_map(|record| record.item)
        .collect();
    assert!(
        (0..=told).all(|item| done.contains(&item)),
        "{told} was told, {} are there",
        done.len()
    );
}

/// Runs [`super::works_as_another_process`] in a process of its own.
fn another_process(home: &Path, role: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "works_as_another_process",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .env("STORE_CONTRACT_HOME", home)
        .env("STORE_CONTRACT_ROLE", role)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}
