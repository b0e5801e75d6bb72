//! What the artifact store promises of a bucket only: for a suite that has an S3 to talk to.

use std::time::Duration;

use artifacts::{ArtifactError, Artifacts, Url};
use bytes::Bytes;
use domain::{AssetId, ContentKey, MediaType};

fn film(seed: u64) -> Bytes {
    (seed..seed + 50_000).flat_map(u64::to_le_bytes).collect()
}

/// What is said where the bucket isn't there: its name, whatever is asked of it.
pub(crate) async fn a_missing_bucket_is_named(artifacts: &Artifacts, bucket: &str) {
    let key = ContentKey::of_bytes(b"input");
    let answers = [
        artifacts.put(Bytes::new(), MediaType::Vtt).await.err(),
        artifacts.get_keyed("results", &key).await.err(),
        artifacts.read_raw("briefs/a", 100).await.err(),
    ];
    for error in answers {
        assert!(
            matches!(&error, Some(ArtifactError::NoBucket { bucket: named, .. }) if named == bucket),
            "{error:?}"
        );
    }
}

/// A client without credentials: the status, the headers as `name: value` lines in lower case, and the body of an answer.
pub(crate) trait Http {
    /// Sends `GET`, or `PUT` with a body.
    async fn send(&self, url: &Url, body: Option<Bytes>) -> (u16, String, Bytes);
}

/// What links promise: whoever has one can fetch one blob or put in one file, and nothing else.
pub(crate) async fn links(artifacts: &Artifacts, http: &impl Http, seed: u64) {
    let stored = artifacts.put(film(seed), MediaType::Mp4).await.unwrap();
    let valid = Duration::from_mins(5);
    let link = artifacts.link(&stored, "final.mp4", valid).await.unwrap();
    let (status, headers, body) = http.send(&link.unwrap(), None).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    assert!(body == film(seed), "{} bytes", body.len());
    assert!(headers.contains("content-type: video/mp4"), "{headers}");
    assert!(
        headers.contains("content-disposition: inline; filename=\"final.mp4\""),
        "{headers}"
    );

    let asset = AssetId::new(2, seed.into());
    let link = artifacts.upload_link(&asset, valid).await.unwrap().unwrap();
    let logo = Bytes::from_static(b"a logo");
    assert_eq!(http.send(&link, Some(logo.clone())).await.0, 200);
    assert_eq!(
        artifacts.take_upload(&asset, 100).await.unwrap(),
        Some(logo)
    );
}
