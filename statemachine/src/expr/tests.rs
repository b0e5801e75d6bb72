#![expect(clippy::unwrap_used, reason = "a test may stop")]

use serde_json::json;

use super::*;

fn input() -> Value {
    json!({
        "brief": {"target_seconds": 30, "tone": "calm", "points": ["one", "three"]},
        "tasks": {"script": {"scenes": 6, "clips": 2}, "my-task": {"ok": true}, "empty": {}}
    })
}

#[test]
fn conditions_give_true_or_false() {
    for (text, expected) in [
        ("$states.input.tasks.script.scenes > 3", true),
        (
            "$states.input.tasks.script.scenes > 3 and $states.input.brief.tone = 'bold'",
            false,
        ),
        ("$states.input.tasks.`my-task`.ok", true),
        ("$not($states.input.tasks.`my-task`.ok)", false),
        ("$exists($states.input.tasks.script)", true),
        ("$exists($states.input.tasks.skipped)", false),
        (
            "$exists($states.input.tasks.skipped) ? $states.input.tasks.skipped.n > 1 : true",
            true,
        ),
        ("$exists($states.input.tasks.empty)", true),
        ("$states.input.tasks.skipped.n = 3", false),
        ("$states.input.brief.tone in ['calm', 'bold']", true),
        ("$contains($states.input.brief.tone, /^CA.m$/i)", true),
        (
            "$count($states.input.brief.points[$length($) > 3]) = 1",
            true,
        ),
        (
            "$sum($map($states.input.brief.points, function($p) { $length($p) })) = 8",
            true,
        ),
        ("$map($states.input.brief.points, $length) = [3, 5]", true),
        (
            "($n := $states.input.tasks.script.scenes; $n * 2 = 12)",
            true,
        ),
        (
            "$states.input.brief.points.$uppercase($) = ['ONE', 'THREE']",
            true,
        ),
        (
            "$string($states.input.tasks.script.scenes) & 's' = '6s'",
            true,
        ),
        ("true", true),
    ] {
        let expr = Expr::parse(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(expr.eval_bool(&input()), Ok(expected), "{text}");
    }
}

#[test]
fn counts_are_whole_numbers_up_to_forty() {
    let items = |text: &str| Expr::parse(text).unwrap().eval_items(&input());
    assert_eq!(items("$states.input.tasks.script.scenes"), Ok(6));
    assert_eq!(items("0"), Ok(0));
    assert_eq!(items("20 * 2"), Ok(40));
    assert_eq!(
        items("$floor($states.input.brief.target_seconds / 7)"),
        Ok(4)
    );
    for text in ["41", "-1", "2.5", "'3'", "[1, 2]", "true", "null"] {
        let error = items(text).unwrap_err();
        assert!(
            matches!(error, ExprError::WrongResult { .. }),
            "{text}: {error}"
        );
    }
    assert!(matches!(
        items("$states.input.tasks.script.absent"),
        Err(ExprError::Undefined { .. })
    ));
    assert!(matches!(
        items("1 / 0"),
        Err(ExprError::Evaluation { .. } | ExprError::WrongResult { .. })
    ));
    assert!(matches!(
        items("$number('x')"),
        Err(ExprError::Evaluation { .. })
    ));
}

#[test]
fn a_condition_is_not_taken_for_true_because_it_is_something() {
    let error = Expr::parse("$states.input.tasks.script.scenes")
        .unwrap()
        .eval_bool(&input())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`$states.input.tasks.script.scenes` gave 6, expected true or false"
    );
    let error = Expr::parse("$states.input.tasks.skipped.n > 3")
        .unwrap()
        .eval_bool(&input())
        .unwrap_err();
    assert!(error.to_string().contains("$exists"), "{error}");
}

