#![expect(clippy::unwrap_used, reason = "a test may stop")]

use super::*;

/// The problems of a text, a line each.
fn problems(text: &str) -> Vec<String> {
    match Workflow::parse(text) {
        Ok(workflow) => panic!("{text}: no problem in {workflow:?}"),
        Err(error) => error.to_string().lines().map(str::to_owned).collect(),
    }
}

/// Holds that the text has exactly one problem, at the place, with the words.
fn one_problem(text: &str, place: &str, words: &str) {
    let found = problems(text);
    assert_eq!(found.len(), 1, "{text}: {found:#?}");
    assert!(
        found[0].starts_with(&format!("{place}: ")) && found[0].contains(words),
        "{text}: {found:#?}"
    );
}

/// A workflow of the tasks given, the first of them on line 3.
fn with(tasks: &str) -> String {
    format!("name: test\ntasks:\n{tasks}")
}

fn name(text: &str) -> TaskName {
    TaskName::parse(text).unwrap()
}

#[test]
fn the_short_video_is_read() {
    let workflow = Workflow::parse(include_str!("../../workflows/short-video.yaml")).unwrap();
    assert_eq!(workflow.name, "short-video");
    let names: Vec<&str> = workflow.tasks.keys().map(TaskName::as_str).collect();
    assert_eq!(
        names,
        [
            "story", "script", "hook", "audio", "images", "video", "compose", "score"
        ]
    );
    let video = &workflow.tasks[&name("video")];
    assert_eq!(video.after, [name("script"), name("hook")]);
    assert_eq!(
        video.for_each.as_ref().unwrap().as_str(),
        "$states.input.tasks.script.clips"
    );
    assert_eq!(
        (video.retry, video.timeout, video.expect),
        (2, Some(120), 1.0)
    );
    assert_eq!(workflow.dag().levels(), [0, 1, 1, 2, 2, 2, 3, 4]);
    assert_eq!(workflow.gate, Some(name("score")));
}

#[test]
fn every_field_is_read_and_has_its_default() {
    let text = with(
        "  a: {}\n  b:\n  c:\n    after: [a, b]\n    when: true\n    for_each: 3\n    max_concurrency: 2\n    retry: 1\n    \
         timeout: 9\n    on_error: run d\n    expect: 0.5\n  d: {on_error: skip}\n",
    );
    let workflow = Workflow::parse(&text).unwrap();
    assert_eq!(workflow.tasks[&name("a")], TaskSpec::default());
    assert_eq!(workflow.tasks[&name("b")], TaskSpec::default());
    let expected = TaskSpec {
        after: vec![name("a"), name("b")],
        when: Some(Expr::parse("true").unwrap()),
        for_each: Some(Expr::parse("3").unwrap()),
        max_concurrency: Some(2),
        retry: 1,
        timeout: Some(9),
        on_error: OnError::Run(name("d")),
        expect: 0.5,
    };
    assert_eq!(workflow.tasks[&name("c")], expected);
    assert_eq!(workflow.dag().names(), ["a", "b", "c"]);
    assert_eq!(
        (workflow.stands_in_for(3), workflow.stands_in_for(2)),
        (Some(2), None)
    );
    assert_eq!(
        (workflow.place_in_dag(3), workflow.places()),
        (Some(2), &[0, 1, 2][..])
    );
}

