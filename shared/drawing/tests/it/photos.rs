//! What holds for a picture of the user's own behind words, whatever it shows.

use std::ops::Range;

use domain::{Color, Movement, Palette, PictureMotion, Platform, Role, Style, Visual};
use drawing::{DrawRequest, Drawn, KineticRequest, Logo, Photo, Piece, UserPhoto, draw, kinetic};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};
use typeset::safe;

use crate::sample::{commonest, fonts, palettes, request};

const FRAME: (u32, u32) = (360, 640);

/// A picture whose pixels are told by their place, taken in like a file.
fn picture(width: u32, height: u32, rgba: impl Fn(u32, u32) -> [u8; 4]) -> Photo {
    let mut pixmap = Pixmap::new(width, height).unwrap();
    for (at, pixel) in (0..).zip(pixmap.pixels_mut()) {
        let [r, g, b, a] = rgba(at % width, at / width);
        *pixel = PremultipliedColorU8::from_rgba(r, g, b, a).unwrap();
    }
    let taken = photo::take(&pixmap.encode_png().unwrap()).unwrap();
    Photo::read(&taken.png).unwrap()
}

fn pictures() -> Vec<(&'static str, Photo)> {
    let noise = |x: u32, y: u32| {
        let n =
            (x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35);
        [(n >> 24) as u8, (n >> 16) as u8, (n >> 8) as u8, 255]
    };
    let check = |x: u32, y: u32| {
        let light = if (x / 9 + y / 9).is_multiple_of(2) {
            255
        } else {
            0
        };
        [light, light, light, 255]
    };
    vec![
        ("white", picture(480, 700, |_, _| [255; 4])),
        ("black", picture(480, 700, |_, _| [0, 0, 0, 255])),
        ("noise", picture(480, 700, noise)),
        ("check", picture(700, 480, check)),
        (
            "sky",
            picture(480, 700, |_, y| [120, 190, 255 - (y / 4) as u8, 255]),
        ),
        (
            "neon",
            picture(480, 700, |x, _| {
                if x < 240 {
                    [255, 255, 0, 255]
                } else {
                    [0, 255, 255, 255]
                }
            }),
        ),
        ("small", picture(220, 200, check)),
        (
            "clear",
            picture(480, 700, |x, _| if x < 240 { [0; 4] } else { [255; 4] }),
        ),
    ]
}

/// A scene before a picture.
fn before<'a>(visual: &'a Visual, palette: &'a Palette, photo: &'a Photo) -> DrawRequest<'a> {
    DrawRequest {
        photo: Some(UserPhoto {
            photo,
            focus: None,
            motion: None,
        }),
        ..request(visual, palette, FRAME)
    }
}

/// The least contrast of a colour to what comes to lie behind some rows of the frame, from its first moment to its last.
fn least(ink: Color, drawn: &Drawn, rows: Range<f32>) -> f64 {
    let background = Pixmap::decode_png(&drawn.background_png).unwrap();
    let Movement { from, to } = drawn.photo.unwrap().movement;
    let mut least = f64::MAX;
    for step in 0..=4 {
        let share = step as f32 / 4.0;
        let between = |from: f32, to: f32| from + (to - from) * share;
        let (top, scale) = (
            between(from.y, to.y),
            between(from.width, to.width) / FRAME.0 as f32,
        );
        let first = (top + rows.start * scale) as u32;
        let last = ((top + rows.end * scale) as u32).min(background.height() - 1);
        for y in first..=last {
            for x in (0..background.width()).step_by(2) {
                let pixel = background.pixel(x, y).unwrap();
                let behind = Color::new(pixel.red(), pixel.green(), pixel.blue());
                least = least.min(ink.contrast(behind));
            }
        }
    }
    least
}

fn rows(piece: &Piece) -> Range<f32> {
    let height = Pixmap::decode_png(&piece.png).unwrap().height() as f32;
    piece.y as f32..piece.y as f32 + height
}

#[test]
fn words_contrast_with_every_pixel_of_any_picture_wherever_it_moves() {
    // Its two texts are in the two colours that stand on the background itself.
    let visual = Visual::Definition {
        term: "MMM".into(),
        meaning: "MMM".into(),
    };
    for (name, photo) in &pictures() {
        for palette in &palettes() {
            for (style, motion) in [
                (Style::Classic, PictureMotion::In),
                (Style::Bold, PictureMotion::Left),
                (Style::Calm, PictureMotion::Out),
                (Style::Editorial, PictureMotion::Still),
            ] {
                let base = before(&visual, palette, photo);
                let drawn = draw(&DrawRequest {
                    style,
                    photo: base.photo.map(|user| UserPhoto {
                        motion: Some(motion),
                        ..user
                    }),
                    ..base
                })
                .unwrap();
                let [_, term, meaning] = drawn.pieces.as_slice() else {
                    panic!("{} pieces", drawn.pieces.len());
                };
                for piece in [term, meaning] {
                    let found = least(commonest(&piece.png), &drawn, rows(piece));
                    assert!(found >= 4.5, "{name} {palette:?} {style:?}: {found}");
                }
            }
        }
    }
}

#[test]
fn moving_words_contrast_with_any_picture_as_well() {
    let visual = Visual::Title {
        title: String::new(),
        kicker: None,
    };
    for (name, photo) in &pictures() {
        for palette in &palettes() {
            let drawn = draw(&DrawRequest {
                moving: true,
                role: Role::Hook,
                ..before(&visual, palette, photo)
            })
            .unwrap();
            let moving = kinetic(&KineticRequest {
                text: "MMM MMM MMM",
                brand: None,
                role: Role::Hook,
                palette,
                style: Style::Calm,
                platform: Platform::Any,
                fonts: fonts(),
                logo: None,
                size: FRAME,
                seed: 5,
                pictured: true,
                spoken: &[],
                planned_wpm: 160,
            })
            .unwrap();
            let stage = safe::stage(FRAME, Platform::Any);
            // The rule first, the word that matters on a plate last: the one between is plain.
            let word = &moving.sprites[1];
            let found = least(commonest(&word.png), &drawn, stage.y..stage.bottom());
            assert!(found >= 4.5, "{name} {palette:?}: {found}");
        }
    }
}

