//! What a finished run tells: where the video is, what took how long, what it would have taken one after the other.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use domain::{Hook, Posts, Run, RunState, Script, TaskName, TaskRecord, Video};
use runtime::Services;
use serde_json::{Value, json};

use crate::executor::ExecutionReport;
use crate::failure::Failure;
use crate::report;
use crate::work::{Worked, output, stored};

/// Everything that is told of a finished run.
pub(crate) struct Summary<'a> {
    run: &'a Run,
    report: Option<&'a ExecutionReport>,
    rows: Vec<TaskRecord>,
    video: Video,
    lines: Vec<String>,
    posts: Option<Posts>,
    folder: Option<PathBuf>,
}

impl<'a> Summary<'a> {
    /// Reads the outputs.
    pub(crate) async fn gather(services: &Services, worked: &'a Worked) -> Result<Self, Failure> {
        let run = &worked.run;
        let rows = services.store.tasks(&run.id, run.shown_round()).await?;
        let video: Video = output(services, &rows, "compose").await?;
        let script: Script = output(services, &rows, "script").await?;
        let hook: Hook = output(services, &rows, "hook").await?;
        let posts = match &video.posts {
            Some(posts) => Some(stored(services, posts, "posts.json").await?),
            None => None,
        };
        let scenes = 0..script.scenes.len();
        let lines = scenes
            .flat_map(|at| script.spoken(&hook, at))
            .map(|line| line.text.clone())
            .collect();
        Ok(Self {
            run,
            report: worked.report.as_ref(),
            rows,
            video,
            lines,
            posts,
            folder: None,
        })
    }

    pub(crate) fn video(&self) -> &Video {
        &self.video
    }

    /// Notes where the files were put.
    pub(crate) fn delivered(&mut self, folder: &Path) {
        self.folder = Some(std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
    }

    pub(crate) fn json(&self) -> Value {
        let mut json = json!({
            "run": self.run,
            "degraded": self.run.degraded,
            "cost_usd": self.run.cost_usd,
            "lines": self.lines,
            "video": self.video,
            "tasks": self.rows,
        });
        if let Some(posts) = &self.posts {
            json["posts"] = json!(posts);
        }
        if let Some(folder) = &self.folder {
            json["folder"] = json!(folder);
            json["file"] = json!(folder.join("final.mp4"));
        }
        if let Some(report) = self.report {
            json["serial_seconds"] = json!(report.serial.as_secs_f64());
            json["seconds"] = json!(report.wall.as_secs_f64());
            json["critical_path"] = json!({
                "seconds": report.critical_path.length.as_secs_f64(),
                "tasks": report.critical_path.tasks,
            });
        }
        json
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        if let Some(report) = self.report {
            let _ = writeln!(
                text,
                "\n{:<10} {:<8} {:>5} {:>8} {:>9}",
                "task", "status", "items", "attempts", "work"
            );
            for (task, status) in &report.tasks {
                let (mut items, mut attempts, mut work) = (0, 0, 0.0);
                for record in report.of(task) {
                    items += u32::from(record.instance.item.is_some());
                    attempts += record.attempts;
                    work += record.work.as_secs_f64();
                }
                let items = if items == 0 {
                    String::new()
                } else {
                    items.to_string()
                };
                let status = report::status(*status);
                let _ = writeln!(
                    text,
                    "{task:<10} {status:<8} {items:>5} {attempts:>8} {work:>7.2} s",
                    task = task.as_str()
                );
            }
            let critical: Vec<&str> = report
                .critical_path
                .tasks
                .iter()
                .map(TaskName::as_str)
                .collect();
            let _ = writeln!(
                text,
                "\none after the other  {:>7.2} s",
                report.serial.as_secs_f64()
            );
            let _ = writeln!(
                text,
                "run                  {:>7.2} s",
                report.wall.as_secs_f64()
            );
            let length = report.critical_path.length.as_secs_f64();
            let _ = writeln!(
                text,
                "critical path        {length:>7.2} s  ({})",
                critical.join(" -> ")
            );
        }
        let judged = report::rounds(self.run);
        if !judged.is_empty() {
            let _ = write!(text, "\n{judged}");
        }
        if self.run.state == RunState::InReview {
            let _ = writeln!(
                text,
                "waits for a person: reelwright review approve|reject|regenerate {}",
                self.run.id
            );
        }
        text.push_str(&report::degraded(&self.run.degraded));
        let video = &self.video;
        let seconds = f64::from(video.length_ms) / 1000.0;
        let loudness = video
            .loudness_lufs
            .map_or("silent".to_owned(), |lufs| format!("{lufs:.1} LUFS"));
        let _ = writeln!(
            text,
            "\n{seconds:.1} s, {} x {}, {} fps, {loudness}",
            video.width, video.height, video.fps
        );
        text.push_str(&report::posts(self.posts.as_ref()));
        if let Some(folder) = &self.folder {
            let _ = writeln!(text, "{}", folder.join("final.mp4").display());
        }
        text
    }
}
