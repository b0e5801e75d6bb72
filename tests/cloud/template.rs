//! The template as CloudFormation's own tools read it, and what has to agree with the rest of the house.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::OnceLock;

use runtime::VARIABLES;
use serde_json::Value;
use statemachine::Workflow;
use statemachine::asl::{STATE_TABLE, function_parameter};

use crate::tools::{output, root, tool};

/// The template with its short forms (`!Ref`) spelt out.
pub(crate) fn template() -> &'static Value {
    static TEMPLATE: OnceLock<Value> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let read = "import json, sys; from samcli.yamlhelper import yaml_parse; \
                    print(json.dumps(yaml_parse(open(sys.argv[1]).read())))";
        let text = output(
            Command::new(tool("python"))
                .args(["-c", read])
                .arg(root().join("infra/template.yaml")),
        );
        serde_json::from_str(&text).unwrap()
    })
}

/// The resources of a type, by their logical ids.
pub(crate) fn resources<'a>(template: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    let all = template["Resources"].as_object().unwrap();
    all.iter()
        .filter(|(_, resource)| resource["Type"] == kind)
        .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
        .collect()
}

/// The template's functions: their crates, with the logical ids.
pub(crate) fn functions(template: &Value) -> BTreeMap<String, &str> {
    resources(template, "AWS::Serverless::Function")
        .into_iter()
        .map(|(id, properties)| {
            let code = properties["CodeUri"].as_str().unwrap();
            let crate_name = code.strip_prefix("../functions/").unwrap();
            (crate_name.to_owned(), id)
        })
        .collect()
}

