//! Frames of one segment, drawn one after the other.

use std::sync::Arc;

use domain::Enter;

use crate::backdrop::{Motion, Scratch};
use crate::caption::Caption;
use crate::enter::{self, Pose};
use crate::layer::Layer;
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
    sprites: Vec<(Layer, Enter, u32)>,
}

impl<'a> Stage<'a> {
    fn new(shot: &'a Shot, assets: &Assets) -> Result<Self, MediaError> {
        let scene = assets.scene(shot.scene)?;
        let sprites = match scene.clip {
            Some(clip) => {
                let moves = clip
                    .sprites
                    .iter()
                    .map(|sprite| sprite.enter)
                    .zip(entrances(shot, clip));
                assets
                    .sprites(shot.scene)?
                    .into_iter()
                    .zip(moves)
                    .map(|(layer, (enter, at))| (layer, enter, at))
                    .collect()
            }
            None => Vec::new(),
        };
        Ok(Self {
            shot,
            backdrop: assets.backdrop(shot.scene)?,
            motion: Motion::seeded(
                assets.seed,
                scene.picture.background.key.as_str().as_bytes(),
            ),
            foreground: assets.foreground(shot.scene)?,
            sprites,
        })
    }

    /// Draws the scene as it is `at` frames after it came into view.
    fn draw(&self, at: u32, frame: &mut Planes, scratch: &mut Scratch) {
        let time = (f64::from(at) + 0.5) / f64::from(self.shot.in_view.max(1));
        self.motion.draw(&self.backdrop, time, frame, scratch);
        let width = frame.width as u32;
        if let Some(foreground) = &self.foreground {
            posed(
                foreground,
                enter::foreground(at, self.shot.enter_at, width),
                frame,
            );
        }
        for (sprite, enter, starts) in &self.sprites {
            posed(sprite, enter::sprite(*enter, at, *starts, width), frame);
        }
    }
}

fn posed(layer: &Layer, pose: Pose, frame: &mut Planes) {
    if pose == Pose::REST {
        layer.draw(frame, 256);
    } else if pose.opacity > 0 {
        layer
            .transformed(pose.scale, pose.dx, pose.dy)
            .draw(frame, pose.opacity);
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
    pub(crate) fn new(spec: &'a SegmentSpec, assets: &'a Assets<'a>) -> Result<Self, MediaError> {
        let stages = spec
            .shots
            .iter()
            .map(|shot| Stage::new(shot, assets))
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
        self.stages[0].draw(self.spec.shots[0].first + at, frame, &mut self.scratch);
        if let Some(second) = &mut self.second {
            self.stages[1].draw(self.spec.shots[1].first + at, second, &mut self.scratch);
            let share = f64::from(at + 1) / f64::from(self.spec.frames + 1);
            let eased = share * share * (3.0 - 2.0 * share);
            frame.blend(second, (eased * 256.0).round() as u16);
        }
        if self.captioned {
            self.draw_caption(self.spec.shots[0].first + at, frame);
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
                _ => Caption::new(cue, self.assets.fonts, self.assets.size),
            };
            self.drawn = Some((number, marked, caption.layer(marked, self.assets.palette)));
            self.caption = Some((number, caption));
        }
        if let Some((_, _, layer)) = &self.drawn {
            // A caption that follows another at once takes its place without a fade: the plate would flicker.
            let joined = self.spec.cues.iter().any(|other| other.until == cue.from);
            let share = if joined {
                CAPTION_FADE
            } else {
                (at - cue.from + 1).min(CAPTION_FADE)
            };
            layer.draw(frame, (256 * share / CAPTION_FADE) as u16);
        }
    }

    /// Draws how the first scene stands when everything has come in, without a caption.
    pub(crate) fn at_rest(&mut self, frame: &mut Planes) {
        let stage = &self.stages[0];
        stage
            .motion
            .draw(&stage.backdrop, 0.5, frame, &mut self.scratch);
        let layers = stage
            .foreground
            .as_deref()
            .into_iter()
            .chain(stage.sprites.iter().map(|(layer, ..)| layer));
        layers.for_each(|layer| layer.draw(frame, 256));
    }
}
