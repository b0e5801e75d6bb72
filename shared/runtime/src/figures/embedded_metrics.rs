//! Figures in CloudWatch's embedded metric format: a line of a function's log from which CloudWatch makes metrics.
//!
//! Each metric costs by the month, so there is one of durations and one of errors to a family of operations, and four of the cache. What each operation
//! did stands beside them in the same line, where CloudWatch Logs Insights finds it.

use domain::Timestamp;
use monitor::{Family, Figures, Latency};
use serde_json::{Map, Value, json};

/// How many values a metric may have in a line.
const MOST_VALUES: u64 = 100;

/// Whose figures they are.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Tells deployments of one account apart: the metrics' only dimension.
    pub(crate) deployment: String,
    /// The function.
    pub(crate) function: String,
}

/// The line; nothing if nothing was recorded.
pub(crate) fn embedded_metrics(
    figures: &Figures,
    source: &Source,
    at: Timestamp,
) -> Option<String> {
    if figures.is_empty() {
        return None;
    }
    let mut line = Line::default();
    let mut operations = Map::new();
    for family in Family::ALL {
        let found = figures.family(family);
        if found.is_empty() {
            continue;
        }
        let mut whole = Latency::default();
        let mut told = Map::new();
        for (name, latency) in found {
            whole.merge(latency);
            told.insert(name.clone(), summary(latency));
        }
        let named = capitalised(family.name());
        line.metric(&format!("{named}Duration"), "Milliseconds", values(&whole));
        line.metric(&format!("{named}Errors"), "Count", json!(whole.errors));
        operations.insert(family.name().to_owned(), Value::Object(told));
    }
    let mut counts = Map::new();
    let mut cache = [0; 4];
    for (group, counted) in figures.groups() {
        let of = |name: &str| counted.get(name).copied().unwrap_or_default();
        cache[0] += of("l1_hits") + of("l2_hits") + of("joins");
        cache[1] += of("misses") + of("unanswered");
        cache[2] += of("saved_ms");
        cache[3] += of("saved_nanos");
        counts.insert(group.clone(), json!(counted));
    }
    if !counts.is_empty() {
        let [hits, misses, saved_ms, saved_nanos] = cache;
        line.metric("CacheHits", "Count", json!(hits));
        line.metric("CacheMisses", "Count", json!(misses));
        line.metric("CacheSavedTime", "Milliseconds", json!(saved_ms));
        line.metric("CacheSavedUsd", "None", json!(saved_nanos as f64 / 1e9));
    }
    let Line {
        metrics,
        mut members,
    } = line;
    let about = json!({
        "Timestamp": at.0,
        "CloudWatchMetrics": [{
            "Namespace": "Reelwright",
            "Dimensions": [["deployment"]],
            "Metrics": metrics,
        }],
    });
    members.insert("_aws".to_owned(), about);
    members.insert("deployment".to_owned(), json!(source.deployment));
    members.insert("function".to_owned(), json!(source.function));
    members.insert("operations".to_owned(), Value::Object(operations));
    members.insert("cache".to_owned(), Value::Object(counts));
    Some(Value::Object(members).to_string())
}

#[derive(Default)]
struct Line {
    metrics: Vec<Value>,
    members: Map<String, Value>,
}

impl Line {
    fn metric(&mut self, name: &str, unit: &str, value: Value) {
        self.metrics.push(json!({ "Name": name, "Unit": unit }));
        self.members.insert(name.to_owned(), value);
    }
}

/// All durations in milliseconds; of more than the format takes, as many at even ranks, so that their quantiles stay what they are.
fn values(latency: &Latency) -> Value {
    let count = latency.count();
    let values: Vec<f64> = if count <= MOST_VALUES {
        let each = latency.durations();
        each.flat_map(|(took, times)| (0..times).map(move |_| millis(took)))
            .collect()
    } else {
        (0..MOST_VALUES)
            .map(|rank| millis(latency.quantile((rank as f64 + 0.5) / MOST_VALUES as f64)))
            .collect()
    };
    json!(values)
}

fn summary(latency: &Latency) -> Value {
    json!({
        "count": latency.count(),
        "errors": latency.errors,
        "p50_ms": millis(latency.quantile(0.5)),
        "p95_ms": millis(latency.quantile(0.95)),
        "p99_ms": millis(latency.quantile(0.99)),
    })
}

/// To the microsecond.
fn millis(took: std::time::Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::time::Duration;

    use super::*;

    fn line(figures: &Figures) -> Option<Value> {
        let source = Source {
            deployment: "state-table".to_owned(),
            function: "story".to_owned(),
        };
        let text = embedded_metrics(figures, &source, Timestamp(1_795_428_000_000))?;
        assert!(!text.contains('\n'));
        Some(serde_json::from_str(&text).unwrap())
    }

    fn of(millis: impl Iterator<Item = u64>) -> Latency {
        let mut latency = Latency::default();
        for millis in millis {
            latency.record(Duration::from_millis(millis), millis == 3);
        }
        latency
    }

    #[test]
    fn of_nothing_there_is_no_line() {
        assert_eq!(line(&Figures::default()), None);
    }

    #[test]
    fn every_metric_that_is_declared_has_values_of_the_kind_that_the_format_takes() {
        let mut figures = Figures::default();
        figures.add(Family::Task, "story", &of([2000].into_iter()));
        figures.add(Family::Store, "GetItem", &of([3, 3, 5].into_iter()));
        figures.add(Family::Store, "Query", &of(1..=500));
        figures.count("media", "l1_hits", 2);
        figures.count("media", "misses", 1);
        figures.count("llm_response", "saved_nanos", 1_500_000);
        let line = line(&figures).unwrap();
        let about = &line["_aws"];
        assert_eq!(about["Timestamp"], 1_795_428_000_000_u64);
        let directive = &about["CloudWatchMetrics"][0];
        for name in directive["Dimensions"][0].as_array().unwrap() {
            assert!(line[name.as_str().unwrap()].is_string());
        }
        let metrics = directive["Metrics"].as_array().unwrap();
        let names: Vec<_> = metrics
            .iter()
            .map(|metric| metric["Name"].as_str().unwrap())
            .collect();
        let expected = [
            "TaskDuration",
            "TaskErrors",
            "StoreDuration",
            "StoreErrors",
            "CacheHits",
            "CacheMisses",
            "CacheSavedTime",
            "CacheSavedUsd",
        ];
        assert_eq!(names, expected);
        for name in names {
            match &line[name] {
                Value::Number(_) => {}
                Value::Array(values) => {
                    assert!((1..=100).contains(&values.len()), "{name}: {values:?}");
                    assert!(values.iter().all(Value::is_number));
                }
                other => panic!("{name} is {other}"),
            }
        }
        assert_eq!(
            (&line["StoreErrors"], &line["CacheHits"]),
            (&json!(3), &json!(2))
        );
        assert_eq!(line["CacheSavedUsd"], 0.0015);
        assert_eq!(line["operations"]["store"]["Query"]["count"], 500);
        // 1 to 500 and a few: the hundred values have the same median.
        let values = line["StoreDuration"].as_array().unwrap();
        let median = values[50].as_f64().unwrap();
        assert!((median - 250.0).abs() < 8.0, "{median}");
    }
}
