//! A machine laid flat: its states and scopes by number.

use std::collections::HashMap;

use serde_json::Value;

use super::{Finding, Problem};

/// All states and scopes of a machine. Scope 0 is the machine itself.
#[derive(Debug, Default)]
pub(super) struct Machine<'a> {
    pub(super) states: Vec<State<'a>>,
    pub(super) scopes: Vec<Scope<'a>>,
}

/// A state.
#[derive(Debug)]
pub(super) struct State<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
    /// The scope it stands in.
    pub(super) scope: usize,
    /// The scopes inside: a Parallel's branches, a Map's processor.
    pub(super) inner: Vec<usize>,
}

/// The machine, a branch of a Parallel, or the processor of a Map.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// The state around it.
    pub(super) around: Option<usize>,
    pub(super) start: Option<&'a str>,
    /// Its states, by name.
    pub(super) states: HashMap<&'a str, usize>,
}

impl State<'_> {
    pub(super) fn kind(&self) -> &str {
        self.value["Type"].as_str().unwrap_or_default()
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.value[field].as_str()
    }

    /// The rules in `Catch`, `Retry` or `Choices`.
    pub(super) fn rules(&self, field: &str) -> &[Value] {
        self.value[field].as_array().map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_end(&self) -> bool {
        self.value["End"] == true || self.kind() == "Succeed"
    }

    /// Every state it names to go on to.
    pub(super) fn targets(&self) -> impl Iterator<Item = &str> {
        let rules = self.rules("Catch").iter().chain(self.rules("Choices"));
        rules
            .filter_map(|rule| rule["Next"].as_str())
            .chain(self.text("Next"))
            .chain(self.text("Default"))
    }
}

impl<'a> Machine<'a> {
    pub(super) fn read(machine: &'a Value, findings: &mut Vec<Finding>) -> Self {
        let mut map = Self::default();
        if machine["QueryLanguage"] != "JSONata" {
            findings.push(Finding::new("", Problem::QueryLanguage));
        }
        map.scope(machine, None, findings);
        map
    }

    /// The state of that name in a scope.
    pub(super) fn find(&self, scope: usize, name: &str) -> Option<usize> {
        self.scopes[scope].states.get(name).copied()
    }

    fn scope(
        &mut self,
        value: &'a Value,
        around: Option<usize>,
        findings: &mut Vec<Finding>,
    ) -> usize {
        let scope = self.scopes.len();
        self.scopes.push(Scope {
            around,
            start: value["StartAt"].as_str(),
            states: HashMap::new(),
        });
        let here = around.map_or("", |state| self.states[state].name);
        let Some(states) = value["States"]
            .as_object()
            .filter(|states| !states.is_empty())
        else {
            findings.push(Finding::new(here, Problem::NoObject { field: "States" }));
            return scope;
        };
        for (name, value) in states {
            let state = self.states.len();
            self.states.push(State {
                name,
                value,
                scope,
                inner: Vec::new(),
            });
            self.scopes[scope].states.insert(name, state);
            let inside: &[Value] = match value["Type"].as_str() {
                Some("Parallel") => value["Branches"].as_array().map_or(&[], Vec::as_slice),
                Some("Map") if value["ItemProcessor"].is_object() => {
                    std::slice::from_ref(&value["ItemProcessor"])
                }
                Some("Map") => {
                    let field = "ItemProcessor";
                    findings.push(Finding::new(name, Problem::NoObject { field }));
                    &[]
                }
                _ => &[],
            };
            for inner in inside {
                let inner = self.scope(inner, Some(state), findings);
                self.states[state].inner.push(inner);
            }
        }
        scope
    }
}
