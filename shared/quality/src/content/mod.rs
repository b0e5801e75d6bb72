//! What is judged: the words, and whatever is known of how they are spoken, shown and meant.

mod media;
mod speech;

use domain::{Brief, Hook, Narration, Role, Script, Video};

pub use media::MediaFacts;
pub use speech::{Speech, SpokenAt};

use crate::originality::Signature;
use crate::text::{Span, Text};

/// A scene's place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenePart {
    /// Where on the arc; absent for a plain text.
    pub role: Option<Role>,
    /// What is spoken in it.
    pub span: Span,
}

/// What is judged. A plain text is enough; whatever else is known is judged too.
#[derive(Debug, Clone, Default)]
pub struct Content {
    pub(crate) text: String,
    pub(crate) hook: Option<String>,
    pub(crate) scenes: Vec<ScenePart>,
    pub(crate) shown: Vec<String>,
    pub(crate) speech: Option<Speech>,
    pub(crate) brief: Option<Brief>,
    pub(crate) media: Option<MediaFacts>,
    pub(crate) earlier: Vec<Signature>,
    pub(crate) degraded: Vec<String>,
}

impl Content {
    /// A text of which nothing else is known. Its first sentence is taken for its hook.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// What is said in a script, with what is shown. A line is a sentence; scenes are paragraphs.
    pub fn of_script(script: &Script, hook: &Hook) -> Self {
        let mut text = String::new();
        let mut scenes = Vec::with_capacity(script.scenes.len());
        for (at, scene) in script.scenes.iter().enumerate() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let start = text.len();
            for (line_at, line) in script.spoken(hook, at).iter().enumerate() {
                if line_at > 0 {
                    text.push(' ');
                }
                text.push_str(line.text.trim());
            }
            scenes.push(ScenePart {
                role: Some(scene.role),
                span: Span {
                    start,
                    end: text.len(),
                },
            });
        }
        let lines: Vec<&str> = hook.lines.iter().map(|line| line.text.trim()).collect();
        let mut shown: Vec<String> = script
            .scenes
            .iter()
            .map(|scene| words_of(&scene.visual))
            .collect();
        shown.push(hook.on_screen.clone());
        Self {
            text,
            hook: Some(lines.join(" ")),
            scenes,
            shown,
            ..Self::default()
        }
    }

    /// With a hook of its own, such as a headline.
    #[must_use]
    pub fn with_hook(mut self, hook: impl Into<String>) -> Self {
        self.hook = Some(hook.into());
        self
    }

    /// With what was asked for.
    #[must_use]
    pub fn with_brief(mut self, brief: Brief) -> Self {
        self.brief = Some(brief.without_source());
        self
    }

    /// With the times in which it is spoken: a narration a scene, in order.
    #[must_use]
    pub fn with_narrations(mut self, narrations: &[Narration]) -> Self {
        self.speech = Some(Speech::of_narrations(narrations));
        self
    }

    /// With the finished video.
    #[must_use]
    pub fn with_video(mut self, video: &Video) -> Self {
        let spoken = self.speech.as_ref().map(|speech| speech.words.len());
        self.media = Some(MediaFacts::of_video(video, spoken));
        self
    }

    /// With what was measured of picture and sound.
    #[must_use]
    pub fn with_media(mut self, media: MediaFacts) -> Self {
        self.media = Some(media);
        self
    }

    /// With the signatures of what the same brand said before.
    #[must_use]
    pub fn with_earlier(mut self, earlier: Vec<Signature>) -> Self {
        self.earlier = earlier;
        self
    }

    /// With the reasons for which it is less than was asked for.
    #[must_use]
    pub fn with_degraded(mut self, reasons: Vec<String>) -> Self {
        self.degraded = reasons;
        self
    }

    /// All that is said: what the offsets of marks refer to.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What later scripts of the same brand are compared with; nothing for a text of less than three words.
    pub fn signature(&self) -> Option<Signature> {
        Signature::of(&Text::parse(&self.text))
    }

    /// The scene in which a byte of the text is spoken.
    pub fn scene_at(&self, byte: usize) -> Option<usize> {
        self.scenes
            .iter()
            .position(|scene| scene.span.start <= byte && byte < scene.span.end)
    }
}

fn words_of(visual: &domain::Visual) -> String {
    visual.texts().join("\n")
}
