//! What the artifact store promises wherever it keeps things.
//!
//! [`contract`] is the whole of it; what only a bucket promises stands in `bucket.rs`. Keys are made from `seed`, so a place may hold what
//! other suites wrote; it must differ from run to run.

use artifacts::{ArtifactError, Artifacts};
use bytes::Bytes;
use domain::{ArtifactRef, AssetId, ContentKey, MediaType};

/// All promises, one after the other.
pub(crate) async fn contract(artifacts: &Artifacts, seed: u64) {
    what_was_put_is_got_by_its_content(artifacts, seed).await;
    what_was_never_put_is_missing_and_named(artifacts, seed).await;
    keyed_values_are_found_and_replaced(artifacts, seed).await;
    an_upload_is_read_up_to_a_limit(artifacts, seed).await;
    raw_objects_are_kept_under_their_own_keys(artifacts, seed).await;
}

fn picture(seed: u64) -> Bytes {
    (seed..seed + 50_000).flat_map(u64::to_le_bytes).collect()
}

async fn what_was_put_is_got_by_its_content(artifacts: &Artifacts, seed: u64) {
    for _ in 0..2 {
        let put = artifacts.put(picture(seed), MediaType::Png).await.unwrap();
        assert_eq!(put.key, ContentKey::of_bytes(&picture(seed)));
        assert_eq!(put.bytes, 400_000);
        assert!(artifacts.exists(&put).await.unwrap());
        assert!(artifacts.get(&put).await.unwrap() == picture(seed));
    }
    let empty = artifacts.put(Bytes::new(), MediaType::Vtt).await.unwrap();
    assert_eq!(artifacts.get(&empty).await.unwrap(), "");
}

async fn what_was_never_put_is_missing_and_named(artifacts: &Artifacts, seed: u64) {
    let never = ArtifactRef {
        key: ContentKey::of(&[b"never", &seed.to_le_bytes()]),
        media_type: MediaType::Wav,
        bytes: 5,
    };
    assert!(!artifacts.exists(&never).await.unwrap());
    let error = artifacts.get(&never).await.unwrap_err();
    assert!(
        matches!(&error, ArtifactError::NotFound { name, .. } if name.contains(never.key.as_str())),
        "{error}"
    );
}

async fn keyed_values_are_found_and_replaced(artifacts: &Artifacts, seed: u64) {
    let key = ContentKey::of(&[b"input", &seed.to_le_bytes()]);
    let found = artifacts.get_keyed("segments", &key).await.unwrap();
    assert_eq!(found, None);
    for value in ["first", "second"] {
        let bytes = Bytes::from_static(value.as_bytes());
        artifacts.put_keyed("segments", &key, bytes).await.unwrap();
        let found = artifacts.get_keyed("segments", &key).await.unwrap();
        assert_eq!(found.unwrap(), value);
    }
    let found = artifacts.get_keyed("results", &key).await.unwrap();
    assert_eq!(found, None);
}

async fn an_upload_is_read_up_to_a_limit(artifacts: &Artifacts, seed: u64) {
    let asset = AssetId::new(1, seed.into());
    assert_eq!(artifacts.take_upload(&asset, 100).await.unwrap(), None);
    artifacts
        .put_upload(&asset, Bytes::from_static(b"a logo"))
        .await
        .unwrap();
    for _ in 0..2 {
        let taken = artifacts.take_upload(&asset, 6).await.unwrap();
        assert_eq!(taken.unwrap(), "a logo");
    }
    let error = artifacts.take_upload(&asset, 5).await.unwrap_err();
    assert!(
        matches!(&error, ArtifactError::TooLarge { bytes: 6, limit: 5, name, .. } if name.contains(asset.as_str())),
        "{error}"
    );
}

async fn raw_objects_are_kept_under_their_own_keys(artifacts: &Artifacts, seed: u64) {
    for name in ["plain.json", "a b+c%20(1)&=é.yaml", "deep/er/x"] {
        // Not under briefs/, of which a deployed bucket tells intake.
        let key = format!("contract/{seed}/{name}");
        assert_eq!(artifacts.read_raw(&key, 100).await.unwrap(), None);
        let bytes = Bytes::from(key.clone());
        artifacts.write_raw(&key, bytes).await.unwrap();
        let found = artifacts.read_raw(&key, 100).await.unwrap();
        assert_eq!(found.unwrap(), key);
        assert!(matches!(
            artifacts.read_raw(&key, 3).await,
            Err(ArtifactError::TooLarge { limit: 3, .. })
        ));
    }
    for key in ["", "/briefs/a", "briefs//a", "briefs/../a"] {
        assert!(
            matches!(
                artifacts.read_raw(key, 100).await,
                Err(ArtifactError::BadKey { .. })
            ),
            "{key}"
        );
    }
}
