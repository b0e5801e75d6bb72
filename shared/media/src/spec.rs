//! What one segment of the film draws, and the key that it is known by.

use domain::{ContentKey, Movement, Sprite};
use serde::Serialize;

use crate::assets::SceneAssets;
use crate::enter::{Entrance, SPRITE};
use crate::look::{Look, Transition};
use crate::timeline::{ScenePlan, nearest};
use crate::{Assets, Timeline};

/// Raised whenever the same inputs would be drawn or encoded differently: old segments are then no longer used.
pub const RENDER_VERSION: u32 = 3;

/// Which piece of the film a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentKind {
    /// A scene, without its cross-fades.
    Scene(usize),
    /// The cross-fade from this scene to the next.
    Transition(usize),
}

/// A scene as one segment sees it. A scene is in view from the start of the cross-fade before it to the end of the one after it; frames
/// here count from the first of those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shot {
    /// The scene.
    pub(crate) scene: usize,
    /// The scene's frame that the segment begins with.
    pub(crate) first: u32,
    /// How many frames the scene is in view.
    pub(crate) in_view: u32,
    /// When the foreground comes in; at once in the first scene, whose first frame is often taken for the poster.
    pub(crate) enter_at: Option<u32>,
    /// When the sound begins.
    pub(crate) sound_at: u32,
    /// How long it lasts.
    pub(crate) sound_frames: u32,
    /// When each word starts; empty where nothing moves with the words.
    pub(crate) word_frames: Vec<u32>,
}

/// A caption as one segment sees it; frames count as in [`Shot`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Cue {
    /// The words and when each is marked.
    pub(crate) words: Vec<(String, u32)>,
    /// First frame in which it is shown.
    pub(crate) from: u32,
    /// First frame in which it no longer is.
    pub(crate) until: u32,
}

/// One piece of the film: what it shows and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSpec {
    /// Which piece.
    pub kind: SegmentKind,
    /// `scene 2`, `transition 2-3`: scenes counted from 0, as in the script.
    pub name: String,
    /// Its first frame in the film. Not part of its key.
    pub start: u32,
    /// Its length in frames.
    pub frames: u32,
    pub(crate) shots: Vec<Shot>,
    pub(crate) cues: Vec<Cue>,
}

fn shot(timeline: &Timeline, scene: usize, first: u32) -> Shot {
    let plan = &timeline.scenes()[scene];
    let before = before(timeline, scene);
    let after = if scene + 1 < timeline.scenes().len() {
        timeline.fade_in
    } else {
        0
    };
    let word_frames = if plan.moving {
        plan.word_frames
            .iter()
            .map(|frame| before + frame)
            .collect()
    } else {
        Vec::new()
    };
    Shot {
        scene,
        first,
        in_view: before + plan.frames + after,
        enter_at: (scene > 0).then_some(before),
        sound_at: before + plan.sound_at,
        sound_frames: plan.sound_frames,
        word_frames,
    }
}

/// How many frames a scene is in view before its slot.
fn before(timeline: &Timeline, scene: usize) -> u32 {
    if scene > 0 { timeline.fade_out } else { 0 }
}

impl SegmentSpec {
    pub(crate) fn scene(timeline: &Timeline, scene: usize) -> Self {
        let plan: &ScenePlan = &timeline.scenes()[scene];
        let lead = if scene > 0 { timeline.fade_in } else { 0 };
        let trail = if scene + 1 < timeline.scenes().len() {
            timeline.fade_out
        } else {
            0
        };
        let before = before(timeline, scene);
        let relative = |frame: u32| frame - plan.start + before;
        let cues = timeline
            .groups()
            .iter()
            .filter(|group| group.scene == scene)
            .map(|group| Cue {
                words: group
                    .words
                    .clone()
                    .map(|word| {
                        (
                            timeline.words()[word].text.clone(),
                            before + plan.word_frames[word - plan.words.start],
                        )
                    })
                    .collect(),
                from: relative(group.from),
                until: relative(group.until),
            })
            .collect();
        Self {
            kind: SegmentKind::Scene(scene),
            name: format!("scene {scene}"),
            start: plan.start + lead,
            frames: plan.frames - lead - trail,
            shots: vec![shot(timeline, scene, before + lead)],
            cues,
        }
    }

    pub(crate) fn transition(timeline: &Timeline, from: usize) -> Self {
        let plan = &timeline.scenes()[from];
        let end = plan.frames - timeline.fade_out;
        Self {
            kind: SegmentKind::Transition(from),
            name: format!("transition {from}-{}", from + 1),
            start: plan.start + end,
            frames: timeline.fade_out + timeline.fade_in,
            shots: vec![
                shot(timeline, from, before(timeline, from) + end),
                shot(timeline, from + 1, 0),
            ],
            cues: Vec::new(),
        }
    }

    /// A scene as it stands when everything has come in.
    pub(crate) fn poster(scene: usize) -> Self {
        let shot = Shot {
            scene,
            first: 0,
            in_view: 1,
            enter_at: None,
            sound_at: 0,
            sound_frames: 0,
            word_frames: Vec::new(),
        };
        Self {
            kind: SegmentKind::Scene(scene),
            name: "thumbnail".to_owned(),
            start: 0,
            frames: 1,
            shots: vec![shot],
            cues: Vec::new(),
        }
    }

