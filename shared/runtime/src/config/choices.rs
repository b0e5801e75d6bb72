//! The variables that choose who writes, speaks and draws.

use std::path::PathBuf;

use domain::quality::JudgeWeight;
use providers::{
    BedrockChoice, JudgeChoice, ModelChoice, NameError, OpenAiChoice, POLLY_USD_PER_MILLION,
    PictureModel, PicturesChoice, PollyChoice, PollyVoice, ProvidersConfig, SchemaBy, SpeechChoice,
    StabilityChoice, TextChoice, TokenPrice, known_text_price,
};

use super::ConfigError;
use super::variables::Reader;

/// The model that draws backgrounds where none is named: the cheapest.
const PICTURE_MODEL: &str = "stability.stable-image-core-v1:1";

/// The voice of Polly that speaks where none is named.
const POLLY_VOICE: &str = "Joanna";

/// The most seconds that a judge has: the gate's task, which asks it, has 60.
const MOST_PATIENT: f64 = 45.0;

/// The most dollars that a price variable takes.
const DEAREST: f64 = 1e6;

pub(super) fn read(env: &Reader<'_>) -> Result<ProvidersConfig, ConfigError> {
    let folder = |name| env.text(name).map(PathBuf::from);
    Ok(ProvidersConfig {
        text: text(env)?,
        speech: speech(env)?,
        pictures: pictures(env)?,
        judge: judge(env)?,
        voice: providers::voice_dir(
            folder("REELWRIGHT_VOICE").as_deref(),
            folder("REELWRIGHT_VOICES").as_deref(),
            folder("HOME").as_deref(),
        ),
    })
}

fn text(env: &Reader<'_>) -> Result<TextChoice, ConfigError> {
    let seconds = env.number("REELWRIGHT_TEXT_TIMEOUT_SECONDS", 120.0, 1.0, 900.0)?;
    match env.text("REELWRIGHT_TEXT").as_deref() {
        None | Some("embedded") => Ok(TextChoice::Embedded),
        Some(kind) => match model(env, "REELWRIGHT_TEXT", kind, seconds)? {
            Some(model) => Ok(TextChoice::Model(model)),
            None => Reader::wrong(
                "REELWRIGHT_TEXT",
                kind,
                "expected embedded, openai or bedrock",
            ),
        },
    }
}

fn judge(env: &Reader<'_>) -> Result<Option<JudgeChoice>, ConfigError> {
    let seconds = env.number("REELWRIGHT_JUDGE_TIMEOUT_SECONDS", 20.0, 1.0, MOST_PATIENT)?;
    let share = env.number("REELWRIGHT_JUDGE_WEIGHT", 0.0, 0.0, 1.0)?;
    let weight = match JudgeWeight::of_share(share) {
        Ok(weight) => weight,
        Err(error) => {
            return Reader::wrong(
                "REELWRIGHT_JUDGE_WEIGHT",
                &share.to_string(),
                &error.to_string(),
            );
        }
    };
    match env.text("REELWRIGHT_JUDGE").as_deref() {
        None | Some("off") => Ok(None),
        // A call may take longer than all may together: who waits for all of them says which variable it is.
        Some(kind) => match model(env, "REELWRIGHT_JUDGE", kind, seconds + 1.0)? {
            Some(model) => Ok(Some(JudgeChoice {
                model,
                weight,
                patience_seconds: seconds,
            })),
            None => Reader::wrong("REELWRIGHT_JUDGE", kind, "expected off, openai or bedrock"),
        },
    }
}

/// The model that `variable` asks for; nothing if what it says is no kind of model.
fn model(
    env: &Reader<'_>,
    variable: &str,
    kind: &str,
    timeout_seconds: f64,
) -> Result<Option<ModelChoice>, ConfigError> {
    let max_tokens = env.number("REELWRIGHT_TEXT_MAX_TOKENS", 8192.0, 256.0, 1e6)? as u32;
    let needed = |name: &str, what: &str| {
        env.required(name, &format!("expected {what}, because {variable}={kind}"))
    };
    match kind {
        "openai" => Ok(Some(ModelChoice::OpenAi(OpenAiChoice {
            base_url: needed("REELWRIGHT_TEXT_URL", "the base URL")?,
            model: needed("REELWRIGHT_TEXT_MODEL", "the model's name")?,
            key: env.text("REELWRIGHT_TEXT_KEY"),
            timeout_seconds,
            max_tokens,
            price: TokenPrice {
                usd_per_million_in: env.number(IN, 0.0, 0.0, DEAREST)?,
                usd_per_million_out: env.number(OUT, 0.0, 0.0, DEAREST)?,
            },
        }))),
        "bedrock" => {
            let model = needed(
                "REELWRIGHT_BEDROCK_MODEL",
                "the id of a model or an inference profile",
            )?;
            Ok(Some(ModelChoice::Bedrock(BedrockChoice {
                price: bedrock_price(env, &model)?,
                model,
                output: match env.text("REELWRIGHT_BEDROCK_OUTPUT").as_deref() {
                    None | Some("schema") => SchemaBy::Output,
                    Some("tool") => SchemaBy::Tool,
                    Some(other) => {
                        return Reader::wrong(
                            "REELWRIGHT_BEDROCK_OUTPUT",
                            other,
                            "expected schema or tool",
                        );
                    }
                },
                timeout_seconds,
                max_tokens,
            })))
        }
        _ => Ok(None),
    }
}

