//! Logos come from outside: what is read of them, and what is refused.

use drawing::{DrawingError, Logo};
use resvg::tiny_skia::{Color, Pixmap};

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut pixmap = Pixmap::new(width, height).unwrap();
    pixmap.fill(Color::from_rgba8(200, 30, 30, 255));
    pixmap.encode_png().unwrap()
}

#[test]
fn pngs_and_svgs_are_read() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10"/></svg>"#;
    assert!((Logo::read(svg).unwrap().aspect() - 3.0).abs() < 0.05);
    assert!((Logo::read(&png(200, 100)).unwrap().aspect() - 2.0).abs() < 0.01);
    assert!((Logo::read(&png(4096, 16)).unwrap().aspect() - 256.0).abs() < 60.0);
}

#[test]
fn what_is_no_logo_is_refused_with_the_reason() {
    let clear = Pixmap::new(20, 20).unwrap().encode_png().unwrap();
    let empty = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"/>"#;
    let mut cut = png(300, 300);
    cut.truncate(60);
    for (bytes, problem) in [
        (&b""[..], "can't be read"),
        (b"GIF89a", "can't be read"),
        (b"\x89PNG\r\n\x1a\n", "can't be read"),
        (b"<svg", "can't be read"),
        (&cut, "can't be read"),
        (b"\x89PNG\r\n\x1a\nxxxxxxxxxxxxxxxxxxxx", "its PNG is damaged"),
        (
            br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="9" height="9"/><text>A</text></svg>"#,
            "turn its text into paths",
        ),
        (&clear, "nothing of it can be seen"),
        (empty, "nothing of it can be seen"),
        (&png(4097, 10), "4097 x 10 pixels"),
        (&vec![0; 6 * 1024 * 1024], "has 6291456 bytes"),
    ] {
        let error = Logo::read(bytes).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn an_svg_loads_nothing() {
    let folder = std::env::temp_dir().join("reelwright-drawing-logo");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("secret.png");
    std::fs::write(&file, png(10, 10)).unwrap();
    let data = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    for href in [
        file.to_str().unwrap(),
        "http://127.0.0.1:9/x.png",
        "file:///etc/passwd",
        data,
    ] {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10"><image xlink:href="{href}" width="10" height="10"/></svg>"#
        );
        let refused = Logo::read(svg.as_bytes()).unwrap_err();
        assert!(
            matches!(refused, DrawingError::LogoUnreadable { .. }),
            "{href}: {refused}"
        );
    }
}

#[test]
fn an_svg_that_grows_without_end_is_refused() {
    let level = |level: usize| {
        let uses = format!(r##"<use href="#a{}"/>"##, level - 1).repeat(10);
        format!(r#"<g id="a{level}">{uses}</g>"#)
    };
    let svg = |inside: &str| {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{inside}</svg>"#)
    };
    let leaf = r#"<rect id="a0" width="9" height="9"/>"#;
    let levels: String = (1..12).map(level).collect();
    let error = Logo::read(svg(&format!("{leaf}{levels}")).as_bytes())
        .unwrap_err()
        .to_string();
    assert!(error.contains("would not end"), "{error}");
    let circle = svg(r##"<g id="a"><use href="#a"/><rect width="5" height="5"/></g>"##);
    let _ = Logo::read(circle.as_bytes());
    let nested = svg(&format!(
        "{}{leaf}{}",
        "<g>".repeat(5_000),
        "</g>".repeat(5_000)
    ));
    assert!(Logo::read(nested.as_bytes()).is_err());
}

#[test]
fn an_svg_that_takes_too_long_to_draw_is_refused() {
    let svg = |inside: &str| {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">{inside}</svg>"#)
    };
    let filtered = |steps: &str| {
        svg(&format!(
            r#"<filter id="f" x="-9" y="-9" width="20" height="20">{steps}</filter><rect filter="url(#f)" width="1000" height="1000"/>"#
        ))
    };
    let square = r#"<rect width="1000" height="1000" opacity=".9"/>"#;
    let slow = [
        filtered(&r#"<feGaussianBlur stdDeviation="900"/>"#.repeat(50)),
        filtered(r#"<feMorphology operator="dilate" radius="300"/>"#),
        filtered(r#"<feTurbulence baseFrequency=".1" numOctaves="1000000"/>"#),
        svg(&square.repeat(5_000)),
        svg(&format!(
            "{}{square}{}",
            r#"<g opacity=".9">"#.repeat(150),
            "</g>".repeat(150)
        )
        .repeat(20)),
        svg(&format!(
            r#"<mask id="m">{}</mask>{}"#,
            square.repeat(100),
            r#"<rect width="1000" height="1000" mask="url(#m)"/>"#.repeat(100)
        )),
    ];
    for svg in slow {
        let error = Logo::read(svg.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("too long to draw"), "{error}");
    }
    let shadows = r##"<filter id="f"><feDropShadow dx="4" dy="4" stdDeviation="8"/></filter><g filter="url(#f)"><rect x="200" y="200" width="600" height="600" fill="#1d4ed8"/></g>"##;
    Logo::read(svg(&shadows.repeat(5)).as_bytes()).unwrap();
}
