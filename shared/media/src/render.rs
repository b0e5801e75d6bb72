//! Segments drawn and encoded, on as many threads as wanted.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::ContentKey;

use crate::encode::{AccessUnit, Coder, ParameterSets};
use crate::painter::Painter;
use crate::planes::Planes;
use crate::{Assets, MediaError, Segment, SegmentSpec};

/// Most frames in one group of pictures: a player can seek to every second and a half, and a long scene is shared out among threads.
const LONGEST_GROUP: u32 = 45;

/// The groups of pictures of a segment of so many frames: about equally long.
fn groups(frames: u32) -> Vec<Range<u32>> {
    let count = frames.div_ceil(LONGEST_GROUP).max(1);
    (0..count)
        .map(|at| frames * at / count..frames * (at + 1) / count)
        .collect()
}

/// One group of pictures, coded.
struct Group {
    sets: ParameterSets,
    units: Vec<AccessUnit>,
}

fn check_size(assets: &Assets) -> Result<(), MediaError> {
    let (width, height) = (assets.size.0 as usize, assets.size.1 as usize);
    let ok = |side: usize| side.is_multiple_of(2) && (16..=3840).contains(&side);
    if ok(width) && ok(height) && width.min(height) <= 2160 {
        Ok(())
    } else {
        Err(MediaError::FrameSize { width, height })
    }
}

/// Draws and codes some frames of a segment; none of them is kept.
fn render_group(
    spec: &SegmentSpec,
    assets: &Assets,
    frames: Range<u32>,
    mut drawn: impl FnMut() -> bool,
) -> Result<Option<Group>, MediaError> {
    let mut painter = Painter::new(spec, assets, &frames)?;
    let mut coder = Coder::new()?;
    let mut frame = Planes::new(assets.size.0 as usize, assets.size.1 as usize);
    let mut units = Vec::with_capacity(frames.len());
    for at in frames {
        painter.paint(at, &mut frame);
        units.push(coder.push(&frame).map_err(|error| match error {
            MediaError::H264 { cause, .. } => MediaError::H264 {
                what: format!("frame {at} of {}", spec.name),
                cause,
            },
            other => other,
        })?);
        if !drawn() {
            return Ok(None);
        }
    }
    Ok(Some(Group {
        sets: coder.sets,
        units,
    }))
}

fn join(spec: &SegmentSpec, assets: &Assets, groups: Vec<Group>) -> Result<Segment, MediaError> {
    let mut groups = groups.into_iter();
    let Some(mut first) = groups.next() else {
        return Err(MediaError::Mismatch(format!("{} has no frame", spec.name)));
    };
    for group in groups {
        if group.sets != first.sets {
            return Err(MediaError::H264 {
                what: spec.name.clone(),
                cause: "its parameter sets changed on the way".to_owned(),
            });
        }
        first.units.extend(group.units);
    }
    Ok(Segment {
        width: assets.size.0,
        height: assets.size.1,
        sets: first.sets,
        units: first.units,
    })
}

/// Draws and encodes one segment on this thread.
pub fn render_segment(spec: &SegmentSpec, assets: &Assets) -> Result<Segment, MediaError> {
    check_size(assets)?;
    let groups = groups(spec.frames)
        .into_iter()
        .filter_map(|frames| render_group(spec, assets, frames, || true).transpose());
    join(spec, assets, groups.collect::<Result<_, _>>()?)
}

/// What happens around rendering. Every function may be called from several threads.
pub struct Hooks<'a> {
    /// Gives a segment's stored bytes if they were kept; bytes that cannot be read count as none.
    pub reuse: &'a (dyn Fn(&ContentKey) -> Option<Vec<u8>> + Sync),
    /// Is given every segment that was rendered, as soon as it is: its key and its bytes.
    pub done: &'a (dyn Fn(&ContentKey, &[u8]) + Sync),
    /// Is told how many frames of how many are done, reused ones included; `false` stops the work with an error.
    pub progress: &'a (dyn Fn(u32, u32) -> bool + Sync),
}

impl Hooks<'_> {
    /// Nothing is reused, kept or told.
    pub const NONE: Hooks<'static> = Hooks {
        reuse: &|_| None,
        done: &|_, _| {},
        progress: &|_, _| true,
    };
}

