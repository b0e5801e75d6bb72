//! What the artifact store promises, in a folder and in memory, and what it says where there is no bucket.

pub(crate) mod contract;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use artifacts::{ArtifactError, Artifacts};
use bytes::Bytes;
use domain::{ArtifactRef, AssetId, ContentKey, MediaType, Timestamp};
use tempfile::TempDir;

fn in_a_folder() -> (TempDir, Artifacts) {
    let home = tempfile::tempdir().unwrap();
    let artifacts = Artifacts::folder(&home.path().join("a/b")).unwrap();
    (home, artifacts)
}

fn picture() -> Bytes {
    (0..100_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// Every file below a folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[tokio::test]
async fn the_contract_holds_in_a_folder_and_in_memory() {
    let (_home, folder) = in_a_folder();
    for artifacts in [folder, Artifacts::memory()] {
        contract::contract(&artifacts, 1).await;
        let blob = artifacts.put(picture(), MediaType::Png).await.unwrap();
        let valid = Duration::from_mins(1);
        assert_eq!(artifacts.link(&blob, "a.png", valid).await.unwrap(), None);
        let asset = AssetId::new(1, 1);
        assert_eq!(artifacts.upload_link(&asset, valid).await.unwrap(), None);
    }
}

#[tokio::test]
async fn old_uploads_are_removed_and_nothing_else() {
    let (home, artifacts) = in_a_folder();
    let all = Timestamp(u64::MAX);
    assert_eq!(artifacts.remove_uploads(all).await.unwrap(), 0);
    let blob = artifacts.put(picture(), MediaType::Png).await.unwrap();
    for number in [1, 2] {
        let upload = Bytes::from_static(b"a logo");
        let asset = AssetId::new(1, number);
        artifacts.put_upload(&asset, upload).await.unwrap();
    }
    let old = home
        .path()
        .join(format!("a/b/uploads/{}", AssetId::new(1, 1)));
    let file = fs::File::options().write(true).open(old).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_millis(999))
        .unwrap();
    assert_eq!(artifacts.remove_uploads(Timestamp(999)).await.unwrap(), 0);
    assert_eq!(artifacts.remove_uploads(Timestamp(1_000)).await.unwrap(), 1);
    let left = async |number| {
        let upload = artifacts.take_upload(&AssetId::new(1, number), 100).await;
        upload.unwrap().is_some()
    };
    assert!(!left(1).await && left(2).await);
    assert!(artifacts.exists(&blob).await.unwrap());
}

#[tokio::test]
async fn a_bucket_without_a_region_or_with_a_wrong_name_is_refused_at_once() {
    let environment = |region: &str| [("AWS_REGION".to_owned(), region.to_owned())];
    let text = Artifacts::bucket_by("films", environment(""))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("films") && text.contains("AWS_REGION"),
        "{text}"
    );
    let text = Artifacts::bucket_by("Films/other", environment("eu-central-1"))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("\"Films/other\" is no bucket's name"),
        "{text}"
    );
    // Nothing is sent before the first use.
    assert!(Artifacts::bucket_by("films", environment("eu-central-1")).is_ok());
}

#[tokio::test]
async fn a_bucket_that_doesnt_answer_may_answer_later_and_its_secrets_are_never_told() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let environment = [
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ("AWS_ACCESS_KEY_ID", "me".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "hush".to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", "story".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let artifacts = Artifacts::bucket_by("films", environment).unwrap();
    let error = artifacts.read_raw("briefs/a", 100).await.unwrap_err();
    assert!(error.retryable(), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("bucket films") && text.contains("briefs/a"),
        "{text}"
    );
    assert!(!format!("{artifacts:?} {error:?}").contains("hush"));
}

#[tokio::test]
async fn a_missing_blob_is_named() {
    let (home, artifacts) = in_a_folder();
    let reference = ArtifactRef {
        key: ContentKey::of_bytes(b"never"),
        media_type: MediaType::Wav,
        bytes: 5,
    };
    assert!(!artifacts.exists(&reference).await.unwrap());
    let error = artifacts.get(&reference).await.unwrap_err();
    assert!(matches!(error, ArtifactError::NotFound { .. }));
    let text = error.to_string();
    assert!(
        text.contains(reference.key.as_str()) && text.contains(&home.path().display().to_string()),
        "{text}"
    );
}

#[tokio::test]
async fn the_same_bytes_are_written_once() {
    let (home, artifacts) = in_a_folder();
    artifacts.put(picture(), MediaType::Png).await.unwrap();
    let path = files_in(home.path()).pop().unwrap();
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    artifacts.put(picture(), MediaType::Png).await.unwrap();
    assert_eq!(files_in(home.path()), std::slice::from_ref(&path));
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
}

#[tokio::test]
async fn damage_is_found_told_and_mended_by_putting_the_bytes_again() {
    let cut: fn(&mut Vec<u8>) = |bytes| bytes.truncate(1000);
    let gone: fn(&mut Vec<u8>) = Vec::clear;
    let flipped: fn(&mut Vec<u8>) = |bytes| bytes[77] ^= 4;
    for damage in [cut, gone, flipped] {
        let (home, artifacts) = in_a_folder();
        let reference = artifacts.put(picture(), MediaType::Png).await.unwrap();
        let path = files_in(home.path()).pop().unwrap();
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, &bytes).unwrap();

        let error = artifacts.get(&reference).await.unwrap_err();
        assert!(matches!(error, ArtifactError::Damaged { .. }), "{error}");
        let to = home.path().join("copy.png");
        assert!(matches!(
            artifacts.copy_to(&reference, &to).await,
            Err(ArtifactError::Damaged { .. })
        ));
        assert!(!to.exists());

        assert_eq!(
            artifacts.put(picture(), MediaType::Png).await.unwrap(),
            reference
        );
        assert_eq!(artifacts.get(&reference).await.unwrap(), picture());
    }
}

