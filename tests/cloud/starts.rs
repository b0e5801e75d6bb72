//! What keeps a function from starting is told in its log, and ends it.

use std::process::Command;

use crate::package::build;
use crate::template::{functions, template};
use crate::tools::built;

/// What Lambda tells every function.
const OF_LAMBDA: [(&str, &str); 4] = [
    ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"),
    ("AWS_LAMBDA_FUNCTION_NAME", "here"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
];

/// What every function is told by the template.
const OF_TEMPLATE: [(&str, &str); 3] = [
    ("REELWRIGHT_BUCKET", "films"),
    ("REELWRIGHT_STATE_TABLE", "state"),
    ("REELWRIGHT_CACHE_TABLE", "cache"),
];

/// The log of a function that has to refuse to start.
fn refusal(function: &str, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(built().join(function));
    let ended = command
        .env_clear()
        .env("AWS_REGION", "eu-central-1")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1), "{function}: {ended:?}");
    assert!(ended.stderr.is_empty(), "{function}: {ended:?}");
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn a_function_that_lambda_did_not_start_says_so() {
    build();
    for function in functions(template()).keys() {
        for missing in OF_LAMBDA {
            let others: Vec<_> = OF_LAMBDA
                .into_iter()
                .filter(|other| *other != missing)
                .chain(OF_TEMPLATE)
                .collect();
            let log = refusal(function, &others);
            let wanted = format!("{} is not set, so Lambda did not start it", missing.0);
            assert!(log.contains(&wanted), "{function}: {log}");
        }
    }
}

#[test]
fn a_function_names_the_variable_that_is_missing_or_wrong() {
    build();
    let with = |more: &[(&'static str, &'static str)]| [&OF_LAMBDA, more].concat();
    for function in functions(template()).keys() {
        let log = refusal(function, &OF_LAMBDA);
        assert!(log.contains("REELWRIGHT_BUCKET"), "{function}: {log}");
        for (variable, value, told) in [
            ("REELWRIGHT_LEASE_SECONDS", "soon", "expected a number"),
            ("REELWRIGHT_BUKET", "films", "no such variable"),
        ] {
            let log = refusal(function, &with(&[(variable, value)]));
            assert!(
                log.contains(variable) && log.contains(told),
                "{function}: {log}"
            );
        }
    }
    let queues = [
        ("REELWRIGHT_DELIVERY_QUEUE", "https://queues.example/1/due"),
        (
            "REELWRIGHT_DELIVERY_QUEUE_ASIDE",
            "https://queues.example/1/aside",
        ),
    ];
    for (function, there, missing) in [
        ("runs", &queues[..0], "REELWRIGHT_STATE_MACHINE"),
        ("sweep", &queues[..0], "REELWRIGHT_STATE_MACHINE"),
        ("score", &queues[..0], "REELWRIGHT_STATE_MACHINE"),
        ("deliver", &queues[..0], "REELWRIGHT_DELIVERY_QUEUE"),
        ("deliver", &queues[..1], "REELWRIGHT_DELIVERY_QUEUE_ASIDE"),
        ("deliver", &queues[..], "REELWRIGHT_WEBHOOK_SECRET"),
        ("subscribe", &queues[..], "REELWRIGHT_WEBHOOK_SECRET"),
    ] {
        let log = refusal(function, &with(&[&OF_TEMPLATE, there].concat()));
        let wanted = format!("{missing} is not set");
        assert!(log.contains(&wanted), "{function}: {log}");
    }
}
