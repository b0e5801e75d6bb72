//! Who sits where, by the constructors of functions.

use domain::Language;

use super::{brief, cache, kind};
use crate::{PicturesChoice, Providers, ProvidersConfig, SpeechChoice, SpeechRequest, TextChoice};

fn config() -> ProvidersConfig {
    ProvidersConfig {
        text: TextChoice::Embedded,
        speech: SpeechChoice::None,
        judge: None,
        pictures: PicturesChoice::Embedded,
        voice: None,
    }
}

#[tokio::test]
async fn a_function_gets_whom_it_asks_for_and_nobody_else_answers() {
    let writing = Providers::for_text(&config(), &cache()).await.unwrap();
    assert!(writing.text.story(&brief(), None).await.is_ok());
    let request = SpeechRequest {
        lines: vec!["Hello".to_owned()],
        language: Language::default(),
        planned_wpm: 150,
        pronunciations: domain::Pronunciations::default(),
    };
    let error = writing.speech.speak(&request).await.unwrap_err();
    assert!(
        kind(&error) == "permanent" && error.to_string().contains("anybody to speak"),
        "{error}"
    );
    let speaking = Providers::for_speech(&config(), &cache()).await.unwrap();
    assert!(speaking.speech.speak(&request).await.is_ok());
    let error = speaking.text.story(&brief(), None).await.unwrap_err();
    assert_eq!(kind(&error), "permanent");
    let drawing = Providers::for_pictures(&config(), &cache()).await.unwrap();
    assert!(drawing.pictures.fingerprint().starts_with("drawing/"));
    let none = Providers::none(&config(), &cache()).await.unwrap();
    assert_eq!(none.pictures.fingerprint(), "absent");
    let all = Providers::choose(&config(), &cache()).await.unwrap();
    assert_eq!(all.text.fingerprint(), writing.text.fingerprint());
    assert_eq!(all.speech.fingerprint(), speaking.speech.fingerprint());
    assert_eq!(all.pictures.fingerprint(), drawing.pictures.fingerprint());
}
