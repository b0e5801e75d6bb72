#![expect(clippy::unwrap_used, reason = "a test may stop")]

use super::*;
use statemachine::Workflow;

#[tokio::test(start_paused = true)]
async fn eighty_seconds_of_work_take_fifty() {
    let workflow = Workflow::parse(include_str!(
        "../../../statemachine/workflows/eighty-seconds.yaml"
    ))
    .unwrap();
    let report = simulate(&workflow, 0.01, 10).await;
    assert_eq!(
        (report.unscaled(report.serial), report.unscaled(report.wall)),
        (80.0, 50.0)
    );
}
