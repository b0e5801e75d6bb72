//! What holds for every picture, whatever the words.

use domain::{Color, LayoutBox, Palette, Style, Visual};
use drawing::{DrawRequest, draw};
use resvg::tiny_skia::Pixmap;
use typeset::Fonts;

use crate::sample::{commonest, named, palettes, request};

#[test]
fn text_contrasts_with_every_pixel_that_may_come_to_lie_behind_it() {
    // Its two texts are in the two colours that stand on the background itself.
    let visual = Visual::Definition {
        term: "MMM".into(),
        meaning: "MMM".into(),
    };
    for palette in &palettes() {
        for style in Style::ALL {
            for scene in 0..4 {
                let drawn = draw(&DrawRequest {
                    scene,
                    style,
                    ..request(&visual, palette, (360, 640))
                })
                .unwrap();
                let background = Pixmap::decode_png(&drawn.background_png).unwrap();
                // The rule lies below both; then come the term and its meaning.
                let [_, term, meaning] = drawn.pieces.as_slice() else {
                    panic!("{} pieces", drawn.pieces.len());
                };
                for piece in [term, meaning] {
                    let ink = commonest(&piece.png);
                    let least = background
                        .pixels()
                        .iter()
                        .map(|pixel| {
                            ink.contrast(Color::new(pixel.red(), pixel.green(), pixel.blue()))
                        })
                        .fold(f64::MAX, f64::min);
                    assert!(least >= 4.5, "{palette:?} {style:?} scene {scene}: {least}");
                }
            }
        }
    }
}

#[test]
fn the_same_request_is_the_same_bytes_and_another_seed_is_not() {
    let palette = Palette::default();
    let visual = Visual::Title {
        title: "Again".into(),
        kicker: None,
    };
    let of = |seed: u64| {
        draw(&DrawRequest {
            seed,
            ..request(&visual, &palette, (270, 480))
        })
        .unwrap()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1).background_png, of(2).background_png);
    let other = Fonts::builtin();
    assert_eq!(
        draw(&DrawRequest {
            fonts: &other,
            seed: 1,
            ..request(&visual, &palette, (270, 480))
        })
        .unwrap(),
        of(1)
    );
}

#[test]
fn backgrounds_are_opaque_larger_than_the_frame_and_free_of_bands() {
    let palette = Palette::default();
    let visual = Visual::Title {
        title: "Room".into(),
        kicker: None,
    };
    let drawn = draw(&DrawRequest {
        moving: true,
        ..request(&visual, &palette, (1080, 1920))
    })
    .unwrap();
    assert!(drawn.foreground_png.is_none() && drawn.boxes.is_empty());
    let background = Pixmap::decode_png(&drawn.background_png).unwrap();
    assert_eq!((background.width(), background.height()), (1166, 2072));
    assert!(background.pixels().iter().all(|pixel| pixel.alpha() == 255));
    // Where nothing but a gradient is, neighbours in a row still differ.
    let changes = (0..1165)
        .filter(|&x| background.pixel(x, 2000) != background.pixel(x + 1, 2000))
        .count();
    assert!(changes > 200, "{changes}");
}

#[test]
fn characters_without_a_glyph_are_named_and_leave_no_box() {
    let palette = Palette::default();
    let draw_text = |text: &str| {
        let visual = Visual::Statement {
            text: text.into(),
            emphasis: None,
        };
        draw(&request(&visual, &palette, (360, 640))).unwrap()
    };
    let (with, without) = (draw_text("Left \u{e123}out"), draw_text("Left out"));
    assert_eq!(with.missing, ['\u{e123}']);
    assert_eq!(with.pieces, without.pieces);
}

#[test]
fn a_list_with_icons_has_no_numbers_and_a_dot_where_an_item_has_none() {
    let palette = Palette::default();
    let list = |icons: &[Option<&str>]| Visual::List {
        heading: "Pack".into(),
        items: ["A lamp", "Patience", "A map"].map(str::to_owned).to_vec(),
        icons: icons.iter().map(|icon| icon.map(str::to_owned)).collect(),
    };
    let count = |boxes: &[LayoutBox], start: &str| named(boxes, start).len();
    let numbered = list(&[]);
    let drawn = draw(&request(&numbered, &palette, (360, 640))).unwrap();
    assert_eq!(count(&drawn.boxes, "number"), 3);
    let pictured = list(&[Some("lightbulb"), None, Some("map-pin")]);
    let drawn = draw(&request(&pictured, &palette, (360, 640))).unwrap();
    let counts = ["number", "shape icon", "shape dot"].map(|start| count(&drawn.boxes, start));
    assert_eq!(counts, [0, 2, 1]);
    let unknown = list(&[Some("dragon"), None, Some("map-pin")]);
    let drawn = draw(&request(&unknown, &palette, (360, 640))).unwrap();
    assert_eq!(drawn.unknown_icons, ["dragon"]);
    assert_eq!(count(&drawn.boxes, "shape dot"), 2);
}

#[test]
fn an_icon_that_there_is_none_of_is_named() {
    let palette = Palette::default();
    let visual = Visual::IconStatement {
        icon: "dragon".into(),
        text: "Here be none".into(),
        emphasis: None,
    };
    let drawn = draw(&request(&visual, &palette, (360, 640))).unwrap();
    assert_eq!(drawn.unknown_icons, ["dragon"]);
}

#[test]
fn a_size_that_no_frame_has_is_refused() {
    let palette = Palette::default();
    let visual = Visual::Title {
        title: "Small".into(),
        kicker: None,
    };
    for size in [(0, 100), (1080, 5000), (63, 64)] {
        assert!(
            draw(&request(&visual, &palette, size))
                .unwrap_err()
                .to_string()
                .contains("pixels can't be drawn")
        );
    }
}