#[tokio::test]
async fn keyed_values_are_replaced_and_a_damaged_one_is_not_there() {
    let (home, artifacts) = in_a_folder();
    let key = ContentKey::of_bytes(b"input");
    assert_eq!(artifacts.get_keyed("segments", &key).await.unwrap(), None);
    artifacts
        .put_keyed("segments", &key, Bytes::from_static(b"first"))
        .await
        .unwrap();
    artifacts
        .put_keyed("segments", &key, Bytes::from_static(b"second"))
        .await
        .unwrap();
    assert_eq!(
        artifacts
            .get_keyed("segments", &key)
            .await
            .unwrap()
            .unwrap(),
        "second"
    );
    assert_eq!(artifacts.get_keyed("results", &key).await.unwrap(), None);

    let path = files_in(home.path()).pop().unwrap();
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(artifacts.get_keyed("segments", &key).await.unwrap(), None);
    artifacts
        .put_keyed("segments", &key, Bytes::from_static(b"third"))
        .await
        .unwrap();
    assert_eq!(
        artifacts
            .get_keyed("segments", &key)
            .await
            .unwrap()
            .unwrap(),
        "third"
    );
}

#[tokio::test]
async fn a_copy_replaces_what_is_there_and_leaves_nothing_beside_it() {
    let (home, artifacts) = in_a_folder();
    let reference = artifacts.put(picture(), MediaType::Mp4).await.unwrap();
    let to = home.path().join("out/run/final.mp4");
    artifacts.copy_to(&reference, &to).await.unwrap();
    fs::write(&to, "older").unwrap();
    artifacts.copy_to(&reference, &to).await.unwrap();
    assert_eq!(fs::read(&to).unwrap(), picture());
    assert_eq!(files_in(&home.path().join("out")), [to]);
}

#[tokio::test]
async fn a_place_that_cant_be_written_is_named_with_what_to_do() {
    let (home, artifacts) = in_a_folder();
    let reference = artifacts.put(picture(), MediaType::Mp4).await.unwrap();
    let file = home.path().join("file");
    fs::write(&file, "x").unwrap();
    let folder = home.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for to in [file.join("final.mp4"), folder.clone()] {
        let text = artifacts
            .copy_to(&reference, &to)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            text.contains(&to.display().to_string()) && text.contains("name another"),
            "{text}"
        );
    }
    assert!(files_in(&folder).is_empty());
    let text = Artifacts::folder(&file.join("artifacts"))
        .unwrap_err()
        .to_string();
    assert!(text.contains(&file.display().to_string()), "{text}");
}

/// A disk that fills up while something is written, as far as this can be had without one: the shell limits how large a file this very
/// binary, started again, may write.
#[tokio::test]
async fn a_write_that_fails_midway_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "writes_as_another_process",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .env("ARTIFACTS_CONTRACT_HOME", home.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told = text
        .lines()
        .filter(|line| line.contains("make room on the disk"))
        .count();
    assert_eq!(told, 3, "{text}");
    assert_eq!(fs::read(home.path().join("final.mp4")).unwrap(), b"older");
    let mut names: Vec<_> = files_in(home.path())
        .iter()
        .map(|path| path.file_name().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(
        names.len(),
        2,
        "the older file and the blob put in before: {names:?}"
    );
}

/// Does what its environment says; nothing where that says nothing.
#[tokio::test]
async fn writes_as_another_process() {
    let Ok(home) = std::env::var("ARTIFACTS_CONTRACT_HOME") else {
        return;
    };
    let home = Path::new(&home);
    let artifacts = Artifacts::folder(&home.join("artifacts")).unwrap();
    println!(
        "{}",
        artifacts.put(picture(), MediaType::Mp4).await.unwrap_err()
    );
    println!(
        "{}",
        artifacts
            .put_keyed("results", &ContentKey::of_bytes(b"k"), picture())
            .await
            .unwrap_err()
    );
    assert!(files_in(home).is_empty());

    // Small enough to be put, too large to be copied once the limit is lower.
    let reference = artifacts
        .put(picture().slice(..40_000), MediaType::Mp4)
        .await
        .unwrap();
    fs::write(home.join("final.mp4"), "older").unwrap();
    let lower = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 10; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "copies_as_another_process",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .env(
            "ARTIFACTS_CONTRACT_COPY",
            serde_json::to_string(&reference).unwrap(),
        )
        .output()
        .unwrap();
    print!("{}", String::from_utf8_lossy(&lower.stdout));
    assert!(lower.status.success());
}

/// Does what its environment says; nothing where that says nothing.
#[tokio::test]
async fn copies_as_another_process() {
    let (Ok(home), Ok(reference)) = (
        std::env::var("ARTIFACTS_CONTRACT_HOME"),
        std::env::var("ARTIFACTS_CONTRACT_COPY"),
    ) else {
        return;
    };
    let home = Path::new(&home);
    let artifacts = Artifacts::folder(&home.join("artifacts")).unwrap();
    let reference: ArtifactRef = serde_json::from_str(&reference).unwrap();
    println!(
        "{}",
        artifacts
            .copy_to(&reference, &home.join("final.mp4"))
            .await
            .unwrap_err()
    );
}
