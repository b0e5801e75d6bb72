//! Broken machines, each made from a sound one by one change: the linter refuses each and names the state.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use serde_json::{Value, json};
use statemachine::{Strategy, Workflow, asl, plan};

/// Something of everything: a condition, items, a stand-in, a skip, and a part that is neither series nor parallel.
const WORKFLOW: &str = "
name: broken
tasks:
  a: {retry: 2, timeout: 30}
  b: {}
  c: {after: [a, b], when: $states.input.tasks.a.wanted}
  d: {after: [b], for_each: $states.input.tasks.b.items, max_concurrency: 2, timeout: 9}
  e: {after: [c, d], on_error: run f}
  f: {retry: 1}
  g: {after: [e], on_error: skip}
  h: {after: [g]}
";

fn workflow() -> Workflow {
    Workflow::parse(WORKFLOW).unwrap()
}

fn machine(strategy: Strategy) -> Value {
    let workflow = workflow();
    asl::generate(&workflow, &plan(workflow.dag(), strategy))
}

/// The scope that holds a state of that name, anywhere in a machine.
fn scope_of<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    if value["States"].get(name).is_some() {
        return Some(value);
    }
    let states = value["States"].as_object_mut()?;
    for state in states.values_mut() {
        if state.get("ItemProcessor").is_some() {
            if let Some(found) = scope_of(&mut state["ItemProcessor"], name) {
                return Some(found);
            }
        } else if let Some(branches) = state.get_mut("Branches").and_then(Value::as_array_mut) {
            for branch in branches {
                if let Some(found) = scope_of(branch, name) {
                    return Some(found);
                }
            }
        }
    }
    None
}

fn state<'a>(machine: &'a mut Value, name: &str) -> &'a mut Value {
    &mut scope_of(machine, name).unwrap()["States"][name]
}

fn remove(value: &mut Value, field: &str) -> Value {
    value.as_object_mut().unwrap().remove(field).unwrap()
}

/// The state that goes on to `name` by its Next, and its scope's start if that is `name`, go on to `to` instead.
fn reroute(machine: &mut Value, name: &str, to: &Value) {
    let scope = scope_of(machine, name).unwrap();
    if scope["StartAt"] == name {
        scope["StartAt"] = to.clone();
    }
    for state in scope["States"].as_object_mut().unwrap().values_mut() {
        if state["Next"] == name {
            state["Next"] = to.clone();
        }
    }
}

/// Breaks a machine, and expects a finding at that state that says so.
fn check(strategy: Strategy, at: &str, says: &str, breaks: impl FnOnce(&mut Value)) {
    let workflow = workflow();
    let mut machine = machine(strategy);
    assert_eq!(asl::lint::lint(&machine, Some(&workflow)), []);
    breaks(&mut machine);
    let findings = asl::lint::lint(&machine, Some(&workflow));
    assert!(
        findings
            .iter()
            .any(|finding| finding.state == at && finding.problem.to_string().contains(says)),
        "expected {at:?} {says:?}, found {findings:#?}"
    );
}

const LEVELS: Strategy = Strategy::Levels;
const JOINS: Strategy = Strategy::Joins;

#[test]
fn a_task_that_is_left_out_or_doubled_is_missed() {
    check(LEVELS, "h", "is missing", |machine| {
        let scope = scope_of(machine, "h").unwrap();
        remove(&mut scope["States"], "h");
        let g = &mut scope["States"]["g"];
        remove(g, "Next");
        g["End"] = true.into();
        let catch = &mut g["Catch"][1];
        catch["Next"] = "landing place".into();
        scope["States"]["landing place"] = json!({"Type": "Pass", "End": true});
    });
    check(LEVELS, "h", "another branch", |machine| {
        let branch = json!({"StartAt": "h", "States": {"h": {"Type": "Pass", "End": true}}});
        state(machine, "Together 2")["Branches"]
            .as_array_mut()
            .unwrap()
            .push(branch);
    });
    check(LEVELS, "h again", "so does another state", |machine| {
        let scope = scope_of(machine, "h").unwrap();
        let mut again = scope["States"]["h"].clone();
        again["Next"] = "h again".into();
        remove(&mut again, "End");
        let end = std::mem::replace(&mut scope["States"]["h"], again);
        scope["States"]["h again"] = end;
    });
    check(LEVELS, "h", "not in the workflow", |machine| {
        state(machine, "h")["Arguments"]["Payload"]["task"] = "hh".into();
    });
}

