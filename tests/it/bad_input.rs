//! What can't be used is refused with exit code 2 and a message that says what, where and what to do; nothing is left behind.

use crate::support::{SMALL, Sandbox};

/// Nothing was made: no output, and no run in the store.
fn untouched(sandbox: &Sandbox) {
    let left: Vec<_> = std::fs::read_dir(sandbox.out())
        .map(|all| all.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    assert!(left.is_empty(), "{left:?}");
    assert!(sandbox.journal().is_empty());
}

fn refused(brief: impl AsRef<[u8]>, words: &[&str]) {
    let sandbox = Sandbox::new();
    let message = sandbox.make(&sandbox.write("brief.yaml", brief)).refusal();
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
    untouched(&sandbox);
}

#[test]
fn a_missing_or_unreadable_brief_is_named() {
    let sandbox = Sandbox::new();
    assert!(
        sandbox
            .make(&sandbox.path("none.yaml"))
            .refusal()
            .contains("none.yaml")
    );
    std::fs::create_dir(sandbox.path("folder.yaml")).unwrap();
    assert!(
        sandbox
            .make(&sandbox.path("folder.yaml"))
            .refusal()
            .contains("folder.yaml")
    );
    untouched(&sandbox);
}

#[test]
fn text_that_is_neither_json_nor_yaml_is_refused_with_line_and_column() {
    refused("topic: Bread\nkey_points: [a, b\n", &["line", "column"]);
    refused("{\"topic\": \"Bread\",\n \"seed\": ]}", &["line 2"]);
    refused([0xff, 0xfe, 0x00], &["UTF-8"]);
}

#[test]
fn an_unknown_field_is_named_with_the_nearest() {
    refused(
        "topic: Bread\ntarget_second: 20\n",
        &["target_second", "target_seconds"],
    );
    refused(
        "topic: Bread\nbrand: {palete: {}}\n",
        &["palete", "palette"],
    );
}

#[test]
fn values_out_of_range_are_refused() {
    refused("topic: ''\n", &["topic"]);
    refused(
        "topic: Bread\ntarget_seconds: 0\n",
        &["target_seconds", "5", "180"],
    );
    refused(
        "topic: Bread\ntarget_seconds: 10000\n",
        &["target_seconds", "5", "180"],
    );
    let points = "  - A sentence of eight words stands in here.\n".repeat(40);
    refused(
        format!("topic: Bread\ntarget_seconds: 30\nkey_points:\n{points}"),
        &["key_points", "120 seconds", "30"],
    );
    refused(
        "topic: Bread\nbrand: {palette: {accent: sunny}}\n",
        &["sunny", "#rrggbb"],
    );
    refused(
        format!(
            "topic: Bread\nsource_text: \"{}\"\n",
            "word ".repeat(1_000_000)
        ),
        &["4.8 MB", "1 MB"],
    );
    refused(
        format!(
            "topic: Bread\nsource_text: \"{}\"\n",
            "word ".repeat(300_000)
        ),
        &["source_text", "MB"],
    );
    refused(
        "{\"topic\": \"Bread\", \"source_text\": \"a\\u0000b\"}",
        &["source_text"],
    );
}

#[test]
fn a_source_file_is_checked_like_a_source_text() {
    let sandbox = Sandbox::new();
    sandbox.write("binary.txt", b"text\x00\x01\x02".repeat(10));
    let brief = sandbox.write("brief.yaml", "topic: Bread\nsource_file: binary.txt\n");
    assert!(sandbox.make(&brief).refusal().contains("source"));
    let brief = sandbox.write("other.yaml", "topic: Bread\nsource_file: nowhere.txt\n");
    assert!(sandbox.make(&brief).refusal().contains("nowhere.txt"));
    sandbox.write("huge.txt", "a word ".repeat(800_000));
    let brief = sandbox.write("huge.yaml", "topic: Bread\nsource_file: huge.txt\n");
    assert!(sandbox.make(&brief).refusal().contains("source"));
    untouched(&sandbox);
}

#[test]
fn an_output_folder_that_is_a_file_is_refused_before_any_work() {
    let sandbox = Sandbox::new();
    let brief = sandbox.write("brief.json", SMALL);
    let out = sandbox.write("file", "in the way");
    let message = sandbox
        .run(&[
            "make",
            brief.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ])
        .refusal();
    assert!(message.contains("--out"), "{message}");
    assert!(sandbox.journal().is_empty());
}

#[test]
fn a_damaged_store_is_refused_and_kept() {
    let sandbox = Sandbox::new();
    let brief = sandbox.write("brief.json", SMALL);
    std::fs::create_dir(sandbox.home()).unwrap();
    let damage = b"this is no database, however long one looks at it ".repeat(200);
    std::fs::write(sandbox.home().join("state.db"), &damage).unwrap();
    let answer = sandbox.make(&brief);
    assert_ne!(answer.code(), 0);
    assert!(answer.stderr().contains("state.db"), "{}", answer.stderr());
    assert_eq!(
        std::fs::read(sandbox.home().join("state.db")).unwrap(),
        damage
    );
}

#[test]
fn a_workflow_that_makes_no_sense_is_refused_with_its_line() {
    let plan = |text: &str, words: &[&str]| {
        let sandbox = Sandbox::new();
        let file = sandbox.write("workflow.yaml", text);
        let message = sandbox.run(&["plan", file.to_str().unwrap()]).refusal();
        for word in words {
            assert!(message.contains(word), "{word:?} is not in: {message}");
        }
    };
    plan(
        "name: x\ntasks:\n  a: {after: [c]}\n  b: {after: [a]}\n  c: {after: [b]}\n",
        &["cycle", "a", "b", "c", "->"],
    );
    plan(
        "name: x\ntasks:\n  story: {}\n  script: {after: [sotry]}\n",
        &["sotry", "story", "line 4"],
    );
    plan("name: x\ntasks:\n  a: {}\n  a: {}\n", &["a", "line 4"]);
    plan(
        "name: x\ntasks:\n  a: {when: '$eval(\"1\")'}\n",
        &["line 3", "$eval"],
    );
    plan("name: x\ntasks:\n  a: {when: '1 +'}\n", &["line 3"]);
}

#[test]
fn unknown_runs_and_ids_are_refused() {
    let sandbox = Sandbox::new();
    assert!(
        sandbox
            .run(&["show", "nonsense"])
            .refusal()
            .contains("26 characters")
    );
    assert!(
        sandbox
            .run(&["resume", "01234567890123456789012345"])
            .refusal()
            .contains("reelwright list")
    );
}

#[test]
fn a_misspelt_variable_stops_the_start() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEACH", "none");
    let message = sandbox.make(&sandbox.write("brief.json", SMALL)).refusal();
    assert!(message.contains("REELWRIGHT_SPEACH"), "{message}");
}