/// One segment with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: ContentKey,
    /// The segment.
    pub segment: Segment,
    /// Whether it was taken from what was kept.
    pub reused: bool,
}

/// A segment's groups as they come in, in any order.
struct Pending {
    groups: BTreeMap<usize, Group>,
    awaited: usize,
}

/// Renders every segment, on `threads` threads (at least one); the result does not depend on how many. The first error, in the order of
/// the film, ends it.
pub fn render_all(
    specs: &[SegmentSpec],
    assets: &Assets,
    threads: usize,
    hooks: &Hooks,
) -> Result<Vec<Rendered>, MediaError> {
    check_size(assets)?;
    let total = specs.iter().map(|spec| spec.frames).sum();
    let frames_done = AtomicU32::new(0);
    let stopped = AtomicBool::new(false);
    let tell = |frames: u32| {
        let so_far = frames_done.fetch_add(frames, Ordering::Relaxed) + frames;
        if !(hooks.progress)(so_far, total) {
            stopped.store(true, Ordering::Relaxed);
        }
        !stopped.load(Ordering::Relaxed)
    };

    let keys: Vec<ContentKey> = specs.iter().map(|spec| spec.key(assets)).collect();
    let mut results: Vec<Option<Result<Segment, MediaError>>> = Vec::new();
    let mut reused = Vec::new();
    let mut tasks = Vec::new();
    let mut pending = Vec::new();
    for (at, (spec, key)) in specs.iter().zip(&keys).enumerate() {
        let fits = |segment: &Segment| {
            segment.frames() == spec.frames && (segment.width, segment.height) == assets.size
        };
        let kept = (hooks.reuse)(key)
            .and_then(|bytes| Segment::from_bytes(&bytes).ok())
            .filter(fits);
        reused.push(kept.is_some());
        let groups = groups(spec.frames);
        pending.push(Mutex::new(Pending {
            groups: BTreeMap::new(),
            awaited: groups.len(),
        }));
        if kept.is_some() {
            tell(spec.frames);
        } else {
            tasks.extend(
                groups
                    .into_iter()
                    .enumerate()
                    .map(|(number, frames)| (at, number, frames)),
            );
        }
        results.push(kept.map(Ok));
    }

    let next = AtomicUsize::new(0);
    let made = Mutex::new(&mut results);
    let finish = |at: usize, result: Result<Segment, MediaError>| {
        if let Ok(segment) = &result {
            (hooks.done)(&keys[at], &segment.to_bytes());
        } else {
            stopped.store(true, Ordering::Relaxed);
        }
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        // The first error of a segment stands.
        if made[at].is_none() {
            made[at] = Some(result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, tasks.len().max(1)) {
            scope.spawn(|| {
                while let Some((at, number, frames)) =
                    tasks.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if stopped.load(Ordering::Relaxed) {
                        break;
                    }
                    let spec = &specs[*at];
                    match render_group(spec, assets, frames.clone(), || tell(1)) {
                        Ok(Some(group)) => {
                            let mut pending =
                                pending[*at].lock().unwrap_or_else(PoisonError::into_inner);
                            pending.groups.insert(*number, group);
                            if pending.groups.len() == pending.awaited {
                                let groups = std::mem::take(&mut pending.groups);
                                drop(pending);
                                finish(*at, join(spec, assets, groups.into_values().collect()));
                            }
                        }
                        Ok(None) => {}
                        Err(error) => finish(*at, Err(error)),
                    }
                }
            });
        }
    });

    // What was stopped has no result; an error, where there is one, comes first.
    let (mut segments, mut unfinished) = (Vec::new(), false);
    for ((spec, key), (result, reused)) in
        specs.iter().zip(keys).zip(results.into_iter().zip(reused))
    {
        match result {
            Some(result) => segments.push(Rendered {
                name: spec.name.clone(),
                key,
                segment: result?,
                reused,
            }),
            None => unfinished = true,
        }
    }
    if unfinished {
        Err(MediaError::Stopped)
    } else {
        Ok(segments)
    }
}
