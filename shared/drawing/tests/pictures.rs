//! What holds for every picture, whatever the words.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use domain::{
    Aspect, Color, Enter, Entry, LayoutBox, Palette, Platform, Role, SpokenWord, Style, Visual,
};
use drawing::{DrawRequest, KineticRequest, Logo, SHAPE_PREFIX, draw, kinetic};
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
        photo: None,
        size,
        seed: 5,
        scene: 2,
        moving: false,
        style: Style::Classic,
        platform: Platform::Any,
        spoken: &[],
        planned_wpm: 160,
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
    let (heading, entry) = (Some(text.clone()), |value: &str| Entry {
        label: text.clone(),
        value: value.to_owned(),
    });
    visuals.extend([2, 5].map(|count| Visual::BarChart {
        heading: heading.clone(),
        bars: (0..count).map(|at| entry(["62%", &text][at % 2])).collect(),
    }));
    visuals.extend([2, 8].map(|count| {
        Visual::LineChart {
            heading: heading.clone(),
            points: (0..count)
                .map(|at| entry(["$4.2 million", "$1.5 million", &text][at % 3]))
                .collect(),
        }
    }));
    visuals.extend([2, 5].map(|count| Visual::Steps {
        heading: heading.clone(),
        steps: vec![text.clone(); count],
    }));
    visuals.extend([
        Visual::BarChart {
            heading: None,
            bars: vec![entry("40%"), entry("62%"), entry("7%")],
        },
        Visual::Share {
            value: "62%".into(),
            caption: text.clone(),
        },
        Visual::Comparison {
            first: entry("2,500 km"),
            second: entry(&text),
        },
        Visual::Definition {
            term: text.clone(),
            meaning: text.clone(),
        },
        Visual::Question { text: text.clone() },
        Visual::MythFact {
            myth: text.clone(),
            fact: text.clone(),
        },
        Visual::IconStatement {
            icon: "rocket".into(),
            text: text.clone(),
            emphasis: text.split_whitespace().last().map(str::to_owned),
        },
        Visual::IconStatement {
            icon: "no such icon".into(),
            text: text.clone(),
            emphasis: None,
        },
    ]);
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
fn check_boxes(boxes: &[LayoutBox], size: (u32, u32), platform: Platform, about: &str) {
    let (stage, band) = (
        safe::stage(size, platform),
        safe::caption_band(size, platform),
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

/// Every frame that differs in where words may stand.
fn frames() -> impl Iterator<Item = (Aspect, Platform)> {
    let upright = Platform::ALL.map(|platform| (Aspect::Portrait, platform));
    let others = [Aspect::Square, Aspect::Landscape].map(|aspect| (aspect, Platform::Any));
    upright.into_iter().chain(others)
}

#[test]
fn no_text_overlaps_leaves_the_stage_or_enters_the_captions_band() {
    let (palette, logo) = (Palette::default(), logo());
    for (number, (aspect, platform)) in frames().enumerate() {
        // A quarter of the size: the same layout, a sixteenth of the pixels.
        let size = (aspect.size().0 / 4, aspect.size().1 / 4);
        for (count, text) in texts().into_iter().enumerate() {
            for (at, visual) in visuals(&text).iter().enumerate() {
                for style in Style::ALL {
                    // Each text in a few of the frames; each layout and style in all of them.
                    if !(number + count + at + 2 * style as usize).is_multiple_of(8) {
                        continue;
                    }
                    let logo = (at % 2 == 0).then_some(&logo);
                    let drawn = draw(&DrawRequest {
                        logo,
                        style,
                        platform,
                        seed: at as u64,
                        ..request(visual, &palette, size)
                    })
                    .unwrap();
                    let about: String = format!("{aspect:?} {platform:?} {style:?} {visual:?}")
                        .chars()
                        .take(200)
                        .collect();
                    check_boxes(&drawn.boxes, size, platform, &about);
                    assert_eq!(drawn.missing, [], "{about}");
                }
            }
        }
    }
}

/// Layouts with `text` where they have room for a sentence, and short words elsewhere.
fn usual(text: &str) -> Vec<Visual> {
    let (sentence, some) = (text.to_owned(), |text: &str| Some(text.to_owned()));
    let entry = |label: &str, value: &str| Entry {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    vec![
        Visual::Title {
            title: sentence.clone(),
            kicker: some("Food science"),
        },
        Visual::Statement {
            text: sentence.clone(),
            emphasis: some("safe to eat"),
        },
        Visual::Quote {
            text: sentence.clone(),
            attribution: some("Dr. Amina Harris"),
        },
        Visual::CallToAction {
            text: sentence.clone(),
            brand: some("Hollow Oak"),
        },
        Visual::BigNumber {
            value: "$1.2 million".into(),
            caption: sentence.clone(),
        },
        Visual::Share {
            value: "62%".into(),
            caption: sentence.clone(),
        },
        Visual::List {
            heading: "Three things".into(),
            items: vec![sentence.clone(); 3],
        },
        Visual::Steps {
            heading: some("How to keep it"),
            steps: vec!["Close the jar after every use".into(); 4],
        },
        Visual::BarChart {
            heading: some("Honey eaten in a year"),
            bars: vec![
                entry("Germany", "1.1 kg"),
                entry("Greece", "1.7 kg"),
                entry("United Kingdom", "0.8 kg"),
            ],
        },
        Visual::LineChart {
            heading: some("Price of a jar"),
            points: ["2019", "2020", "2021", "2022", "2023"]
                .map(|year| entry(year, "$6.40"))
                .to_vec(),
        },
        Visual::Comparison {
            first: entry("Open jar", "2 years"),
            second: entry("Closed jar", "3,000 years"),
        },
        Visual::Definition {
            term: "Pasteurised".into(),
            meaning: sentence.clone(),
        },
        Visual::Question {
            text: sentence.clone(),
        },
        Visual::MythFact {
            myth: "Honey goes bad after a year or two".into(),
            fact: "Closed, it keeps for thousands of years".into(),
        },
        Visual::IconStatement {
            icon: "flower-2".into(),
            text: sentence,
            emphasis: None,
        },
    ]
}

#[test]
fn texts_of_usual_length_are_shown_whole_and_can_be_read_on_a_phone() {
    let palette = Palette::default();
    let text = "Archaeologists found honey in Egyptian tombs that was safe to eat";
    for aspect in ASPECTS {
        for visual in usual(text) {
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
                // Numbers on discs aren't read so much as counted, and a chart's labels stand beside its line.
                let least = if one.name.starts_with("number")
                    || matches!(visual, Visual::LineChart { .. })
                {
                    36.0
                } else {
                    43.0
                };
                assert!(one.height >= least, "{aspect:?} {one:?}");
            }
        }
    }
}

/// The commonest opaque colour of a picture.
fn commonest(picture: &Pixmap) -> Option<Color> {
    let mut counts = std::collections::BTreeMap::new();
    for pixel in picture.pixels().iter().filter(|pixel| pixel.alpha() == 255) {
        *counts
            .entry((pixel.red(), pixel.green(), pixel.blue()))
            .or_insert(0) += 1;
    }
    let ((r, g, b), _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    Some(Color::new(r, g, b))
}

#[test]
fn text_contrasts_with_every_pixel_that_may_come_to_lie_behind_it() {
    let palette = |colors: [&str; 4]| {
        let [background, primary, accent, text] = colors.map(|text| Color::parse(text).unwrap());
        Palette {
            background,
            primary,
            accent,
            text,
        }
    };
    let palettes = [
        Palette::default(),
        palette(["#fbf3e4", "#f29f67", "#b42318", "#231a14"]),
        palette(["#808080", "#909090", "#858585", "#7f7f7f"]),
        palette(["#39ff14", "#ff00ff", "#00ffff", "#ffff00"]),
        palette(["#050505", "#101010", "#0a0a0a", "#141414"]),
        palette(["#ffffff", "#f4f4f4", "#fafafa", "#eeeeee"]),
    ];
    // Its two texts are in the two colours that stand on the background itself.
    let visual = Visual::Definition {
        term: "MMM".into(),
        meaning: "MMM".into(),
    };
    for palette in &palettes {
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
                    let ink = commonest(&Pixmap::decode_png(&piece.png).unwrap()).unwrap();
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
        pictured: false,
        style: Style::Classic,
        platform: Platform::Any,
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
                check_boxes(&made.boxes, size, Platform::Any, &about);
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
fn what_is_drawn_comes_in_as_it_is_spoken() {
    let palette = Palette::default();
    let words = spoken("It comes in sand and moss and night");
    let visual = Visual::List {
        heading: "It comes in".into(),
        items: ["Sand", "Moss", "Night"].map(str::to_owned).to_vec(),
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_words_are_drawn_in_their_places(text in "(?s).{0,80}", at in 0_usize..26, seed in any::<u64>(), aspect in 0_usize..3, style in 0_usize..4, platform in 0_usize..4) {
        let palette = Palette::default();
        let size = ASPECTS[aspect].size();
        let size = (size.0 / 6, size.1 / 6);
        let visual = &visuals(&text)[at];
        let drawn = draw(&DrawRequest { seed, style: Style::ALL[style], platform: Platform::ALL[platform], ..request(visual, &palette, size) }).unwrap();
        check_boxes(&drawn.boxes, size, Platform::ALL[platform], &format!("{visual:?}"));
        let made = kinetic(&KineticRequest { seed, style: Style::ALL[style], platform: Platform::ALL[platform], ..moving(&text, Role::Hook, &palette, size, &[]) }).unwrap();
        check_boxes(&made.boxes, size, Platform::ALL[platform], &text);
    }
}
