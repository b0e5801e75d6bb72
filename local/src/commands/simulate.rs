//! `reelwright simulate`.

use std::fmt::Write;
use std::path::Path;

use serde_json::json;
use statemachine::Workflow;

use super::print_json;
use crate::executor;
use crate::failure::Failure;
use crate::files;
use crate::say;

pub(crate) async fn simulate(
    path: &Path,
    scale: f64,
    workers: usize,
    as_json: bool,
) -> Result<(), Failure> {
    let workflow = Workflow::parse(&files::read_text(path)?)
        .map_err(|error| Failure::input(format!("{}: {error}", files::name(path))))?;
    let report = executor::simulate(&workflow, scale, workers).await;
    let seconds = |time| report.unscaled(time);
    let critical: Vec<&str> = report
        .critical_path
        .tasks
        .iter()
        .map(domain::TaskName::as_str)
        .collect();
    if as_json {
        return print_json(&json!({
            "workflow": workflow.name,
            "workers": workers,
            "scale": scale,
            "serial_seconds": seconds(report.serial),
            "seconds": seconds(report.wall),
            "critical_path": { "seconds": seconds(report.critical_path.length), "tasks": critical },
            "execution": report,
        }));
    }
    // Writing to a string can't fail.
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} on {workers} workers, in the workflow's seconds ({scale} of a second each)\n",
        workflow.name
    );
    let _ = writeln!(
        text,
        "{:<14} {:<10} {:>8} {:>8}",
        "task", "status", "start", "end"
    );
    for record in &report.instances {
        let item = record
            .instance
            .item
            .map_or(String::new(), |item| format!(" {item}"));
        let at =
            |time: Option<_>| time.map_or_else(String::new, |time| format!("{:.1}", seconds(time)));
        let _ = writeln!(
            text,
            "{:<14} {:<10} {:>8} {:>8}",
            format!("{}{item}", record.instance.task),
            crate::report::status(record.status),
            at(record.started),
            at(record.ended)
        );
    }
    let _ = writeln!(
        text,
        "\none after the other  {:>7.1} s",
        seconds(report.serial)
    );
    let _ = writeln!(text, "run                  {:>7.1} s", seconds(report.wall));
    let _ = writeln!(
        text,
        "critical path        {:>7.1} s  ({})",
        seconds(report.critical_path.length),
        critical.join(" -> ")
    );
    say::answer(text)
}
