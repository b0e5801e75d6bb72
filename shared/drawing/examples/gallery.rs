//! Draws every layout in every aspect and style, as it looks in the video, and over a picture if one is named:
//! `cargo run -p drawing --example gallery -- FOLDER [STYLE] [SEED] [PICTURE]`.

use std::error::Error;
use std::path::Path;

use domain::{Aspect, Color, Entry, Palette, Platform, Role, Style, Visual};
use drawing::{DrawRequest, KineticRequest, Logo, Photo, UserPhoto, draw, kinetic};
use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};
use typeset::{Fonts, safe};

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 60"><path d="M30 5a25 25 0 1 0 25 25h-25z" fill="#fff"/><rect x="75" y="20" width="140" height="20" rx="10" fill="#fff"/></svg>"##;

fn visuals() -> Vec<(&'static str, Role, Visual)> {
    let some = |text: &str| Some(text.to_owned());
    let items = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let icons = |names: &[&str]| {
        let named = |name: &&str| Some((*name).to_owned()).filter(|name| !name.is_empty());
        names.iter().map(named).collect()
    };
    let entries = |entries: &[(&str, &str)]| {
        entries
            .iter()
            .map(|(label, value)| Entry {
                label: (*label).to_owned(),
                value: (*value).to_owned(),
            })
            .collect()
    };
    vec![
        ("title", Role::Context, Visual::Title { title: "Why honey never spoils".into(), kicker: some("Food science") }),
        (
            "statement",
            Role::Context,
            Visual::Statement {
                text: "Archaeologists found 3,000-year-old honey in Egyptian tombs, and it was still safe to eat.".into(),
                emphasis: some("still safe to eat"),
            },
        ),
        ("statement-plain", Role::Turn, Visual::Statement { text: "Water is the whole secret.".into(), emphasis: None }),
        (
            "quote",
            Role::Turn,
            Visual::Quote {
                text: "Sugar draws the water out of every microbe that dares to land in it.".into(),
                attribution: some("Dr. Amina Harris, UC Davis"),
            },
        ),
        (
            "list",
            Role::Turn,
            Visual::List {
                heading: "Three things keep it fresh".into(),
                items: items(&["Almost no water", "Acid from the bees' own enzymes", "A sealed jar that keeps moisture out"]),
                icons: vec![],
            },
        ),
        (
            "list-icons",
            Role::Turn,
            Visual::List {
                heading: "Every kit includes".into(),
                items: items(&["A lamp for the tent", "A cable", "A map of the trail", "Two apples"]),
                icons: icons(&["lightbulb", "", "map-pin", "apple"]),
            },
        ),
        ("number-noun", Role::Turn, Visual::BigNumber { value: "1,000 full charges".into(), caption: "This one keeps 80 percent".into() }),
        (
            "bars-long",
            Role::Turn,
            Visual::BarChart {
                heading: some("Energy in the Union's homes"),
                bars: entries(&[("Heating rooms", "64 percent"), ("Plugs, lights and appliances", "14 percent"), ("Hot water", "15 percent"), ("Cooking", "6 percent")]),
            },
        ),
        (
            "list-five",
            Role::Turn,
            Visual::List {
                heading: "Before you sign".into(),
                items: items(&["Read the notice period", "Ask what happens to your data", "Check the renewal date", "Get it in writing", "Sleep on it"]),
                icons: vec![],
            },
        ),
        ("number", Role::Turn, Visual::BigNumber { value: "17%".into(), caption: "of honey is water: too little for bacteria to live on".into() }),
        ("number-long", Role::Payoff, Visual::BigNumber { value: "$1.2 million".into(), caption: "saved in the first year".into() }),
        ("call", Role::CallToAction, Visual::CallToAction { text: "Taste it at the market this Saturday".into(), brand: some("Hollow Oak Honey") }),
        (
            "rtl",
            Role::Context,
            Visual::List { heading: "שלושה דברים חשובים".into(), items: items(&["כמעט בלי מים", "חומצה מהדבורים", "צנצנת סגורה"]), icons: icons(&["droplet", "", "leaf"]) },
        ),
        (
            "arabic",
            Role::Turn,
            Visual::Quote {
                text: "العسل لا يفسد أبدًا لأن الماء فيه قليل جدًا".into(),
                attribution: some("أمينة حارس"),
            },
        ),
        (
            "hindi",
            Role::Context,
            Visual::Title {
                title: "शहद कभी ख़राब क्यों नहीं होता".into(),
                kicker: some("विज्ञान"),
            },
        ),
        (
            "bars",
            Role::Turn,
            Visual::BarChart {
                heading: some("Homes heated by heat pumps"),
                bars: entries(&[("Norway", "60%"), ("Sweden", "43%"), ("Finland", "41%"), ("Germany", "4%")]),
            },
        ),
        (
            "line",
            Role::Turn,
            Visual::LineChart {
                heading: some("Price of a battery"),
                points: entries(&[("2013", "$806"), ("2016", "$393"), ("2019", "$192"), ("2022", "$166"), ("2024", "$115")]),
            },
        ),
        ("line-up", Role::Payoff, Visual::LineChart { heading: None, points: entries(&[("2021", "40 million"), ("2022", "58 million"), ("2023", "91 million")]) }),
        ("share", Role::Turn, Visual::Share { value: "62%".into(), caption: "of shops on the street closed within a year".into() }),
        (
            "compare",
            Role::Turn,
            Visual::Comparison {
                first: Entry { label: "A bulb".into(), value: "60 watts".into() },
                second: Entry { label: "An LED".into(), value: "8 watts".into() },
            },
        ),
        (
            "steps",
            Role::Turn,
            Visual::Steps {
                heading: some("How to set up a passkey"),
                steps: items(&["Open your account's security page", "Choose “Create a passkey”", "Confirm with your face or finger"]),
            },
        ),
        ("define", Role::Context, Visual::Definition { term: "Thermocline".into(), meaning: "The layer of a lake where warm water ends and cold water begins.".into() }),
        ("question", Role::Context, Visual::Question { text: "Why does the ocean look blue?".into() }),
        (
            "myth",
            Role::Turn,
            Visual::MythFact { myth: "Goldfish forget everything in three seconds".into(), fact: "They remember feeding times for months".into() },
        ),
        (
            "icon",
            Role::Turn,
            Visual::IconStatement { icon: "battery-charging".into(), text: "The same battery can top up your phone when the trail runs long.".into(), emphasis: some("top up your phone") },
        ),
        ("rtl-bars", Role::Turn, Visual::BarChart { heading: some("שימוש בחשמל"), bars: entries(&[("תל אביב", "40%"), ("חיפה", "25%")]) }),
        ("cjk", Role::Payoff, Visual::Statement { text: "蜂蜜为什么不会变质？因为细菌在里面活不下去。🐝".into(), emphasis: some("不会变质") }),
    ]
}

