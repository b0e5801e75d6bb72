use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::ContentKey;
use media::{Hooks, MediaError, Produced};

use crate::sample::{SCENES, Sample, Told};

const SIZE: (u32, u32) = (162, 288);

/// Makes a film, taking segments from `kept` and adding those that were rendered.
fn made(scenes: &[Told], kept: &Mutex<BTreeMap<ContentKey, Vec<u8>>>) -> Produced {
    let sample = Sample::of(SIZE, scenes, &[]);
    let hooks = Hooks {
        reuse: &|key| kept.lock().unwrap().get(key).cloned(),
        done: &|key, bytes| {
            kept.lock().unwrap().insert(key.clone(), bytes.to_vec());
        },
        progress: &|_, _| true,
    };
    sample.film(2).produce(&hooks).unwrap()
}

#[test]
fn a_changed_scene_costs_itself_and_its_cross_fades() {
    let kept = Mutex::default();
    let five: Vec<Told> = SCENES.iter().chain(&SCENES).take(5).copied().collect();
    let mut scenes: Vec<Told> = five.clone();
    scenes[3].0 = "Another title";
    scenes[4].0 = "And one more";
    let first = made(&scenes, &kept);
    assert_eq!((first.segments.len(), first.rendered), (9, 9));
    let again = made(&scenes, &kept);
    assert_eq!(again.rendered, 0);
    assert!(
        again
            == Produced {
                rendered: 0,
                ..first.clone()
            }
    );

    // Other words, of another length: everything after moves, and only the scene and its two neighbours are made again.
    scenes[1].1 =
        "Seven to nine hours, and not a minute less than that, let the brain sort what it learned.";
    let changed = made(&scenes, &kept);
    assert!(changed.length_ms > first.length_ms);
    let pairs = first.segments.iter().zip(&changed.segments);
    let new: Vec<&str> = pairs
        .filter(|(a, b)| a.key != b.key)
        .map(|(_, b)| b.name.as_str())
        .collect();
    assert_eq!(new, ["transition 0-1", "scene 1", "transition 1-2"]);
    assert_eq!(changed.rendered, 3);

    // Another picture: the same.
    scenes[1].2 = [[90, 10, 10], [200, 80, 20]];
    assert_eq!(made(&scenes, &kept).rendered, 3);
}

#[test]
fn a_damaged_segment_is_made_again() {
    let kept = Mutex::default();
    let first = made(&SCENES[..2], &kept);
    let key = first.segments[1].key.clone();
    kept.lock().unwrap().get_mut(&key).unwrap()[100] ^= 1;
    let again = made(&SCENES[..2], &kept);
    assert_eq!(again.rendered, 1);
    assert!(again.mp4 == first.mp4);
}

#[test]
fn rendering_can_be_stopped_and_goes_on_from_what_was_kept() {
    let kept: Mutex<BTreeMap<ContentKey, Vec<u8>>> = Mutex::default();
    let sample = Sample::of(SIZE, &SCENES[..2], &[]);
    let stop = Hooks {
        reuse: &|_| None,
        done: &|key, bytes| {
            kept.lock().unwrap().insert(key.clone(), bytes.to_vec());
        },
        progress: &|done, total| done < total * 2 / 3,
    };
    assert_eq!(
        sample.film(1).produce(&stop).unwrap_err(),
        MediaError::Stopped
    );
    let before = kept.lock().unwrap().len();
    assert!(before > 0);
    assert_eq!(made(&SCENES[..2], &kept).rendered, 3 - before);
}

#[test]
fn what_is_missing_is_named() {
    let mut sample = Sample::of(SIZE, &SCENES[..2], &[]);
    let key = sample.pictures[1].background.key.clone();
    let bytes = sample.blobs.remove(&key).unwrap();
    let error = sample.film(2).produce(&Hooks::NONE).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the bytes of the background of scene 1"),
        "{error}"
    );

    sample
        .blobs
        .insert(key.clone(), bytes[..bytes.len() / 2].to_vec());
    let error = sample.film(2).produce(&Hooks::NONE).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the background of scene 1 is no usable PNG"),
        "{error}"
    );
}