#[test]
fn an_asset_that_is_no_file_or_no_picture_is_refused_and_named() {
    refused(
        "topic: Bread\nbrand: {logo: /dev/zero}\n",
        &["brand.logo", "/dev/zero", "no file"],
    );
    refused(
        "topic: Bread\nbrand: {font: nowhere.ttf}\n",
        &["brand.font", "nowhere.ttf"],
    );
    for (field, file, bytes) in [
        ("font", "bad.ttf", &b"\0\x01\0\0 no font"[..]),
        ("logo", "bad.png", b"\x89PNG\r\n\x1a\nxxxxxxxxxxxxxxxxxxxx"),
        ("logo", "bad.svg", b"<svg><g></svg>"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write(file, bytes);
        let brief = format!("topic: Bread\nbrand: {{{field}: {file}}}\n");
        let message = sandbox.make(&sandbox.write("brief.yaml", brief)).refusal();
        assert!(message.contains(file), "{message}");
        assert!(!message.contains('{'), "{message}");
        untouched(&sandbox);
    }
}

#[test]
fn music_that_cannot_be_used_is_refused_with_its_reason_and_leaves_no_run() {
    let mut silent =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\0\0\0\x02\0\x10\0data".to_vec();
    silent.extend(192_000_u32.to_le_bytes());
    silent.extend(vec![0; 192_000]);
    let broken = &include_bytes!("../../shared/media/tests/data/tone.flac")[..60];
    for (bytes, reason) in [
        (&b""[..], "no WAV, MP3, Ogg Vorbis or FLAC"),
        (b"[playlist]", "no WAV, MP3, Ogg Vorbis or FLAC"),
        (&silent, "it is silent"),
        (&silent[..60_000], "it has 0.62 s of sound"),
        (broken, "FLAC"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("song", bytes);
        let brief = sandbox.write("brief.yaml", "topic: Bread\nmusic: song\n");
        let message = sandbox.make(&brief).refusal();
        assert!(
            message.contains("music names") && message.contains(reason),
            "{message}"
        );
        untouched(&sandbox);
        let runs = sandbox.run(&["list", "--json"]).json();
        assert_eq!(runs["runs"], serde_json::json!([]), "{runs}");
    }
    refused("topic: Bread\nmusic: /dev/zero\n", &["music", "no file"]);
    refused("topic: Bread\nmusic: none.mp3\n", &["music", "none.mp3"]);
    refused("topic: Bread\nmusic: [a.mp3]\n", &["music", "a file"]);
}

#[test]
fn a_truncated_or_newer_store_is_refused_and_kept() {
    let sandbox = Sandbox::new();
    sandbox.run(&["list", "--json"]).json();
    let file = sandbox.home().join("state.db");
    for name in ["state.db-wal", "state.db-shm"] {
        assert!(!sandbox.home().join(name).exists(), "{name} is left");
    }
    let whole = std::fs::read(&file).unwrap();
    // SQLite keeps `user_version`, in which the layout's version stands, in bytes 60 to 63 of the file.
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    for (bytes, words) in [
        (&whole[..whole.len() / 2], ["damaged", "move it aside"]),
        (&newer, ["newer version", "update reelwright"]),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let message = sandbox.make(&sandbox.write("brief.json", SMALL)).refusal();
        for word in [words[0], words[1], "state.db"] {
            assert!(message.contains(word), "{message}");
        }
        assert!(std::fs::read(&file).unwrap() == bytes);
        untouched(&sandbox);
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    use std::process::Stdio;
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let brief = sandbox.write("brief.json", SMALL);
    for arguments in [
        &["schema"][..],
        &["doctor"],
        &["list"],
        &["make", brief.to_str().unwrap()],
    ] {
        let mut child = sandbox
            .command()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
    assert!(sandbox.path("out").is_dir());
}

#[test]
fn a_voice_that_is_not_there_is_refused_before_any_work() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    let folder = sandbox.path("empty");
    let sandbox = sandbox.with("REELWRIGHT_VOICE", folder.to_str().unwrap());
    let message = sandbox.make(&sandbox.write("brief.json", SMALL)).refusal();
    assert!(message.contains(folder.to_str().unwrap()), "{message}");
    untouched(&sandbox);
}

#[test]
fn a_log_filter_that_is_none_is_refused() {
    let sandbox = Sandbox::new().with("REELWRIGHT_LOG", "((");
    let message = sandbox.run(&["list"]).refusal();
    assert!(message.contains("REELWRIGHT_LOG"), "{message}");
}

#[test]
fn standard_input_is_called_that() {
    let sandbox = Sandbox::new();
    let message = sandbox.run(&["make", "-"]).refusal();
    assert!(message.contains("standard input"), "{message}");
}
