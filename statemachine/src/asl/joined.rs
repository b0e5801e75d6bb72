//! Chains that wait for each other, the joins kept in the store.
//!
//! A join's item holds `pending`, what it still waits for, as a map of names (a set that looks the same in every
//! integration), and `token`, once the waiting branch is there. The waiting branch writes its token while something is pending, and goes
//! straight on if nothing is. Each step that is waited for takes itself off; whoever leaves nothing behind wakes the token. Taking
//! off twice changes nothing, so every state may be tried again.

use serde_json::{Map, Value, json};

use super::close::retrier;
use super::facts::Then;
use super::generate::{Generator, Scope};
use super::{STATE_TABLE, query};
use crate::plan::{Join, Plan, Step};

/// How many joins one request writes.
const BATCH: usize = 25;

/// No branch waits longer for another, in seconds.
const LONGEST_WAIT: u32 = 86_400;

/// How long a join's item is kept, in seconds: a week.
const KEPT: u32 = 604_800;

/// A refused condition, as the SDK integration names it, and as the optimised one does.
const REFUSED: [&str; 2] = [
    "DynamoDb.ConditionalCheckFailedException",
    "DynamoDB.ConditionalCheckFailedException",
];

/// A token that was used already.
const USED: [&str; 4] = [
    "Sfn.TaskTimedOutException",
    "Sfn.TaskDoesNotExistException",
    "SFN.TaskTimedOutException",
    "SFN.TaskDoesNotExistException",
];

pub(super) const UPDATE: &str = "arn:aws:states:::aws-sdk:dynamodb:updateItem";
pub(super) const WAIT: &str = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken";
pub(super) const PUT: &str = "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems";
pub(super) const WAKE: &str = "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess";
const GET: &str = "arn:aws:states:::aws-sdk:dynamodb:getItem";