    /// The digest of exactly what the segment draws: pictures, sprites, the words shown and their times within the scene, palette, font,
    /// size and encoder settings. Where in the film it stands is not part of it.
    pub fn key(&self, assets: &Assets) -> ContentKey {
        let shots: Vec<_> = self
            .shots
            .iter()
            .map(|shot| {
                let scene = assets.scenes.get(shot.scene);
                ShotKey {
                    first: shot.first,
                    in_view: shot.in_view,
                    enter_at: shot.enter_at,
                    background: scene.map(|scene| scene.picture.background.key.as_str()),
                    movement: scene.and_then(|scene| scene.picture.movement),
                    foreground: scene
                        .and_then(|scene| Some(scene.picture.foreground.as_ref()?.key.as_str())),
                    sprites: scene.map_or_else(Vec::new, |scene| {
                        let sprites = scene.sprites().iter().zip(entrances(shot, scene));
                        sprites
                            .map(|(sprite, entrance)| {
                                (sprite.image.key.as_str(), sprite.x, sprite.y, entrance)
                            })
                            .collect()
                    }),
                }
            })
            .collect();
        let cues = if self.captioned(assets) {
            self.cues.as_slice()
        } else {
            &[]
        };
        let key = Key {
            version: RENDER_VERSION,
            encoder: crate::encode::SETTINGS,
            size: assets.size,
            seed: assets.seed,
            frames: self.frames,
            shots,
            caption: (!cues.is_empty()).then(|| (assets.look, assets.font_key())),
            cues,
            transition: matches!(self.kind, SegmentKind::Transition(_))
                .then(|| assets.look.transition()),
        };
        ContentKey::of_bytes(
            &serde_json::to_vec(&key)
                .unwrap_or_else(|_| unreachable!("plain numbers and text always become JSON")),
        )
    }

    /// Whether captions are burnt in: not where a clip's own type reaches into the band that they stand in.
    pub(crate) fn captioned(&self, assets: &Assets) -> bool {
        let SegmentKind::Scene(scene) = self.kind else {
            return false;
        };
        let Some(clip) = assets.scenes.get(scene).and_then(|scene| scene.clip) else {
            return true;
        };
        let band = assets.caption_band();
        clip.boxes
            .iter()
            .all(|found| found.y + found.height <= band.start || found.y >= band.end)
    }
}

#[derive(Serialize)]
struct Key<'a> {
    version: u32,
    encoder: &'a str,
    size: (u32, u32),
    seed: u64,
    frames: u32,
    shots: Vec<ShotKey<'a>>,
    caption: Option<(&'a Look, String)>,
    /// How two scenes give way to each other, in a transition.
    transition: Option<Transition>,
    cues: &'a [Cue],
}

#[derive(Serialize)]
struct ShotKey<'a> {
    first: u32,
    in_view: u32,
    enter_at: Option<u32>,
    background: Option<&'a str>,
    /// How it moves, where the seed doesn't say.
    #[serde(skip_serializing_if = "Option::is_none")]
    movement: Option<Movement>,
    foreground: Option<&'a str>,
    sprites: Vec<(&'a str, i32, i32, Entrance)>,
}

/// How each sprite of a scene comes in: with its word where it has one; else at the planned time, stretched between the neighbouring words
/// as those are.
pub(crate) fn entrances(shot: &Shot, scene: &SceneAssets<'_>) -> Vec<Entrance> {
    let sprites = scene.sprites();
    let spoken = |sprite: &Sprite| {
        sprite
            .word
            .and_then(|word| shot.word_frames.get(word as usize).copied())
    };
    let mut known: Vec<(u32, u32)> = sprites
        .iter()
        .filter_map(|sprite| Some((sprite.planned_ms, spoken(sprite)?)))
        .collect();
    known.sort_unstable();
    let mut anchors = vec![(0, shot.sound_at)];
    for (ms, at) in known {
        let (planned, frame) = anchors[anchors.len() - 1];
        if ms > planned && at >= frame {
            anchors.push((ms, at));
        }
    }
    let (planned, frame) = anchors[anchors.len() - 1];
    anchors.push((
        scene.planned_ms().max(planned + 1),
        (shot.sound_at + shot.sound_frames).max(frame),
    ));
    let between = |ms: u32| {
        let right = anchors
            .iter()
            .position(|anchor| anchor.0 >= ms)
            .unwrap_or(anchors.len() - 1)
            .max(1);
        let ((ms0, frame0), (ms1, frame1)) = (anchors[right - 1], anchors[right]);
        let share = u64::from(ms.clamp(ms0, ms1) - ms0) * u64::from(frame1 - frame0)
            / u64::from((ms1 - ms0).max(1));
        frame0 + share as u32
    };
    sprites
        .iter()
        .map(|sprite| {
            let start = spoken(sprite).unwrap_or_else(|| between(sprite.planned_ms));
            // Both ends are rounded alike, so that what follows at once leaves no frame empty.
            let frame = |ms: u32| start + nearest(ms);
            Entrance {
                enter: sprite.enter,
                at: frame(sprite.after_ms),
                takes: sprite.takes_ms.map_or(SPRITE, nearest),
                until: sprite
                    .lasts_ms
                    .map(|lasts| frame(sprite.after_ms.saturating_add(lasts))),
            }
        })
        .collect()
}
