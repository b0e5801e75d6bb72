//! The states around the tasks: the frame that catches failures, and the closing of the run.
//!
//! Where the workflow has a gate, that task has closed the round before the execution ends, so nothing is left to close.

use serde_json::{Value, json};

use super::{STATE_TABLE, query};
use crate::Workflow;
use crate::backoff::{BASE, CAP, FACTOR};

/// Names of the frame's states. Each holds a space, so no task can have it.
pub(super) const WORK: &str = "All tasks";
pub(super) const JUDGED: &str = "Round judged";
pub(super) const SUCCEEDED: &str = "Close succeeded";
pub(super) const FAILED: &str = "Close failed";
const RUN_FAILED: &str = "Run failed";
const NOT_CLOSED: &str = "Run not closed";

/// The task that a failure is laid to where no task is to blame.
pub const NO_TASK: &str = "state-machine";

/// No execution works on a round for longer, in seconds.
const LONGEST: u32 = 86_400;

/// How the cause of a Fail state begins that tells a task's failure; `{task, error, cause}` as JSON follows.
pub(super) const TOLD: &str = "failed task: ";

/// How many characters of a cause are kept.
const CAUSE_KEPT: u32 = 1_000;

/// The whole machine around the one branch that holds the tasks.
pub(super) fn machine(workflow: &Workflow, branch: Value) -> Value {
    let (name, end) = (&workflow.name, after_success(workflow));
    let mut machine = json!({
        "Comment": format!("Generated from the workflow {name}: change that, not this."),
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": LONGEST,
        "StartAt": WORK,
        "States": {
            WORK: {
                "Type": "Parallel",
                "Arguments": {
                    "run": query("$states.input.run"),
                    "round": query("$states.input.round"),
                    "brief": query("$exists($states.input.brief) ? $states.input.brief : {}"),
                    "tasks": {},
                },
                "Branches": [branch],
                "Output": query("$states.input"),
                "Catch": [{
                    "ErrorEquals": ["States.ALL"],
                    "Output": query("$merge([$states.input, {'failure': $states.errorOutput}])"),
                    "Next": FAILED,
                }],
                "Next": end,
            },
            FAILED: closing(&Closing {
                state: "failed",
                kind: "workflow.failed",
                event: "failed",
                update: "SET #state = :state, #updated_at = :now, #failure = :failure REMOVE #lease_owner, #lease_until",
                failure: Some(failure()),
                next: Some(RUN_FAILED),
            }),
            RUN_FAILED: {
                "Type": "Fail",
                "Error": query("$states.input.failure.Error"),
                "Cause": query("$exists($states.input.failure.Cause) ? $states.input.failure.Cause : ''"),
            },
            NOT_CLOSED: {
                "Type": "Fail",
                "Error": "NotClosed",
                "Cause": "the run is no longer this execution's, or its state could not be written",
            },
        },
    });
    machine["States"][end] = if workflow.gate.is_some() {
        json!({
            "Type": "Succeed",
            "Comment": "The gate has closed the round.",
            "Output": query("$states.input"),
        })
    } else {
        closing(&Closing {
            state: "succeeded",
            kind: "workflow.completed",
            event: "completed",
            update: "SET #state = :state, #updated_at = :now REMOVE #failure, #lease_owner, #lease_until",
            failure: None,
            next: None,
        })
    };
    machine
}

/// The state that follows when all tasks have ended well.
pub(super) fn after_success(workflow: &Workflow) -> &'static str {
    if workflow.gate.is_some() {
        JUDGED
    } else {
        SUCCEEDED
    }
}

struct Closing {
    state: &'static str,
    kind: &'static str,
    event: &'static str,
    update: &'static str,
    failure: Option<String>,
    next: Option<&'static str>,
}

/// When the state was entered. It stays the same however often the transaction is tried, as it must for the request's token.
const NOW: &str = "$toMillis($states.context.State.EnteredTime)";

