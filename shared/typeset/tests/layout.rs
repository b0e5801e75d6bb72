//! What holds for every text that is laid out.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use proptest::prelude::*;
use typeset::{Fit, FontError, Fonts, Laid, TextStyle};

fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::builtin)
}

const FIT: Fit = Fit {
    max_width: 900.0,
    max_height: 600.0,
    min_size: 44.0,
    max_size: 160.0,
};

fn ink(laid: &Laid) -> u64 {
    fonts()
        .masks(laid)
        .iter()
        .flat_map(|mask| &mask.alpha)
        .map(|&a| u64::from(a))
        .sum()
}

#[test]
fn scripts_of_the_world_are_drawn() {
    for text in [
        "Grüße, žluťoučký kůň, naïve façade",
        "Ελληνικά και Кириллица",
        "שלום עולם",
        "مرحبا بالعالم",
        "नमस्ते दुनिया",
        "বাংলা தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ગુજરાતી ਪੰਜਾਬੀ සිංහල",
        "ภาษาไทย ລາວ ភាសាខ្មែរ မြန်မာ",
        "Հայերեն ქართული አማርኛ",
        "敏捷的棕色狐狸 繁體中文字 日本語のかな漢字 한국어 글자",
        "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}",
        "🚀 👩‍💻 🇪🇺 👍🏽 1️⃣ ❤️ ☎",
        "→ ≠ ∑ ½ № ™ € ₿ ✓ ★",
        "e\u{301}le\u{300}ve n\u{303}",
    ] {
        let laid = fonts().layout_fit(text, &TextStyle::heading(0.0), &FIT);
        assert_eq!(laid.missing, [], "{text}");
        assert_eq!(
            laid.words.iter().map(|w| w.index).max().unwrap() + 1,
            text.split_whitespace().count(),
            "{text}"
        );
        let masks = fonts().masks(&laid);
        assert!(
            masks.iter().all(|mask| mask.alpha.iter().any(|&a| a > 128)),
            "{text}"
        );
    }
}

#[test]
fn what_no_font_has_is_left_out_and_named() {
    let laid = fonts().layout(
        "say \u{e000}this\u{e000} 𓀀 now",
        &TextStyle::body(50.0),
        900.0,
    );
    assert_eq!(laid.missing, ['\u{e000}', '𓀀']);
    let text = fonts().layout("say this now", &TextStyle::body(50.0), 900.0);
    assert_eq!(ink(&laid), ink(&text));
}

#[test]
fn a_word_wider_than_a_line_is_broken_and_never_leaves_it() {
    let word = "Donaudampfschifffahrtsgesellschaft".repeat(9);
    let laid = fonts().layout_fit(&word, &TextStyle::heading(0.0), &FIT);
    assert!(laid.lines.len() > 3);
    assert!(laid.width <= FIT.max_width && laid.height <= FIT.max_height);
    assert!(laid.words.iter().all(|piece| piece.index == 0));
    assert!(!laid.truncated);
}

#[test]
fn what_does_not_fit_ends_with_an_ellipsis_after_a_whole_word() {
    let text = "word ".repeat(400);
    let laid = fonts().layout_fit(&text, &TextStyle::body(0.0), &FIT);
    assert!(laid.truncated && laid.height <= FIT.max_height && laid.words.len() > 20);
    let last = laid.words.last().unwrap();
    assert_eq!(&text[last.text_range.clone()], "word");
}

#[test]
fn lines_of_a_heading_are_about_equally_long() {
    let laid = fonts().layout(
        "Seven words that would leave one over",
        &TextStyle::heading(90.0),
        800.0,
    );
    let (short, long) = laid.lines.iter().fold((f32::MAX, 0.0_f32), |(s, l), line| {
        (s.min(line.width), l.max(line.width))
    });
    assert!(
        laid.lines.len() > 1 && short > 0.5 * long,
        "{:?}",
        laid.lines
    );
}

#[test]
fn right_to_left_text_starts_at_the_right_and_goes_left() {
    let laid = fonts().layout("שלום עולם", &TextStyle::body(60.0), 800.0);
    let line = &laid.lines[0];
    assert!(line.rtl && (line.x + line.width - 800.0).abs() < 0.1);
    let first = laid.words.iter().find(|word| word.index == 0).unwrap();
    let second = laid.words.iter().find(|word| word.index == 1).unwrap();
    assert!(first.x > second.x + second.width);
}

