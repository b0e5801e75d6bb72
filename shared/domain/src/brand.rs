//! A brand: how everything made for it looks and sounds.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::quality::QualityRules;
use crate::{Asset, Pronunciations};

/// Text that names no colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a colour: write it as #rrggbb or #rgb, such as \"#1d3557\"")]
pub struct ColorError(pub String);

/// A colour in sRGB, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    /// Red, 0-255.
    pub r: u8,
    /// Green, 0-255.
    pub g: u8,
    /// Blue, 0-255.
    pub b: u8,
}

impl Color {
    /// A colour from its three channels.
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// Reads `#rrggbb` or `#rgb`.
    pub fn parse(text: &str) -> Result<Self, ColorError> {
        let wrong = || ColorError(text.chars().take(40).collect());
        let hex = text.strip_prefix('#').ok_or_else(wrong)?;
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let pair = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| wrong());
        let digit = |at: usize| {
            u8::from_str_radix(&hex[at..=at], 16)
                .map(|d| d * 17)
                .map_err(|_| wrong())
        };
        match hex.len() {
            6 => Ok(Self::new(pair(0)?, pair(2)?, pair(4)?)),
            3 => Ok(Self::new(digit(0)?, digit(1)?, digit(2)?)),
            _ => Err(wrong()),
        }
    }

    /// Relative luminance, 0 (black) to 1 (white): WCAG 2.2, "relative luminance".
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Contrast ratio, 1 to 21: WCAG 2.2, "contrast ratio". Large text wants 3, other text 4.5 (level AA).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The colour `share` (0 to 1) of the way to `other`, in sRGB.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let at =
            |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self::new(
            at(self.r, other.r),
            at(self.g, other.g),
            at(self.b, other.b),
        )
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

impl TryFrom<String> for Color {
    type Error = ColorError;
    fn try_from(text: String) -> Result<Self, ColorError> {
        Self::parse(&text)
    }
}

impl From<Color> for String {
    fn from(color: Color) -> String {
        color.to_string()
    }
}

impl JsonSchema for Color {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Color".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$",
            "description": "A colour in sRGB: #rrggbb or #rgb."
        })
    }
}

/// The colours that everything is drawn in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Palette {
    /// Behind everything.
    pub background: Color,
    /// Large shapes and gradients.
    pub primary: Color,
    /// What should catch the eye: the word being spoken, numbers, rules.
    pub accent: Color,
    /// Text.
    pub text: Color,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            background: Color::new(0x0f, 0x17, 0x2a),
            primary: Color::new(0x1d, 0x4e, 0xd8),
            accent: Color::new(0xfa, 0xcc, 0x15),
            text: Color::new(0xf8, 0xfa, 0xfc),
        }
    }
}

/// A complete look: type, backdrops, marks, captions, transitions, the pace of motion. Each is drawn in the brand's own colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Heavy grotesque type over large geometric shapes; soft cross-fades.
    #[default]
    Classic,
    /// Capitals, square blocks, hard edges, quick moves.
    Bold,
    /// Centred, much room, soft light, slow moves.
    Calm,
    /// A serif on a plain page, thin rules, underlines.
    Editorial,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Classic, Self::Bold, Self::Calm, Self::Editorial];

    /// Whether it is the one that a brief has that names none.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Who speaks: name, voice, look.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Brand {
    /// The name as it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who speaks, as the provider of speech names them: 1 to 60 letters, digits, "-", "_" or ".", of which the first is a letter or digit; the
    /// usual voice if absent. Variants of the voice are spoken by those that they name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"))]
    pub voice: Option<String>,
    /// How its words are said, where the voice would say them otherwise: what is written to what is said.
    #[serde(skip_serializing_if = "Pronunciations::is_empty")]
    pub pronunciations: Pronunciations,
    /// Words that sound like the brand; preferred where there is a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub voice_words: Vec<String>,
    /// Words that must not be said or shown. Sentences that hold one are not used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub banned_words: Vec<String>,
    /// The colours.
    pub palette: Palette,
    /// The look.
    #[serde(skip_serializing_if = "Style::is_usual")]
    pub style: Style,
    /// A font file (TrueType or OpenType); the style's own if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<Asset>,
    /// A picture of the logo: PNG or SVG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Asset>,
    /// What the viewer should do at the end, such as "Try it free today".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_to_action: Option<String>,
    /// How its rounds are judged.
    #[serde(skip_serializing_if = "QualityRules::is_silent")]
    pub quality: QualityRules,
}
