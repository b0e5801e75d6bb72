//! Backgrounds by a Stability model behind Amazon Bedrock, under the embedded artist's words.
//!
//! Words stay the artist's: a model can't be trusted to spell. Its picture takes the place of the artist's background, as near to its light as
//! the words' contrast needs: see [`crate::cover`].

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::primitives::Blob;
use cache::{Cache, Kind, Tag};
use domain::{ContentKey, Palette, Visual};
use serde::Deserialize;
use serde_json::json;

use crate::artist::Artist;
use crate::aws::{self, Service};
use crate::chat::excerpt;
use crate::config::StabilityChoice;
use crate::cover;
use crate::paid::PaidCall;
use crate::pictures::{ClipRequest, Drawing, MovingType, PictureProvider, PictureRequest};
use crate::purse::{Bill, pay};
use crate::{Answer, ProviderError, in_turn};

/// What the model is asked for.
const PROMPT: &str = include_str!("../prompts/background.md");

/// What must not be in the picture.
const WITHOUT: &str =
    "text, letters, numbers, words, captions, signs, logos, watermarks, signatures, frames";

/// The shapes that the models make, as width over height.
const SHAPES: &[(&str, f32)] = &[
    ("9:21", 9.0 / 21.0),
    ("9:16", 9.0 / 16.0),
    ("2:3", 2.0 / 3.0),
    ("4:5", 4.0 / 5.0),
    ("1:1", 1.0),
    ("5:4", 5.0 / 4.0),
    ("3:2", 3.0 / 2.0),
    ("16:9", 16.0 / 9.0),
    ("21:9", 21.0 / 9.0),
];

/// A Stability model with the artist who sets the words.
pub(crate) struct Stability {
    client: Client,
    choice: StabilityChoice,
    artist: Artist,
    name: String,
    cache: Cache,
}

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    finish_reasons: Vec<Option<String>>,
    #[serde(default)]
    images: Vec<String>,
}

impl Stability {
    /// Reads the configuration; nothing is sent yet.
    pub(crate) fn new(aws: &SdkConfig, choice: &StabilityChoice, cache: Cache) -> Self {
        Self {
            client: Client::new(&aws::patient(aws, choice.timeout_seconds)),
            choice: choice.clone(),
            artist: Artist::default(),
            name: format!("{} at Amazon Bedrock", choice.model),
            cache,
        }
    }

    /// One picture, as it was bought before or bought now: PNG.
    async fn picture(&self, request: &PictureRequest) -> Result<Answer<Vec<u8>>, ProviderError> {
        let body = json!({
            "prompt": prompt(&request.visual, &request.palette),
            "negative_prompt": WITHOUT,
            "aspect_ratio": shape(request.size),
            "seed": seed(request),
            "output_format": "png",
        })
        .to_string();
        let call = PaidCall {
            cache: &self.cache,
            kind: Kind::Media,
            provider: &self.name,
            tags: vec![Tag::provider(&self.name)],
            key: ContentKey::of(&[self.choice.model.as_str().as_bytes(), body.as_bytes()]),
        };
        let read = |picture: &[u8]| {
            cover::check(picture)
                .map(|()| picture.to_vec())
                .map_err(|error| ProviderError::permanent(&self.name, error))
        };
        let price = self.choice.usd_per_picture;
        call.answer(|| pay(&self.name, price, self.ask(&body)), read)
            .await
    }

    async fn ask(&self, body: &str) -> Bill<Vec<u8>> {
        let answer = self
            .client
            .invoke_model()
            .model_id(self.choice.model.as_str())
            .content_type("application/json")
            .accept("application/json")
            .body(Blob::new(body))
            .send()
            .await;
        match answer {
            // Whether a picture that a filter kept back is charged, nobody says: then it counts as charged.
            Ok(answer) => Bill {
                outcome: self.read(answer.body().as_ref()),
                spent_usd: self.choice.usd_per_picture,
            },
            Err(error) => {
                let service = Service {
                    name: &self.name,
                    chosen_by: "REELWRIGHT_PICTURES_MODEL",
                    patience: "REELWRIGHT_PICTURES_TIMEOUT_SECONDS",
                    permission: "bedrock:InvokeModel",
                };
                service.failed(error, self.choice.usd_per_picture)
            }
        }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let unusable = |why: String| {
            ProviderError::permanent(
                &self.name,
                format!(
                    "its answer holds no picture ({why}): choose another REELWRIGHT_PICTURES_MODEL, or REELWRIGHT_PICTURES=embedded"
                ),
            )
        };
        let made: Made =
            serde_json::from_slice(body).map_err(|error| unusable(error.to_string()))?;
        if let Some(reason) = made.finish_reasons.iter().flatten().next() {
            let told = excerpt(reason);
            return Err(if reason.to_lowercase().contains("filter") {
                ProviderError::refused(
                    &self.name,
                    format!("{told:?}: reword the brief, or set REELWRIGHT_PICTURES=embedded"),
                )
            } else {
                ProviderError::transient(&self.name, format!("it stopped with {told:?}"))
            });
        }
        let image = made
            .images
            .first()
            .ok_or_else(|| unusable("no image".to_owned()))?;
        aws_smithy_types::base64::decode(image).map_err(|error| unusable(error.to_string()))
    }
}

