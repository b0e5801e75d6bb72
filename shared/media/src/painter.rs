//! Frames of one segment, drawn one after the other.

use std::ops::Range;
use std::sync::Arc;

use crate::backdrop::{Motion, Scratch};
use crate::caption::Caption;
use crate::enter::{self, Entrance, Pose, Shown};
use crate::layer::Layer;
use crate::look::Transition;
use crate::planes::Planes;
use crate::spec::{Cue, Shot, entrances};
use crate::{Assets, MediaError, SegmentSpec};

/// Frames in which a caption fades in.
const CAPTION_FADE: u32 = 3;

/// A scene's pictures, decoded.
struct Stage<'a> {
    shot: &'a Shot,
    backdrop: Arc<Planes>,
    motion: Motion,
    foreground: Option<Arc<Layer>>,
    /// Those that are seen in the frames to be drawn.
    sprites: Vec<(Arc<Layer>, Entrance)>,
}

impl<'a> Stage<'a> {
    /// The stage for some frames of the shot, counted from the segment's first.
    fn new(shot: &'a Shot, assets: &Assets, frames: &Range<u32>) -> Result<Self, MediaError> {
        let scene = assets.scene(shot.scene)?;
        let frames = shot.first + frames.start..shot.first.saturating_add(frames.end);
        let sprites = entrances(shot, &scene)
            .into_iter()
            .enumerate()
            .filter(|(_, entrance)| entrance.seen_in(&frames))
            .map(|(at, entrance)| Ok((assets.sprite(shot.scene, at)?, entrance)))
            .collect::<Result<_, MediaError>>()?;
        Ok(Self {
            shot,
            backdrop: assets.backdrop(shot.scene)?,
            motion: scene.picture.movement.map_or_else(
                || {
                    let background = &scene.picture.background.key;
                    Motion::seeded(assets.seed, background.as_str().as_bytes())
                },
                Motion::Given,
            ),
            foreground: assets.foreground(shot.scene)?,
            sprites,
        })
    }

    /// Draws the background as it is `at` frames after the scene came into view.
    fn backdrop(&self, at: u32, frame: &mut Planes, scratch: &mut Scratch) {
        let time = (f64::from(at) + 0.5) / f64::from(self.shot.in_view.max(1));
        self.motion.draw(&self.backdrop, time, frame, scratch);
    }

    /// Lays over it what stands before the background, at most with this opacity.
    fn layers(&self, at: u32, frame: &mut Planes, opacity: u16) {
        let width = frame.width as u32;
        if let Some(foreground) = &self.foreground {
            let pose = enter::foreground(at, self.shot.enter_at, width);
            posed(foreground, pose, frame, opacity);
        }
        for (sprite, entrance) in &self.sprites {
            posed(sprite, enter::sprite(entrance, at, width), frame, opacity);
        }
    }
}

fn posed(layer: &Layer, pose: Pose, frame: &mut Planes, most: u16) {
    let opacity = (u32::from(pose.opacity) * u32::from(most) / 256) as u16;
    if opacity == 0 {
        return;
    }
    let placed = Pose {
        opacity: 256,
        shown: Shown::All,
        ..pose
    };
    if placed == Pose::REST {
        layer.draw_shown(frame, opacity, pose.shown);
    } else {
        layer
            .transformed(pose.scale, pose.dx, pose.dy)
            .draw(frame, opacity);
    }
}

/// Draws the frames of one segment.
pub(crate) struct Painter<'a> {
    spec: &'a SegmentSpec,
    assets: &'a Assets<'a>,
    stages: Vec<Stage<'a>>,
    captioned: bool,
    /// The caption on screen and its cue, then its picture with the word that is marked in it.
    caption: Option<(usize, Caption)>,
    drawn: Option<(usize, Option<usize>, Layer)>,
    second: Option<Planes>,
    scratch: Scratch,
}