#[test]
fn a_broken_way_is_told() {
    check(LEVELS, "g", "another branch", |machine| {
        state(machine, "g")["Next"] = "a".into();
    });
    check(LEVELS, "g", "no state", |machine| {
        state(machine, "g")["Next"] = "nowhere".into();
    });
    check(LEVELS, "g", "neither End nor Next", |machine| {
        remove(state(machine, "g"), "Next");
    });
    check(LEVELS, "g", "both End and Next", |machine| {
        state(machine, "g")["End"] = true.into();
    });
    check(LEVELS, "g", "reached from nowhere", |machine| {
        reroute(machine, "g", &"h".into());
    });
    check(LEVELS, "All tasks", "no StartAt", |machine| {
        remove(scope_of(machine, "h").unwrap(), "StartAt");
    });
    check(LEVELS, "Together 2", "no branches", |machine| {
        state(machine, "Together 2")["Branches"] = json!([]);
    });
    check(LEVELS, "h", "waits for itself", |machine| {
        let h = state(machine, "h");
        remove(h, "End");
        h["Next"] = "g".into();
    });
    check(LEVELS, "c when", "no Default", |machine| {
        remove(state(machine, "c when"), "Default");
    });
    check(LEVELS, "h", "type \"Tusk\"", |machine| {
        state(machine, "h")["Type"] = "Tusk".into();
    });
    let long = "long ".repeat(17);
    check(LEVELS, &long, "85 characters", |machine| {
        reroute(machine, "h", &long.as_str().into());
        let scope = scope_of(machine, "h").unwrap();
        let h = remove(&mut scope["States"], "h");
        scope["States"][long.as_str()] = h;
        scope["States"]["g"]["Catch"][1]["Next"] = long.as_str().into();
    });
}

#[test]
fn a_broken_precedence_is_told() {
    check(LEVELS, "h", "\"h\" before \"g\"", |machine| {
        // g and h change places.
        reroute(machine, "g", &"h".into());
        let scope = scope_of(machine, "h").unwrap();
        let h = &mut scope["States"]["h"];
        remove(h, "End");
        h["Next"] = "g".into();
        let g = &mut scope["States"]["g"];
        remove(g, "Next");
        g["End"] = true.into();
        g["Catch"][1]["Next"] = "landing place".into();
        scope["States"]["landing place"] = json!({"Type": "Pass", "End": true});
    });
    check(LEVELS, "g", "\"g\" before \"e\"", |machine| {
        // On some path only: a failure of e is passed over instead of its stand-in being run.
        let e = state(machine, "e");
        let way = e["Catch"].as_array_mut().unwrap().last_mut().unwrap();
        way["Next"] = "g".into();
        // Something has to lead to the stand-in still.
        way["ErrorEquals"] = json!(["States.Timeout"]);
        let rule = json!({"ErrorEquals": ["States.ALL"], "Next": "f"});
        e["Catch"].as_array_mut().unwrap().push(rule);
    });
    check(LEVELS, "c when", "\"c\" before \"b\"", |machine| {
        // b moves from before c's branch to beside it.
        let b = {
            let first = &mut state(machine, "Together 1")["Branches"];
            let branches = first.as_array_mut().unwrap();
            let at = branches
                .iter()
                .position(|branch| branch["StartAt"] == "b")
                .unwrap();
            branches.remove(at)
        };
        let second = &mut state(machine, "Together 2")["Branches"];
        second.as_array_mut().unwrap().push(b);
    });
    check(LEVELS, "d", "\"d\" before \"b\"", |machine| {
        let b = {
            let branches = state(machine, "Together 1")["Branches"]
                .as_array_mut()
                .unwrap();
            let at = branches
                .iter()
                .position(|branch| branch["StartAt"] == "b")
                .unwrap();
            branches.remove(at)
        };
        let second = &mut state(machine, "Together 2")["Branches"];
        second.as_array_mut().unwrap().push(b);
    });
}

#[test]
fn a_lost_promise_is_told() {
    check(LEVELS, "a", "time limit None", |machine| {
        remove(state(machine, "a"), "TimeoutSeconds");
    });
    check(LEVELS, "d item", "time limit", |machine| {
        state(machine, "d item")["TimeoutSeconds"] = 10.into();
    });
    check(LEVELS, "a", "tries again 0 times", |machine| {
        remove(state(machine, "a"), "Retry");
    });
    check(LEVELS, "f", "tries again 4 times", |machine| {
        state(machine, "f")["Retry"][0]["MaxAttempts"] = 4.into();
    });
    check(LEVELS, "h", "no Catch", |machine| {
        remove(state(machine, "h"), "Catch");
    });
    check(LEVELS, "All tasks", "no Catch", |machine| {
        remove(state(machine, "All tasks"), "Catch");
        remove(&mut machine["States"], "Close failed");
        remove(&mut machine["States"], "Run failed");
    });
    check(LEVELS, "e", "alone and last", |machine| {
        state(machine, "e")["Catch"]
            .as_array_mut()
            .unwrap()
            .reverse();
    });
    check(LEVELS, "a", "`Retry`", |machine| {
        state(machine, "a")["Retry"][0]["ErrorEquals"] = json!(["Transient", "States.ALL"]);
    });
    check(LEVELS, "h", "names no errors", |machine| {
        state(machine, "h")["Catch"][0]["ErrorEquals"] = json!([]);
    });
    check(LEVELS, "g", "on_error: skip", |machine| {
        let fail = state(machine, "g")["Catch"][0]["Next"].clone();
        state(machine, "g")["Catch"][1]["Next"] = fail;
    });
    check(LEVELS, "h", "on_error: fail", |machine| {
        let scope = scope_of(machine, "h").unwrap();
        scope["States"]["landing place"] = json!({"Type": "Pass", "End": true});
        scope["States"]["h"]["Catch"][0]["Next"] = "landing place".into();
    });
    check(LEVELS, "g", "can't be evaluated", |machine| {
        state(machine, "g")["Catch"]
            .as_array_mut()
            .unwrap()
            .remove(0);
    });
    check(LEVELS, "c", "`when`", |machine| {
        state(machine, "c when")["Choices"][0]["Condition"] = "{% true %}".into();
    });
    check(LEVELS, "d item", "as many items at once", |machine| {
        remove(state(machine, "d"), "MaxConcurrency");
    });
    check(LEVELS, "d item", "for as many items", |machine| {
        state(machine, "d")["Items"] = json!([1]);
    });
    check(LEVELS, "f", "stands in for None", |machine| {
        remove(
            &mut state(machine, "f")["Arguments"]["Payload"],
            "stands_in_for",
        );
    });
    check(LEVELS, "h", "the workflow says None", |machine| {
        state(machine, "h")["Arguments"]["Payload"]["stands_in_for"] = "g".into();
    });
    check(LEVELS, "f", "stand-in", |machine| {
        let scope = scope_of(machine, "f").unwrap();
        scope["States"]["e"]["Next"] = "f".into();
    });
}