impl Generator<'_> {
    pub(super) fn joined(
        &mut self,
        scope: &mut Scope,
        chains: &[Vec<Plan>],
        joins: &[Join],
        then: &Then,
    ) -> String {
        let lead = |step: Step| lead(&chains[step.chain][step.at]);
        // A step that is a join inside begins with the task that it begins with itself, so the item's name needs more than that.
        let ids: Vec<String> = joins
            .iter()
            .map(|join| self.joins.fresh(lead(join.step)))
            .collect();
        let mut branches = Vec::with_capacity(chains.len());
        let mut facts = false;
        for (chain, steps) in chains.iter().enumerate().rev() {
            let own: Vec<String> = steps.iter().flat_map(|step| self.own(step)).collect();
            facts |= !own.is_empty();
            let mut inner = Scope::default();
            let mut then = Then { next: None, own };
            for (at, plan) in steps.iter().enumerate().rev() {
                let step = Step { chain, at };
                for (join, id) in joins.iter().zip(&ids).rev() {
                    if join.waits_for.contains(&step) {
                        let first = self.tell(&mut inner, lead(step), id, &then);
                        then = then.before(first);
                    }
                }
                let first = self.plan(&mut inner, plan, &then);
                then = then.before(first);
                if let Some(at) = joins.iter().position(|join| join.step == step) {
                    let first = self.wait(&mut inner, &ids[at], &then);
                    then = then.before(first);
                }
            }
            let start = then.next.unwrap_or_default();
            branches.push(inner.close(start));
        }
        branches.reverse();
        let name = self.group("Joined");
        scope.parallel(&name, branches, facts, then);
        let mut first = name;
        let items: Vec<Value> = joins
            .iter()
            .zip(&ids)
            .map(|(join, id)| item(join, id, &lead))
            .collect();
        for items in items.chunks(BATCH).rev() {
            let state = json!({
                "Type": "Task",
                "Resource": PUT,
                "Arguments": {"TransactItems": items},
                "TimeoutSeconds": 60,
                "Retry": [retrier(&["States.ALL"], 5)],
                "Output": query("$states.input"),
            });
            let name = self.names.numbered("Joins");
            scope.put(&name, state, &then.before(first));
            first = name;
        }
        first
    }

    /// Waits until nothing is pending, and then takes over what the others know.
    fn wait(&mut self, scope: &mut Scope, task: &str, then: &Then) -> String {
        let mut then = then.clone();
        if !self.kept.is_empty() {
            let name = self.names.fresh(&format!("{task} reads"));
            let facts = "$each($states.result.Item.facts.M, function($known) {$parse($known.S)})";
            let state = json!({
                "Type": "Task",
                "Resource": GET,
                "Arguments": {"TableName": table(), "Key": key(task), "ConsistentRead": true},
                "TimeoutSeconds": 60,
                "Retry": [retrier(&["States.ALL"], 5)],
                "Output": query(format!(
                    "$merge([$states.input, {{'tasks': $merge($append([$states.input.tasks], {facts}))}}])"
                )),
            });
            scope.put(&name, state, &then);
            then = then.before(name);
        }
        let name = self.names.fresh(&format!("{task} waits"));
        let next = then.next.clone().unwrap_or_default();
        let mut refused = retrier(&REFUSED, 0);
        if let Value::Object(fields) = &mut refused {
            fields.retain(|field, _| field == "ErrorEquals" || field == "MaxAttempts");
        }
        let state = json!({
            "Type": "Task",
            "Resource": WAIT,
            "Arguments": {
                "TableName": table(),
                "Key": key(task),
                "UpdateExpression": "SET #token = :token",
                "ConditionExpression": "size(#pending) > :nothing",
                "ExpressionAttributeNames": {"#token": "token", "#pending": "pending"},
                "ExpressionAttributeValues": {
                    ":token": {"S": query("$states.context.Task.Token")},
                    ":nothing": {"N": "0"},
                },
            },
            "TimeoutSeconds": LONGEST_WAIT,
            "Retry": [refused, retrier(&["States.ALL"], 5)],
            "Catch": [{"ErrorEquals": REFUSED, "Output": query("$states.input"), "Next": next}],
            "Output": query("$states.input"),
        });
        scope.put(&name, state, &then);
        name
    }

    /// Takes `task` off what `waiting` waits for, and wakes it if that was the last.
    fn tell(&mut self, scope: &mut Scope, task: &str, waiting: &str, then: &Then) -> String {
        let landing = self.landing(scope, &format!("{task} told"), then);
        let wake = self.names.fresh(&format!("{task} wakes {waiting}"));
        let state = json!({
            "Type": "Task",
            "Resource": WAKE,
            "Arguments": {"TaskToken": query("$states.input.wake"), "Output": "{}"},
            "TimeoutSeconds": 60,
            "Retry": [
                {"ErrorEquals": USED, "MaxAttempts": 0},
                retrier(&["States.ALL"], 5),
            ],
            "Catch": [{"ErrorEquals": USED, "Output": query("$states.input"), "Next": landing}],
            "Output": query("$states.input"),
        });
        scope.put(&wake, state, &then.before(landing.clone()));
        let last = self.names.fresh(&format!("{task} last for {waiting}"));
        scope.put_as_is(
            &last,
            json!({
                "Type": "Choice",
                "Choices": [{"Condition": query("$states.input.wake != ''"), "Next": wake}],
                "Default": landing,
            }),
        );
        let name = self.names.fresh(&format!("{task} tells {waiting}"));
        let mut arguments = json!({
            "TableName": table(),
            "Key": key(waiting),
            "UpdateExpression": "REMOVE #pending.#me",
            "ExpressionAttributeNames": {"#pending": "pending", "#me": task},
            "ReturnValues": "ALL_NEW",
        });
        if !self.kept.is_empty() {
            arguments["UpdateExpression"] = "SET #facts.#me = :facts REMOVE #pending.#me".into();
            arguments["ExpressionAttributeNames"]["#facts"] = "facts".into();
            arguments["ExpressionAttributeValues"] =
                json!({":facts": {"S": query("$string($states.input.tasks)")}});
        }
        let item = "$states.result.Attributes";
        let wake = format!(
            "$count($keys({item}.pending.M)) = 0 and $exists({item}.token.S) ? {item}.token.S : ''"
        );
        let state = json!({
            "Type": "Task",
            "Resource": UPDATE,
            "Arguments": arguments,
            "TimeoutSeconds": 60,
            "Retry": [retrier(&["States.ALL"], 5)],
            "Output": query(format!("$merge([$states.input, {{'wake': {wake}}}])")),
        });
        scope.put(&name, state, &then.before(last));
        name
    }
}

/// The task that a step is known by: its first.
fn lead(plan: &Plan) -> &str {
    match plan {
        Plan::Task { name, .. } => name,
        Plan::Sequence { steps: parts } | Plan::Parallel { branches: parts } => {
            parts.first().map_or("", lead)
        }
        Plan::Joined { chains, .. } => chains.iter().flatten().next().map_or("", lead),
    }
}

fn table() -> String {
    format!("${{{STATE_TABLE}}}")
}

fn key(task: &str) -> Value {
    json!({
        "pk": {"S": query("'EXEC#' & $states.context.Execution.Name")},
        "sk": {"S": format!("JOIN#{task}")},
    })
}

fn item<'a>(join: &Join, id: &str, lead: &impl Fn(Step) -> &'a str) -> Value {
    let pending: Map<String, Value> = join
        .waits_for
        .iter()
        .map(|&step| (lead(step).to_owned(), json!({"S": lead(step)})))
        .collect();
    let mut item = key(id);
    item["pending"] = json!({"M": pending});
    item["facts"] = json!({"M": {}});
    item["expires_at"] = json!({"N": query(format!(
        "$string($floor($toMillis($states.context.Execution.StartTime) / 1000) + {KEPT})"
    ))});
    json!({"Put": {"TableName": table(), "Item": item}})
}