#[test]
fn what_is_outside_the_subset_is_named() {
    for (text, part) in [
        ("scenes > 3", "the bare name `scenes`"),
        ("$", "`$` at the top"),
        ("$$.a", "`$$`"),
        ("$states", "$states on its own"),
        ("$states.input", "$states.input as a whole"),
        ("$states.context.x", "$states.context"),
        ("$states.input.task.x", "did you mean \"tasks\"?"),
        ("$states.input.tasks", "without a task's name"),
        ("$states.input.tasks.*", "without a task's name"),
        ("$states.input.tasks['script'].scenes", "backquotes"),
        ("$keys($states.input.tasks)", "without a task's name"),
        ("$states.input.brief.**", "wildcard"),
        ("$states.input.brief.tone ?? 'x'", "`??`"),
        ("$states.input.brief.tone ?: 'x'", "`?:`"),
        ("true ? 1", "one branch"),
        ("()", "nothing"),
        ("undefined", "nothing"),
        ("$eval('1')", "$eval"),
        ("$random() > 0.5", "something else on every call"),
        ("$uuid()", "something else on every call"),
        ("$partition([1], 1)", "only Step Functions"),
        ("$lenght('x')", "did you mean \"$length\"?"),
        ("count([1])", "write $count(…)"),
        ("$contains('a', /a(?=b)/)", "look-ahead"),
        (r"$contains('a', /(a)\1/)", "back-reference"),
        (
            "($f := function($x) { $f($x) }; $f(1))",
            "a function apart from a call",
        ),
        ("function($x) { $x }(1)", "not a named function"),
        (
            "$map([1], function($x) { $x(1) })",
            "a call of the variable $x",
        ),
        ("$map([1], function($x) { $ })", "`$` at the top"),
        ("$staets.input.brief.x", "did you mean \"$states\"?"),
        ("$uppercase", "without a call"),
        ("$substring(?, 1)", "as an argument"),
        ("1 ~> $string()", "`~>`"),
        ("$states.input.brief.points^($)", "$sort"),
        ("$states.input.brief{tone: 1}", "grouping"),
        ("$states.input.brief ~> |$|{}|", "~>"),
        (
            "$states.input.brief.points[length > 3]",
            "the bare name `length`",
        ),
        ("$states.input.brief.points#$i", "`#`"),
        ("($x := 1)", "end of a block"),
        ("$x := 1", "outside a block"),
        ("($count := 1; $count)", "taken"),
    ] {
        match Expr::parse(text) {
            Err(error @ ExprError::NotInSubset { .. }) => {
                assert!(error.to_string().contains(part), "{text}: {error}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_jsonata_is_refused() {
    assert_eq!(Expr::parse("  "), Err(ExprError::Empty));
    assert_eq!(Expr::parse("{% 3 %}"), Err(ExprError::Wrapped));
    assert!(matches!(Expr::parse("1 +"), Err(ExprError::Syntax { .. })));
    assert!(matches!(
        Expr::parse("$states.input.tasks.a ="),
        Err(ExprError::Syntax { .. })
    ));
    assert!(matches!(
        Expr::parse(&"1+".repeat(600)),
        Err(ExprError::TooLong { length: 1200 })
    ));
    // Nesting as deep as the length allows ends in an answer or an error, not in an overflow.
    for (open, core, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("-", "1", ""),
        ("$not(", "1", ")"),
        ("{'a':", "1", "}"),
        ("true?", "1", ":2"),
        ("1+(", "1", ")"),
        ("$map(1,function($x){", "1", "})"),
        ("$states.input.brief.x[", "1", "]"),
        ("1&", "1", ""),
        ("(", "", ""),
        ("[", "", ""),
        ("/(", "", ""),
    ] {
        let times = (MAX_LENGTH - core.len()) / (open.len() + close.len());
        let text = format!("{}{core}{}", open.repeat(times), close.repeat(times));
        if let Ok(expr) = Expr::parse(&text) {
            let _ = expr.eval_items(&input());
        }
    }
}

#[test]
fn it_says_which_facts_it_reads() {
    let expr = Expr::parse(
        "$exists($states.input.tasks.b) ? $states.input.tasks.a.n[0] : $map([1], function($x) { $states.input.brief.tone })",
    )
    .unwrap();
    let name = |text: &str| TaskName::parse(text).unwrap();
    assert_eq!(expr.tasks_read(), BTreeSet::from([name("a"), name("b")]));
    assert_eq!(
        *expr.facts_read(),
        BTreeSet::from([
            Fact::Brief(Some("tone".into())),
            Fact::Task(name("a"), Some("n".into())),
            Fact::Task(name("b"), None)
        ])
    );
}
