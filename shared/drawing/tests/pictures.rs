//! What holds for every picture, whatever the words.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use domain::{Aspect, Color, LayoutBox, Palette, Role, SpokenWord, Visual};
use drawing::{DrawRequest, Drawn, KineticRequest, Logo, SHAPE_PREFIX, draw, kinetic};
use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;
use typeset::Fonts;
use typeset::safe::{self, Rect};

const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60"><circle cx="30" cy="30" r="30" fill="#fff"/><rect x="70" y="20" width="130" height="20" fill="#fff"/></svg>"##;
const ASPECTS: [Aspect; 3] = [Aspect::Portrait, Aspect::Square, Aspect::Landscape];

fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::builtin)
}

fn logo() -> Logo {
    Logo::read(SVG.as_bytes()).unwrap()
}

fn request<'a>(visual: &'a Visual, palette: &'a Palette, size: (u32, u32)) -> DrawRequest<'a> {
    DrawRequest {
        visual,
        role: Role::Turn,
        palette,
        fonts: fonts(),
        logo: None,
        size,
        seed: 5,
        scene: 2,
        moving: false,
    }
}

/// Every layout with `text` in all its places.
fn visuals(text: &str) -> Vec<Visual> {
    let (text, some) = (text.to_owned(), Some(text.to_owned()));
    let half = text.split_whitespace().next().map(str::to_owned);
    let mut visuals = vec![
        Visual::Title {
            title: text.clone(),
            kicker: some.clone(),
        },
        Visual::Title {
            title: text.clone(),
            kicker: None,
        },
        Visual::Statement {
            text: text.clone(),
            emphasis: half,
        },
        Visual::Quote {
            text: text.clone(),
            attribution: some.clone(),
        },
        Visual::BigNumber {
            value: text.clone(),
            caption: text.clone(),
        },
        Visual::BigNumber {
            value: "62%".into(),
            caption: text.clone(),
        },
        Visual::CallToAction {
            text: text.clone(),
            brand: some,
        },
    ];
    visuals.extend((1..=5).map(|count| Visual::List {
        heading: text.clone(),
        items: vec![text.clone(); count],
    }));
    visuals
}

fn rect(of: &LayoutBox) -> Rect {
    Rect {
        x: of.x,
        y: of.y,
        width: of.width,
        height: of.height,
    }
}

/// Text apart and on the stage; shapes there too, but for markers that hang a little into the margin.
fn check_boxes(boxes: &[LayoutBox], size: (u32, u32), about: &str) {
    let (stage, band) = (
        safe::stage(size.0, size.1),
        safe::caption_band(size.0, size.1),
    );
    let grown = |by: f32| Rect {
        x: stage.x - by,
        y: stage.y - 1.0,
        width: stage.width + 2.0 * by,
        height: stage.height + 2.0,
    };
    for (at, one) in boxes.iter().enumerate() {
        let shape = one.name.starts_with(SHAPE_PREFIX);
        let hang = if one.name.ends_with("marker") {
            24.0
        } else {
            1.0
        };
        assert!(
            grown(hang).contains(&rect(one)),
            "{about}: {one:?} is off the stage {stage:?}"
        );
        assert!(
            !rect(one).overlaps(&band),
            "{about}: {one:?} is in the captions' band"
        );
        for other in boxes[at + 1..]
            .iter()
            .filter(|other| !shape && !other.name.starts_with(SHAPE_PREFIX))
        {
            // Half a pixel is rounding.
            let inner = Rect {
                x: one.x + 0.5,
                y: one.y + 0.5,
                width: one.width - 1.0,
                height: one.height - 1.0,
            };
            assert!(
                !inner.overlaps(&rect(other)),
                "{about}: {one:?} overlaps {other:?}"
            );
        }
    }
}

