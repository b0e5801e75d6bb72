//! A brief: what somebody wants a video about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::quality::QualityRules;
use crate::{
    Arc, ArtifactRef, AssetId, Brand, HookForm, Palette, Pronunciations, Recording, Style,
    UserPicture, Variants,
};

/// How the video should sound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Matter of fact.
    #[default]
    Informative,
    /// Lively, exclaiming.
    Energetic,
    /// Warm and personal.
    Friendly,
    /// Restrained and exact.
    Professional,
    /// Quiet and slow.
    Calm,
    /// Short and dramatic.
    Bold,
}

/// The language of the text, as an ISO 639-1 code. The embedded writer's own phrases and the embedded voice are English;
/// other languages are written from the source and captioned, and the run is degraded with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Language(#[schemars(regex(pattern = r"^[a-z]{2}$"))] pub String);

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

/// The shape of the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Aspect {
    /// Upright, 1080 x 1920.
    #[default]
    #[serde(rename = "9:16")]
    Portrait,
    /// Square, 1080 x 1080.
    #[serde(rename = "1:1")]
    Square,
    /// Wide, 1920 x 1080.
    #[serde(rename = "16:9")]
    Landscape,
}

impl Aspect {
    /// Width and height of a frame in pixels.
    pub const fn size(self) -> (u32, u32) {
        match self {
            Self::Portrait => (1080, 1920),
            Self::Square => (1080, 1080),
            Self::Landscape => (1920, 1080),
        }
    }
}

/// How many times smaller a draft's frame is, each way: 360 pixels on the shorter side.
const DRAFT_SHARE: u32 = 3;

/// Where the video is to be shown: which parts of an upright frame the app's own controls cover. Square and wide frames are the same on all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Anywhere: words keep to what organic posts show on all of them, and may use the most room.
    #[default]
    Any,
    /// `TikTok`.
    TikTok,
    /// Reels of Instagram and Facebook.
    Reels,
    /// Shorts of `YouTube`.
    Shorts,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Any, Self::TikTok, Self::Reels, Self::Shorts];

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::TikTok => "TikTok",
            Self::Reels => "Reels",
            Self::Shorts => "Shorts",
        }
    }

    /// Whether it is the one that a brief has that names none.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A file that a brief names: a path or an upload while it is on its way in, a stored blob afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Asset {
    /// Stored: nothing but this goes into tasks.
    #[schemars(skip)]
    Stored(ArtifactRef),
    /// A file that was uploaded before: what a brief names that comes over the network.
    #[schemars(extend("additionalProperties" = false))]
    Uploaded {
        /// The id that the upload was given.
        asset: AssetId,
    },
    /// A path on this machine, relative to the brief's own file.
    Path(String),
}

/// What somebody wants a video about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Brief {
    /// What the video is about, in a few words. May stay empty where there is a source text or a key point.
    #[schemars(length(max = 200))]
    pub topic: String,
    /// Who should watch it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub audience: Option<String>,
    /// How it should sound.
    pub tone: Tone,
    /// The language of the text.
    pub language: Language,
    /// How long it should be, in seconds: 5 to 180.
    #[schemars(range(min = 5, max = 180))]
    pub target_seconds: u32,
    /// The shape of the picture.
    pub aspect: Aspect,
    /// Where it is to be shown: words keep clear of that app's controls.
    #[serde(skip_serializing_if = "Platform::is_usual")]
    pub platform: Platform,
    /// What must be said, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 40), inner(length(min = 1, max = 500)))]
    pub key_points: Vec<String>,
    /// The text to draw on, up to 1 MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_text: Option<String>,
    /// A file with the text to draw on (instead of `source_text`), relative to the brief's own file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_file: Option<String>,
    /// The form that the hook should have, such as that of one that won; the writer's choice if absent. Where the brief gives nothing to open
    /// with like that, the hook has another form and the run is degraded. Of variants of the hook it is the control's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<HookForm>,
    /// The arc that the story should be laid on; the writer's choice if absent. Where the brief doesn't offer it, the story is laid on another and
    /// the run is degraded, with what it lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arc: Option<Arc>,
    /// Whether to make a draft: the same film, a third as wide and high, in a fraction of the time. A draft is never approved by itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Who speaks.
    pub brand: Brand,
    /// Pictures of one's own that fill the frame behind the words: at most one a scene.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 40))]
    pub pictures: Vec<UserPicture>,
    /// Music below the voice: WAV, MP3, Ogg Vorbis or FLAC. Its first three minutes are used, over and over where the video is longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub music: Option<Asset>,
    /// What people recorded in place of the voice: told with a script, since it says what a scene says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub recordings: Vec<Recording>,
    /// Another seed, another video from the same brief.
    pub seed: u64,
    /// The most that paid providers may cost, in US dollars: 0 to 10,000. A call that might pass it isn't made. Without it there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub max_cost_usd: Option<f64>,
    /// Several videos that differ in one thing, to be compared in an experiment. The limit on costs is for all of them together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<Variants>,
}