impl<'a> Painter<'a> {
    /// For some of the segment's frames.
    pub(crate) fn new(
        spec: &'a SegmentSpec,
        assets: &'a Assets<'a>,
        frames: &Range<u32>,
    ) -> Result<Self, MediaError> {
        let stages = spec
            .shots
            .iter()
            .map(|shot| Stage::new(shot, assets, frames))
            .collect::<Result<Vec<_>, _>>()?;
        let (width, height) = assets.size;
        let second = (stages.len() > 1).then(|| Planes::new(width as usize, height as usize));
        let captioned = spec.captioned(assets);
        Ok(Self {
            spec,
            assets,
            stages,
            captioned,
            caption: None,
            drawn: None,
            second,
            scratch: Scratch::default(),
        })
    }

    /// Draws frame `at` of the segment.
    pub(crate) fn paint(&mut self, at: u32, frame: &mut Planes) {
        let first = self.spec.shots[0].first + at;
        self.stages[0].backdrop(first, frame, &mut self.scratch);
        if let Some(second) = &mut self.second {
            let next = self.spec.shots[1].first + at;
            self.stages[1].backdrop(next, second, &mut self.scratch);
            let share = f64::from(at + 1) / f64::from(self.spec.frames + 1);
            let eased = share * share * (3.0 - 2.0 * share);
            match self.assets.look.transition() {
                Transition::Fade => frame.blend(second, (eased * 256.0).round() as u16),
                Transition::Push => frame.push(second, eased),
                Transition::Wipe => frame.wipe(second, eased),
            }
            // Words of two scenes over each other can't be read: the old ones are gone when the new ones come.
            let left = (1.0 - 2.0 * share).max(0.0);
            self.stages[0].layers(first, frame, (left * 256.0).round() as u16);
            self.stages[1].layers(next, frame, 256);
        } else {
            self.stages[0].layers(first, frame, 256);
        }
        if self.captioned {
            self.draw_caption(first, frame);
        }
    }

    fn draw_caption(&mut self, at: u32, frame: &mut Planes) {
        let Some(number) = self
            .spec
            .cues
            .iter()
            .position(|cue| (cue.from..cue.until).contains(&at))
        else {
            return;
        };
        let cue: &Cue = &self.spec.cues[number];
        let marked = cue.words.iter().rposition(|(_, starts)| *starts <= at);
        if self
            .drawn
            .as_ref()
            .is_none_or(|(cue, word, _)| (*cue, *word) != (number, marked))
        {
            let caption = match self.caption.take() {
                Some((cue, caption)) if cue == number => caption,
                _ => Caption::new(cue, self.assets),
            };
            self.drawn = Some((number, marked, caption.layer(marked)));
            self.caption = Some((number, caption));
        }
        if let Some((_, _, layer)) = &self.drawn {
            // It is all there when its first word is spoken. One that follows another at once takes its place: the plate would flicker.
            let joined = self.spec.cues.iter().any(|other| other.until == cue.from);
            let lead = cue
                .words
                .first()
                .map_or(0, |(_, starts)| starts.saturating_sub(cue.from));
            let fade = if joined {
                1
            } else {
                CAPTION_FADE.min(lead + 1)
            };
            let share = (at - cue.from + 1).min(fade);
            layer.draw(frame, (256 * share / fade) as u16);
        }
    }

    /// Draws how the first scene stands when everything has come in, without a caption.
    pub(crate) fn at_rest(&mut self, frame: &mut Planes) {
        let stage = &self.stages[0];
        stage
            .motion
            .draw(&stage.backdrop, 0.5, frame, &mut self.scratch);
        let layers = stage.foreground.as_deref().into_iter().chain(
            stage
                .sprites
                .iter()
                .filter(|(_, entrance)| entrance.until.is_none())
                .map(|(layer, _)| layer.as_ref()),
        );
        layers.for_each(|layer| layer.draw(frame, 256));
    }
}
