//! When what is drawn comes in.

use domain::{Enter, Palette, Role, Visual};
use drawing::{DrawRequest, draw, kinetic};
use resvg::tiny_skia::Pixmap;

use crate::sample::{moving, request, spoken};

#[test]
fn moving_words_come_in_as_they_are_spoken() {
    let palette = Palette::default();
    let words = spoken("Found in a tomb, honey is still edible today");
    let made = kinetic(&moving(
        "Found: old honey is STILL edible",
        Role::Hook,
        &palette,
        (1080, 1920),
        &words,
    ))
    .unwrap();
    let found: Vec<(Option<u32>, u32)> = made
        .sprites
        .iter()
        .skip(1)
        .map(|sprite| (sprite.word, sprite.planned_ms))
        .collect();
    assert_eq!(
        found,
        [
            (Some(0), 0),
            (None, 600),
            (Some(4), 1200),
            (Some(5), 1500),
            (Some(6), 1800),
            (Some(7), 2100)
        ]
    );
    assert!(
        made.sprites
            .iter()
            .all(|sprite| Pixmap::decode_png(&sprite.png).is_ok())
    );
}

#[test]
fn what_is_drawn_comes_in_as_it_is_spoken() {
    let palette = Palette::default();
    let words = spoken("It comes in sand and moss and night");
    let visual = Visual::List {
        heading: "It comes in".into(),
        items: ["Sand", "Moss", "Night"].map(str::to_owned).to_vec(),
        icons: vec![],
    };
    let drawn = draw(&DrawRequest {
        spoken: &words,
        ..request(&visual, &palette, (360, 640))
    })
    .unwrap();
    let found: Vec<_> = drawn
        .pieces
        .iter()
        .filter_map(|piece| Some((piece.word?, piece.planned_ms)))
        .collect();
    assert_eq!(found, [(3, 900), (5, 1500), (7, 2100)]);
}

#[test]
fn a_figure_counts_up_without_a_gap_and_stands_there_in_the_end() {
    let palette = Palette::default();
    let visual = Visual::BigNumber {
        value: "62%".into(),
        caption: "of shops closed".into(),
    };
    let drawn = draw(&request(&visual, &palette, (360, 640))).unwrap();
    let counting: Vec<_> = drawn
        .pieces
        .iter()
        .filter(|piece| piece.enter == Enter::Cut)
        .collect();
    let (last, turns) = counting.split_last().unwrap();
    assert_eq!(last.lasts_ms, None);
    assert!(turns.len() > 10, "{}", turns.len());
    // What stands in the last place is there from the start until the figure is.
    let end = last.after_ms;
    let mut covered: Vec<_> = turns
        .iter()
        .map(|piece| (piece.after_ms, piece.after_ms + piece.lasts_ms.unwrap()))
        .collect();
    covered.sort_unstable();
    let reached = covered.iter().fold(0, |reached, (from, to)| {
        assert!(
            *from <= reached,
            "nothing is seen from {reached} to {from} ms"
        );
        reached.max(*to)
    });
    assert_eq!(reached, end);
}