#[test]
fn chinese_breaks_between_characters_and_not_before_a_full_stop() {
    let text = "春天来了，花园里的花都开了，蜜蜂在花丛中飞来飞去。".repeat(2);
    let laid = fonts().layout(&text, &TextStyle::body(60.0), 500.0);
    assert!(laid.lines.len() >= 5 && laid.width <= 500.0);
    assert!(!laid.broken && laid.words.iter().all(|word| word.index == 0));
    for line in 0..laid.lines.len() {
        let first = laid.words.iter().find(|word| word.line == line).unwrap();
        assert!(!text[first.text_range.clone()].starts_with(['，', '。']));
    }
}

#[test]
fn words_know_their_bytes() {
    let text = "one  two,\nthree";
    let laid = fonts().layout(text, &TextStyle::body(40.0), 900.0);
    let shown: Vec<&str> = laid
        .words
        .iter()
        .map(|word| &text[word.text_range.clone()])
        .collect();
    assert_eq!(shown, ["one", "two,", "three"]);
    assert_eq!(
        laid.words.iter().map(|word| word.line).collect::<Vec<_>>(),
        [0, 0, 1]
    );
}

#[test]
fn ink_stays_within_its_line_but_for_accents_and_tails() {
    let laid = fonts().layout(
        "Highly gripping jumps ÅÉ",
        &TextStyle::heading(100.0),
        900.0,
    );
    for (word, mask) in laid.words.iter().zip(fonts().masks(&laid)) {
        assert!(
            mask.x as f32 >= word.x - 8.0
                && (mask.x as f32 + mask.width as f32) <= word.x + word.width + 8.0
        );
        assert!(
            mask.y as f32 >= word.y - 12.0
                && (mask.y as f32 + mask.height as f32) <= word.y + word.height + 12.0
        );
    }
}

#[test]
fn what_was_set_before_changes_nothing() {
    let draw = |fonts: &Fonts| {
        let laid = fonts.layout_fit(
            "The same bytes, 总是 שלום 🚀",
            &TextStyle::heading(0.0),
            &FIT,
        );
        (laid.clone(), fonts.masks(&laid))
    };
    let used = Fonts::builtin();
    used.layout("Something else 别的 أخرى", &TextStyle::body(33.0), 400.0);
    draw(&used);
    assert_eq!(draw(&used), draw(&Fonts::builtin()));
}

#[test]
fn a_brands_font_comes_first_and_a_bad_one_is_refused() {
    let bytes = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fonts/NotoSansGeorgian-Bold.ttf"
    ))
    .unwrap();
    let brand = Fonts::with_font(bytes).unwrap();
    let style = TextStyle::heading(80.0);
    assert_eq!(brand.layout("ქართული and Latin", &style, 900.0).missing, []);
    for bad in [Vec::new(), b"wOF2 and more".to_vec(), vec![0; 4096]] {
        assert_eq!(Fonts::with_font(bad).unwrap_err(), FontError::Unreadable);
    }
    assert!(matches!(
        Fonts::with_font(vec![0; typeset::MAX_FONT_BYTES + 1]),
        Err(FontError::TooLarge { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_stays_within_its_place(text in "(?s).{0,120}", heading in any::<bool>()) {
        let style = if heading { TextStyle::heading(0.0).centered() } else { TextStyle::body(0.0) };
        let laid = fonts().layout_fit(&text, &style, &FIT);
        prop_assert!(laid.height <= FIT.max_height + 0.5);
        for line in &laid.lines {
            prop_assert!(line.x >= -0.5 && line.x + line.width <= FIT.max_width + 0.5, "{line:?}");
        }
        for word in &laid.words {
            prop_assert!(text.is_char_boundary(word.text_range.start) && text.is_char_boundary(word.text_range.end));
        }
        fonts().masks(&laid);
    }

    #[test]
    fn any_words_are_all_there(text in r"(\PC{1,12}[ \n]){1,12}") {
        let laid = fonts().layout(&text, &TextStyle::body(48.0), 600.0);
        let shown: std::collections::BTreeSet<usize> = laid.words.iter().map(|word| word.index).collect();
        prop_assert!(shown.len() <= text.split_whitespace().count());
        prop_assert!(laid.width <= 600.5);
    }
}

#[test]
fn a_damaged_font_is_refused_or_used_but_never_ends_the_process() {
    let whole = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fonts/NotoSansGeorgian-Bold.ttf"
    ))
    .unwrap();
    for at in 0..24 {
        let mut bytes = whole.clone();
        if at % 2 == 0 {
            bytes.truncate(whole.len() * (at + 1) / 25);
        } else {
            for step in 0..40 {
                let place = (at * 7_919 + step * 104_729) % bytes.len();
                bytes[place] = bytes[place].wrapping_add(at as u8 * 11);
            }
        }
        if let Ok(fonts) = Fonts::with_font(bytes) {
            let laid = fonts.layout_fit("ქართული and Latin", &TextStyle::heading(0.0), &FIT);
            fonts.masks(&laid);
        }
    }
}
