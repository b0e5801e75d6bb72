//! The whole way: pictures, clips and narrations in, the finished video out.

use std::panic::resume_unwind;

use domain::{ArtifactRef, Narration, SegmentRef, SpokenWord};

use crate::painter::Painter;
use crate::picture::encode_rgb;
use crate::planes::Planes;
use crate::{
    Assets, Hooks, Loudness, MediaError, SceneTiming, SegmentSpec, Timeline, TimelineInput, mux,
    render_all, soundtrack, srt, vtt,
};

/// What a film is made from.
pub struct Film<'a> {
    /// What each scene says, in order: one for each of the assets' scenes. Their sound comes from the assets' blobs.
    pub narrations: Vec<&'a Narration>,
    /// What plays below them, as [`crate::take_sound`] made it; its bytes come from the assets' blobs too.
    pub music: Option<&'a ArtifactRef>,
    /// What each scene shows.
    pub assets: Assets<'a>,
    /// Length of a cross-fade between two scenes in milliseconds.
    pub transition_ms: u32,
    /// The scene that the thumbnail shows, from 0.
    pub poster: usize,
    /// How many threads draw and encode; the result does not depend on it.
    pub threads: usize,
}

/// A finished film.
#[derive(Debug, Clone, PartialEq)]
pub struct Produced {
    /// The video: H.264 and AAC, index first.
    pub mp4: Vec<u8>,
    /// Captions as WebVTT.
    pub vtt: String,
    /// Captions as SubRip.
    pub srt: String,
    /// The scene that stands for the film, with everything in place, as PNG.
    pub thumbnail_png: Vec<u8>,
    /// Length in milliseconds.
    pub length_ms: u32,
    /// How loud it is before coding; `None` for a silent film.
    pub loudness: Option<Loudness>,
    /// Every word with its time in the film.
    pub words: Vec<SpokenWord>,
    /// When each scene starts, in milliseconds.
    pub scene_starts_ms: Vec<u32>,
    /// The pieces, in order.
    pub segments: Vec<SegmentRef>,
    /// How many of them had to be rendered; the others were kept from before.
    pub rendered: usize,
}

impl Film<'_> {
    /// When everything happens.
    pub fn timeline(&self) -> Result<Timeline, MediaError> {
        if self.narrations.len() != self.assets.scenes.len() {
            return Err(MediaError::Mismatch(format!(
                "there are {} narrations and {} pictures: give one of each a scene",
                self.narrations.len(),
                self.assets.scenes.len()
            )));
        }
        let scenes = self.narrations.iter().zip(&self.assets.scenes);
        let scenes = scenes
            .map(|(narration, scene)| SceneTiming {
                narration,
                moving: !scene.sprites().is_empty(),
            })
            .collect();
        Timeline::plan(&TimelineInput {
            scenes,
            transition_ms: self.transition_ms,
        })
    }

    /// Makes the film.
    pub fn produce(&self, hooks: &Hooks) -> Result<Produced, MediaError> {
        let timeline = self.timeline()?;
        // The sound is one thread's work: beside the pictures, it costs a film of few new pieces no time of its own.
        let (rendered, beside) = std::thread::scope(|scope| {
            let beside = scope.spawn(|| {
                let sound = soundtrack(&timeline, &self.narrations, self.music, self.assets.blobs)?;
                Ok((sound, thumbnail(&self.assets, self.poster)?))
            });
            let rendered = render_all(&timeline.segments(), &self.assets, self.threads, hooks);
            (rendered, beside.join())
        });
        let rendered = rendered?;
        let (sound, thumbnail_png) = beside.unwrap_or_else(|panic| resume_unwind(panic))?;
        let segments: Vec<_> = rendered.iter().map(|rendered| &rendered.segment).collect();
        Ok(Produced {
            mp4: mux(&segments, &sound)?,
            vtt: vtt(timeline.words(), timeline.groups()),
            srt: srt(timeline.words(), timeline.groups()),
            thumbnail_png,
            length_ms: timeline.length_ms(),
            loudness: sound.loudness,
            words: timeline.words().to_vec(),
            scene_starts_ms: timeline.scene_starts_ms(),
            rendered: rendered.iter().filter(|rendered| !rendered.reused).count(),
            segments: rendered
                .into_iter()
                .map(|rendered| SegmentRef {
                    name: rendered.name,
                    key: rendered.key,
                    frames: rendered.segment.frames(),
                })
                .collect(),
        })
    }

    /// Draws every frame without coding it, and hands out its planes (Y', and at half width and height Cb and Cr): what a coding of the
    /// film is compared with.
    pub fn draw(&self, mut each: impl FnMut([&[u8]; 3])) -> Result<(), MediaError> {
        let (width, height) = self.assets.size;
        let mut frame = Planes::new(width as usize, height as usize);
        for spec in self.timeline()?.segments() {
            let mut painter = Painter::new(&spec, &self.assets, &(0..spec.frames))?;
            for at in 0..spec.frames {
                painter.paint(at, &mut frame);
                each([&frame.y, &frame.u, &frame.v]);
            }
        }
        Ok(())
    }
}

/// A scene with everything in place and no caption, as a PNG of the frame's size.
pub fn thumbnail(assets: &Assets, scene: usize) -> Result<Vec<u8>, MediaError> {
    let (width, height) = (assets.size.0 as usize, assets.size.1 as usize);
    let spec = SegmentSpec::poster(scene);
    let mut frame = Planes::new(width, height);
    Painter::new(&spec, assets, &(0..u32::MAX))?.at_rest(&mut frame);
    encode_rgb(width, height, &frame.to_rgb(), "the thumbnail")
}
