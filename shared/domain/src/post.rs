//! The texts that a video is posted with.

use serde::{Deserialize, Serialize};

use crate::{Line, Platform};

/// What a platform's limit on a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Utf16,
    Characters,
    Bytes,
}

/// What a platform takes of a post's texts. The sources of the figures are named in `docs/posting.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostLimits {
    /// The most characters of a title.
    pub title: usize,
    /// The most hashtags.
    pub hashtags: usize,
    text: usize,
    unit: Unit,
    brackets: bool,
}

impl PostLimits {
    /// What a platform takes; of [`Platform::Any`], what all of them take.
    ///
    /// ```
    /// use domain::{Platform, PostLimits};
    /// let tiktok = PostLimits::of(Platform::TikTok);
    /// assert!(tiktok.holds(&"a".repeat(2200)) && !tiktok.holds(&"😀".repeat(1101)));
    /// assert!(!PostLimits::of(Platform::Shorts).holds("1 < 2"));
    /// ```
    pub const fn of(platform: Platform) -> Self {
        let (title, hashtags, text, unit, brackets) = match platform {
            Platform::TikTok => (2200, 5, 2200, Unit::Utf16, true),
            Platform::Reels => (2200, 5, 2200, Unit::Characters, true),
            Platform::Shorts => (100, 60, 5000, Unit::Bytes, false),
            Platform::Any => (100, 5, 2200, Unit::Bytes, false),
        };
        Self {
            title,
            hashtags,
            text,
            unit,
            brackets,
        }
    }

    /// Whether a platform takes this text as a post's.
    pub fn holds(&self, text: &str) -> bool {
        let length = match self.unit {
            Unit::Utf16 => text.encode_utf16().count(),
            Unit::Characters => text.chars().count(),
            Unit::Bytes => text.len(),
        };
        length <= self.text && (self.brackets || !text.contains(['<', '>']))
    }

    /// Whether the platform takes angle brackets.
    pub const fn takes_brackets(&self) -> bool {
        self.brackets
    }

    /// Whether a platform takes all of a post.
    pub fn take(&self, post: &Post) -> bool {
        let titled = post.title.chars().count() <= self.title
            && (self.brackets || !post.title.contains(['<', '>']));
        titled && post.hashtags.len() <= self.hashtags && self.holds(&post.text)
    }
}

/// What a video is posted with on one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The title. Only Shorts has a field for it.
    pub title: String,
    /// What it is about, in sentences that the video says.
    pub description: String,
    /// What the viewer is asked to do; absent where nothing can be asked in the brief's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_to_action: Option<String>,
    /// The hashtags, each with its `#`, the one that says most first.
    pub hashtags: Vec<String>,
    /// All of it but the title, as it goes into the field of the caption or the description.
    pub text: String,
    /// The sentences of the description, each with where it comes from.
    pub lines: Vec<Line>,
}

/// What a video is posted with: `posts.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posts {
    /// On `TikTok`.
    pub tiktok: Post,
    /// As a reel.
    pub reels: Post,
    /// As a short.
    pub shorts: Post,
}

impl Posts {
    /// Each post with its platform.
    pub fn each(&self) -> [(Platform, &Post); 3] {
        [
            (Platform::TikTok, &self.tiktok),
            (Platform::Reels, &self.reels),
            (Platform::Shorts, &self.shorts),
        ]
    }
}
