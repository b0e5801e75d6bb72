//! Models and voices of AWS by name: what is known of them before they are called.

use std::fmt;

use crate::TokenPrice;

/// What is known of a text model's price: list prices in US dollars a million tokens as they were told in November 2026, in regions of the
/// USA and for inference within a region, which is the dearer way. The longest part of a name that fits counts.
const TEXT_PRICES: &[(&str, f64, f64)] = &[
    ("amazon.nova-micro", 0.035, 0.14),
    ("amazon.nova-lite", 0.06, 0.24),
    ("amazon.nova-pro", 0.80, 3.20),
    ("anthropic.claude-haiku-4-5", 1.10, 5.50),
    ("anthropic.claude-sonnet-4-5", 3.30, 16.50),
];

/// The price of a Bedrock model's tokens, if it is known.
pub fn known_text_price(model: &str) -> Option<TokenPrice> {
    let (_, sent, received) = TEXT_PRICES.iter().find(|(name, ..)| model.contains(name))?;
    Some(TokenPrice {
        usd_per_million_in: *sent,
        usd_per_million_out: *received,
    })
}

/// What a million characters cost by a neural voice of Polly, in US dollars: the list price of November 2026.
pub const POLLY_USD_PER_MILLION: f64 = 16.0;

/// A name that isn't used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(String);

/// A Stability model behind Bedrock that makes pictures from words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureModel(String);

/// The models known, with list prices of a picture in US dollars as they were told in November 2026.
const PICTURE_MODELS: &[(&str, f64)] = &[
    ("stability.stable-image-core-v1:1", 0.04),
    ("stability.sd3-5-large-v1:0", 0.08),
    ("stability.stable-image-ultra-v1:1", 0.14),
];

impl PictureModel {
    /// Reads a model's id, or that of an inference profile such as `us.stability.…`.
    pub fn parse(id: &str) -> Result<Self, NameError> {
        if id.contains("nova-canvas") || id.contains("titan-image") {
            return Err(NameError(
                "expected a Stability model: Amazon's own picture models are past the end of their life and answer nobody"
                    .to_owned(),
            ));
        }
        if PICTURE_MODELS
            .iter()
            .any(|(known, _)| is_or_profile_of(id, known))
        {
            return Ok(Self(id.to_owned()));
        }
        let known: Vec<&str> = PICTURE_MODELS.iter().map(|(known, _)| *known).collect();
        Err(NameError(format!("expected one of {}", known.join(", "))))
    }

    /// The id that requests name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a picture costs by the list, in US dollars.
    pub fn list_price(&self) -> f64 {
        PICTURE_MODELS
            .iter()
            .find(|(known, _)| is_or_profile_of(&self.0, known))
            .map_or(0.0, |(_, price)| *price)
    }
}

fn is_or_profile_of(id: &str, model: &str) -> bool {
    id.strip_suffix(model)
        .is_some_and(|region| region.is_empty() || region.ends_with('.'))
}

impl fmt::Display for PictureModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A neural voice of Polly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollyVoice {
    name: &'static str,
    /// ISO 639-1.
    language: &'static str,
}

/// The neural voices by the language that they speak, as of November 2026.
const VOICES: &[(&str, &[&str])] = &[
    ("ar", &["Hala", "Zayd"]),
    ("ca", &["Arlet"]),
    ("cs", &["Jitka"]),
    ("da", &["Sofie"]),
    ("de", &["Vicki", "Daniel", "Hannah", "Sabrina"]),
    (
        "en",
        &[
            "Joanna", "Matthew", "Ruth", "Stephen", "Danielle", "Gregory", "Kendra", "Kimberly",
            "Salli", "Joey", "Ivy", "Kevin", "Justin", "Amy", "Emma", "Brian", "Arthur", "Olivia",
            "Kajal", "Niamh", "Aria", "Ayanda", "Jasmine",
        ],
    ),
    ("es", &["Lucia", "Sergio", "Mia", "Andres", "Lupe", "Pedro"]),
    ("fi", &["Suvi"]),
    ("fr", &["Lea", "Remi", "Gabrielle", "Liam", "Isabelle"]),
    ("it", &["Bianca", "Adriano"]),
    ("ja", &["Takumi", "Kazuha", "Tomoko"]),
    ("ko", &["Seoyeon", "Jihye"]),
    ("nb", &["Ida"]),
    ("nl", &["Laura", "Lisa"]),
    ("pl", &["Ola"]),
    ("pt", &["Camila", "Vitoria", "Thiago", "Ines"]),
    ("sv", &["Elin"]),
    ("tr", &["Burcu"]),
    ("zh", &["Zhiyu"]),
];

impl PollyVoice {
    /// Reads a voice's name, such as `Joanna`.
    pub fn parse(name: &str) -> Result<Self, NameError> {
        VOICES
            .iter()
            .find_map(|(language, voices)| {
                let name = voices.iter().find(|known| **known == name)?;
                Some(Self { name, language })
            })
            .ok_or_else(|| {
                NameError(
                    "expected a neural voice of Amazon Polly, such as Joanna, Matthew or Amy (en), Vicki (de), Lea (fr) or Lucia (es)"
                        .to_owned(),
                )
            })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// What it speaks, as an ISO 639-1 code.
    pub fn language(self) -> &'static str {
        self.language
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

    use super::*;

    #[test]
    fn picture_models_past_their_end_are_refused_with_the_reason() {
        for wrong in [
            "amazon.nova-canvas-v1:0",
            "amazon.titan-image-generator-v2:0",
        ] {
            let error = PictureModel::parse(wrong).unwrap_err().to_string();
            assert!(error.contains("end of their life"), "{error}");
        }
        for wrong in [
            "",
            "stability.stable-diffusion-xl-v1",
            "xstability.stable-image-core-v1:1",
        ] {
            let error = PictureModel::parse(wrong).unwrap_err().to_string();
            assert!(error.contains("stable-image-core"), "{error}");
        }
        let model = PictureModel::parse("us.stability.stable-image-core-v1:1").unwrap();
        assert!((model.list_price() - 0.04).abs() < 1e-12);
    }

    #[test]
    fn voices_are_known_with_their_language() {
        assert_eq!(PollyVoice::parse("Vicki").unwrap().language(), "de");
        assert!(PollyVoice::parse("joanna").is_err());
    }

    #[test]
    fn profiles_cost_what_their_models_do_and_unknown_models_have_no_price() {
        let price = known_text_price("eu.amazon.nova-lite-v1:0").unwrap();
        assert!((price.usd_per_million_out - 0.24).abs() < 1e-12);
        assert_eq!(known_text_price("meta.llama9"), None);
    }
}