#[test]
fn a_picture_is_seen_where_no_words_are_and_a_dark_one_nearly_as_it_is() {
    let palette = Palette::default();
    let visual = Visual::Statement {
        text: "A few words".into(),
        emphasis: None,
    };
    let of = |photo: &Photo| {
        let drawn = draw(&before(&visual, &palette, photo)).unwrap();
        Pixmap::decode_png(&drawn.background_png).unwrap()
    };
    let red = |pixel: PremultipliedColorU8| i32::from(pixel.red());
    let foot = |picture: &Pixmap| red(picture.pixel(180, picture.height() - 3).unwrap());
    let middle = |picture: &Pixmap| red(picture.pixel(180, picture.height() * 2 / 5).unwrap());
    let light = of(&picture(480, 700, |_, _| [240, 240, 240, 255]));
    assert!(foot(&light) > 190, "{}", foot(&light));
    assert!(middle(&light) < 125, "{}", middle(&light));
    let dark = of(&picture(480, 700, |_, _| [60, 50, 40, 255]));
    assert!((middle(&dark) - 60).abs() < 12, "{}", middle(&dark));
}

#[test]
fn through_what_is_clear_the_backdrop_is_seen_and_nothing_else_shows_through() {
    let palette = Palette::default();
    let visual = Visual::Statement {
        text: "Words".into(),
        emphasis: None,
    };
    for (_, photo) in &pictures() {
        let drawn = draw(&before(&visual, &palette, photo)).unwrap();
        let background = Pixmap::decode_png(&drawn.background_png).unwrap();
        assert!(background.pixels().iter().all(|pixel| pixel.alpha() == 255));
        assert!(background.width() >= FRAME.0 && background.height() >= FRAME.1);
    }
    let pictures = pictures();
    let (_, clear) = pictures.last().unwrap();
    let drawn = draw(&before(&visual, &palette, clear)).unwrap();
    let background = Pixmap::decode_png(&drawn.background_png).unwrap();
    let foot = background.height() - 3;
    let (left, right) = (
        background.pixel(20, foot).unwrap(),
        background.pixel(background.width() - 20, foot).unwrap(),
    );
    assert!(left.red() < 100 && right.red() > 190, "{left:?} {right:?}");
}

#[test]
fn a_small_picture_is_told_and_stands_sharp_before_its_own_blur() {
    let palette = Palette::default();
    let visual = Visual::Statement {
        text: "Words".into(),
        emphasis: None,
    };
    let pictures = pictures();
    let told = |name: &str| {
        let (_, photo) = pictures.iter().find(|(found, _)| *found == name).unwrap();
        draw(&before(&visual, &palette, photo)).unwrap()
    };
    assert_eq!(told("white").photo.unwrap().small, None);
    let small = told("small");
    assert_eq!(small.photo.unwrap().small, Some([(220, 200), (704, 640)]));
    let background = Pixmap::decode_png(&small.background_png).unwrap();
    // Rows below words: the check's edges are sharp within the picture, and gone in the blur.
    let steepest = |y: u32| {
        let reds =
            (0..background.width()).map(|x| i32::from(background.pixel(x, y).unwrap().red()));
        let reds: Vec<i32> = reds.collect();
        reds.windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .max()
            .unwrap()
    };
    let (inside, outside) = (
        steepest(background.height() / 2 + 150),
        steepest(background.height() - 20),
    );
    assert!(inside > 30 && outside < 12, "{inside} {outside}");
}

#[test]
fn the_same_request_is_the_same_bytes_and_the_focus_moves_what_is_seen() {
    let palette = Palette::default();
    let visual = Visual::Statement {
        text: "Words".into(),
        emphasis: None,
    };
    let wide = picture(1_600, 700, |x, _| [(x / 8) as u8, 60, 60, 255]);
    let of = |focus: f64| {
        let base = before(&visual, &palette, &wide);
        draw(&DrawRequest {
            photo: base.photo.map(|user| UserPhoto {
                focus: Some([focus, 0.5]),
                ..user
            }),
            ..base
        })
        .unwrap()
    };
    assert_eq!(of(0.2), of(0.2));
    let reddest = |drawn: &Drawn| {
        let picture = Pixmap::decode_png(&drawn.background_png).unwrap();
        let foot = picture.height() - 5;
        picture.pixel(picture.width() / 2, foot).unwrap().red()
    };
    assert!(reddest(&of(0.2)) + 60 < reddest(&of(0.9)));
}

#[test]
fn a_logo_has_a_plate_over_a_picture() {
    const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60"><circle cx="30" cy="30" r="30" fill="#fff"/></svg>"##;
    let palette = Palette::default();
    let logo = Logo::read(SVG.as_bytes()).unwrap();
    let visual = Visual::Statement {
        text: "Words".into(),
        emphasis: None,
    };
    let white = picture(480, 700, |_, _| [255; 4]);
    let drawn = draw(&DrawRequest {
        logo: Some(&logo),
        ..before(&visual, &palette, &white)
    })
    .unwrap();
    assert!(
        drawn
            .boxes
            .iter()
            .any(|found| found.name == "shape logo plate")
    );
}
