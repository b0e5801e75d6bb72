//! What the reader of briefs accepts, and what it says of what it doesn't.

#![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

use crate::{Asset, AssetId, BriefError, Tone, read_brief};

/// All that is said of a text that is no brief.
fn complaint(text: &str) -> String {
    read_brief(text).unwrap_err().to_string()
}

fn check(text: &str, expected: &[&str]) {
    let said = complaint(text);
    for part in expected {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
}

#[test]
fn json_and_yaml_say_the_same() {
    let yaml = "topic: Bees\ntone: calm\nkey_points:\n  - Bees dance.\nbrand:\n  palette: {accent: \"#fa0\"}\nseed: 18446744073709551615\n";
    let json = "{\n\t\"topic\": \"Bees\", \"tone\": \"calm\", \"key_points\": [\"Bees dance.\"],\n\t\"brand\": {\"palette\": {\"accent\": \"#fa0\"}}, \"seed\": 18446744073709551615 }";
    let brief = read_brief(yaml).unwrap();
    assert_eq!(brief, read_brief(json).unwrap());
    assert_eq!((brief.tone, brief.seed), (Tone::Calm, u64::MAX));
    assert_eq!(brief.brand.palette.accent.to_string(), "#ffaa00");
}

#[test]
fn fields_left_empty_are_fields_left_out() {
    let brief = read_brief("\u{feff}topic: Bees\naudience:\nbrand:\nkey_points: ~\n").unwrap();
    assert_eq!(brief, read_brief("topic: Bees").unwrap());
}

#[test]
fn a_limit_on_the_cost_is_an_amount_and_costs_nothing_anew() {
    let limit = |text: &str| read_brief(&format!("topic: Bees\nmax_cost_usd: {text}"));
    assert_eq!(limit("0.25").unwrap().max_cost_usd, Some(0.25));
    assert_eq!(limit("2").unwrap().max_cost_usd, Some(2.0));
    let plain = read_brief("topic: Bees").unwrap();
    assert_eq!(limit("0").unwrap().words_only(), plain.words_only());
    for wrong in ["-1", "10001", "\"$2\""] {
        let said = limit(wrong).unwrap_err().to_string();
        assert!(
            said.contains("line 2") && said.contains("max_cost_usd"),
            "{said}"
        );
    }
}

#[test]
fn broken_texts_are_told_with_their_place() {
    check(
        "{\"topic\": \"Bees\",\n \"tone\" \"calm\"}",
        &["line 2, column 9: not JSON: expected `:`"],
    );
    check("topic: Bees\n  tone: [calm\n", &["line 2", "not YAML"]);
    check("topic: Bees\nseed: *x\n", &["line 2"]);
    check(
        "topic: A\ntopic: B\n",
        &["line 2, column 1: not YAML: duplicate mapping key: topic"],
    );
    check(
        &format!("topic: A\nbrand: {}", "[".repeat(40)),
        &["line 2", "not YAML"],
    );
    check(
        &format!("topic: A\nkey_points:\n{}", "- a\n".repeat(3_000)),
        &["not YAML", "fewer entries"],
    );
    check(
        r#"{"topic": "A", "topic": "B"}"#,
        &["line 1, column 16", "duplicate mapping key: topic"],
    );
    check(
        r#"{"topic": "A", "brand": {"name": "x", "name": "y"}}"#,
        &["line 1", "duplicate mapping key: name"],
    );
    check(
        "just words",
        &["line 1, column 1", "a brief is a table", "just words"],
    );
    check("- a\n- b", &["a brief is a table of fields, not a list"]);
    check("", &["nothing to tell"]);
    check("topic: a\u{0}b", &["line 1, column 9", "U+0000", "UTF-8"]);
    check("topic: a\n---\ntopic: b", &["line"]);
}

#[test]
fn unknown_fields_are_named_with_the_nearest() {
    check(
        "topic: Bees\ntarget_secs: 20",
        &["line 2, column 1", "`target_secs`", "`target_seconds`"],
    );
    check(
        "topic: Bees\nbrand:\n  banned: [x]",
        &[
            "line 3, column 3",
            "brand has no field `banned`",
            "`banned_words`",
        ],
    );
    check(
        "topic: Bees\nbrand: {palette: {forground: \"#fff\"}}",
        &["brand.palette has no field `forground`"],
    );
    check(
        "topic: Bees\npalette: {text: \"#fff\"}",
        &["no field `palette`", "`brand.palette`"],
    );
    check("topic: Bees\nzzz: 1", &["`zzz`", "it has topic, audience"]);
}

#[test]
fn wrong_types_are_told_all_together() {
    let text = "topic: 2024\ntarget_seconds: soon\naspect: 4:3\ntone: calmly\nkey_points: one\nseed: -1\nbrand:\n  palette:\n    text: #fff\n    accent: blue\n    primary: 12\n  logo: [a]\n";
    let said = complaint(text);
    for part in [
        "line 1, column 8: topic: text is needed, not the number 2024: put it in quotes",
        "line 2, column 17: target_seconds: a whole number",
        "line 3, column 9: aspect: \"4:3\" is none of \"9:16\", \"1:1\", \"16:9\"",
        "did you mean \"calm\"?",
        "key_points: a list is needed, not the text \"one\"",
        "seed: a whole number",
        "brand.palette.text: the colour is missing: in YAML a colour needs quotes",
        "brand.palette.accent: \"blue\" is not a colour",
        "brand.palette.primary: a colour is needed, not the number 12",
        "brand.logo: a file is needed, not a list",
    ] {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
    assert_eq!(said.lines().count(), 10, "{said}");
}

#[test]
fn a_file_is_a_path_or_the_id_of_an_upload() {
    let id = AssetId::new(1, 2);
    let brief = read_brief(&format!(
        "topic: Bees\nbrand: {{font: a/b.ttf, logo: {{asset: {id}}}}}"
    ))
    .unwrap();
    assert_eq!(brief.brand.font, Some(Asset::Path("a/b.ttf".to_owned())));
    assert_eq!(
        brief.uploads().collect::<Vec<_>>(),
        [("brand.logo".to_owned(), &id)]
    );
    let written = serde_json::to_string(&brief).unwrap();
    assert_eq!(read_brief(&written).unwrap(), brief);
    let brief = read_brief(&format!("topic: Bees\nmusic: {{asset: {id}}}")).unwrap();
    assert_eq!(
        brief.uploads().collect::<Vec<_>>(),
        [("music".to_owned(), &id)]
    );

    let stored = r#"{"key": "00", "media_type": "png", "bytes": 1}"#;
    for (wrong, part) in [
        ("{asset: ../secret}", "is not an asset's id"),
        ("{asset: 12}", "an asset's id is text, not the number 12"),
        ("{}", "a file is needed"),
        (stored, "a file is needed"),
        ("{asset: a, more: b}", "a file is needed"),
    ] {
        check(
            &format!("topic: Bees\nbrand: {{logo: {wrong}}}"),
            &["line 2", "brand.logo", part],
        );
    }
}

#[test]
fn what_is_out_of_range_is_told() {
    check(
        "topic: Bees\ntarget_seconds: 0",
        &["line 2, column 1: target_seconds: 0 seconds", "5 to 180"],
    );
    check("topic: Bees\ntarget_seconds: 10000", &["10000 seconds"]);
    check(
        "topic: ' '\nlanguage: english",
        &["nothing to tell", "\"english\" is not a language code"],
    );
    check(
        "topic: Bees\nlanguage: no\nkey_points: ['', '...']",
        &["key_points[0]: it says nothing", "key_points[1]", "line 3"],
    );
    check(&format!("topic: {}", "x".repeat(201)), &["201 characters"]);
    check(
        &format!("key_points: [{}]", "a,".repeat(41)),
        &["41 are too many"],
    );
    check(
        &format!("key_points: [{}]", "x".repeat(501)),
        &["key_points[0]", "501 characters"],
    );
    check("topic: Bees\nhook: joke", &["line 2", "hook"]);
    for voice in ["../joe", "-w", ""] {
        let brief = serde_json::json!({"topic": "Bees", "brand": {"voice": voice}});
        check(
            &brief.to_string(),
            &["brand.voice: this is no voice's name"],
        );
    }
    check(
        "topic: Bees\nsource_text: a\nsource_file: b",
        &["both given"],
    );
    assert!(
        read_brief("topic: Bees\nlanguage: no").is_ok(),
        "Norwegian is not false"
    );
}

#[test]
fn wanted_and_banned_words_must_not_meet() {
    let text = "topic: Cheap lamps\nkey_points: [It is CHEAP!]\nbrand:\n  voice_words: [Cheap]\n  banned_words: [cheap]\n  call_to_action: Buy cheap\n";
    check(
        text,
        &[
            "topic: it holds \"cheap\"",
            "key_points[0]",
            "line 4, column 17: brand.voice_words[0]",
            "brand.call_to_action",
        ],
    );
}

#[test]
fn a_brand_s_pronunciations_are_read_and_what_is_wrong_with_them_is_told_in_its_place() {
    let text = "topic: Bees\nbrand:\n  pronunciations:\n    Nginx: engine ex\n    Ceph: \"/ˈsɛf/\"\n    Node.js: node\n";
    let brief = read_brief(text).unwrap();
    assert_eq!(brief.brand.pronunciations.iter().count(), 3);
    assert_eq!(
        brief,
        read_brief(&serde_json::to_string(&brief).unwrap()).unwrap()
    );
    assert!(brief.words_only().brand.pronunciations.is_empty());
    check(
        "topic: Bees\nbrand:\n  pronunciations:\n    Nginx:\n    New Relic: x\n    Ceph: /§/\n",
        &[
            "line 4, column 5: brand.pronunciations.Nginx: it isn't said how",
            "line 5, column 5: brand.pronunciations.New Relic: \"New Relic\" is more than one word",
            "line 6, column 5: brand.pronunciations.Ceph: '§'",
        ],
    );
    check(
        "topic: Bees\nbrand: {pronunciations: {K8s: 8}}",
        &["brand.pronunciations.K8s: text is needed, not the number 8"],
    );
    check(
        "topic: Bees\nbrand: {pronunciations: [Nginx]}",
        &["brand.pronunciations: a table is needed, not a list"],
    );
}

#[test]
fn large_and_binary_sources_are_refused() {
    let megabyte = "All is well here. ".repeat(58_000);
    assert!(megabyte.len() <= crate::MAX_SOURCE_BYTES);
    assert!(read_brief(&serde_json::json!({ "source_text": megabyte }).to_string()).is_ok());
    check(
        &serde_json::json!({ "source_text": megabyte.repeat(2) }).to_string(),
        &["source_text: the text is 2.0 MB"],
    );
    let huge = serde_json::json!({ "source_text": megabyte.repeat(5) }).to_string();
    assert!(matches!(
        read_brief(&huge),
        Err(BriefError::TooLarge { .. })
    ));
    check(
        r#"{"source_text": "one\ntwo \u0000 three"}"#,
        &["source_text: line 2, column 5 of the text", "U+0000"],
    );
    let brief = read_brief("source_file: a.txt").unwrap();
    assert!(
        brief
            .clone()
            .with_source("\n \n".to_owned())
            .unwrap_err()
            .to_string()
            .contains("source_file a.txt: it holds no words")
    );
    assert!(
        brief
            .clone()
            .with_source("PNG\u{1a}".to_owned())
            .unwrap_err()
            .message
            .contains("U+001A")
    );
    assert_eq!(
        brief.with_source("Words.".to_owned()).unwrap().source_file,
        None
    );
}

#[test]
fn deep_and_wide_texts_are_refused_quickly() {
    assert!(read_brief(&"[".repeat(100_000)).is_err());
    assert!(read_brief(&format!("topic: {}1", "- ".repeat(10_000))).is_err());
    assert!(read_brief(&"a: 1\n".repeat(100_000)).is_err());
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
    assert!(read_brief(bomb).is_err());
}

#[test]
fn every_script_and_length_of_word_is_welcome() {
    for topic in ["🐝🐝", "富士山", "النحل", "e\u{301}cole", &"x".repeat(200)] {
        let brief = read_brief(
            &serde_json::json!({ "topic": topic, "key_points": ["y".repeat(300)] }).to_string(),
        )
        .unwrap();
        assert_eq!(brief.topic, topic);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,80}", start in 0_usize..4) {
        let start = ["", "{\"topic\": ", "topic: ", "brand:\n  "][start];
        let _ = read_brief(&format!("{start}{text}")).map_err(|error| error.to_string());
    }
}
