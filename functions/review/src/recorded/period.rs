//! A stretch of time, and what was recorded in it.

use domain::Timestamp;
use monitor::Figures;
use runtime::Runs;
use runtime::http::Problem;
use serde::Deserialize;
use store::{Grain, Store, StoreError};
use utoipa::IntoParams;

/// How many steps hours are told in.
const STEPS: u32 = 60;

/// How many hours and days are told at most. Minutes are kept for two days, days for 400.
const MOST_HOURS: u32 = 24;
const MOST_DAYS: u32 = 90;

/// Of what time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// The last so many hours, in 60 steps; 1, if nothing is said.
    #[param(minimum = 1, maximum = 24)]
    hours: Option<u32>,
    /// Instead of hours: the last so many days in UTC, today among them, a step each.
    #[param(minimum = 1, maximum = 90)]
    days: Option<u32>,
}

/// A time that isn't told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Hours and days exclude each other.
    #[error("hours and days were both given: expected one of them")]
    Both,
    /// So many hours aren't told.
    #[error("{0} hours: expected 1 to {MOST_HOURS}; further back, ask for days")]
    Hours(u32),
    /// So many days aren't told.
    #[error("{0} days: expected 1 to {MOST_DAYS}")]
    Days(u32),
}

impl Asked {
    /// What was recorded in this time.
    pub(crate) async fn recorded(&self, runs: &Runs) -> Result<Recorded, Problem> {
        Ok(self.period()?.read(&runs.store, (runs.clock)()).await?)
    }

    fn period(&self) -> Result<Period, Problem> {
        Period::new(self.hours, self.days).map_err(|error| {
            let field = match error {
                PeriodError::Both | PeriodError::Days(_) => "days",
                PeriodError::Hours(_) => "hours",
            };
            Problem::invalid("this time can't be told").with_field(field, error)
        })
    }
}

/// The last hours or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    grain: Grain,
    /// How many minutes or days.
    length: u32,
    /// How many of them make a step.
    each: u32,
}

impl Period {
    /// The last `hours` (1 to 24), or the last `days` (1 to 90); the last hour, if neither is given.
    pub fn new(hours: Option<u32>, days: Option<u32>) -> Result<Self, PeriodError> {
        match (hours, days) {
            (Some(_), Some(_)) => Err(PeriodError::Both),
            (None, Some(days)) if (1..=MOST_DAYS).contains(&days) => Ok(Self {
                grain: Grain::Day,
                length: days,
                each: 1,
            }),
            (None, Some(days)) => Err(PeriodError::Days(days)),
            (hours, None) => {
                let hours = hours.unwrap_or(1);
                if !(1..=MOST_HOURS).contains(&hours) {
                    return Err(PeriodError::Hours(hours));
                }
                Ok(Self {
                    grain: Grain::Minute,
                    length: hours * 60,
                    each: hours * 60 / STEPS,
                })
            }
        }
    }

    /// Reads what was recorded in it, up to now: a request a page.
    pub async fn read(self, store: &Store, now: Timestamp) -> Result<Recorded, StoreError> {
        let from = self.begin(now);
        let found = store.figures(self.grain, from, now).await?;
        Ok(self.recorded(from, now, &found.into_iter().collect::<Vec<_>>()))
    }

    fn begin(self, now: Timestamp) -> Timestamp {
        let before = u64::from(self.length - 1) * self.grain.length_ms();
        Timestamp(self.grain.begin(now).0.saturating_sub(before))
    }

    fn step_ms(self) -> u64 {
        u64::from(self.each) * self.grain.length_ms()
    }

    fn recorded(self, from: Timestamp, to: Timestamp, found: &[(Timestamp, Figures)]) -> Recorded {
        let mut steps = vec![Figures::default(); (self.length / self.each) as usize];
        for (at, figures) in found {
            let step = (at.since(from) / self.step_ms()) as usize;
            if let Some(step) = steps.get_mut(step) {
                step.merge(figures);
            }
        }
        Recorded {
            from,
            to,
            step_ms: self.step_ms(),
            steps,
        }
    }
}

/// What was recorded in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// The length of a step, in milliseconds.
    pub step_ms: u64,
    /// What was recorded in each step, in order.
    pub steps: Vec<Figures>,
}

impl Recorded {
    /// All steps together.
    pub(super) fn all(&self) -> Figures {
        let mut all = Figures::default();
        for step in &self.steps {
            all.merge(step);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// 2026-11-23T10:02:03.004Z.
    const NOW: Timestamp = Timestamp(1_795_428_123_004);

    #[test]
    fn the_last_hour_is_sixty_minutes_the_last_of_which_goes_on() {
        let period = Period::new(None, None).unwrap();
        let from = period.begin(NOW);
        assert_eq!(from.rfc3339(), "2026-11-23T09:03:00.000Z");
        let mut figures = Figures::default();
        figures.count("media", "l1_hits", 1);
        let now = Grain::Minute.begin(NOW);
        let recorded = period.recorded(from, NOW, &[(from, figures.clone()), (now, figures)]);
        assert_eq!((recorded.steps.len(), recorded.step_ms), (60, 60_000));
        assert!(!recorded.steps[0].is_empty() && !recorded.steps[59].is_empty());
        assert_eq!(recorded.all().counts("media")["l1_hits"], 2);
    }

    #[test]
    fn longer_times_have_longer_steps() {
        let day = Period::new(Some(24), None).unwrap();
        assert_eq!(day.begin(NOW).rfc3339(), "2026-11-22T10:03:00.000Z");
        let recorded = day.recorded(day.begin(NOW), NOW, &[]);
        assert_eq!((recorded.steps.len(), recorded.step_ms), (60, 24 * 60_000));
        let week = Period::new(None, Some(7)).unwrap();
        assert_eq!(week.begin(NOW).rfc3339(), "2026-11-17T00:00:00.000Z");
        assert_eq!(week.recorded(week.begin(NOW), NOW, &[]).steps.len(), 7);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert_eq!(Period::new(Some(1), Some(1)), Err(PeriodError::Both));
        for hours in [0, 25, u32::MAX] {
            assert_eq!(
                Period::new(Some(hours), None),
                Err(PeriodError::Hours(hours))
            );
        }
        for days in [0, 91] {
            assert_eq!(Period::new(None, Some(days)), Err(PeriodError::Days(days)));
        }
    }
}
