//! What is drawn: pictures, clips, colours, fonts; decoded when needed and kept while they are.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{ArtifactRef, Clip, ContentKey, Picture, Sprite};
use typeset::Fonts;

use crate::MediaError;
use crate::layer::Layer;
use crate::look::Look;
use crate::picture::{decode, opaque};
use crate::planes::Planes;

/// Where the bytes of artifacts come from: a map from their keys, or something that reads them when asked.
pub trait Blobs: Sync {
    /// The bytes of a blob; `None` if they are not to be had.
    fn bytes(&self, blob: &ArtifactRef) -> Option<Cow<'_, [u8]>>;
}

impl Blobs for BTreeMap<ContentKey, Vec<u8>> {
    fn bytes(&self, blob: &ArtifactRef) -> Option<Cow<'_, [u8]>> {
        self.get(&blob.key)
            .map(|bytes| Cow::Borrowed(bytes.as_slice()))
    }
}

/// What one scene shows.
#[derive(Debug, Clone, Copy)]
pub struct SceneAssets<'a> {
    /// Its picture.
    pub picture: &'a Picture,
    /// Its moving type, if it has any.
    pub clip: Option<&'a Clip>,
}

impl<'a> SceneAssets<'a> {
    /// What comes in while the scene is told: its clip's sprites, or its picture's.
    pub fn sprites(&self) -> &'a [Sprite] {
        self.clip
            .map_or(&self.picture.sprites, |clip| &clip.sprites)
    }

    /// Length of the scene at the pace that the sprites' times were planned at, in milliseconds.
    pub fn planned_ms(&self) -> u32 {
        self.clip
            .map_or(self.picture.planned_ms, |clip| clip.planned_ms)
    }
}

/// Everything that frames are drawn from.
pub struct Assets<'a> {
    /// One a scene, in the script's order.
    pub scenes: Vec<SceneAssets<'a>>,
    /// How captions and transitions look.
    pub look: &'a Look,
    /// The fonts of captions.
    pub fonts: &'a Fonts,
    /// The digest of the brand's own font, where it has one: it goes into the keys of segments with captions.
    pub font: Option<&'a ContentKey>,
    /// Width and height of a frame in pixels, both even.
    pub size: (u32, u32),
    /// Decides which way each background moves.
    pub seed: u64,
    /// The bytes of pictures and sprites.
    pub blobs: &'a dyn Blobs,
    decoded: Mutex<VecDeque<(ContentKey, Decoded)>>,
}

/// A decoded picture.
#[derive(Clone)]
enum Decoded {
    Backdrop(Arc<Planes>),
    Layer(Arc<Layer>),
}

/// How many decoded pictures are kept: enough for two threads that each cross-fade two scenes with foregrounds.
const KEPT: usize = 6;

impl<'a> Assets<'a> {
    /// Everything that frames are drawn from; the fields say what each is.
    pub fn new(
        scenes: Vec<SceneAssets<'a>>,
        look: &'a Look,
        fonts: &'a Fonts,
        font: Option<&'a ContentKey>,
        size: (u32, u32),
        seed: u64,
        blobs: &'a dyn Blobs,
    ) -> Self {
        Self {
            scenes,
            look,
            fonts,
            font,
            size,
            seed,
            blobs,
            decoded: Mutex::default(),
        }
    }

    /// The rows that captions stand in.
    pub(crate) fn caption_band(&self) -> Range<f32> {
        let band = typeset::safe::caption_band(self.size, self.look.platform());
        band.y..band.bottom()
    }

    /// What the captions' font is known by.
    pub(crate) fn font_key(&self) -> String {
        self.font
            .map_or_else(|| "built in".to_owned(), ToString::to_string)
    }

    pub(crate) fn scene(&self, at: usize) -> Result<SceneAssets<'a>, MediaError> {
        self.scenes.get(at).copied().ok_or_else(|| {
            MediaError::Mismatch(format!(
                "scene {at} has no picture: there are {} pictures",
                self.scenes.len()
            ))
        })
    }

    fn kept(&self, key: &ContentKey, opaque: bool) -> Option<Decoded> {
        let decoded = self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        let found = decoded.iter().find(|(kept, picture)| {
            kept == key && matches!(picture, Decoded::Backdrop(_)) == opaque
        });
        found.map(|(_, picture)| picture.clone())
    }

    fn keep(&self, key: &ContentKey, picture: Decoded) {
        let mut decoded = self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        decoded.push_back((key.clone(), picture));
        while decoded.len() > KEPT {
            decoded.pop_front();
        }
    }

    fn load(&self, blob: &ArtifactRef, what: &str) -> Result<Cow<'_, [u8]>, MediaError> {
        self.blobs.bytes(blob).ok_or_else(|| MediaError::Missing {
            what: what.to_owned(),
            key: blob.key.clone(),
        })
    }

    /// A scene's background, at least as large as the frame.
    pub(crate) fn backdrop(&self, scene: usize) -> Result<Arc<Planes>, MediaError> {
        let blob = &self.scene(scene)?.picture.background;
        if let Some(Decoded::Backdrop(planes)) = self.kept(&blob.key, true) {
            return Ok(planes);
        }
        let what = format!("the background of scene {scene}");
        let planes = Arc::new(opaque(&self.load(blob, &what)?, &what)?);
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        if planes.width < width || planes.height < height {
            let needed = format!("at least {width} x {height}");
            return Err(MediaError::PictureSize {
                what,
                width: planes.width,
                height: planes.height,
                needed,
            });
        }
        self.keep(&blob.key, Decoded::Backdrop(planes.clone()));
        Ok(planes)
    }

    /// A scene's foreground: exactly the frame's size.
    pub(crate) fn foreground(&self, scene: usize) -> Result<Option<Arc<Layer>>, MediaError> {
        let Some(blob) = &self.scene(scene)?.picture.foreground else {
            return Ok(None);
        };
        if let Some(Decoded::Layer(layer)) = self.kept(&blob.key, false) {
            return Ok(Some(layer));
        }
        let what = format!("the foreground of scene {scene}");
        let picture = decode(&self.load(blob, &what)?, &what)?;
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        if (picture.width, picture.height) != (width, height) {
            let needed = format!("exactly {width} x {height}");
            return Err(MediaError::PictureSize {
                what,
                width: picture.width,
                height: picture.height,
                needed,
            });
        }
        let layer = Arc::new(Layer::from_rgba(&picture, 0, 0));
        self.keep(&blob.key, Decoded::Layer(layer.clone()));
        Ok(Some(layer))
    }

    /// A sprite of a scene at rest.
    pub(crate) fn sprite(&self, scene: usize, at: usize) -> Result<Arc<Layer>, MediaError> {
        let sprites = self.scene(scene)?.sprites();
        let what = format!("sprite {at} of scene {scene}");
        let Some(sprite) = sprites.get(at) else {
            return Err(MediaError::Mismatch(format!(
                "{what} was asked for, and there are {}",
                sprites.len()
            )));
        };
        let picture = decode(&self.load(&sprite.image, &what)?, &what)?;
        Ok(Arc::new(Layer::from_rgba(&picture, sprite.x, sprite.y)))
    }
}