#[test]
fn json_is_read_too() {
    let workflow =
        Workflow::parse(r#"{"name": "j", "tasks": {"a": {}, "b": {"after": ["a"], "expect": 2}}}"#)
            .unwrap();
    assert_eq!(workflow.dag().critical_path(), (3.0, vec![0, 1]));
}

#[test]
fn what_is_no_workflow_is_refused_with_its_place() {
    one_problem(
        "name: [a\ntasks: b: c\n",
        "line 2, column 6",
        "neither YAML nor JSON",
    );
    one_problem("- a\n", "line 1, column 1", "a list, expected a mapping");
    one_problem("", "line 1, column 1", "expected a mapping");
    one_problem("name: x\n", "line 1, column 1", "no `tasks`");
    one_problem("tasks: {a: {}}\n", "line 1, column 1", "no `name`");
    one_problem("name: x\ntasks: {}\n", "line 2, column 8", "no tasks");
    one_problem(
        "name: x\ntasks: [a]\n",
        "line 2, column 8",
        "expected a mapping",
    );
    one_problem(
        "name: 7\ntasks: {a: {}}\n",
        "line 1, column 7",
        "`name` is a number, expected text",
    );
    one_problem(
        "name: a b\ntasks: {a: {}}\n",
        "line 1, column 7",
        "\"a b\" is not a workflow's name",
    );
    one_problem(
        "name: x\ntask: {a: {}}\ntasks: {a: {}}\n",
        "line 2, column 1",
        "did you mean \"tasks\"?",
    );
    one_problem(&" ".repeat(2 << 20), "line 1, column 1", "at most 1048576");
}

#[test]
fn a_wrong_field_is_named_with_its_place() {
    one_problem(
        &with("  a:\n    affter: []\n"),
        "line 4, column 5",
        "unknown field `affter` in task \"a\"; did you mean \"after\"?",
    );
    one_problem(
        &with("  a: {colour: red}\n"),
        "line 3, column 7",
        "unknown field `colour` in task \"a\"",
    );
    one_problem(
        &with("  a: {retry: 1, retry: 2}\n"),
        "line 3, column 17",
        "`retry` in task \"a\" stands on line 3 already",
    );
    one_problem(
        &with("  a: {}\n  b: {}\n  a: {}\n"),
        "line 5, column 3",
        "two tasks are called \"a\", the first on line 3",
    );
    one_problem(
        &with("  1a: {}\n  b: {}\n"),
        "line 3, column 3",
        "\"1a\" is not a task name",
    );
    one_problem(
        &with("  a: {after: b}\n  b: {}\n"),
        "line 3, column 14",
        "expected a list of tasks",
    );
    one_problem(
        &with("  a: {after: [3]}\n"),
        "line 3, column 15",
        "is a number, expected the name of a task",
    );
    one_problem(
        &with("  a: 3\n"),
        "line 3, column 6",
        "task \"a\" is a number",
    );
    one_problem(
        &with("  a: {on_error: stop}\n"),
        "line 3, column 17",
        "expected `fail`, `skip` or `run TASK`",
    );
    one_problem(
        &with("  a: {on_error: {run: b}}\n  b: {}\n"),
        "line 3, column 17",
        "expected `fail`, `skip` or `run TASK`",
    );
}

#[test]
fn numbers_keep_to_their_ranges() {
    for (field, value, words) in [
        ("retry", "-1", "0 to 10"),
        ("retry", "1.5", "whole number"),
        ("retry", "11", "0 to 10"),
        ("retry", "99999999999999999999999", "0 to 10"),
        ("timeout", "0", "1 to 86400"),
        ("timeout", "1e9", "1 to 86400"),
        ("timeout", "'60'", "text, expected whole seconds"),
        ("expect", "-0.1", "0 to 86400"),
        ("expect", ".nan", "0 to 86400"),
        ("expect", ".inf", "0 to 86400"),
    ] {
        one_problem(
            &with(&format!("  a: {{{field}: {value}}}\n")),
            &format!("line 3, column {}", field.len() + 9),
            words,
        );
    }
    one_problem(
        &with("  a: {for_each: 3, max_concurrency: 41}\n"),
        "line 3, column 37",
        "1 to 40",
    );
    one_problem(
        &with("  a: {max_concurrency: 4}\n"),
        "line 3, column 24",
        "no `for_each`",
    );
}

#[test]
fn names_of_tasks_must_exist() {
    one_problem(
        &with("  script: {}\n  b: {after: [scrpt]}\n"),
        "line 4, column 15",
        "did you mean \"script\"?",
    );
    one_problem(
        &with("  a: {on_error: run bb}\n  b: {}\n"),
        "line 3, column 17",
        "`on_error` of task \"a\" names \"bb\"",
    );
    one_problem(
        &with("  a: {}\n  b: {after: [a, a]}\n"),
        "line 4, column 18",
        "names \"a\" twice",
    );
    one_problem(
        &with("  a: {}\n  b: {after: [a], when: $states.input.tasks.aa.x = 1}\n"),
        "line 4, column 25",
        "no such task",
    );
}

#[test]
fn a_cycle_is_named_along_its_path() {
    let text = with("  a: {}\n  b: {after: [a, d]}\n  c: {after: [b]}\n  d: {after: [c]}\n");
    one_problem(&text, "line 5, column 15", "b -> c -> d -> b");
    one_problem(&with("  a: {after: [a]}\n"), "line 3, column 15", "a -> a");
}

#[test]
fn expressions_are_checked_where_they_stand() {
    one_problem(
        &with("  a: {}\n  b: {after: [a], when: n > 3}\n"),
        "line 4, column 25",
        "the bare name `n`",
    );
    one_problem(
        &with("  a: {for_each: 1 +}\n"),
        "line 3, column 17",
        "not JSONata",
    );
    one_problem(
        &with("  a: {when: [1]}\n"),
        "line 3, column 13",
        "a list, expected a JSONata expression",
    );
    let not_waited_for =
        with("  a: {}\n  b: {}\n  c: {after: [b], for_each: $states.input.tasks.a.n}\n");
    one_problem(
        &not_waited_for,
        "line 5, column 29",
        "add \"a\" to its `after`",
    );
    let through_another =
        with("  a: {}\n  b: {after: [a]}\n  c: {after: [b], for_each: $states.input.tasks.a.n}\n");
    assert!(Workflow::parse(&through_another).is_ok());
    one_problem(
        &with("  a: {for_each: $states.input.tasks.a.n}\n"),
        "line 3, column 17",
        "does not wait for",
    );
}

#[test]
fn stand_ins_have_their_place_from_the_task_they_stand_in_for() {
    one_problem(
        &with("  a: {}\n  b: {on_error: run c}\n  c: {after: [a]}\n"),
        "line 5, column 15",
        "can have no `after`",
    );
    one_problem(
        &with("  b: {on_error: run c}\n  c: {when: true}\n"),
        "line 4, column 13",
        "can have no `when`",
    );
    one_problem(
        &with("  b: {on_error: run c}\n  c: {}\n  d: {after: [c]}\n"),
        "line 5, column 15",
        "name \"b\" instead",
    );
    one_problem(
        &with("  a: {on_error: run c}\n  b: {on_error: run c}\n  c: {}\n"),
        "line 4, column 17",
        "stands in for \"a\" already",
    );
    let unreachable = problems(&with(
        "  a: {on_error: run b}\n  b: {on_error: run a}\n  c: {}\n",
    ));
    assert_eq!(unreachable.len(), 2, "{unreachable:#?}");
    assert!(
        unreachable[0].starts_with("line 3, column 3: task \"a\" is never reached"),
        "{unreachable:#?}"
    );
    one_problem(
        &with("  a: {on_error: run a}\n"),
        "line 3, column 3",
        "never reached",
    );
    let reads_the_primarys_input = with(
        "  a: {}\n  b: {after: [a], on_error: run c}\n  c: {for_each: $states.input.tasks.a.n, on_error: run d}\n  \
         d: {for_each: $states.input.tasks.a.n}\n",
    );
    assert!(Workflow::parse(&reads_the_primarys_input).is_ok());
    let reads_the_failed =
        with("  b: {on_error: run c}\n  c: {for_each: $states.input.tasks.b.n}\n");
    one_problem(&reads_the_failed, "line 4, column 17", "does not wait for");
}

#[test]
fn all_problems_are_told_from_top_to_bottom() {
    let found = problems(
        "name: 1\ncolour: red\ntasks:\n  a: {retry: 99}\n  a: {}\n  b: {after: [x], when: y}\n",
    );
    let places: Vec<&str> = found
        .iter()
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "line 1, column 7",
            "line 2, column 1",
            "line 4, column 14",
            "line 5, column 3",
            "line 6, column 15",
            "line 6, column 25"
        ],
        "{found:#?}"
    );
}