/// The shape nearest to a frame's.
fn shape((width, height): (u32, u32)) -> &'static str {
    let wanted = (width as f32 / height.max(1) as f32).ln();
    let off = |ratio: f32| (ratio.ln() - wanted).abs();
    SHAPES
        .iter()
        .min_by(|a, b| off(a.1).total_cmp(&off(b.1)))
        .map_or("1:1", |(name, _)| name)
}

/// The models' seeds have 32 bits, and 0 means any.
fn seed(request: &PictureRequest) -> u32 {
    let key = ContentKey::of(&[&request.seed.to_le_bytes(), &request.scene.to_le_bytes()]);
    let digits = key.as_str().get(..8).unwrap_or_default();
    u32::from_str_radix(digits, 16)
        .unwrap_or(1)
        .clamp(1, u32::MAX - 1)
}

fn prompt(visual: &Visual, palette: &Palette) -> String {
    // What is drawn over it needs no picture of its own: neither names nor figures.
    let subject = match visual {
        Visual::Title { title: text, .. }
        | Visual::Quote { text, .. }
        | Visual::CallToAction { text, .. } => text.clone(),
        Visual::BigNumber { caption, .. } | Visual::Share { caption, .. } => caption.clone(),
        Visual::List { heading, items, .. } => format!("{heading}: {}", items.join(", ")),
        other => other.texts().join(", "),
    };
    let colours = format!(
        "{}, {} and {}",
        palette.background, palette.primary, palette.accent
    );
    PROMPT
        .replace("{colours}", &colours)
        .replace("{subject}", &subject)
        .trim()
        .to_owned()
}

#[async_trait]
impl PictureProvider for Stability {
    fn fingerprint(&self) -> String {
        let asked = ContentKey::of(&[PROMPT.as_bytes(), WITHOUT.as_bytes()]);
        format!(
            "{}/bedrock/{}/{}/cover {}",
            self.artist.fingerprint(),
            self.choice.model,
            asked.short(),
            cover::VERSION
        )
    }

    fn description(&self) -> String {
        format!("{}, under the embedded artist's words", self.name)
    }

    fn most_usd(&self) -> f64 {
        self.choice.usd_per_picture
    }

    async fn draw(&self, request: PictureRequest) -> Result<Answer<Drawing>, ProviderError> {
        // What can't be drawn is found out before a picture is paid for; one of the user's own needs no other.
        let mut drawn = self.artist.draw(request.clone()).await?;
        if request.photo.is_some() {
            return Ok(drawn);
        }
        let picture = self.picture(&request).await?;
        let backdrop = std::mem::take(&mut drawn.value.background_png);
        drawn.value.background_png = in_turn(move || cover::tinted(&backdrop, &picture.value))
            .await
            .map_err(|error| ProviderError::permanent(&self.name, error))?
            .map_err(|error| ProviderError::permanent(&self.name, error))?;
        drawn.cost_usd += picture.cost_usd;
        drawn.degraded.extend(picture.degraded);
        Ok(drawn)
    }

    /// Moving type has no picture of its own: it moves over the scene's.
    async fn set(&self, request: ClipRequest) -> Result<Answer<MovingType>, ProviderError> {
        self.artist.set(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_aspect_has_its_shape() {
        let shapes = [(1080, 1920), (1080, 1080), (1920, 1080), (1080, 1350)].map(shape);
        assert_eq!(shapes, ["9:16", "1:1", "16:9", "4:5"]);
    }
}
