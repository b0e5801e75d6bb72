//! The compose task: puts narrations, music, pictures and clips together into the finished video.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    ArtifactRef, Clip, ContentKey, Hook, MediaType, Narration, Palette, Picture, Platform, Posts,
    Script, Story, Style, Varied, Video,
};
use media::{Assets, Film, Hooks, MediaError, Produced, SceneAssets};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError, in_turn};
use serde::Serialize;
use typeset::Fonts;

/// The compose task.
pub struct ComposeTask;

/// What the video depends on.
#[derive(Serialize)]
pub struct ComposeInput {
    narrations: Vec<Narration>,
    pictures: Vec<Picture>,
    clips: Vec<Clip>,
    #[serde(skip_serializing_if = "Option::is_none")]
    music: Option<ArtifactRef>,
    palette: Palette,
    font: Option<ArtifactRef>,
    size: (u32, u32),
    draft: bool,
    platform: Platform,
    style: Style,
    seed: u64,
    target_seconds: u32,
    /// What it is posted with.
    posts: Posts,
    /// Which variant of the thumbnail it is to have, where thumbnails are compared and it isn't the control.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail: Option<u32>,
}

/// The space of the artifact store that holds encoded segments by content key.
const SEGMENTS: &str = "segments";

#[async_trait]
impl Task for ComposeTask {
    const NAME: &'static str = "compose";
    const VERSION: u32 = 5;
    type Input = ComposeInput;
    type Output = Video;