impl Default for Brief {
    fn default() -> Self {
        Self {
            topic: String::new(),
            audience: None,
            tone: Tone::default(),
            language: Language::default(),
            target_seconds: 30,
            aspect: Aspect::default(),
            platform: Platform::default(),
            key_points: Vec::new(),
            source_text: None,
            source_file: None,
            hook: None,
            arc: None,
            draft: false,
            brand: Brand::default(),
            pictures: Vec::new(),
            music: None,
            recordings: Vec::new(),
            seed: 0,
            max_cost_usd: None,
            variants: None,
        }
    }
}

impl Brief {
    /// The brief without what only pictures or sounds depend on, what it may cost and how it is judged, so that another palette, voice, budget
    /// or threshold writes nothing anew; and without the hook's form and the arc, which are the hook's and the story's alone.
    #[must_use]
    pub fn words_only(mut self) -> Self {
        self.max_cost_usd = None;
        self.hook = None;
        self.arc = None;
        self.brand.voice = None;
        self.brand.pronunciations = Pronunciations::default();
        self.aspect = Aspect::default();
        self.draft = false;
        self.pictures.clear();
        self.music = None;
        self.recordings.clear();
        self.brand.palette = Palette::default();
        self.platform = Platform::default();
        self.brand.style = Style::default();
        self.brand.font = None;
        self.brand.logo = None;
        self.brand.quality = QualityRules::default();
        self
    }

    /// Width and height of a frame in pixels.
    pub fn frame_size(&self) -> (u32, u32) {
        let (width, height) = self.aspect.size();
        if self.draft {
            (width / DRAFT_SHARE, height / DRAFT_SHARE)
        } else {
            (width, height)
        }
    }

    /// The uploads that it names, each with the field that does.
    pub fn uploads(&self) -> impl Iterator<Item = (String, &AssetId)> {
        let named = [
            ("brand.font", &self.brand.font),
            ("brand.logo", &self.brand.logo),
            ("music", &self.music),
        ];
        let named = named
            .into_iter()
            .filter_map(|(field, asset)| Some((field.to_owned(), asset.as_ref()?)));
        let pictures = self.pictures.iter().enumerate();
        let pictures =
            pictures.map(|(at, picture)| (format!("pictures[{at}].file"), &picture.file));
        named
            .chain(pictures)
            .filter_map(|(field, asset)| match asset {
                Asset::Uploaded { asset } => Some((field, asset)),
                _ => None,
            })
    }

    /// [`Self::words_only`] with the arc: what the story depends on.
    #[must_use]
    pub fn for_story(self) -> Self {
        Self {
            arc: self.arc,
            ..self.words_only()
        }
    }

    /// The brief without its source text, for tasks that draw on the story's sentences.
    #[must_use]
    pub fn without_source(mut self) -> Self {
        self.source_text = None;
        self
    }
}