fn closing(closing: &Closing) -> Value {
    let Closing {
        state, kind, event, ..
    } = closing;
    let event = format!("$states.input.events.{event}");
    let now = json!({"N": query(format!("$string({NOW})"))});
    let names = json!({
        "#state": "state", "#execution": "execution", "#updated_at": "updated_at", "#failure": "failure",
        "#lease_owner": "lease_owner", "#lease_until": "lease_until",
    });
    let mut values = json!({
        ":execution": {"S": query("$states.context.Execution.Name")},
        ":running": {"S": "running"},
        ":state": {"S": state},
        ":now": now,
    });
    if let Some(failure) = &closing.failure {
        values[":failure"] = json!({"S": query(failure)});
    }
    let table = format!("${{{STATE_TABLE}}}");
    let mut task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems",
        "Arguments": {
            "ClientRequestToken": query(format!("{event}.id")),
            "TransactItems": [
                {"Update": {
                    "TableName": table,
                    "Key": {"pk": {"S": query("'RUN#' & $states.input.run")}, "sk": {"S": "META"}},
                    "UpdateExpression": closing.update,
                    "ConditionExpression": "#execution = :execution AND #state = :running",
                    "ExpressionAttributeNames": names,
                    "ExpressionAttributeValues": values,
                }},
                {"Put": {
                    "TableName": table,
                    "Item": {
                        "pk": {"S": query(format!("'EVENT#' & {event}.id"))},
                        "sk": {"S": "META"},
                        "gsi1pk": {"S": query(format!("{event}.due"))},
                        "gsi1sk": {"S": query(format!("$fromMillis({NOW})"))},
                        "id": {"S": query(format!("{event}.id"))},
                        "kind": {"S": kind},
                        "run": {"S": query("$states.input.run")},
                        "round": {"N": query("$string($states.input.round)")},
                        "at": now,
                        "due_at": now,
                    },
                    "ConditionExpression": "attribute_not_exists(#pk)",
                    "ExpressionAttributeNames": {"#pk": "pk"},
                }},
            ],
        },
        "TimeoutSeconds": 60,
        "Retry": [retrier(&["States.ALL"], 5)],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": query("$states.input"), "Next": NOT_CLOSED}],
        "Output": query("$states.input"),
    });
    match closing.next {
        Some(next) => task["Next"] = next.into(),
        None => task["End"] = true.into(),
    }
    task
}

/// Back-off as [`crate::backoff()`] has it.
pub(super) fn retrier(errors: &[&str], attempts: u32) -> Value {
    json!({
        "ErrorEquals": errors,
        "IntervalSeconds": BASE.as_secs(),
        "BackoffRate": FACTOR,
        "MaxDelaySeconds": CAP.as_secs(),
        "JitterStrategy": "FULL",
        "MaxAttempts": attempts,
    })
}

/// The run's failure as the store keeps it: the task, the name of the error and its cause, as JSON text.
///
/// A Fail state in the branch tells all three in its cause. Any other error (an expression that can't be evaluated) tells the state
/// in its text, and the first word of that is the task. A function's error comes as JSON with an `errorMessage`, of which the end may be
/// cut off, even within an escape.
fn failure() -> String {
    // The backslash is \x5c, because JSONata takes a bracket after a backslash for an escaped one. Plain characters are taken in one go,
    // not each by a turn of the group: those nest, where regular expressions are Java's.
    let escaped = r#"/"errorMessage":\s*"([^\x5c"]*(?:\x5c(?:[^u]|u[0-9A-Fa-f]{4})[^\x5c"]*)*)/"#;
    format!(
        "(\
         $error := $states.input.failure; \
         $text := $exists($error.Cause) ? $error.Cause : ''; \
         $state := $contains($text, \"the state '\") ? $substringBefore($substringAfter($text, \"the state '\"), \"'\") : ''; \
         $word := $substringBefore($state, ' '); \
         $told := $substring($text, 0, $length('{TOLD}')) = '{TOLD}' ? $parse($substringAfter($text, '{TOLD}')) : \
         {{'task': $contains($word, /^[A-Za-z][A-Za-z0-9_.-]*$/) ? $word : '{NO_TASK}', 'error': $error.Error, 'cause': $substring($text, 0, 4000)}}; \
         $message := $match($told.cause, {escaped}); \
         $cause := $exists($message) ? $parse('\"' & $message[0].groups[0] & '\"') : $told.cause; \
         $names := {{'States.Timeout': 'Timeout', 'Sandbox.Timedout': 'Timeout', 'States.QueryEvaluationError': 'InvalidInput'}}; \
         $name := $lookup($names, $told.error); \
         $string([$told.task, {{'name': $exists($name) ? $name : $told.error, 'cause': $substring($cause, 0, {CAUSE_KEPT})}}]))"
    )
}