    fn fingerprint(_services: &Services) -> String {
        format!("media/{}", media::RENDER_VERSION)
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<ComposeInput, TaskError> {
        let brief = inputs.brief().await?;
        let script: Script = inputs.one("script").await?;
        let (story, hook): (Story, Hook) = (inputs.one("story").await?, inputs.one("hook").await?);
        Ok(ComposeInput {
            posts: writer::posts(&brief, &story, &script, &hook),
            narrations: inputs.each("audio", script.scenes.len()).await?,
            pictures: inputs.each("images", script.scenes.len()).await?,
            clips: inputs.each("video", script.moving().len()).await?,
            music: Inputs::asset(brief.music.as_ref())?,
            size: brief.frame_size(),
            draft: brief.draft,
            palette: brief.brand.palette,
            font: Inputs::asset(brief.brand.font.as_ref())?,
            platform: brief.platform,
            style: brief.brand.style,
            seed: brief.seed,
            target_seconds: brief.target_seconds,
            thumbnail: inputs
                .varies(Varied::Thumbnail)
                .map(|variant| variant.number),
        })
    }

    async fn run(
        context: &TaskContext<'_>,
        input: ComposeInput,
    ) -> Result<Answer<Video>, TaskError> {
        let poster = poster(input.thumbnail, input.pictures.len())?;
        let blobs = load(context, &input).await?;
        let font = context.load_optional(input.font.as_ref()).await?;
        let (size, draft, target_seconds) = (input.size, input.draft, input.target_seconds);
        let posts = input.posts.clone();
        let services = context.services().clone();
        // Set when this future is dropped, because nobody waits for it any more: the rendering then stops.
        let unwanted = Unwanted::default();
        let stop = Arc::clone(&unwanted.0);
        let storage = tokio::runtime::Handle::current();
        let produced =
            in_turn(move || produce(&input, poster, &blobs, font, &services, &storage, &stop))
                .await
                .map_err(|error| TaskError::Permanent(format!("rendering broke off: {error}")))??;
        let missed = missed(target_seconds, produced.length_ms);
        let mut answer = store(context, produced, &posts, size).await?;
        answer.degraded.extend(missed);
        answer.degraded.extend(draft.then(|| drafted(size)));
        Ok(answer)
    }
}

/// What to say of a video that is much shorter or longer than was asked for: by more than a quarter.
fn missed(target_seconds: u32, length_ms: u32) -> Option<String> {
    let (target, length) = (f64::from(target_seconds), f64::from(length_ms) / 1000.0);
    let remedy = if length > target * 1.25 {
        "shorten the brief, or ask for more"
    } else if length < target * 0.75 {
        "add key points or a source text, or ask for less"
    } else {
        return None;
    };
    Some(format!(
        "the video takes {length:.1} s, and {target_seconds} s were asked for: {remedy}"
    ))
}

/// What to say of a draft: it is not to be published by itself.
fn drafted((width, height): (u32, u32)) -> String {
    format!("a draft of {width} x {height} pixels: make it without `draft` to publish it")
}

/// The scene that the thumbnail shows, from 0: the first, and for each further variant the next. The last one asks the viewer for something, which
/// is no picture of the video.
fn poster(variant: Option<u32>, scenes: usize) -> Result<usize, TaskError> {
    let scene = variant.unwrap_or(1).saturating_sub(1) as usize;
    if scene == 0 || scene + 1 < scenes {
        return Ok(scene);
    }
    Err(TaskError::InvalidInput(format!(
        "thumbnail {} was asked for, and the video has {} scenes to choose from: ask for fewer variants, or for a longer video",
        scene + 1,
        scenes.saturating_sub(1)
    )))
}

#[derive(Default)]
struct Unwanted(Arc<AtomicBool>);

impl Drop for Unwanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Every picture, sprite, sound and piece of music of a film.
fn named(input: &ComposeInput) -> Vec<&ArtifactRef> {
    let pictures = input
        .pictures
        .iter()
        .flat_map(|picture| [Some(&picture.background), picture.foreground.as_ref()]);
    let sprites = input
        .clips
        .iter()
        .flat_map(|clip| &clip.sprites)
        .chain(input.pictures.iter().flat_map(|picture| &picture.sprites))
        .map(|sprite| Some(&sprite.image));
    let sounds = input
        .narrations
        .iter()
        .map(|narration| narration.audio.as_ref());
    let music = std::iter::once(input.music.as_ref());
    let all = pictures.chain(sprites).chain(sounds).chain(music);
    all.flatten().collect()
}

async fn load(
    context: &TaskContext<'_>,
    input: &ComposeInput,
) -> Result<BTreeMap<ContentKey, Vec<u8>>, TaskError> {
    let mut blobs = BTreeMap::new();
    for stored in named(input) {
        if !blobs.contains_key(&stored.key) {
            blobs.insert(stored.key.clone(), context.load(stored).await?);
        }
    }
    Ok(blobs)
}

/// Renders what isn't known by its content key yet, and joins the film. Runs on a thread of its own.
fn produce(
    input: &ComposeInput,
    poster: usize,
    blobs: &BTreeMap<ContentKey, Vec<u8>>,
    font: Option<Vec<u8>>,
    services: &Services,
    storage: &tokio::runtime::Handle,
    stop: &AtomicBool,
) -> Result<Produced, TaskError> {
    let fonts = match font {
        None => Fonts::builtin(),
        Some(bytes) => {
            Fonts::with_font(bytes).map_err(|error| TaskError::InvalidInput(error.to_string()))?
        }
    };
    let scenes = input
        .pictures
        .iter()
        .enumerate()
        .map(|(at, picture)| SceneAssets {
            picture,
            clip: input.clips.iter().find(|clip| clip.scene as usize == at),
        });
    let look = media::Look::new(input.style, &input.palette, input.platform);
    let font_key = input.font.as_ref().map(|font| &font.key);
    let film = Film {
        narrations: input.narrations.iter().collect(),
        music: input.music.as_ref(),
        assets: Assets::new(
            scenes.collect(),
            &look,
            &fonts,
            font_key,
            input.size,
            input.seed,
            blobs,
        ),
        transition_ms: look.transition_ms(),
        poster,
        threads: std::thread::available_parallelism().map_or(2, usize::from),
    };
    let artifacts = &services.artifacts;
    let hooks = Hooks {
        reuse: &|key| match storage.block_on(artifacts.get_keyed(SEGMENTS, key)) {
            Ok(found) => found.map(|bytes| bytes.to_vec()),
            Err(error) => {
                tracing::warn!(%error, "a segment can't be looked up, so it is rendered again");
                None
            }
        },
        done: &|key, bytes| {
            // The video doesn't hang on it: a segment that isn't kept is rendered again the next time.
            if let Err(error) =
                storage.block_on(artifacts.put_keyed(SEGMENTS, key, Bytes::copy_from_slice(bytes)))
            {
                tracing::warn!(%error, "a segment can't be kept");
            }
        },
        progress: &|_, _| !stop.load(Ordering::Relaxed),
    };
    film.produce(&hooks).map_err(|error| match error {
        MediaError::Stopped => TaskError::Cancelled(error.to_string()),
        other => TaskError::Permanent(other.to_string()),
    })
}

async fn store(
    context: &TaskContext<'_>,
    produced: Produced,
    posts: &Posts,
    (width, height): (u32, u32),
) -> Result<Answer<Video>, TaskError> {
    let posts = serde_json::to_vec_pretty(posts)
        .map_err(|error| TaskError::Permanent(format!("the posts can't be written: {error}")))?;
    let video = Video {
        posts: Some(context.store(posts, MediaType::Json).await?),
        video: context.store(produced.mp4, MediaType::Mp4).await?,
        vtt: context
            .store(produced.vtt.into_bytes(), MediaType::Vtt)
            .await?,
        srt: context
            .store(produced.srt.into_bytes(), MediaType::Srt)
            .await?,
        thumbnail: context
            .store(produced.thumbnail_png, MediaType::Png)
            .await?,
        width,
        height,
        fps: media::FPS,
        length_ms: produced.length_ms,
        loudness_lufs: produced.loudness.map(|loudness| loudness.integrated_lufs),
        true_peak_dbtp: produced.loudness.map(|loudness| loudness.true_peak_dbtp),
        words: produced.words,
        scene_starts_ms: produced.scene_starts_ms,
        segments: produced.segments,
    };
    Ok(Answer::free(video))
}

#[cfg(test)]
mod tests {
    use super::{missed, poster};

    #[test]
    fn each_thumbnail_shows_another_scene_but_the_last() {
        assert_eq!(poster(None, 2).ok(), Some(0));
        assert_eq!(poster(Some(2), 4).ok(), Some(1));
        assert_eq!(poster(Some(3), 4).ok(), Some(2));
        let refused = poster(Some(4), 4).err().map(|error| error.to_string());
        assert!(refused.is_some_and(|error| error.contains("3 scenes")));
    }

    #[test]
    fn a_length_that_misses_by_more_than_a_quarter_is_told() {
        assert_eq!(missed(20, 15_000), None);
        assert_eq!(missed(20, 25_000), None);
        for (length_ms, words) in [(14_900, "14.9 s"), (25_100, "25.1 s")] {
            let reason = missed(20, length_ms).unwrap_or_default();
            assert!(
                reason.contains(words) && reason.contains("20 s"),
                "{reason}"
            );
        }
    }
}
