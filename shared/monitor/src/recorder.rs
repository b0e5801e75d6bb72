//! What records.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use crate::figures::{Counts, Figures};
use crate::{Family, Series};

/// How many operations of a family are told apart. Names come from programs, not from callers, so there are fewer; whatever goes wrong with that,
/// figures stay small.
const MOST_NAMES: usize = 64;

/// The name that further operations of a family are recorded under, once there are too many names.
pub const OTHERS: &str = "(others)";

/// Tells what was counted since the process began. It is asked each time that figures are taken.
pub type Sampler = Box<dyn Fn() -> Counts + Send + Sync>;

/// Records what a process does. Cheap to clone: clones are one monitor.
#[derive(Clone, Default)]
pub struct Monitor(Arc<Inner>);

#[derive(Default)]
struct Inner {
    families: [RwLock<HashMap<Box<str>, Arc<Series>>>; Family::ALL.len()],
    sampled: Mutex<Vec<Sampled>>,
    counted: Mutex<Counts>,
}

/// A sampler, and what it told the last time.
struct Sampled {
    sampler: Sampler,
    before: Counts,
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").finish_non_exhaustive()
    }
}

impl Monitor {
    /// Counts an operation that took so long, and whether it failed.
    ///
    /// `name` must be one of few: a route's pattern, not the path that was asked for.
    pub fn record(&self, family: Family, name: &str, took: Duration, failed: bool) {
        let named = &self.0.families[family as usize];
        let known = named.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = known.get(name) {
            series.record(took, failed);
            return;
        }
        drop(known);
        self.series(family, name).record(took, failed);
    }

    /// What is recorded of one operation: for those that are done so often that finding it by name counts.
    pub fn series(&self, family: Family, name: &str) -> Arc<Series> {
        let named = &self.0.families[family as usize];
        let mut known = named.write().unwrap_or_else(PoisonError::into_inner);
        let name = if known.len() < MOST_NAMES || known.contains_key(name) {
            name
        } else {
            OTHERS
        };
        Arc::clone(known.entry(name.into()).or_default())
    }

    /// Counts what isn't told by how long operations took.
    ///
    /// `group` and `name` must be ones of few.
    pub fn count(&self, group: &str, name: &str, by: u64) {
        let mut counted = self
            .0
            .counted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let group = counted.entry(group.to_owned()).or_default();
        *group.entry(name.to_owned()).or_default() += by;
    }

    /// Has what somebody else counts taken too: how much it grew between two times that figures are taken.
    pub fn sample(&self, sampler: Sampler) {
        self.sampled().push(Sampled {
            sampler,
            before: Counts::new(),
        });
    }

    /// Takes what was recorded since the last time. Nothing is taken twice, and nothing is left out: what is recorded meanwhile is taken now or the
    /// next time.
    pub fn drain(&self) -> Figures {
        let mut figures = Figures::default();
        for family in Family::ALL {
            let named = &self.0.families[family as usize];
            let known = named.read().unwrap_or_else(PoisonError::into_inner);
            for (name, series) in known.iter() {
                if let Some(latency) = series.take() {
                    figures.add(family, name, &latency);
                }
            }
        }
        let counted = std::mem::take(
            &mut *self
                .0
                .counted
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for (group, counts) in &counted {
            for (name, &count) in counts {
                figures.count(group, name, count);
            }
        }
        for sampled in self.sampled().iter_mut() {
            let now = (sampled.sampler)();
            for (group, counts) in &now {
                let before = sampled.before.get(group);
                for (name, &count) in counts {
                    let before = before.and_then(|counts| counts.get(name)).copied();
                    let grown = count.saturating_sub(before.unwrap_or_default());
                    figures.count(group, name, grown);
                }
            }
            sampled.before = now;
        }
        figures
    }

    fn sampled(&self) -> std::sync::MutexGuard<'_, Vec<Sampled>> {
        self.0
            .sampled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn nothing_is_lost_or_taken_twice_while_many_record() {
        let monitor = Monitor::default();
        let (mut count, mut errors, mut total) = (0, 0, 0);
        let mut add = |figures: &Figures| {
            for latency in figures.family(Family::Store).values() {
                count += latency.count();
                errors += latency.errors;
                total += latency.total_nanos;
            }
        };
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|writer: u32| {
                    let monitor = monitor.clone();
                    let name = ["GetItem", "Query"][writer as usize % 2];
                    scope.spawn(move || {
                        for turn in 0..20_000 {
                            monitor.record(Family::Store, name, turn % 50 * MS, turn % 10 == 0);
                        }
                    })
                })
                .collect();
            while writers.iter().any(|writer| !writer.is_finished()) {
                add(&monitor.drain());
            }
        });
        add(&monitor.drain());
        assert_eq!((count, errors), (80_000, 8_000));
        assert_eq!(total, 80_000 / 50 * (0..50).sum::<u64>() * 1_000_000);
        assert!(monitor.drain().is_empty());
    }

    #[test]
    fn families_and_names_are_told_apart() {
        let monitor = Monitor::default();
        monitor.record(Family::Task, "story", MS, false);
        monitor.record(Family::Provider, "story", MS, true);
        monitor.series(Family::Task, "story").record(MS, false);
        let figures = monitor.drain();
        assert_eq!(figures.family(Family::Task)["story"].count(), 2);
        assert_eq!(figures.family(Family::Provider)["story"].errors, 1);
        assert_eq!(figures.operations().count(), 2);
    }

    #[test]
    fn too_many_names_are_counted_together() {
        let monitor = Monitor::default();
        for number in 0..1000 {
            monitor.record(Family::Route, &format!("GET /{number}"), MS, false);
        }
        monitor.record(Family::Route, "GET /0", MS, false);
        let figures = monitor.drain();
        let routes = figures.family(Family::Route);
        assert_eq!(routes.len(), MOST_NAMES + 1);
        assert_eq!(routes[OTHERS].count(), 1000 - MOST_NAMES as u64);
        assert_eq!(routes["GET /0"].count(), 2);
    }

    #[test]
    fn counts_are_taken_once() {
        let monitor = Monitor::default();
        monitor.count("results", "kept", 2);
        monitor.count("results", "kept", 3);
        assert_eq!(monitor.drain().counts("results")["kept"], 5);
        assert!(monitor.drain().is_empty());
    }

    #[test]
    fn of_what_others_count_the_growth_is_taken() {
        let monitor = Monitor::default();
        let hits = Arc::new(AtomicU64::new(5));
        for _ in 0..2 {
            let hits = Arc::clone(&hits);
            monitor.sample(Box::new(move || {
                let hits = hits.load(Ordering::Relaxed);
                Counts::from([("media".to_owned(), [("hits".to_owned(), hits)].into())])
            }));
        }
        assert_eq!(monitor.drain().counts("media")["hits"], 10);
        hits.fetch_add(3, Ordering::Relaxed);
        assert_eq!(monitor.drain().counts("media")["hits"], 6);
        assert!(monitor.drain().is_empty());
    }
}