const IN: &str = "REELWRIGHT_TEXT_USD_PER_MILLION_IN";
const OUT: &str = "REELWRIGHT_TEXT_USD_PER_MILLION_OUT";

/// A model of unknown price isn't free: its price must be told.
fn bedrock_price(env: &Reader<'_>, model: &str) -> Result<TokenPrice, ConfigError> {
    let known = known_text_price(model);
    let price = |name: &str, known: Option<f64>| {
        if known.is_none() && env.text(name).is_none() {
            let expected =
                format!("expected the price in US dollars, because that of {model:?} isn't known");
            return Reader::wrong(name, "", &expected);
        }
        env.number(name, known.unwrap_or_default(), 0.0, DEAREST)
    };
    Ok(TokenPrice {
        usd_per_million_in: price(IN, known.map(|known| known.usd_per_million_in))?,
        usd_per_million_out: price(OUT, known.map(|known| known.usd_per_million_out))?,
    })
}

fn pictures(env: &Reader<'_>) -> Result<PicturesChoice, ConfigError> {
    match env.text("REELWRIGHT_PICTURES").as_deref() {
        None | Some("embedded") => Ok(PicturesChoice::Embedded),
        Some("stability") => {
            let model = named(
                env,
                "REELWRIGHT_PICTURES_MODEL",
                PICTURE_MODEL,
                PictureModel::parse,
            )?;
            Ok(PicturesChoice::Stability(StabilityChoice {
                usd_per_picture: env.number(
                    "REELWRIGHT_PICTURES_USD",
                    model.list_price(),
                    0.0,
                    DEAREST,
                )?,
                model,
                timeout_seconds: env.number(
                    "REELWRIGHT_PICTURES_TIMEOUT_SECONDS",
                    120.0,
                    1.0,
                    900.0,
                )?,
            }))
        }
        Some(other) => Reader::wrong(
            "REELWRIGHT_PICTURES",
            other,
            "expected embedded or stability",
        ),
    }
}

fn speech(env: &Reader<'_>) -> Result<SpeechChoice, ConfigError> {
    match env.text("REELWRIGHT_SPEECH").as_deref() {
        // Who names a voice wants that one, not a stand-in.
        None if env.text("REELWRIGHT_VOICE").is_some() => Ok(SpeechChoice::Piper),
        None | Some("auto") => Ok(SpeechChoice::Auto),
        Some("piper") => Ok(SpeechChoice::Piper),
        Some("espeak") => Ok(SpeechChoice::Espeak),
        Some("none") => Ok(SpeechChoice::None),
        Some("polly") => Ok(SpeechChoice::Polly(PollyChoice {
            voice: named(
                env,
                "REELWRIGHT_POLLY_VOICE",
                POLLY_VOICE,
                PollyVoice::parse,
            )?,
            timeout_seconds: env.number("REELWRIGHT_SPEECH_TIMEOUT_SECONDS", 60.0, 1.0, 900.0)?,
            usd_per_million_characters: env.number(
                "REELWRIGHT_POLLY_USD_PER_MILLION",
                POLLY_USD_PER_MILLION,
                0.0,
                DEAREST,
            )?,
        })),
        Some(other) => Reader::wrong(
            "REELWRIGHT_SPEECH",
            other,
            "expected auto, piper, espeak, polly or none",
        ),
    }
}

