//! Stability's models behind Amazon Bedrock's InvokeModel.

use domain::{Palette, Role, Visual};
use serde_json::json;

use super::wire::{Reply, Seen, aws_at, server};
use super::{body_of, cache, kind, paid};
use crate::cover::tests::png_of;
use crate::stability::Stability;
use crate::{
    Answer, Drawing, PictureModel, PictureProvider, PictureRequest, ProviderError, Providers,
    StabilityChoice,
};

fn request(seed: u64) -> PictureRequest {
    PictureRequest {
        visual: Visual::Statement {
            text: "Bees dance to show the way.".to_owned(),
            emphasis: None,
        },
        role: Role::Context,
        palette: Palette::default(),
        font: None,
        logo: None,
        photo: None,
        size: (180, 320),
        seed,
        scene: 1,
        style: domain::Style::Classic,
        platform: domain::Platform::Any,
        spoken: vec![],
        planned_wpm: 150,
        moving: false,
    }
}

fn picture() -> Vec<u8> {
    png_of(90, 160, |x, y| [(x * 2) as u8, (y % 256) as u8, 200])
}

fn made(image: &[u8]) -> Reply {
    let image = aws_smithy_types::base64::encode(image);
    let body = json!({ "seeds": [7], "finish_reasons": [null], "images": [image] });
    Reply::json("200 OK", body.to_string())
}

async fn draw(replies: Vec<Reply>) -> (Result<Answer<Drawing>, ProviderError>, Seen) {
    let (url, seen) = server(replies).await;
    let choice = StabilityChoice {
        model: PictureModel::parse("stability.stable-image-core-v1:1").unwrap(),
        timeout_seconds: 0.5,
        usd_per_picture: 0.04,
    };
    let artist = Stability::new(&aws_at(&url).await, &choice, cache());
    (paid(artist.draw(request(5))).await, seen)
}

async fn failure(reply: Reply) -> ProviderError {
    draw(vec![reply]).await.0.unwrap_err()
}

#[tokio::test]
async fn a_picture_lies_under_the_artists_own_words() {
    let (answer, seen) = draw(vec![made(&picture())]).await;
    let answer = answer.unwrap();
    assert!(
        (answer.cost_usd - 0.04).abs() < 1e-12,
        "{}",
        answer.cost_usd
    );
    let config = crate::ProvidersConfig {
        judge: None,
        text: crate::TextChoice::Embedded,
        speech: crate::SpeechChoice::None,
        pictures: crate::PicturesChoice::Embedded,
        voice: None,
    };
    let embedded = Providers::for_pictures(&config, &cache()).await.unwrap();
    let plain = embedded.pictures.draw(request(5)).await.unwrap().value;
    assert_eq!(answer.value.foreground_png, plain.foreground_png);
    assert_eq!(answer.value.boxes, plain.boxes);
    assert_ne!(answer.value.background_png, plain.background_png);
    let size = |png: &[u8]| png[16..24].to_vec();
    assert_eq!(
        size(&answer.value.background_png),
        size(&plain.background_png)
    );
    let sent = seen.lock().unwrap()[0].clone();
    assert!(
        sent.starts_with("POST /model/stability.stable-image-core-v1%3A1/invoke HTTP/1.1\r\n"),
        "{sent}"
    );
    assert!(
        sent.to_lowercase()
            .contains("authorization: aws4-hmac-sha256 "),
        "{sent}"
    );
    let body = body_of(&sent);
    assert!(body["prompt"].as_str().unwrap().contains("Bees dance"));
    assert_eq!(body["aspect_ratio"], "9:16");
    assert_eq!(body["output_format"], "png");
    assert!(body["seed"].as_u64().unwrap() > 0);
    let (again, seen) = draw(vec![made(&picture())]).await;
    assert_eq!(again.unwrap().value, answer.value);
    assert_eq!(body_of(&seen.lock().unwrap()[0])["seed"], body["seed"]);
}

#[tokio::test]
async fn each_way_of_failing_has_its_name() {
    let finished = |reason: &str| {
        let body = json!({ "finish_reasons": [reason] });
        Reply::json("200 OK", body.to_string())
    };
    let image = |image: &str| {
        let body = json!({ "finish_reasons": [null], "images": [image] });
        Reply::json("200 OK", body.to_string())
    };
    for (reply, wanted, told) in [
        (
            finished("Filter reason: prompt"),
            "refused",
            "Filter reason: prompt",
        ),
        (finished("Filter reason: output image"), "refused", "reword"),
        (finished("Inference error"), "transient", "Inference error"),
        (
            Reply::error(
                "429 Too Many Requests",
                "ServiceQuotaExceededException",
                "quota",
            ),
            "transient",
            "quota",
        ),
        (
            Reply::Hang,
            "transient",
            "REELWRIGHT_PICTURES_TIMEOUT_SECONDS",
        ),
        (
            Reply::Half("200 OK", String::new(), vec![b'{'; 64]),
            "transient",
            "answer",
        ),
        (
            Reply::error(
                "404 Not Found",
                "ResourceNotFoundException",
                "end of its life",
            ),
            "permanent",
            "REELWRIGHT_PICTURES_MODEL",
        ),
        (Reply::json("200 OK", "{}"), "permanent", "no image"),
        (Reply::json("200 OK", "hello"), "permanent", "no picture"),
        (image("***"), "permanent", "no picture"),
        (image("aGVsbG8="), "permanent", "no PNG"),
    ] {
        let found = failure(reply).await;
        assert_eq!(kind(&found), wanted, "{found}");
        let message = found.to_string();
        assert!(
            message.contains(told) && message.contains("stable-image-core"),
            "{told}: {message}"
        );
    }
}
