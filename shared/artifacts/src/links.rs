//! Links that let others fetch a blob or put a file in, without credentials of their own.

use std::time::Duration;

use bytes::Bytes;
use domain::{ArtifactRef, AssetId, Timestamp};
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions, Signer, Url};
use object_store::{ObjectStoreExt, PutPayload};

use crate::blobs::path_of;
use crate::{ArtifactError, Artifacts};

impl Artifacts {
    /// A link at which anybody can fetch a blob for so long, under the name of `file_name`. Absent where the artifacts aren't in a
    /// bucket. The link dies earlier if the credentials it was made with do.
    pub async fn link(
        &self,
        reference: &ArtifactRef,
        file_name: &str,
        valid: Duration,
    ) -> Result<Option<Url>, ArtifactError> {
        let options = SignedUrlOptions::new().with_query([
            (
                "response-content-disposition",
                format!("inline; filename=\"{}\"", plain(file_name)),
            ),
            (
                "response-content-type",
                reference.media_type.content_type().to_owned(),
            ),
        ]);
        self.signed(Method::GET, &path_of(reference), valid, &options)
            .await
    }

    /// A link to which anybody can put the file of an upload for so long. Absent where the artifacts aren't in a bucket.
    pub async fn upload_link(
        &self,
        asset: &AssetId,
        valid: Duration,
    ) -> Result<Option<Url>, ArtifactError> {
        let options = SignedUrlOptions::new();
        self.signed(Method::PUT, &upload_path(asset), valid, &options)
            .await
    }

    /// Puts the file of an upload in its place, as its link would. What was there is replaced.
    pub async fn put_upload(&self, asset: &AssetId, bytes: Bytes) -> Result<(), ArtifactError> {
        self.write(&upload_path(asset), PutPayload::from_bytes(bytes))
            .await
    }

    /// The file of an upload as it is now, if it was put in. More bytes than `limit` are refused without being read. It stays where it
    /// is, so that a brief can be sent again, until the bucket's lifecycle or [`Self::remove_uploads`] removes it.
    pub async fn take_upload(
        &self,
        asset: &AssetId,
        limit: u64,
    ) -> Result<Option<Bytes>, ArtifactError> {
        self.read_at_most(&upload_path(asset), limit).await
    }

    /// Removes the files of uploads that were put in before a time, as a bucket's lifecycle does by itself. Answers how many.
    pub async fn remove_uploads(&self, before: Timestamp) -> Result<usize, ArtifactError> {
        let store = self.store().await?;
        let listed = store.list_with_delimiter(Some(&Path::from(UPLOADS))).await;
        let listed = listed.map_err(|error| self.failed("listing uploads".to_owned(), &error))?;
        let mut removed = 0;
        for upload in listed.objects {
            let written = u64::try_from(upload.last_modified.timestamp_millis()).unwrap_or(0);
            if written >= before.0 {
                continue;
            }
            match store.delete(&upload.location).await {
                Ok(()) => removed += 1,
                // Another server on the same folder was faster.
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => {
                    return Err(self.failed(format!("removing {}", upload.location), &error));
                }
            }
        }
        Ok(removed)
    }

    async fn signed(
        &self,
        method: Method,
        path: &Path,
        valid: Duration,
        options: &SignedUrlOptions,
    ) -> Result<Option<Url>, ArtifactError> {
        let Some(bucket) = self.as_bucket() else {
            return Ok(None);
        };
        let signed = bucket
            .client()
            .await?
            .signed_url_opts(method, path, valid, options)
            .await;
        signed
            .map(Some)
            .map_err(|error| self.failed(format!("signing a link to {path}"), &error))
    }
}

/// Where uploads are.
const UPLOADS: &str = "uploads";

fn upload_path(asset: &AssetId) -> Path {
    Path::from(format!("{UPLOADS}/{asset}"))
}

/// A file name without what would need quoting in a header.
fn plain(file_name: &str) -> String {
    file_name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_says_nothing_to_a_header() {
        assert_eq!(plain("final-1.mp4"), "final-1.mp4");
        assert_eq!(plain("a\"; b=\u{e9}\r\nX"), "a___b____X");
    }
}
