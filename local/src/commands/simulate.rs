//! `reelwright simulate`.

use std::path::Path;

use serde_json::json;
use statemachine::Workflow;

use super::print_json;
use crate::executor;
use crate::failure::Failure;
use crate::files::read_text;

pub(crate) async fn simulate(
    path: &Path,
    scale: f64,
    workers: usize,
    as_json: bool,
) -> Result<(), Failure> {
    let workflow = Workflow::parse(&read_text(path)?)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
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
    println!(
        "{} on {workers} workers, in the workflow's seconds ({scale} of a second each)\n",
        workflow.name
    );
    println!(
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
        println!(
            "{:<14} {:<10} {:>8} {:>8}",
            format!("{}{item}", record.instance.task),
            crate::report::status(record.status),
            at(record.started),
            at(record.ended)
        );
    }
    println!("\none after the other  {:>7.1} s", seconds(report.serial));
    println!("run                  {:>7.1} s", seconds(report.wall));
    println!(
        "critical path        {:>7.1} s  ({})",
        seconds(report.critical_path.length),
        critical.join(" -> ")
    );
    Ok(())
}