fn palettes() -> Vec<(&'static str, Palette)> {
    let palette = |background: [u8; 3], primary: [u8; 3], accent: [u8; 3], text: [u8; 3]| {
        let color = |[r, g, b]: [u8; 3]| Color::new(r, g, b);
        Palette {
            background: color(background),
            primary: color(primary),
            accent: color(accent),
            text: color(text),
        }
    };
    vec![
        ("default", Palette::default()),
        (
            "paper",
            palette(
                [0xfb, 0xf3, 0xe4],
                [0xf2, 0x9f, 0x67],
                [0xb4, 0x23, 0x18],
                [0x23, 0x1a, 0x14],
            ),
        ),
        (
            "forest",
            palette(
                [0x0b, 0x2b, 0x26],
                [0x16, 0x5b, 0x4c],
                [0xd9, 0xf9, 0x9d],
                [0xf0, 0xfd, 0xf4],
            ),
        ),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder for the pictures")?;
    let style: Style = match arguments.next() {
        None => Style::default(),
        Some(name) => *Style::ALL
            .iter()
            .find(|style| format!("{style:?}").to_lowercase() == name)
            .ok_or("there is no such style")?,
    };
    let seed = arguments.next().map_or(Ok(0), |seed| seed.parse())?;
    let photo = match arguments.next() {
        None => None,
        Some(path) => Some(Photo::read(&photo::take(&std::fs::read(path)?)?.png)?),
    };
    let photo = photo.as_ref().map(|photo| UserPhoto {
        photo,
        focus: None,
        motion: None,
    });
    std::fs::create_dir_all(&folder)?;
    let fonts = Fonts::builtin();
    let logo = Logo::read(LOGO.as_bytes())?;
    let palettes = palettes();
    // One palette is enough to see a style by; the first has all of them.
    let shown = if style == Style::Classic {
        palettes.len()
    } else {
        2
    };
    for (palette_name, palette) in &palettes[..shown] {
        for (aspect_name, aspect) in [
            ("9x16", Aspect::Portrait),
            ("1x1", Aspect::Square),
            ("16x9", Aspect::Landscape),
        ] {
            let size = aspect.size();
            let mut scenes = Vec::new();
            for (scene, (name, role, visual)) in visuals().iter().enumerate() {
                let logo = (scene % 2 == 0).then_some(&logo);
                let request = DrawRequest {
                    visual,
                    role: *role,
                    palette,
                    fonts: &fonts,
                    logo,
                    photo,
                    size,
                    seed,
                    scene,
                    moving: false,
                    style,
                    platform: Platform::Any,
                    spoken: &[],
                    planned_wpm: 160,
                };
                let start = std::time::Instant::now();
                let drawn = draw(&request)?;
                let took = start.elapsed().as_millis();
                println!(
                    "{palette_name} {aspect_name} {name}: {took} ms, {} kB, {} pieces, truncated {:?}",
                    drawn.background_png.len() / 1000,
                    drawn.pieces.len(),
                    drawn.truncated
                );
                let mut frame = composed(&drawn.background_png, size)?;
                if let Some(foreground) = &drawn.foreground_png {
                    over(&mut frame, foreground, 0, 0)?;
                }
                for piece in drawn.pieces.iter().filter(|piece| piece.lasts_ms.is_none()) {
                    over(&mut frame, &piece.png, piece.x, piece.y)?;
                }
                scenes.push(((*name).to_owned(), frame));
            }
            for (name, role, text) in [
                (
                    "kinetic-hook",
                    Role::Hook,
                    "Honey found in a tomb is still edible",
                ),
                ("kinetic-call", Role::CallToAction, "Try it free today"),
            ] {
                let visual = Visual::Title {
                    title: String::new(),
                    kicker: None,
                };
                let request = DrawRequest {
                    visual: &visual,
                    role,
                    palette,
                    fonts: &fonts,
                    logo: None,
                    photo,
                    size,
                    seed,
                    scene: 0,
                    moving: true,
                    style,
                    platform: Platform::Any,
                    spoken: &[],
                    planned_wpm: 160,
                };
                let mut frame = composed(&draw(&request)?.background_png, size)?;
                let request = KineticRequest {
                    text,
                    brand: Some("Hollow Oak"),
                    role,
                    palette,
                    fonts: &fonts,
                    logo: Some(&logo),
                    size,
                    seed,
                    style,
                    platform: Platform::Any,
                    pictured: photo.is_some(),
                    spoken: &[],
                    planned_wpm: 160,
                };
                for sprite in kinetic(&request)?.sprites {
                    over(&mut frame, &sprite.png, sprite.x, sprite.y)?;
                }
                scenes.push((name.to_owned(), frame));
            }
            sheet(
                &scenes,
                &Path::new(&folder).join(format!("{palette_name}-{aspect_name}.png")),
            )?;
            for (name, frame) in &scenes {
                std::fs::write(
                    Path::new(&folder).join(format!("{palette_name}-{aspect_name}-{name}.png")),
                    frame.encode_png()?,
                )?;
            }
        }
    }
    Ok(())
}

/// The frame with the middle of its background, and a shade where captions stand.
fn composed(background: &[u8], (width, height): (u32, u32)) -> Result<Pixmap, Box<dyn Error>> {
    let mut frame = Pixmap::new(width, height).ok_or("no frame")?;
    let larger = Pixmap::decode_png(background)?;
    let middle = |side: u32, larger: u32| (side as i32 - larger as i32) / 2;
    over(
        &mut frame,
        background,
        middle(width, larger.width()),
        middle(height, larger.height()),
    )?;
    let band = safe::caption_band((width, height), Platform::Any);
    for y in band.y as usize..band.bottom() as usize {
        for x in (band.x as usize)..(band.right() as usize) {
            for channel in &mut frame.data_mut()[(y * width as usize + x) * 4..][..3] {
                *channel = (f32::from(*channel) * 0.8) as u8;
            }
        }
    }
    Ok(frame)
}

fn over(frame: &mut Pixmap, png: &[u8], x: i32, y: i32) -> Result<(), Box<dyn Error>> {
    let picture = Pixmap::decode_png(png)?;
    frame.draw_pixmap(
        x,
        y,
        picture.as_ref(),
        &PixmapPaint::default(),
        Transform::identity(),
        None,
    );
    Ok(())
}

/// All of them on one sheet, small.
fn sheet(scenes: &[(String, Pixmap)], path: &Path) -> Result<(), Box<dyn Error>> {
    let columns = 5;
    let first = &scenes.first().ok_or("no scene")?.1;
    let scale = 360.0 / first.width() as f32;
    let (width, height) = (372, (first.height() as f32 * scale) as usize + 12);
    let rows = scenes.len().div_ceil(columns);
    let mut sheet =
        Pixmap::new((columns * width) as u32, (rows * height) as u32).ok_or("no sheet")?;
    let paint = PixmapPaint {
        quality: FilterQuality::Bilinear,
        ..PixmapPaint::default()
    };
    for (at, (_, frame)) in scenes.iter().enumerate() {
        let (x, y) = (
            (at % columns * width) as f32,
            (at / columns * height) as f32,
        );
        sheet.draw_pixmap(
            0,
            0,
            frame.as_ref(),
            &paint,
            Transform::from_row(scale, 0.0, 0.0, scale, x, y),
            None,
        );
    }
    std::fs::write(path, sheet.encode_png()?)?;
    Ok(())
}
