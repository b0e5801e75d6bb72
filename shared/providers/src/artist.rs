//! The embedded artist behind the picture provider's port.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::ContentKey;
use drawing::{DrawRequest, DrawingError, KineticRequest, Logo, Photo, PhotoShown, UserPhoto};
use typeset::Fonts;

use crate::pictures::{ClipRequest, Drawing, MovingType, PictureProvider, PictureRequest};
use crate::{Answer, ProviderError, in_turn};

/// Draws layouts: see the crate `drawing`.
#[derive(Default)]
pub(crate) struct Artist {
    /// The fonts last used: reading them takes longer than drawing with them.
    fonts: Mutex<Option<(Option<ContentKey>, Arc<Fonts>)>>,
}

const NAME: &str = "the embedded artist";

impl Artist {
    fn fonts(&self, font: Option<Vec<u8>>) -> Result<Arc<Fonts>, ProviderError> {
        let wanted = font.as_deref().map(ContentKey::of_bytes);
        let mut held = self.fonts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((key, fonts)) = &*held
            && *key == wanted
        {
            return Ok(Arc::clone(fonts));
        }
        let fonts = match font {
            None => Fonts::builtin(),
            Some(bytes) => Fonts::with_font(bytes)
                .map_err(|error| ProviderError::invalid_input(NAME, error))?,
        };
        let fonts = Arc::new(fonts);
        *held = Some((wanted, Arc::clone(&fonts)));
        Ok(fonts)
    }
}

fn read_logo(logo: Option<Vec<u8>>) -> Result<Option<Logo>, ProviderError> {
    logo.map(|bytes| Logo::read(&bytes))
        .transpose()
        .map_err(|error| ProviderError::invalid_input(NAME, error))
}

/// Why a picture is less than was asked for, if it is.
fn lacks(missing: &[char], truncated: bool, unknown_icons: &[String]) -> Vec<String> {
    let mut reasons = Vec::new();
    for name in unknown_icons {
        reasons.push(format!(
            "there is no icon {name:?}, so none was drawn; docs/pictures.md names those there are"
        ));
    }
    if !missing.is_empty() {
        let mut shown: Vec<String> = missing
            .iter()
            .take(8)
            .map(|c| format!("{c} (U+{:04X})", u32::from(*c)))
            .collect();
        if missing.len() > 8 {
            shown.push(format!("and {} more", missing.len() - 8));
        }
        let shown = shown.join(", ");
        reasons.push(format!("left out of pictures, because no font has them: {shown}; name a font that does in brand.font"));
    }
    if truncated {
        reasons.push(
            "a text was too long for its picture and was cut off behind an ellipsis; shorten it"
                .to_owned(),
        );
    }
    reasons
}

/// In what a picture of the user's own is less than was asked for, if it is.
fn shortfalls(shown: &PhotoShown) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some([(width, height), (wanted_width, wanted_height)]) = shown.small {
        reasons.push(format!(
            "a picture has {width} x {height} pixels, and is enlarged for the frame; give one of {wanted_width} x {wanted_height} or more"
        ));
    }
    if shown.animated {
        reasons.push("a picture is animated, and the first of its pictures is shown".to_owned());
    }
    reasons
}

/// Drawing keeps a core busy.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DrawingError> + Send + 'static,
) -> Result<T, ProviderError> {
    in_turn(work)
        .await
        .map_err(|error| ProviderError::permanent(NAME, error))?
        .map_err(|error| ProviderError::invalid_input(NAME, error))
}

#[async_trait]
impl PictureProvider for Artist {
    fn fingerprint(&self) -> String {
        format!("drawing/{}", drawing::VERSION)
    }

    fn description(&self) -> String {
        NAME.to_owned()
    }

    async fn draw(&self, request: PictureRequest) -> Result<Answer<Drawing>, ProviderError> {
        let fonts = self.fonts(request.font)?;
        let logo = read_logo(request.logo)?;
        let (spoken, planned_ms) = voice::estimate(&request.spoken, request.planned_wpm);
        let drawn = blocking(move || {
            let wanted = request.photo.as_ref();
            let photo = wanted.map(|wanted| Photo::read(&wanted.png)).transpose();
            let photo = photo.map_err(DrawingError::Photo)?;
            let photo = photo.as_ref().zip(wanted).map(|(photo, wanted)| UserPhoto {
                photo,
                focus: wanted.focus,
                motion: wanted.motion,
            });
            drawing::draw(&DrawRequest {
                visual: &request.visual,
                role: request.role,
                palette: &request.palette,
                fonts: &fonts,
                logo: logo.as_ref(),
                photo,
                size: request.size,
                seed: request.seed,
                scene: request.scene as usize,
                moving: request.moving,
                style: request.style,
                platform: request.platform,
                spoken: &spoken,
                planned_wpm: request.planned_wpm,
            })
        })
        .await?;
        let mut degraded = lacks(
            &drawn.missing,
            !drawn.truncated.is_empty(),
            &drawn.unknown_icons,
        );
        degraded.extend(drawn.photo.iter().flat_map(shortfalls));
        let drawing = Drawing {
            background_png: drawn.background_png,
            foreground_png: drawn.foreground_png,
            pieces: drawn.pieces,
            planned_ms,
            boxes: drawn.boxes,
            movement: drawn.photo.map(|shown| shown.movement),
        };
        Ok(Answer {
            value: drawing,
            cost_usd: 0.0,
            degraded,
        })
    }

    async fn set(&self, request: ClipRequest) -> Result<Answer<MovingType>, ProviderError> {
        let fonts = self.fonts(request.font)?;
        let logo = read_logo(request.logo)?;
        let (spoken, planned_ms) = voice::estimate(&request.spoken, request.planned_wpm);
        let set = blocking(move || {
            drawing::kinetic(&KineticRequest {
                text: &request.on_screen,
                brand: request.brand.as_deref(),
                role: request.role,
                palette: &request.palette,
                fonts: &fonts,
                logo: logo.as_ref(),
                size: request.size,
                seed: request.seed,
                pictured: request.pictured,
                spoken: &spoken,
                planned_wpm: request.planned_wpm,
                style: request.style,
                platform: request.platform,
            })
        })
        .await?;
        let degraded = lacks(&set.missing, set.truncated, &[]);
        Ok(Answer {
            value: MovingType {
                planned_ms,
                sprites: set.sprites,
                boxes: set.boxes,
            },
            cost_usd: 0.0,
            degraded,
        })
    }
}

/// Whether bytes are a font that text can be drawn with.
pub fn check_font(bytes: &[u8]) -> Result<(), impl std::fmt::Display + use<>> {
    Fonts::check(bytes)
}

/// Whether bytes are a logo that can be drawn.
pub fn check_logo(bytes: &[u8]) -> Result<(), impl std::fmt::Display + use<>> {
    Logo::read(bytes).map(drop)
}