#[test]
fn a_broken_join_is_told() {
    check(JOINS, "b wakes c", "reached from nowhere", |machine| {
        let to = state(machine, "b tells c")["Next"].clone();
        let after = state(machine, to.as_str().unwrap())["Default"].clone();
        state(machine, "b tells c")["Next"] = after;
    });
    check(
        JOINS,
        "b tells c",
        "not followed by the waking",
        |machine| {
            let choice = state(machine, "b tells c")["Next"].clone();
            let choice = state(machine, choice.as_str().unwrap());
            let way = choice["Default"].clone();
            choice["Choices"][0]["Next"] = way;
            let scope = scope_of(machine, "b wakes c").unwrap();
            remove(&mut scope["States"], "b wakes c");
        },
    );
    check(JOINS, "c waits", "\"b\"", |machine| {
        // b forgets to tell.
        let scope = scope_of(machine, "b tells c").unwrap();
        let choice = scope["States"]["b tells c"]["Next"].clone();
        let choice = remove(&mut scope["States"], choice.as_str().unwrap());
        remove(&mut scope["States"], "b wakes c");
        remove(&mut scope["States"], "b tells c");
        reroute_in(scope, "b tells c", &choice["Default"]);
    });
    check(JOINS, "c when", "\"c\" before \"b\"", |machine| {
        // c forgets to wait.
        let scope = scope_of(machine, "c waits").unwrap();
        let waits = remove(&mut scope["States"], "c waits");
        reroute_in(scope, "c waits", &waits["Next"]);
    });
    check(JOINS, "b tells c", "does not wait for it", |machine| {
        let put = state(machine, "Joins 1");
        put["Arguments"]["TransactItems"][0]["Put"]["Item"]["pending"]["M"] = json!({});
    });
    check(JOINS, "c waits", "before its item is written", |machine| {
        let scope = scope_of(machine, "Joins 1").unwrap();
        let put = remove(&mut scope["States"], "Joins 1");
        reroute_in(scope, "Joins 1", &put["Next"]);
    });
    check(JOINS, "Joins 1", "no state waits", |machine| {
        let scope = scope_of(machine, "c waits").unwrap();
        let waits = remove(&mut scope["States"], "c waits");
        reroute_in(scope, "c waits", &waits["Next"]);
    });
}

fn reroute_in(scope: &mut Value, name: &str, to: &Value) {
    if scope["StartAt"] == name {
        scope["StartAt"] = to.clone();
    }
    for state in scope["States"].as_object_mut().unwrap().values_mut() {
        for field in ["Next", "Default"] {
            if state[field] == name {
                state[field] = to.clone();
            }
        }
        for field in ["Catch", "Choices"] {
            for rule in state[field].as_array_mut().into_iter().flatten() {
                if rule["Next"] == name {
                    rule["Next"] = to.clone();
                }
            }
        }
        // Looking a field up must not have made it.
        if let Some(fields) = state.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
    }
}

#[test]
fn a_foreign_expression_is_told() {
    check(LEVELS, "h", "$eval", |machine| {
        state(machine, "h")["Output"] = "{% $eval('1') %}".into();
    });
    check(LEVELS, "h", "not JSONata", |machine| {
        state(machine, "h")["Output"] = "{% $states.input. %}".into();
    });
    check(LEVELS, "h", "`??`", |machine| {
        state(machine, "h")["Output"] = "{% $states.input.a ?? 1 %}".into();
    });
    check(LEVELS, "h", "InputPath", |machine| {
        state(machine, "h")["InputPath"] = "$.x".into();
    });
    check(LEVELS, "", "JSONata", |machine| {
        remove(machine, "QueryLanguage");
    });
    check(LEVELS, "", "1,048,576", |machine| {
        machine["Comment"] = "x".repeat(1_100_000).into();
    });
}