fn named<T>(
    env: &Reader<'_>,
    variable: &str,
    default: &str,
    parse: impl Fn(&str) -> Result<T, NameError>,
) -> Result<T, ConfigError> {
    let name = env.text(variable).unwrap_or_else(|| default.to_owned());
    parse(&name).or_else(|error| Reader::wrong(variable, &name, &error.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn read_from(pairs: &[(&str, &str)]) -> Result<ProvidersConfig, ConfigError> {
        let find = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        read(&Reader(&find))
    }

    fn wrong(pairs: &[(&str, &str)]) -> ConfigError {
        read_from(pairs).unwrap_err()
    }

    #[test]
    fn an_openai_server_needs_its_url_and_model() {
        let error = wrong(&[("REELWRIGHT_TEXT", "openai")]);
        assert_eq!(error.variable, "REELWRIGHT_TEXT_URL");
    }

    #[test]
    fn a_bedrock_model_is_named_and_has_a_price() {
        let bedrock = ("REELWRIGHT_TEXT", "bedrock");
        assert_eq!(wrong(&[bedrock]).variable, "REELWRIGHT_BEDROCK_MODEL");
        let known = ("REELWRIGHT_BEDROCK_MODEL", "us.amazon.nova-pro-v1:0");
        let text = read_from(&[bedrock, known, (OUT, "4.5")]).unwrap().text;
        let TextChoice::Model(ModelChoice::Bedrock(choice)) = text else {
            panic!("{text:?}");
        };
        assert_eq!(choice.output, SchemaBy::Output);
        let price = choice.price;
        assert!((price.usd_per_million_in - 0.8).abs() < 1e-12, "{price:?}");
        assert!((price.usd_per_million_out - 4.5).abs() < 1e-12, "{price:?}");
        let unknown = ("REELWRIGHT_BEDROCK_MODEL", "meta.llama9");
        assert_eq!(wrong(&[bedrock, unknown]).variable, IN);
        assert_eq!(wrong(&[bedrock, unknown, (IN, "1")]).variable, OUT);
        let output = ("REELWRIGHT_BEDROCK_OUTPUT", "xml");
        assert_eq!(wrong(&[bedrock, known, output]).variable, output.0);
    }

    #[test]
    fn nobody_judges_until_a_model_is_named_and_then_it_weighs_what_is_said() {
        let whole = [
            ("REELWRIGHT_JUDGE", "openai"),
            ("REELWRIGHT_TEXT_URL", "http://127.0.0.1:1/v1"),
            ("REELWRIGHT_TEXT_MODEL", "small"),
        ];
        assert_eq!(read_from(&whole[1..]).unwrap().judge, None);
        assert_eq!(
            wrong(&whole[..2])
                .to_string()
                .matches("REELWRIGHT_JUDGE=openai")
                .count(),
            1
        );
        let config = read_from(&whole).unwrap();
        assert_eq!(config.text, TextChoice::Embedded);
        let judge = config.judge.unwrap();
        assert!(!judge.weight.counts() && (judge.patience_seconds - 20.0).abs() < 1e-12);
        let with = |name, value| {
            let mut pairs = whole.to_vec();
            pairs.push((name, value));
            read_from(&pairs)
        };
        let judge = with("REELWRIGHT_JUDGE_WEIGHT", "0.3")
            .unwrap()
            .judge
            .unwrap();
        assert!((judge.weight.share() - 0.3).abs() < 1e-12);
        for (name, value) in [
            ("REELWRIGHT_JUDGE_WEIGHT", "30"),
            ("REELWRIGHT_JUDGE_WEIGHT", "-0.1"),
            ("REELWRIGHT_JUDGE_WEIGHT", "0.333"),
            ("REELWRIGHT_JUDGE_TIMEOUT_SECONDS", "90"),
        ] {
            assert_eq!(with(name, value).unwrap_err().variable, name, "{value}");
        }
        assert_eq!(
            wrong(&[("REELWRIGHT_JUDGE", "me")]).variable,
            "REELWRIGHT_JUDGE"
        );
    }

    #[test]
    fn pictures_and_voices_of_the_cloud_have_defaults_and_refuse_wrong_names() {
        let config = read_from(&[
            ("REELWRIGHT_PICTURES", "stability"),
            ("REELWRIGHT_SPEECH", "polly"),
        ])
        .unwrap();
        assert!(
            matches!(&config.pictures, PicturesChoice::Stability(choice) if choice.model.as_str() == PICTURE_MODEL)
        );
        assert!(
            matches!(&config.speech, SpeechChoice::Polly(choice) if choice.voice.name() == "Joanna")
        );
        let error = wrong(&[
            ("REELWRIGHT_PICTURES", "stability"),
            ("REELWRIGHT_PICTURES_MODEL", "amazon.nova-canvas-v1:0"),
        ])
        .to_string();
        assert!(
            error.contains("REELWRIGHT_PICTURES_MODEL") && error.contains("end of their life"),
            "{error}"
        );
        let error = wrong(&[
            ("REELWRIGHT_SPEECH", "polly"),
            ("REELWRIGHT_POLLY_VOICE", "Joana"),
        ]);
        assert_eq!(error.variable, "REELWRIGHT_POLLY_VOICE");
    }
}