fn short_video() -> Workflow {
    let file = root().join("statemachine/workflows/short-video.yaml");
    Workflow::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_template_passes_sam_validate() {
    output(
        Command::new(tool("sam"))
            .args(["validate", "--lint", "--region", "us-east-1", "--template"])
            .arg(root().join("infra/template.yaml"))
            .env("SAM_CLI_TELEMETRY", "0"),
    );
}

#[test]
fn the_template_and_the_cache_s_pass_cfn_lint() {
    output(
        Command::new(tool("cfn-lint"))
            .arg(root().join("infra/template.yaml"))
            .arg(root().join("infra/cache.yaml")),
    );
}

#[test]
fn every_function_crate_is_deployed_and_every_deployed_function_has_a_crate() {
    let template = template();
    let crates: BTreeSet<String> = std::fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let deployed: BTreeSet<String> = functions(template).into_keys().collect();
    assert_eq!(crates, deployed);
}

#[test]
fn every_function_is_built_by_cargo_lambda_under_a_role_of_its_own() {
    let template = template();
    let mut roles = BTreeSet::new();
    for (name, id) in functions(template) {
        let resource = &template["Resources"][id];
        assert_eq!(
            resource["Metadata"]["BuildMethod"], "rust-cargolambda",
            "{name}"
        );
        let role = &resource["Properties"]["Role"]["Fn::GetAtt"][0];
        assert!(roles.insert(role.as_str().unwrap()), "{name} shares {role}");
    }
}

#[test]
fn functions_are_given_no_variable_that_the_runtime_does_not_know() {
    let template = template();
    let known: BTreeSet<&str> = VARIABLES.iter().map(|(name, _)| *name).collect();
    let globals = &template["Globals"]["Function"];
    let places = resources(template, "AWS::Serverless::Function");
    for (id, properties) in places.into_iter().chain([("Globals", globals)]) {
        let variables = properties["Environment"]["Variables"].as_object();
        for name in variables.into_iter().flat_map(|given| given.keys()) {
            assert!(known.contains(name.as_str()), "{id} is given {name}");
        }
    }
}

#[test]
fn every_substitution_of_the_machine_is_given_and_none_besides() {
    let template = template();
    let workflow = short_video();
    let mut wanted: BTreeSet<String> = (0..workflow.tasks.len())
        .map(|task| function_parameter(&workflow, task))
        .collect();
    wanted.insert(STATE_TABLE.to_owned());
    let machine = &template["Resources"]["StateMachine"]["Properties"];
    let given: BTreeSet<String> = machine["DefinitionSubstitutions"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(wanted, given);
    let definition = machine["DefinitionUri"].as_str().unwrap();
    let text = std::fs::read_to_string(root().join("infra").join(definition)).unwrap();
    let named: BTreeSet<String> = text
        .split("${")
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap().to_owned())
        .collect();
    assert_eq!(named, given);
}

#[test]
fn a_task_s_function_has_as_long_as_the_workflow_gives_it() {
    let template = template();
    let functions = functions(template);
    for (name, spec) in &short_video().tasks {
        let id = functions[name.as_str()];
        let timeout = &template["Resources"][id]["Properties"]["Timeout"];
        assert_eq!(
            timeout.as_u64().map(u128::from),
            spec.timeout.map(u128::from),
            "{name}"
        );
    }
}

#[test]
fn a_provider_that_does_not_answer_is_given_up_before_its_function_s_time_is_over() {
    let template = template();
    // How often a task may wait for so long: text is asked for a second time if the first answer can't be used, and speech comes in two
    // calls, each waited for until it begins and until it ends.
    for (variable, waits) in [
        ("REELWRIGHT_TEXT_TIMEOUT_SECONDS", 2),
        // A judge has so long for all its calls together.
        ("REELWRIGHT_JUDGE_TIMEOUT_SECONDS", 1),
        ("REELWRIGHT_PICTURES_TIMEOUT_SECONDS", 1),
        ("REELWRIGHT_SPEECH_TIMEOUT_SECONDS", 4),
    ] {
        let provider = variable.replace("_TIMEOUT_SECONDS", "");
        let mut given = 0;
        for (id, function) in resources(template, "AWS::Serverless::Function") {
            let variables = &function["Environment"]["Variables"];
            if variables[&provider].is_null() {
                continue;
            }
            given += 1;
            let seconds = variables[variable].as_str();
            let seconds: u64 = seconds
                .unwrap_or_else(|| panic!("{id} lacks {variable}"))
                .parse()
                .unwrap();
            let timeout = function["Timeout"].as_u64().unwrap();
            assert!(
                waits * seconds < timeout,
                "{id}: {waits} times {seconds} s, of {timeout} s"
            );
        }
        assert!(given > 0, "no function has {provider}");
    }
}

#[test]
fn whoever_sends_webhooks_knows_how_many_others_may() {
    let template = template();
    let deliver = functions(template)["deliver"];
    let function = &template["Resources"][deliver]["Properties"];
    let told = &function["Environment"]["Variables"]["REELWRIGHT_DELIVERY_WORKERS"];
    let mappings = resources(template, "AWS::Lambda::EventSourceMapping");
    let queues: Vec<_> = mappings
        .values()
        .filter(|mapping| mapping["FunctionName"]["Ref"] == deliver)
        .collect();
    assert_eq!(queues.len(), 2);
    for queue in queues {
        let most = &queue["ScalingConfig"]["MaximumConcurrency"];
        assert_eq!(told.as_str(), Some(most.to_string().as_str()));
        assert_eq!(queue["FunctionResponseTypes"][0], "ReportBatchItemFailures");
    }
}

#[test]
fn a_message_is_hidden_for_six_times_as_long_as_its_function_may_take() {
    let template = template();
    for (id, mapping) in resources(template, "AWS::Lambda::EventSourceMapping") {
        let Some(queue) = mapping["EventSourceArn"]["Fn::GetAtt"][0].as_str() else {
            continue;
        };
        let Some(hidden) = template["Resources"][queue]["Properties"]["VisibilityTimeout"].as_u64()
        else {
            continue;
        };
        let function = mapping["FunctionName"]["Ref"].as_str().unwrap();
        let takes = &template["Resources"][function]["Properties"]["Timeout"];
        assert_eq!(Some(hidden), takes.as_u64().map(|takes| 6 * takes), "{id}");
    }
}

#[test]
fn only_who_has_to_may_start_executions_and_only_with_a_cloud_provider_is_one_paid() {
    let template = template();
    let policies = resources(template, "AWS::IAM::ManagedPolicy");
    let starters: BTreeSet<&str> = policies
        .iter()
        .filter(|(_, policy)| policy.to_string().contains("states:StartExecution"))
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(starters, BTreeSet::from(["RunAccess"]));
    let roles = resources(template, "AWS::IAM::Role");
    let may_start: BTreeSet<&str> = roles
        .iter()
        .filter(|(_, role)| {
            let text = role.to_string();
            text.contains("\"RunAccess\"") || text.contains("states:StartExecution")
        })
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(
        may_start,
        BTreeSet::from([
            "IntakeRole",
            "ReviewRole",
            "RunsRole",
            "ScoreRole",
            "SweepRole"
        ])
    );
    for (id, policy) in template["Resources"].as_object().unwrap() {
        let text = policy.to_string();
        if text.contains("\"bedrock:") || text.contains("\"polly:") {
            assert!(
                policy["Condition"].is_string(),
                "{id} pays without a condition"
            );
        }
    }
}

#[test]
fn the_api_has_the_routes_of_its_document_and_locks_those_that_need_a_key() {
    let template = template();
    let deployed: BTreeMap<String, bool> = resources(template, "AWS::ApiGatewayV2::Route")
        .into_values()
        .map(|route| {
            let key = route["RouteKey"].as_str().unwrap().to_owned();
            (key, route["AuthorizationType"] == "CUSTOM")
        })
        .collect();
    let document = reelwright::api_document();
    let documented: BTreeMap<String, bool> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| {
                    let open = operation["security"] == serde_json::json!([{}]);
                    (format!("{} {path}", method.to_uppercase()), !open)
                })
        })
        .collect();
    assert_eq!(deployed, documented);
}

#[test]
fn a_revoked_key_is_dead_within_a_minute() {
    let template = template();
    let authorizers = resources(template, "AWS::ApiGatewayV2::Authorizer");
    assert_eq!(authorizers.len(), 1);
    for (id, authorizer) in authorizers {
        let seconds = authorizer["AuthorizerResultTtlInSeconds"].as_u64();
        assert!(seconds.is_some_and(|seconds| seconds <= 60), "{id}");
    }
}
