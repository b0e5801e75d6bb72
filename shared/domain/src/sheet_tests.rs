#![expect(clippy::unwrap_used, reason = "tests")]

use crate::sheet::MAX_SHEET_BYTES;
use crate::{
    Asset, Brief, EditedScript, Hook, HookForm, Line, LineSource, Recording, Role, Scene, Script,
    ScriptSheet, SheetError, SheetRecording, SheetScene, SourceId, Visual, read_brief,
};

fn line(text: &str) -> Line {
    Line {
        text: text.to_owned(),
        source: LineSource::Source(SourceId("k0".to_owned())),
    }
}

fn statement(text: &str) -> Visual {
    Visual::Statement {
        text: text.to_owned(),
        emphasis: None,
    }
}

/// What suits lines, for these tests: their first, in capitals.
fn suited(lines: &[Line]) -> Visual {
    statement(&lines.first().map_or("", |line| &line.text).to_uppercase())
}

fn scene(role: Role, said: &str, visual: Visual) -> Scene {
    Scene {
        role,
        lines: vec![line(said)],
        visual,
        moving: false,
        backdrop: None,
    }
}

fn made() -> (Script, Hook) {
    let opening = Scene {
        lines: Vec::new(),
        ..scene(Role::Hook, "", statement("Bread"))
    };
    let script = Script {
        scenes: vec![
            opening,
            scene(
                Role::Context,
                "Yeast eats sugar.",
                statement("YEAST EATS SUGAR."),
            ),
            scene(Role::Payoff, "Gluten holds gas.", statement("A balloon")),
            scene(
                Role::CallToAction,
                "Bake yours.",
                Visual::CallToAction {
                    text: "Bake yours".to_owned(),
                    brand: None,
                },
            ),
        ],
        planned_wpm: 150,
    };
    let hook = Hook {
        form: HookForm::Question,
        lines: vec![line("Why does bread rise?")],
        on_screen: "Why?".to_owned(),
        alternatives: Vec::new(),
    };
    (script, hook)
}

fn sheet() -> ScriptSheet {
    let (script, hook) = made();
    ScriptSheet::of(&script, &hook, &Brief::default())
}

fn edited(sheet: &ScriptSheet) -> EditedScript {
    let (script, hook) = made();
    sheet.edited(&script, &hook, suited).unwrap()
}

#[test]
fn a_script_that_is_left_as_it_is_comes_back_the_same_by_yaml_and_by_json() {
    let (script, hook) = made();
    let expected = EditedScript { script, hook };
    let sheet = sheet();
    let yaml = serde_saphyr::to_string(&sheet).unwrap();
    let json = serde_json::to_string(&sheet).unwrap();
    for text in [yaml, json] {
        let read = ScriptSheet::read(&text).unwrap();
        assert_eq!(read, sheet, "{text}");
        assert_eq!(edited(&read), expected);
        assert_eq!(read.look.on(Brief::default()), Brief::default());
    }
}

#[test]
fn a_changed_sentence_is_its_authors_and_what_was_shown_with_it_follows() {
    let mut sheet = sheet();
    for scene in &mut sheet.scenes[1..] {
        scene.say[0] = scene.say[0].replace('.', " now.");
    }
    let script = edited(&sheet).script;
    let shown: Vec<_> = script.scenes.iter().map(|scene| &scene.visual).collect();
    assert_eq!(script.scenes[1].lines[0].source, LineSource::Author);
    assert_eq!(*shown[1], statement("YEAST EATS SUGAR NOW."));
    assert_eq!(*shown[2], statement("A balloon"), "somebody chose it");
    assert!(matches!(shown[3], Visual::CallToAction { text, .. } if text == "Bake yours now"));
}

#[test]
fn a_scene_keeps_its_backdrop_wherever_it_goes_and_a_new_one_gets_its_own() {
    let mut sheet = sheet();
    let fresh = SheetScene {
        scene: None,
        role: Role::Turn,
        on_screen: None,
        say: vec!["Salt slows it.".to_owned()],
        show: None,
        moving: false,
        picture: None,
        recording: None,
    };
    sheet.scenes.insert(1, fresh);
    sheet.scenes.remove(3);
    let (script, hook) = made();
    let once = sheet.edited(&script, &hook, suited).unwrap();
    let behind = |script: &Script| -> Vec<u32> {
        (0..script.scenes.len())
            .map(|at| script.backdrop(at))
            .collect()
    };
    assert_eq!(behind(&once.script), [0, 4, 1, 3]);
    assert_eq!(once.script.scenes[1].visual, statement("SALT SLOWS IT."));
    assert_eq!(
        once.script.scenes[3].backdrop, None,
        "it stands where it stood"
    );

    let again = ScriptSheet::of(&once.script, &once.hook, &Brief::default());
    let again = again.edited(&once.script, &once.hook, suited).unwrap();
    assert_eq!(again, once, "an edited script can be edited");
}

