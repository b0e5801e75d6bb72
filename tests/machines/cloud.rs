//! What stands around a machine: its functions, which behave as they are told, and its table, which is the embedded DynamoDB.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use domain::Run;
use reelwright::embedded::Embedded;
use serde_json::{Map, Value, json};
use statemachine::{Strategy, Workflow, asl, plan};
use store::{Store, Tables};

use crate::deployment::{input, parameters, started_run, substituted};
use crate::dynamo;
use crate::interpreter::{Answer, Call, Ended, Interpreter, Services};
use crate::table::{Act, Tried, attempts, end};

/// An attempt at a task, or at an item of it.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) task: String,
    pub(crate) item: Option<u32>,
    /// In milliseconds of the interpreter's clock.
    pub(crate) started: u64,
    /// The greatest number there is, if it never ends by itself.
    pub(crate) ended: u64,
    pub(crate) succeeded: bool,
    /// What the function was given.
    pub(crate) payload: Value,
}

/// What an attempt (task, item, number) does, and how many milliseconds it takes for that.
type Functions<'a> = Box<dyn FnMut(&str, Option<u32>, u32) -> (Act, u64) + 'a>;

pub(crate) struct Cloud<'a> {
    pub(crate) client: Client,
    pub(crate) store: Store,
    pub(crate) run: Run,
    functions: Functions<'a>,
    /// Tasks by the ARN of their function.
    tasks: HashMap<String, String>,
    /// What was tried, in order.
    pub(crate) attempts: Vec<Attempt>,
    /// The requests to the table, with their answers.
    pub(crate) requests: Vec<(Call, Answer)>,
    /// Whether each update is carried out twice, as it is where an answer gets lost.
    pub(crate) twice: bool,
}

impl<'a> Cloud<'a> {
    /// A table that holds one run, which an execution has just been started for.
    pub(crate) async fn new(functions: Functions<'a>) -> Self {
        let client = Embedded::memory().unwrap().client();
        let store = Store::new(client.clone(), Tables::default());
        store.create_tables().await.unwrap();
        let run = started_run(7);
        store.put_run(&run, None).await.unwrap();
        Self {
            client,
            store,
            run,
            functions,
            tasks: HashMap::new(),
            attempts: Vec::new(),
            requests: Vec::new(),
            twice: false,
        }
    }

    /// Runs the workflow's machine for the run.
    pub(crate) async fn execute(
        &mut self,
        interpreter: &mut Interpreter,
        workflow: &Workflow,
        strategy: Strategy,
        brief: &Map<String, Value>,
    ) -> Ended {
        let machine = asl::generate(workflow, &plan(workflow.dag(), strategy));
        self.execute_machine(interpreter, workflow, &machine, brief)
            .await
    }

    pub(crate) async fn execute_machine(
        &mut self,
        interpreter: &mut Interpreter,
        workflow: &Workflow,
        machine: &Value,
        brief: &Map<String, Value>,
    ) -> Ended {
        self.tasks = tasks(workflow);
        let machine = deployed(workflow, machine);
        let input = input(&self.run, brief);
        let name = self.run.execution.clone();
        interpreter.run(&machine, &name, &input, self).await
    }

    /// How the run stands, in the words of the table of cases.
    pub(crate) async fn end(&self) -> String {
        end(&self.store.run(&self.run.id).await.unwrap())
    }

    /// The attempts that each task took; for one with items, a list by item.
    pub(crate) fn attempts_by_task(&self) -> BTreeMap<String, Value> {
        attempts(&self.tried())
    }

    /// What was tried, in order, in the words of the table of cases.
    pub(crate) fn tried(&self) -> Vec<Tried> {
        let tried = |attempt: &Attempt| Tried {
            task: attempt.task.clone(),
            item: attempt.item,
            succeeded: attempt.succeeded,
        };
        self.attempts.iter().map(tried).collect()
    }

    /// An item as it stands in the table.
    pub(crate) async fn item(&self, pk: &str, sk: &str) -> Option<dynamo::Item> {
        item(&self.client, pk, sk).await
    }

    fn invoke(&mut self, call: &Call) -> Answer {
        let payload = &call.arguments["Payload"];
        let function = call.arguments["FunctionName"].as_str().unwrap();
        let task = self.tasks[function].clone();
        assert_eq!(
            payload["task"],
            task.as_str(),
            "{} calls another function",
            call.state
        );
        assert_eq!(payload["run"], self.run.id.as_str());
        assert_eq!(payload["round"], 1);
        assert_eq!(payload["execution"], self.run.execution.as_str());
        let item = payload["item"]
            .as_u64()
            .map(|item| u32::try_from(item).unwrap());
        let before = self
            .attempts
            .iter()
            .filter(|attempt| attempt.task == task && attempt.item == item);
        let number = before.count() as u32 + 1;
        let (act, after) = (self.functions)(&task, item, number);
        let (answer, succeeded) = match act {
            Act::Succeeds { facts, .. } => {
                let answer = json!({"StatusCode": 200, "Payload": {"facts": facts}});
                (Answer::Result(answer, after), true)
            }
            // As Lambda tells of a function's error.
            Act::Fails(error) => {
                let cause = json!({"errorType": error.name, "errorMessage": error.cause});
                (Answer::Error(error.name, cause.to_string(), after), false)
            }
            Act::Hangs => (Answer::Hangs, false),
            Act::Panics | Act::Cancels => panic!("a case for the local executor alone"),
        };
        self.attempts.push(Attempt {
            task,
            item,
            started: call.at,
            ended: if answer == Answer::Hangs {
                u64::MAX
            } else {
                call.at + after
            },
            succeeded,
            payload: payload.clone(),
        });
        answer
    }
}

impl Services for Cloud<'_> {
    async fn call(&mut self, call: &Call) -> Answer {
        let service = call
            .resource
            .strip_prefix("arn:aws:states:::")
            .unwrap_or_default();
        if service == "lambda:invoke" {
            return self.invoke(call);
        }
        let operation = service.strip_prefix("aws-sdk:dynamodb:");
        let operation = operation.unwrap_or_else(|| panic!("{} calls {service}", call.state));
        if self.twice && operation == "updateItem" {
            dynamo::carry_out(&self.client, operation, &call.arguments).await;
        }
        let answer = dynamo::carry_out(&self.client, operation, &call.arguments).await;
        self.requests.push((call.clone(), answer.clone()));
        answer
    }
}

/// An item of the table, read past every cache.
pub(crate) async fn item(client: &Client, pk: &str, sk: &str) -> Option<dynamo::Item> {
    use aws_sdk_dynamodb::types::AttributeValue::S;
    let read = client
        .get_item()
        .table_name(Tables::default().state)
        .key("pk", S(pk.to_owned()))
        .key("sk", S(sk.to_owned()))
        .consistent_read(true);
    read.send().await.unwrap().item
}

fn arn(parameter: &str) -> String {
    format!("arn:aws:lambda:eu-central-1:000000000000:function:{parameter}")
}

fn tasks(workflow: &Workflow) -> HashMap<String, String> {
    parameters(workflow)
        .map(|(parameter, task)| (arn(&parameter), task.to_owned()))
        .collect()
}

/// The machine as it would be deployed.
pub(crate) fn deployed(workflow: &Workflow, machine: &Value) -> Value {
    substituted(workflow, machine, &Tables::default().state, arn)
}
