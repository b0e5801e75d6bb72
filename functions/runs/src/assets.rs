//! `POST /v1/assets`.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{AssetId, Timestamp};
use runtime::http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::Api;
use crate::submit::random;
use runtime::http::Submitter;
use runtime::http::request::JsonBody;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Bodies, Refusals};

/// The largest file that a brief may name, in bytes.
pub const LARGEST_UPLOAD: u64 = 20_000_000;

/// How long an uploaded file is kept. In the cloud the bucket's lifecycle says the same (infra/template.yaml).
pub const UPLOADS_KEPT: Duration = Duration::from_hours(24);

/// How long an upload may take to begin.
const VALID: Duration = Duration::from_mins(15);

/// What is to be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetRequest {
    /// What it holds: a font, a logo, a picture, music or a recording.
    media_type: AssetType,
    /// How many bytes it has.
    #[schema(minimum = 1, maximum = 20_000_000)]
    bytes: u64,
}

/// What an upload may hold.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub(crate) enum AssetType {
    /// A TrueType font.
    #[serde(rename = "font/ttf")]
    TrueType,
    /// An OpenType font.
    #[serde(rename = "font/otf")]
    OpenType,
    /// A logo or a picture of pixels.
    #[serde(rename = "image/png")]
    Png,
    /// A picture as JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A picture as WebP.
    #[serde(rename = "image/webp")]
    WebP,
    /// A picture as GIF.
    #[serde(rename = "image/gif")]
    Gif,
    /// A logo of shapes.
    #[serde(rename = "image/svg+xml")]
    Svg,
    /// Music, uncompressed.
    #[serde(rename = "audio/wav")]
    Wav,
    /// Music as MP3.
    #[serde(rename = "audio/mpeg")]
    Mp3,
    /// Music as Vorbis in Ogg.
    #[serde(rename = "audio/ogg")]
    Ogg,
    /// Music as FLAC.
    #[serde(rename = "audio/flac")]
    Flac,
}

impl AssetType {
    fn name(self) -> &'static str {
        match self {
            Self::TrueType => "font/ttf",
            Self::OpenType => "font/otf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Svg => "image/svg+xml",
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Flac => "audio/flac",
        }
    }
}

/// A place for an upload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssetView {
    /// What briefs name it by: `{"asset": "ast_..."}` as `brand.font`, `brand.logo`, `music` or the `file` of a picture; scripts
    /// by it as the `file` of a recording, too.
    #[schema(example = "ast_01kaqmhk2g0e8v7x2c5d9f3b4n")]
    asset: String,
    /// How to upload it.
    upload: UploadView,
}

/// A request that uploads a file. It needs no key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadView {
    /// The method: `PUT`.
    #[schema(example = "PUT")]
    method: &'static str,
    /// Where to send it.
    #[schema(format = "uri")]
    url: String,
    /// The headers to send with it.
    headers: BTreeMap<&'static str, &'static str>,
    /// Until when it may be sent.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Upload a font, a logo, a picture, music or a recording
///
/// Gives an id, and a request that uploads the file; then a brief can name the id. What was uploaded is checked when a brief names it, and kept
/// for a day.
#[utoipa::path(
    post,
    path = "/v1/assets",
    tag = "assets",
    operation_id = "createAsset",
    security(("key" = ["submit"])),
    request_body(content = AssetRequest, example = json!({ "media_type": "image/png", "bytes": 20_480 })),
    responses((status = 201, description = "The id, and how to upload the file", body = AssetView), Refusals, Bodies)
)]
pub(crate) async fn create_asset(
    State(api): State<Api>,
    _: Submitter,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(asked): JsonBody<AssetRequest>,
) -> Result<(StatusCode, Json<AssetView>), Problem> {
    if !(1..=LARGEST_UPLOAD).contains(&asked.bytes) {
        return Err(
            Problem::invalid("a file of this size can't be uploaded").with_field(
                "bytes",
                format!("{} is not from 1 to {LARGEST_UPLOAD}", asked.bytes),
            ),
        );
    }
    let now = (api.runs.clock)();
    let asset = AssetId::new(now.0, random()?);
    let expires_at = Timestamp(now.0 + VALID.as_millis() as u64);
    let signed = api.runs.artifacts.upload_link(&asset, VALID).await;
    let url = match (signed, &api.uploads) {
        (Ok(Some(url)), _) => url.to_string(),
        (Ok(None), Some(address)) => address(&asset, expires_at),
        (Ok(None), None) => return Err(Problem::internal(&"nothing here takes uploads")),
        (Err(error), _) => return Err(Problem::unavailable(&error)),
    };
    let view = AssetView {
        asset: asset.to_string(),
        upload: UploadView {
            method: "PUT",
            url,
            headers: BTreeMap::from([("content-type", asked.media_type.name())]),
            expires_at: expires_at.rfc3339(),
        },
    };
    Ok((StatusCode::CREATED, Json(view)))
}