#[test]
fn hostile_files_end_in_an_error() {
    for text in [
        "\u{0}",
        "&a [*a]",
        "a: &x [*x, *x]",
        "!!binary x",
        "? [a]\n: b",
        "\u{feff}",
        "%YAML 9\n---\n",
        "a\n---\nb",
    ] {
        assert!(Workflow::parse(text).is_err(), "{text:?}");
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(Workflow::parse(&deep).is_err());
}

#[test]
fn a_gate_judges_every_whole_round() {
    let gated = "name: w\ngate: score\ntasks:\n  a: {}\n  b: {after: [a]}\n  score: {after: [b]}\n";
    let workflow = Workflow::parse(gated).unwrap();
    assert_eq!(workflow.gate.unwrap().as_str(), "score");
    let cases = [
        (
            "gate: scroe\ntasks:\n  score: {}\n",
            "names \"scroe\", but there is no such task; did you mean \"score\"?",
        ),
        (
            "gate: score\ntasks:\n  a: {}\n  score: {}\n",
            "it doesn't wait for a",
        ),
        (
            "gate: score\ntasks:\n  a: {after: [score]}\n  score: {}\n",
            "it doesn't wait for a",
        ),
        (
            "gate: score\ntasks:\n  a: {}\n  score: {after: [a], when: 1 = 1}\n",
            "it has a `when`",
        ),
        (
            "gate: score\ntasks:\n  a: {}\n  score: {after: [a], on_error: skip}\n",
            "its failure is passed over",
        ),
        ("gate: [score]\ntasks:\n  score: {}\n", "`gate` is a"),
    ];
    for (text, expected) in cases {
        let error = Workflow::parse(&format!("name: w\n{text}")).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
}
