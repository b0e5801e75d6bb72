//! A task as states: its condition, its function or its items, and what its failure means.

use domain::TaskName;
use serde_json::{Value, json};

use super::close::{TOLD, retrier};
use super::facts::Then;
use super::generate::{Generator, Scope};
use super::{query, quoted};
use crate::expr::{Expr, MAX_ITEMS};
use crate::workflow::{OnError, TaskSpec};

/// Errors after which another attempt may go well: the task's own two by the names that Step Functions has for them, and Lambda's.
pub(super) const RETRIED: [&str; 9] = [
    "Transient",
    "Timeout",
    "States.Timeout",
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.Unknown",
];

/// Lambda had no room: no attempt began, so this counts on its own, whatever `retry` says.
const NO_ROOM: &str = "Lambda.TooManyRequestsException";
const NO_ROOM_ATTEMPTS: u32 = 6;

/// The service that runs a task.
pub(super) const INVOKE: &str = "arn:aws:states:::lambda:invoke";

/// The condition under which a task runs.
pub(super) fn runs(when: &Expr) -> Value {
    query(format!("({when}) = true"))
}

/// The condition under which it is skipped. Neither holds where `when` gives nothing, or no truth value.
pub(super) fn is_skipped(when: &Expr) -> Value {
    query(format!("({when}) = false"))
}

impl Generator<'_> {
    /// Puts a task, and what stands in for it; the name of the first state.
    pub(super) fn task(&mut self, scope: &mut Scope, task: usize, then: &Then) -> String {
        let workflow = self.workflow;
        let Some((name, spec)) = workflow.tasks.get_index(task) else {
            unreachable!("a task of the workflow");
        };
        let body = self.names.fresh(name.as_str());
        let state = if let Some(items) = &spec.for_each {
            self.map(task, name, spec, items, then)
        } else {
            let mut state = self.invoke(task, name, spec, &json!({}));
            state["Output"] = match self.kept.get(self.entered_under(task)) {
                Some(kept) => then.with_facts(self.entered_under(task), &kept.of_answer()),
                None => then.unchanged(),
            };
            state
        };
        let catch = self.catch(scope, name, spec, then);
        let mut state = state;
        state["Catch"] = catch;
        scope.put(&body, state, then);
        match &spec.when {
            Some(when) => self.condition(scope, name, when, body, then),
            None => body,
        }
    }

    /// The name that a task's facts go by: its own, or that of the task whose place it has.
    fn entered_under(&self, task: usize) -> &str {
        let own = self.workflow.tasks.get_index(task).map(|(name, _)| name);
        self.workflow
            .fills_in_for(task)
            .or(own)
            .map_or("", TaskName::as_str)
    }

    fn invoke(&self, task: usize, name: &TaskName, spec: &TaskSpec, more: &Value) -> Value {
        let mut payload = json!({
            "run": query("$states.input.run"),
            "round": query("$states.input.round"),
            "execution": query("$states.context.Execution.Name"),
            "task": name.as_str(),
        });
        if let Some(primary) = self.workflow.fills_in_for(task) {
            payload["stands_in_for"] = primary.as_str().into();
        }
        if let (Value::Object(payload), Value::Object(more)) = (&mut payload, more) {
            payload.extend(more.clone());
        }
        let mut retry = Vec::new();
        if spec.retry > 0 {
            retry.push(retrier(&RETRIED, spec.retry));
        }
        retry.push(retrier(&[NO_ROOM], NO_ROOM_ATTEMPTS));
        let mut state = json!({
            "Type": "Task",
            "Resource": INVOKE,
            "Arguments": {
                "FunctionName": format!("${{{}}}", self.parameters[task]),
                "Payload": payload,
            },
            "Retry": retry,
        });
        if let Some(seconds) = spec.timeout {
            state["TimeoutSeconds"] = seconds.into();
        }
        state
    }

    fn map(
        &mut self,
        task: usize,
        name: &TaskName,
        spec: &TaskSpec,
        items: &Expr,
        then: &Then,
    ) -> Value {
        let mut item = self.invoke(
            task,
            name,
            spec,
            &json!({"item": query("$states.input.item")}),
        );
        let kept = self.kept.get(self.entered_under(task));
        item["Output"] = kept.map_or_else(|| json!({}), |kept| query(kept.of_answer()));
        item["End"] = true.into();
        let output = match kept {
            Some(kept) => then.with_facts(self.entered_under(task), &kept.of_items()),
            None => then.unchanged(),
        };
        let item_state = self.names.fresh(&format!("{name} item"));
        let mut state = json!({
            "Type": "Map",
            "Items": count_to(items),
            "ItemSelector": {
                "run": query("$states.input.run"),
                "round": query("$states.input.round"),
                "item": query("$states.context.Map.Item.Value"),
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": item_state,
                "States": {item_state.as_str(): item},
            },
            "Output": output,
        });
        if let Some(most) = spec.max_concurrency {
            state["MaxConcurrency"] = most.into();
        }
        state
    }

    /// What follows the last failed attempt.
    fn catch(&mut self, scope: &mut Scope, name: &TaskName, spec: &TaskSpec, then: &Then) -> Value {
        let fail = self.fail(scope);
        let fails = |errors: &str| {
            json!({
                "ErrorEquals": [errors],
                "Output": {
                    "task": name.as_str(),
                    "error": query("$states.errorOutput.Error"),
                    "cause": query("$substring($exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '', 0, 4000)"),
                },
                "Next": fail,
            })
        };
        let next = match &spec.on_error {
            OnError::Fail => return json!([fails("States.ALL")]),
            OnError::Skip => self.landing(scope, &format!("{name} skipped"), then),
            OnError::Run(other) => match self.workflow.tasks.get_index_of(other) {
                Some(stand_in) => self.task(scope, stand_in, then),
                None => unreachable!("a checked workflow"),
            },
        };
        let goes_on =
            json!({"ErrorEquals": ["States.ALL"], "Output": query("$states.input"), "Next": next});
        // A mistake in an expression is one of the workflow, not a failure of the task.
        json!([fails("States.QueryEvaluationError"), goes_on])
    }

    fn condition(
        &mut self,
        scope: &mut Scope,
        name: &TaskName,
        when: &Expr,
        body: String,
        then: &Then,
    ) -> String {
        let skipped = self.landing(scope, &format!("{name} skipped"), then);
        let unclear = self.names.fresh(&format!("{name} unclear"));
        let told = json!({
            "task": name.as_str(),
            "error": "InvalidInput",
            "cause": format!("`when` of task \"{name}\": `{when}` gave neither true nor false"),
        });
        let cause = format!("{TOLD}{told}");
        scope.put_as_is(
            &unclear,
            json!({"Type": "Fail", "Error": "InvalidInput", "Cause": cause}),
        );
        let choice = self.names.fresh(&format!("{name} when"));
        scope.put_as_is(
            &choice,
            json!({
                "Type": "Choice",
                "Choices": [
                    {"Condition": runs(when), "Next": body},
                    {"Condition": is_skipped(when), "Next": skipped},
                ],
                "Default": unclear,
            }),
        );
        choice
    }
}

/// The numbers of the items, from 0.
fn count_to(items: &Expr) -> Value {
    let wrong = quoted("for_each gave no whole number from 0 to 40");
    query(format!(
        "($n := ({items}); $type($n) = 'number' and $n >= 0 and $n <= {MAX_ITEMS} and $floor($n) = $n ? [0..$n - 1] : $error({wrong}))"
    ))
}