#[test]
fn a_list_may_name_icons_or_none() {
    let shown = |icons: &str| {
        let text = format!("layout: list\nheading: Weather\nitems: [Sun, Luck]\n{icons}");
        serde_saphyr::from_str::<Visual>(&text).unwrap()
    };
    let icons = |named: &[Option<&str>]| Visual::List {
        heading: "Weather".to_owned(),
        items: vec!["Sun".to_owned(), "Luck".to_owned()],
        icons: named.iter().map(|icon| icon.map(str::to_owned)).collect(),
    };
    assert_eq!(shown("icons: [sun, null]\n"), icons(&[Some("sun"), None]));
    // As scripts were written before there were icons.
    assert_eq!(shown(""), icons(&[]));
    let written = serde_json::to_value(icons(&[])).unwrap();
    assert_eq!(written.get("icons"), None, "{written}");
}

#[test]
fn everything_that_is_wrong_is_told_with_its_place() {
    let text = "scenes:
- role: hook
  say: [Why does bread rise?]
- scene: 2
  role: hook
  say: ['']
- scene: 2
  role: payoff
  on_screen: Big
  say: [Yes.]
  show: {layout: list, heading: Three, items: []}
- scene: 3
  role: payoff
  say: [Yes.]
  show: {layout: list, heading: Three, items: [Sun, Rain], icons: [sun]}
";
    let told = ScriptSheet::read(text).unwrap_err().to_string();
    let told: Vec<&str> = told.lines().collect();
    let expected = [
        "line 2, column 3: scenes[0]: the hook's scene needs on_screen",
        "line 5, column 3: scenes[1].role: only the first scene",
        "line 6, column 9: scenes[1].say[0]: the text is empty",
        "line 7, column 3: scenes[2].scene: scene 2 stands there twice",
        "line 9, column 3: scenes[2].on_screen: only the hook's scene",
        "line 11, column 3: scenes[2].show: it has a list without an entry",
        "line 15, column 3: scenes[3].show: it has 1 icons for 2 items",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn what_is_no_script_is_refused_with_what_is_needed() {
    for (text, told) in [
        ("", "a script: a table that has its scenes"),
        ("scenes: 3", "scenes: invalid type"),
        ("scenes: []", "there are 0 scenes"),
        ("scenes: [{role: hook}]", "missing field `say`"),
        ("scenes: [{role: hero, say: [a]}]", "unknown variant `hero`"),
        ("look: {palette: {text: red}}\nscenes: []", "not a colour"),
        ("look: {colour: red}\nscenes: []", "unknown field `colour`"),
        ("scenes: [", "not YAML"),
    ] {
        let refused = ScriptSheet::read(text).unwrap_err().to_string();
        assert!(refused.contains(told), "{text}: {refused}");
    }
    // A blob of the store is nobody's to name.
    let stored = format!("{{key: {}, media_type: png, bytes: 9}}", "a".repeat(64));
    let text = format!(
        "scenes:\n- {{role: hook, on_screen: Bees, say: [Bees dance.], picture: {{file: {stored}}}}}\n- {{role: payoff, say: [They do.]}}"
    );
    let refused = ScriptSheet::read(&text).unwrap_err().to_string();
    assert!(
        refused.contains("scenes[0].picture.file: it is no file"),
        "{refused}"
    );
    let long = "x".repeat(MAX_SHEET_BYTES + 1);
    assert!(matches!(
        ScriptSheet::read(&long),
        Err(SheetError::TooLarge { .. })
    ));
    let (script, hook) = made();
    let mut sheet = sheet();
    sheet.scenes[3].scene = Some(9);
    let refused = sheet
        .edited(&script, &hook, suited)
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("scenes[3].scene") && refused.contains("no 9"),
        "{refused}"
    );
}

#[test]
fn a_recording_is_told_by_its_number_or_by_its_file_and_goes_where_its_scene_goes() {
    let (script, hook) = made();
    let stored = |scene| Recording {
        file: Asset::Path(format!("{scene}.wav")),
        scene,
    };
    let present = [stored(2), stored(4)];
    let brief = Brief {
        recordings: present.to_vec(),
        ..Brief::default()
    };
    let mut sheet = ScriptSheet::of(&script, &hook, &brief);
    let numbers = |sheet: &ScriptSheet| -> Vec<Option<u32>> {
        let recordings = sheet.scenes.iter().map(|scene| scene.recording.as_ref());
        recordings.map(|recording| recording?.number).collect()
    };
    assert_eq!(numbers(&sheet), [None, Some(1), None, Some(2)]);
    assert_eq!(sheet.recordings(&present).unwrap(), present);

    sheet.scenes.swap(1, 2);
    sheet.scenes[3].recording = Some(SheetRecording {
        number: None,
        file: Some(Asset::Path("new.wav".to_owned())),
    });
    let moved = sheet.recordings(&present).unwrap();
    let expected = [("2.wav", 3), ("new.wav", 4)];
    let expected = expected.map(|(file, scene)| Recording {
        file: Asset::Path(file.to_owned()),
        scene,
    });
    assert_eq!(moved, expected);

    sheet.scenes[1].recording = Some(SheetRecording {
        number: Some(3),
        file: None,
    });
    let refused = sheet.recordings(&present).unwrap_err().to_string();
    let told = "scenes[1].recording.number: the video has recordings 1 to 2";
    assert!(refused.contains(told), "{refused}");
    // A brief can't have them: nobody knows yet what its scenes say.
    let brief = read_brief("topic: Bread\nrecordings: []").unwrap_err();
    assert!(brief.to_string().contains("recordings"), "{brief}");
}
