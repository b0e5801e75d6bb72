//! What was recorded over some time, by whom ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Family, Latency};

/// The version of the form that figures are written in.
const FORM: u32 = 1;

/// Numbers that only grow, by group and name.
pub type Counts = BTreeMap<String, BTreeMap<String, u64>>;

/// What was recorded over some time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    operations: BTreeMap<Family, BTreeMap<String, Latency>>,
    counts: Counts,
}

/// Figures that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// They are no figures.
    #[error("these are no figures: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// They are of a form that this program doesn't know.
    #[error("figures of form {found}; this program knows forms up to {FORM}: use a newer one")]
    Newer {
        /// Their form.
        found: u32,
    },
}

/// Figures as they are written.
#[derive(Serialize, Deserialize)]
struct Written {
    form: u32,
    operations: BTreeMap<Family, BTreeMap<String, Latency>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    counts: Counts,
}

impl Figures {
    /// The operations of a family, by name.
    pub fn family(&self, family: Family) -> &BTreeMap<String, Latency> {
        static NONE: BTreeMap<String, Latency> = BTreeMap::new();
        self.operations.get(&family).unwrap_or(&NONE)
    }

    /// All operations.
    pub fn operations(&self) -> impl Iterator<Item = (Family, &str, &Latency)> {
        let families = self.operations.iter();
        families.flat_map(|(&family, operations)| {
            operations
                .iter()
                .map(move |(name, latency)| (family, name.as_str(), latency))
        })
    }

    /// What was counted, by group and name.
    pub fn groups(&self) -> impl Iterator<Item = (&String, &BTreeMap<String, u64>)> {
        self.counts.iter()
    }

    /// What was counted of a group, by name; a name that isn't there was counted zero times.
    pub fn counts(&self, group: &str) -> &BTreeMap<String, u64> {
        static NONE: BTreeMap<String, u64> = BTreeMap::new();
        self.counts.get(group).unwrap_or(&NONE)
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.counts.is_empty()
    }

    /// Adds an operation's.
    pub fn add(&mut self, family: Family, name: &str, latency: &Latency) {
        self.operations
            .entry(family)
            .or_default()
            .entry(name.to_owned())
            .or_default()
            .merge(latency);
    }

    /// Adds to what was counted.
    pub fn count(&mut self, group: &str, name: &str, by: u64) {
        if by > 0 {
            let counts = self.counts.entry(group.to_owned()).or_default();
            *counts.entry(name.to_owned()).or_default() += by;
        }
    }

    /// Adds what was recorded elsewhere, or at another time.
    pub fn merge(&mut self, other: &Self) {
        for (family, name, latency) in other.operations() {
            self.add(family, name, latency);
        }
        for (group, counts) in &other.counts {
            for (name, &by) in counts {
                self.count(group, name, by);
            }
        }
    }

    /// As they are kept: JSON, about 100 bytes an operation.
    pub fn to_json(&self) -> Result<String, FiguresError> {
        Ok(serde_json::to_string(&Written {
            form: FORM,
            operations: self.operations.clone(),
            counts: self.counts.clone(),
        })?)
    }

    /// Reads what [`Self::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, FiguresError> {
        #[derive(Deserialize)]
        struct Form {
            form: u32,
        }
        // Its form first: one that is newer may be unreadable beyond that.
        let Form { form } = serde_json::from_str(text)?;
        if form > FORM {
            return Err(FiguresError::Newer { found: form });
        }
        let Written {
            operations, counts, ..
        } = serde_json::from_str(text)?;
        Ok(Self { operations, counts })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::time::Duration;

    use super::*;

    fn some() -> Figures {
        let mut latency = Latency::default();
        for millis in [1, 20, 20, 3000] {
            latency.record(Duration::from_millis(millis), millis == 1);
        }
        let mut figures = Figures::default();
        figures.add(Family::Task, "story", &latency);
        figures.add(Family::Route, "GET /v1/runs/{id}", &latency);
        figures.count("media", "l1_hits", 3);
        figures.count("media", "misses", 0);
        figures
    }

    #[test]
    fn what_was_written_is_read_again() {
        let text = some().to_json().unwrap();
        assert_eq!(Figures::from_json(&text).unwrap(), some());
        assert!(text.len() < 300, "{} bytes: {text}", text.len());
        let nothing = Figures::default().to_json().unwrap();
        assert!(Figures::from_json(&nothing).unwrap().is_empty());
    }

    #[test]
    fn figures_of_two_processes_add_up() {
        let mut both = some();
        both.merge(&some());
        assert_eq!(both.family(Family::Task)["story"].count(), 8);
        assert_eq!(both.family(Family::Task)["story"].errors, 2);
        assert_eq!(both.counts("media")["l1_hits"], 6);
        assert_eq!(both.counts("media").get("misses"), None);
        assert!(both.family(Family::Cache).is_empty());
    }

    #[test]
    fn what_is_newer_or_no_figures_is_told_apart() {
        let newer = Figures::from_json(r#"{"form": 2, "operations": []}"#).unwrap_err();
        assert!(matches!(newer, FiguresError::Newer { found: 2 }), "{newer}");
        for text in ["", "{}", r#"{"form": 1, "operations": {"task": {"a": 1}}}"#] {
            let error = Figures::from_json(text).unwrap_err();
            assert!(matches!(error, FiguresError::Unreadable(_)), "{text}");
        }
    }
}
