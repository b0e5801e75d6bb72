//! Uploads to the server itself. In the cloud S3 takes them, at signed addresses that need no key; so does this server.

use std::sync::Arc;

use artifacts::Artifacts;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::put;
use domain::{AssetId, Timestamp};
use runtime::Clock;
use runtime::http::Problem;
use serde::Deserialize;

/// Takes uploads.
#[derive(Clone)]
pub(crate) struct Uploads {
    pub(crate) artifacts: Artifacts,
    pub(crate) clock: Clock,
    /// The server's own address, such as `http://127.0.0.1:8420`.
    pub(crate) base: String,
    /// What addresses are signed with. It lives as long as the process: addresses hold for minutes.
    pub(crate) secret: [u8; 32],
}

/// What an address says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    expires: u64,
    signature: String,
}

impl Uploads {
    /// The address for an upload, good until a time.
    pub(crate) fn address(&self, asset: &AssetId, until: Timestamp) -> String {
        let signature = self.sign(asset, until.0).to_hex();
        format!(
            "{}/v1/assets/{asset}?expires={}&signature={signature}",
            self.base, until.0
        )
    }

    /// The route that takes uploads at these addresses.
    pub(crate) fn router(self: Arc<Self>) -> Router {
        let limit = DefaultBodyLimit::max(runs::LARGEST_UPLOAD as usize);
        Router::new()
            .route("/v1/assets/{id}", put(take).layer(limit))
            .with_state(self)
    }

    fn sign(&self, asset: &AssetId, expires: u64) -> blake3::Hash {
        blake3::keyed_hash(&self.secret, format!("{asset} {expires}").as_bytes())
    }

    /// Whether this server made the address, and its time isn't up.
    fn allows(&self, asset: &AssetId, signed: &Signed) -> bool {
        // Hashes are compared in a time that doesn't tell where they differ.
        let right = blake3::Hash::from_hex(&signed.signature)
            .is_ok_and(|signature| signature == self.sign(asset, signed.expires));
        right && (self.clock)().0 <= signed.expires
    }
}

async fn take(
    State(uploads): State<Arc<Uploads>>,
    id: Result<Path<String>, PathRejection>,
    signed: Result<Query<Signed>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let Path(id) = id.map_err(|rejection| Problem::invalid(rejection.body_text()))?;
    let Query(signed) = signed.map_err(|rejection| Problem::invalid(rejection.body_text()))?;
    let asset = AssetId::parse(&id).map_err(Problem::invalid)?;
    if !uploads.allows(&asset, &signed) {
        return Err(Problem::forbidden(
            "this is no address for an upload, or its time is up: ask for one by POST /v1/assets",
        ));
    }
    let bytes = body.map_err(|rejection| {
        Problem::new(
            rejection.status(),
            "unusable-body",
            "Unusable body",
            format!(
                "{}; at most {} bytes are taken",
                rejection.body_text(),
                runs::LARGEST_UPLOAD
            ),
        )
    })?;
    uploads
        .artifacts
        .put_upload(&asset, bytes)
        .await
        .map_err(|error| Problem::unavailable(&error))?;
    Ok(StatusCode::OK)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const UNTIL: Timestamp = Timestamp(1_000);

    fn uploads(now: u64) -> Uploads {
        Uploads {
            artifacts: Artifacts::memory(),
            clock: Arc::new(move || Timestamp(now)),
            base: "http://127.0.0.1:1".to_owned(),
            secret: [7; 32],
        }
    }

    fn signed(uploads: &Uploads, asset: &AssetId) -> Signed {
        let address = uploads.address(asset, UNTIL);
        let (_, query) = address.split_once("?expires=1000&signature=").unwrap();
        Signed {
            expires: 1_000,
            signature: query.to_owned(),
        }
    }

    #[test]
    fn an_address_is_good_for_its_asset_and_its_time() {
        let asset = AssetId::new(1, 1);
        let mut address = signed(&uploads(0), &asset);
        assert!(uploads(1_000).allows(&asset, &address));
        assert!(!uploads(1_001).allows(&asset, &address));
        assert!(!uploads(0).allows(&AssetId::new(1, 2), &address));
        address.expires = 2_000;
        assert!(!uploads(0).allows(&asset, &address));
    }

    #[test]
    fn another_servers_signature_is_refused() {
        let asset = AssetId::new(1, 1);
        let other = Uploads {
            secret: [8; 32],
            ..uploads(0)
        };
        assert!(!uploads(0).allows(&asset, &signed(&other, &asset)));
    }
}