fn texts() -> Vec<String> {
    [
        "Go",
        "62%",
        "Honey never spoils",
        "Archaeologists found 3,000-year-old honey in Egyptian tombs, and it was still safe to eat after all that time.",
        "🚀 Launch day 🎉 is here 👩‍💻",
        "שלום עולם, זה משפט ארוך יותר עם Latin באמצע",
        "مرحبا بالعالم، هذه جملة أطول قليلا",
        "蜂蜜为什么不会变质？因为细菌在里面活不下去，所以三千年以后还能吃。",
        "नमस्ते दुनिया, शहद कभी खराब नहीं होता",
        "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}a\u{363}\u{36b}l\u{346}\u{358}g\u{310}\u{315}o\u{34c}",
        "",
        "   ",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(["Donaudampfschifffahrt".repeat(15), "many words and more ".repeat(60)])
    .collect()
}

#[test]
fn no_text_overlaps_leaves_the_stage_or_enters_the_captions_band() {
    let (palette, logo) = (Palette::default(), logo());
    for aspect in ASPECTS {
        // A third of the size: the same layout, a ninth of the pixels.
        let size = (aspect.size().0 / 3, aspect.size().1 / 3);
        for text in texts() {
            for (at, visual) in visuals(&text).iter().enumerate() {
                let logo = (at % 2 == 0).then_some(&logo);
                let drawn = draw(&DrawRequest {
                    logo,
                    seed: at as u64,
                    ..request(visual, &palette, size)
                })
                .unwrap();
                let about: String = format!("{aspect:?} {visual:?}").chars().take(160).collect();
                check_boxes(&drawn.boxes, size, &about);
                assert_eq!(drawn.missing, [], "{about}");
            }
        }
    }
}

#[test]
fn texts_of_usual_length_are_shown_whole_and_can_be_read_on_a_phone() {
    let palette = Palette::default();
    let text = "Archaeologists found honey in Egyptian tombs that was safe to eat";
    for aspect in ASPECTS {
        for visual in visuals(text)
            .into_iter()
            .filter(|visual| !matches!(visual, Visual::List { items, .. } if items.len() > 3))
        {
            let visual = match visual {
                Visual::Title { title, kicker } => Visual::Title {
                    title,
                    kicker: kicker.map(|_| "Food science".into()),
                },
                Visual::Quote { text, .. } => Visual::Quote {
                    text,
                    attribution: Some("Dr. Amina Harris".into()),
                },
                Visual::CallToAction { text, .. } => Visual::CallToAction {
                    text,
                    brand: Some("Hollow Oak".into()),
                },
                Visual::BigNumber { caption, .. } => Visual::BigNumber {
                    value: "$1.2 million".into(),
                    caption,
                },
                Visual::List { items, .. } => Visual::List {
                    heading: "Three things".into(),
                    items,
                },
                visual @ Visual::Statement { .. } => visual,
            };
            let drawn = draw(&request(&visual, &palette, aspect.size())).unwrap();
            assert_eq!(
                drawn.truncated,
                Vec::<String>::new(),
                "{aspect:?} {visual:?}"
            );
            for one in drawn
                .boxes
                .iter()
                .filter(|one| !one.name.starts_with(SHAPE_PREFIX))
            {
                assert!(one.height >= 44.0, "{aspect:?} {one:?}");
            }
        }
    }
}

fn pixels(drawn: &Drawn) -> (Pixmap, Pixmap) {
    (
        Pixmap::decode_png(&drawn.background_png).unwrap(),
        Pixmap::decode_png(drawn.foreground_png.as_ref().unwrap()).unwrap(),
    )
}

#[test]
fn text_contrasts_with_every_pixel_that_may_come_to_lie_behind_it() {
    let color = |text: &str| Color::parse(text).unwrap();
    let palettes = [
        Palette::default(),
        Palette {
            background: color("#fbf3e4"),
            primary: color("#f29f67"),
            accent: color("#b42318"),
            text: color("#231a14"),
        },
        Palette {
            background: color("#808080"),
            primary: color("#909090"),
            accent: color("#858585"),
            text: color("#7f7f7f"),
        },
    ];
    let visual = Visual::Statement {
        text: "MMM".into(),
        emphasis: None,
    };
    for palette in &palettes {
        for scene in 0..7 {
            let drawn = draw(&DrawRequest {
                scene,
                ..request(&visual, palette, (360, 640))
            })
            .unwrap();
            let (background, foreground) = pixels(&drawn);
            let text = drawn
                .boxes
                .iter()
                .find(|one| one.name == "statement")
                .unwrap();
            // The commonest opaque colour of the text's box is its ink.
            let mut counts = std::collections::BTreeMap::new();
            for y in text.y as u32..(text.y + text.height) as u32 {
                for x in text.x as u32..(text.x + text.width) as u32 {
                    let pixel = foreground.pixel(x, y).unwrap();
                    if pixel.alpha() == 255 {
                        *counts
                            .entry((pixel.red(), pixel.green(), pixel.blue()))
                            .or_insert(0) += 1;
                    }
                }
            }
            let (r, g, b) = *counts.iter().max_by_key(|(_, count)| **count).unwrap().0;
            let ink = Color::new(r, g, b);
            let least = background
                .pixels()
                .iter()
                .map(|pixel| ink.contrast(Color::new(pixel.red(), pixel.green(), pixel.blue())))
                .fold(f64::MAX, f64::min);
            assert!(least >= 4.5, "{palette:?} scene {scene}: {least}");
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
    assert_eq!(with.foreground_png, without.foreground_png);
}

fn spoken(text: &str) -> Vec<SpokenWord> {
    let word = |(at, text): (u32, &str)| SpokenWord {
        text: text.into(),
        line: 0,
        start_ms: at * 300,
        end_ms: at * 300 + 250,
    };
    (0..).zip(text.split_whitespace()).map(word).collect()
}

fn moving<'a>(
    text: &'a str,
    role: Role,
    palette: &'a Palette,
    size: (u32, u32),
    spoken: &'a [SpokenWord],
) -> KineticRequest<'a> {
    KineticRequest {
        text,
        brand: Some("Hollow Oak"),
        role,
        palette,
        fonts: fonts(),
        logo: None,
        size,
        seed: 3,
        spoken,
        planned_wpm: 160,
    }
}

#[test]
fn moving_words_stay_apart_and_on_the_stage() {
    let (palette, logo) = (Palette::default(), logo());
    for aspect in ASPECTS {
        let size = (aspect.size().0 / 3, aspect.size().1 / 3);
        for text in texts() {
            for role in [Role::Hook, Role::CallToAction] {
                let request = KineticRequest {
                    logo: Some(&logo),
                    ..moving(&text, role, &palette, size, &[])
                };
                let made = kinetic(&request).unwrap();
                let about: String = format!("{aspect:?} {role:?} {text}")
                    .chars()
                    .take(120)
                    .collect();
                check_boxes(&made.boxes, size, &about);
                assert_eq!(kinetic(&request).unwrap(), made, "{about}");
            }
        }
    }
}

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_words_are_drawn_in_their_places(text in "(?s).{0,80}", at in 0_usize..12, seed in any::<u64>(), aspect in 0_usize..3) {
        let palette = Palette::default();
        let size = ASPECTS[aspect].size();
        let size = (size.0 / 6, size.1 / 6);
        let visual = &visuals(&text)[at];
        let drawn = draw(&DrawRequest { seed, ..request(visual, &palette, size) }).unwrap();
        check_boxes(&drawn.boxes, size, &format!("{visual:?}"));
        let made = kinetic(&KineticRequest { seed, ..moving(&text, Role::Hook, &palette, size, &[]) }).unwrap();
        check_boxes(&made.boxes, size, &text);
    }
}
