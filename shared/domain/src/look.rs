//! How a video looks and sounds, for whoever edits it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Aspect, Asset, Brief, Palette, Platform, Pronunciations, Style};

/// How a video looks and sounds, as far as that can be changed without writing anything anew.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// The shape of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<Aspect>,
    /// Where it is to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The style.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// Whether it is a draft: the same film, a third as wide and high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
    /// The colours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub palette: Option<Palette>,
    /// Who speaks, where that isn't the usual voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 60))]
    pub voice: Option<String>,
    /// How words are said, where the voice would say them otherwise: in place of what the brand says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pronunciations: Option<Pronunciations>,
    /// Another font than the present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<Asset>,
    /// Another logo than the present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Asset>,
    /// Other music than the present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub music: Option<Asset>,
    /// What there is to be no more of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<Removable>,
}

/// What a video can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Removable {
    /// The brand's font: the style's own is used.
    Font,
    /// The logo.
    Logo,
    /// The music.
    Music,
}

impl Look {
    /// How a brief looks: what can be written down. Its files stay as they are unless others are named.
    pub fn of(brief: &Brief) -> Self {
        Self {
            aspect: Some(brief.aspect),
            platform: Some(brief.platform),
            style: Some(brief.brand.style),
            draft: Some(brief.draft),
            palette: Some(brief.brand.palette.clone()),
            voice: brief.brand.voice.clone(),
            pronunciations: Some(brief.brand.pronunciations.clone())
                .filter(|said| !said.is_empty()),
            font: None,
            logo: None,
            music: None,
            remove: Vec::new(),
        }
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The brief with these looks.
    #[must_use]
    pub fn on(self, mut brief: Brief) -> Brief {
        brief.aspect = self.aspect.unwrap_or(brief.aspect);
        brief.draft = self.draft.unwrap_or(brief.draft);
        brief.platform = self.platform.unwrap_or(brief.platform);
        let brand = &mut brief.brand;
        brand.style = self.style.unwrap_or(brand.style);
        for file in self.remove {
            match file {
                Removable::Font => brand.font = None,
                Removable::Logo => brand.logo = None,
                Removable::Music => brief.music = None,
            }
        }
        if let Some(palette) = self.palette {
            brand.palette = palette;
        }
        brand.voice = self.voice.or(brand.voice.take());
        if let Some(said) = self.pronunciations {
            brand.pronunciations = said;
        }
        brand.font = self.font.or(brand.font.take());
        brand.logo = self.logo.or(brand.logo.take());
        brief.music = self.music.or(brief.music.take());
        brief
    }
}
