//! What is drawn in these tests, and who draws it.

use std::sync::OnceLock;

use domain::{Aspect, Color, Entry, LayoutBox, Palette, Platform, Role, SpokenWord, Style, Visual};
use drawing::{DrawRequest, KineticRequest, Logo};
use resvg::tiny_skia::Pixmap;
use typeset::Fonts;

pub(crate) const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60"><circle cx="30" cy="30" r="30" fill="#fff"/><rect x="70" y="20" width="130" height="20" fill="#fff"/></svg>"##;
pub(crate) const ASPECTS: [Aspect; 3] = [Aspect::Portrait, Aspect::Square, Aspect::Landscape];

pub(crate) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::builtin)
}

pub(crate) fn logo() -> Logo {
    Logo::read(SVG.as_bytes()).unwrap()
}

pub(crate) fn request<'a>(
    visual: &'a Visual,
    palette: &'a Palette,
    size: (u32, u32),
) -> DrawRequest<'a> {
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
pub(crate) fn visuals(text: &str) -> Vec<Visual> {
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
        icons: vec![],
    }));
    visuals.extend([1, 3, 5].map(|count| {
        Visual::List {
            heading: text.clone(),
            items: vec![text.clone(); count],
            icons: (0..count)
                .map(|at| (at != 1).then(|| "rocket".to_owned()))
                .collect(),
        }
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

/// Palettes as brands have them, and such as no brand should.
pub(crate) fn palettes() -> Vec<Palette> {
    let palette = |colors: [&str; 4]| {
        let [background, primary, accent, text] = colors.map(|text| Color::parse(text).unwrap());
        Palette {
            background,
            primary,
            accent,
            text,
        }
    };
    vec![
        Palette::default(),
        palette(["#fbf3e4", "#f29f67", "#b42318", "#231a14"]),
        palette(["#808080", "#909090", "#858585", "#7f7f7f"]),
        palette(["#39ff14", "#ff00ff", "#00ffff", "#ffff00"]),
        palette(["#050505", "#101010", "#0a0a0a", "#141414"]),
        palette(["#ffffff", "#f4f4f4", "#fafafa", "#eeeeee"]),
    ]
}

/// The boxes whose names begin with a word.
pub(crate) fn named<'a>(boxes: &'a [LayoutBox], start: &str) -> Vec<&'a LayoutBox> {
    boxes
        .iter()
        .filter(|one| one.name.starts_with(start))
        .collect()
}

/// The commonest opaque colour of a picture.
pub(crate) fn commonest(png: &[u8]) -> Color {
    let picture = Pixmap::decode_png(png).unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for pixel in picture.pixels().iter().filter(|pixel| pixel.alpha() == 255) {
        *counts
            .entry((pixel.red(), pixel.green(), pixel.blue()))
            .or_insert(0) += 1;
    }
    let ((r, g, b), _) = counts.into_iter().max_by_key(|(_, count)| *count).unwrap();
    Color::new(r, g, b)
}

pub(crate) fn spoken(text: &str) -> Vec<SpokenWord> {
    let word = |(at, text): (u32, &str)| SpokenWord {
        text: text.into(),
        line: 0,
        start_ms: at * 300,
        end_ms: at * 300 + 250,
    };
    (0..).zip(text.split_whitespace()).map(word).collect()
}

pub(crate) fn moving<'a>(
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
