//! What a person sees while a run goes on: bars on a terminal, plain lines otherwise, nothing with `--json`.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::say;

/// Shows how a run goes on.
pub(crate) struct Progress {
    look: Look,
    bars: BTreeMap<String, Row>,
}

enum Look {
    Bars(MultiProgress),
    Lines,
    Nothing,
}

struct Row {
    bar: ProgressBar,
    ended: u64,
    done: u64,
}

impl Progress {
    /// Bars if standard error is a terminal, plain lines if not, nothing if `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let look = if quiet {
            Look::Nothing
        } else if std::io::stderr().is_terminal() {
            Look::Bars(MultiProgress::new())
        } else {
            Look::Lines
        };
        Self {
            look,
            bars: BTreeMap::new(),
        }
    }

    /// A task (or an item of it) may begin.
    pub(crate) fn due(&mut self, task: &str) {
        let Look::Bars(all) = &self.look else { return };
        let entry = self.bars.entry(task.to_owned()).or_insert_with(|| {
            let bar = all.add(ProgressBar::new(0));
            let style = ProgressStyle::with_template(
                "{prefix:<8} {spinner} {bar:24.cyan/blue} {pos:>2}/{len:<2} {wide_msg}",
            )
            .unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style);
            bar.set_prefix(task.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            Row {
                bar,
                ended: 0,
                done: 0,
            }
        });
        entry.bar.inc_length(1);
    }

    /// A task (or an item of it) ended: `how` is `done`, `cached`, `skipped`, `failed` …
    pub(crate) fn ended(&mut self, task: &str, item: Option<u32>, how: &str, seconds: f64) {
        match &self.look {
            Look::Nothing => {}
            Look::Lines => {
                let item = item.map_or(String::new(), |item| format!(" {item}"));
                let name = format!("{task}{item}");
                say::tell(format_args!("{name:<11} {how:<9} {seconds:>6.2} s"));
            }
            Look::Bars(_) => {
                let Some(entry) = self.bars.get_mut(task) else {
                    return;
                };
                entry.ended += 1;
                // A bar is as full as there is something to show for it.
                entry.done += u64::from(matches!(how, "done" | "cached" | "skipped"));
                entry.bar.set_position(entry.done);
                if Some(entry.ended) == entry.bar.length() {
                    entry.bar.abandon_with_message(how.to_owned());
                } else {
                    entry.bar.set_message(format!("{how} {seconds:.2} s"));
                }
            }
        }
    }

    /// Something that a person should know, such as a retry.
    pub(crate) fn note(&self, message: &str) {
        match &self.look {
            Look::Nothing => {}
            Look::Lines => say::tell(message),
            // A line that can't be drawn is no reason to stop.
            Look::Bars(all) => drop(all.println(message)),
        }
    }

    /// Leaves the terminal as it is.
    pub(crate) fn finish(&mut self) {
        for entry in self.bars.values() {
            if !entry.bar.is_finished() {
                entry.bar.abandon();
            }
        }
    }
}
