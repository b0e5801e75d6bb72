//! Where words stand: apart from each other, on the stage, large enough to be read.

use domain::{Aspect, Entry, LayoutBox, Palette, Platform, Role, Style, Visual};
use drawing::{DrawRequest, KineticRequest, SHAPE_PREFIX, draw, kinetic};
use proptest::prelude::*;
use typeset::safe::{self, Rect};

use crate::sample::{ASPECTS, logo, moving, request, visuals};

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
            icons: vec![Some("flower-2".into()), None, Some("sun".into())],
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_words_are_drawn_in_their_places(text in "(?s).{0,80}", at in 0_usize..29, seed in any::<u64>(), aspect in 0_usize..3, style in 0_usize..4, platform in 0_usize..4) {
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
