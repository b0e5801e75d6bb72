//! Tallies: exact, whatever the order of events, days and shards.

use std::collections::BTreeMap;

use crate::common::definition;
use experiments::definition::Metric;
use experiments::stats::Sample;
use experiments::tally::{
    Day, EventError, Exposure, MAX_DAYS, Sums, Tallies, Tally, UnitRecord, difference,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

fn metrics() -> Vec<Metric> {
    let metrics = json!([
        {"key": "bought", "kind": "proportion", "event": "order"},
        {"key": "revenue", "kind": "mean", "event": "order", "cuped": true},
        {"key": "per_visit", "kind": "ratio", "event": "order", "denominator": "visit"},
    ]);
    definition(json!({"metrics": metrics})).metrics
}

#[derive(Clone, Debug)]
enum Event {
    Exposure {
        day: i64,
        pre: u32,
    },
    Conversion {
        event: &'static str,
        value: u32,
        day: i64,
    },
}

fn apply(record: &mut UnitRecord, event: &Event) {
    match event {
        Event::Exposure { day, pre } => {
            let pre = BTreeMap::from([("revenue".to_owned(), f64::from(*pre))]);
            record
                .expose(
                    "control",
                    Exposure {
                        at_ms: day * DAY_MS,
                        pre,
                    },
                )
                .unwrap();
        }
        Event::Conversion { event, value, day } => record
            .convert(event, f64::from(*value), day * DAY_MS + 7)
            .unwrap(),
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let exposure = (0_i64..6, 0_u32..50).prop_map(|(day, pre)| Event::Exposure { day, pre });
    let conversion = (
        prop::sample::select(vec!["order", "visit", "other"]),
        0_u32..50,
        0_i64..8,
    )
        .prop_map(|(event, value, day)| Event::Conversion { event, value, day });
    prop::collection::vec(prop_oneof![1 => exposure, 3 => conversion], 1..20)
}

fn add(all: &mut Tallies, more: &Tallies) {
    for (place, tally) in more {
        *all.entry(place.clone()).or_default() += tally;
    }
}

/// What the tallies hold, without entries that say nothing.
fn told(tallies: &Tallies) -> Tallies {
    let mut told = tallies.clone();
    for tally in told.values_mut() {
        tally.metrics.retain(|_, sums| !sums.is_zero());
    }
    told.retain(|_, tally| !tally.is_zero());
    told
}

/// The unit's own total by the end of a day, from its events alone.
fn total(events: &[Event], until: i64) -> Option<Tally> {
    let exposures = events.iter().filter_map(|event| match event {
        Event::Exposure { day, pre } => Some((*day, *pre)),
        Event::Conversion { .. } => None,
    });
    let (first, pre) = exposures.min()?;
    if first > until {
        return None;
    }
    let sum = |name: &str| -> f64 {
        let values = events.iter().map(|event| match event {
            Event::Conversion { event, value, day }
                if *event == name && (first..=until).contains(day) =>
            {
                f64::from(*value)
            }
            _ => 0.0,
        });
        values.sum()
    };
    let bought = events.iter().any(|event| matches!(event, Event::Conversion { event: "order", day, .. } if (first..=until).contains(day)));
    let metrics = BTreeMap::from([
        (
            "bought".to_owned(),
            Sums::of_unit(f64::from(u8::from(bought)), 0.0, 0.0),
        ),
        (
            "revenue".to_owned(),
            Sums::of_unit(sum("order"), 0.0, f64::from(pre)),
        ),
        (
            "per_visit".to_owned(),
            Sums::of_unit(sum("order"), sum("visit"), 0.0),
        ),
    ]);
    Some(Tally {
        units: 1,
        apart: 0,
        metrics,
    })
}

fn check_days(events: &[Event], tallies: &Tallies) -> TestCaseResult {
    let mut so_far = Tally::default();
    for day in 0..8 {
        if let Some(tally) = tallies.get(&(Some("control".into()), Day(day))) {
            so_far += tally;
        }
        so_far.apart = 0;
        so_far.metrics.retain(|_, sums| !sums.is_zero());
        let mut expected = total(events, i64::from(day)).unwrap_or_default();
        expected.metrics.retain(|_, sums| !sums.is_zero());
        prop_assert_eq!(&so_far, &expected, "by the end of day {}", day);
    }
    Ok(())
}

proptest! {
    #[test]
    fn differences_add_up_to_what_is_known_by_the_end_of_each_day(events in events()) {
        let (mut record, mut tallies) = (UnitRecord::default(), Tallies::new());
        for event in &events {
            let before = record.clone();
            apply(&mut record, event);
            add(&mut tallies, &difference(&before, &record, &metrics()));
        }
        check_days(&events, &tallies)?;
        let conversions = events.iter().filter(|event| matches!(event, Event::Conversion { .. })).count();
        let apart: i64 = tallies.values().map(|tally| tally.apart).sum();
        prop_assert!(apart <= i64::try_from(conversions).unwrap());
        if record.variation().is_none() {
            prop_assert_eq!(apart, i64::try_from(conversions).unwrap());
        }
    }

    #[test]
    fn the_order_of_events_changes_nothing(events in events().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))) {
        let tallies = |events: &[Event]| {
            let (mut record, mut tallies) = (UnitRecord::default(), Tallies::new());
            for event in events {
                let before = record.clone();
                apply(&mut record, event);
                add(&mut tallies, &difference(&before, &record, &metrics()));
            }
            (record, told(&tallies))
        };
        prop_assert_eq!(tallies(&events.0), tallies(&events.1));
    }

    #[test]
    fn records_and_tallies_survive_being_stored(events in events()) {
        let mut record = UnitRecord::default();
        for event in &events {
            apply(&mut record, event);
        }
        let stored = serde_json::to_string(&record).unwrap();
        prop_assert_eq!(&serde_json::from_str::<UnitRecord>(&stored).unwrap(), &record);
        for tally in record.tallies(&metrics()).values() {
            let stored = serde_json::to_string(tally).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Tally>(&stored).unwrap(), tally);
        }
    }
}

#[test]
fn two_conversions_of_a_unit_equal_one_of_their_sum() {
    let record = |values: &[f64]| {
        let mut record = UnitRecord::default();
        record
            .expose(
                "control",
                Exposure {
                    at_ms: 0,
                    pre: BTreeMap::new(),
                },
            )
            .unwrap();
        for value in values {
            record.convert("order", *value, 0).unwrap();
        }
        record.tallies(&metrics())
    };
    assert_eq!(record(&[2.0, 3.0]), record(&[5.0]));
}

#[test]
fn shards_add_up_to_the_sample_of_all_units() {
    let mut shards = [Tally::default(), Tally::default(), Tally::default()];
    let values: Vec<f64> = (0..60).map(|unit| f64::from(unit % 7)).collect();
    for (unit, value) in values.iter().enumerate() {
        let mut record = UnitRecord::assigned("control");
        record.convert("order", *value, 0).unwrap();
        record
            .expose(
                "control",
                Exposure {
                    at_ms: 5,
                    pre: BTreeMap::new(),
                },
            )
            .unwrap();
        for tally in record.tallies(&metrics()).values() {
            shards[unit % 3] += tally;
        }
    }
    let mut all = Tally::default();
    for shard in &shards {
        all += shard;
    }
    let sample = Sample::mean(all.units as f64, &all.sums("revenue"));
    let mean = values.iter().sum::<f64>() / 60.0;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / 59.0;
    assert!((sample.mean - mean).abs() < 1e-12 && (sample.variance - variance).abs() < 1e-12);
}

#[test]
fn events_that_cannot_be_are_refused_and_change_nothing() {
    let mut record = UnitRecord::assigned("control");
    let untouched = record.clone();
    for value in [f64::NAN, f64::INFINITY, -1.0, 1e13] {
        assert!(
            matches!(
                record.convert("order", value, 0),
                Err(EventError::Value { .. })
            ),
            "{value}"
        );
        let pre = BTreeMap::from([("revenue".to_owned(), value)]);
        assert!(
            record
                .expose("control", Exposure { at_ms: 0, pre })
                .is_err(),
            "{value}"
        );
    }
    let crossed = record
        .expose(
            "question",
            Exposure {
                at_ms: 0,
                pre: BTreeMap::new(),
            },
        )
        .unwrap_err();
    assert_eq!(
        crossed.to_string(),
        "the unit has variation \"control\", and the exposure says \"question\"; a unit sees one variation only"
    );
    assert_eq!(record, untouched);
}

#[test]
fn a_record_holds_a_bounded_number_of_days_and_any_number_of_events_on_them() {
    let mut record = UnitRecord::assigned("control");
    for day in 0..MAX_DAYS as i64 {
        record.convert("order", 1.0, day * DAY_MS).unwrap();
    }
    record.convert("order", 1.0, 7 * DAY_MS).unwrap();
    let refused = record.convert("order", 1.0, MAX_DAYS as i64 * DAY_MS);
    assert_eq!(refused, Err(EventError::TooManyDays(Day(MAX_DAYS as i32))));
}

#[test]
fn a_conversion_before_its_exposure_is_kept_apart_until_an_earlier_exposure_comes() {
    let metrics = metrics();
    let mut record = UnitRecord::default();
    record.convert("order", 4.0, DAY_MS).unwrap();
    record
        .expose(
            "control",
            Exposure {
                at_ms: 2 * DAY_MS,
                pre: BTreeMap::new(),
            },
        )
        .unwrap();
    let apart: i64 = record
        .tallies(&metrics)
        .values()
        .map(|tally| tally.apart)
        .sum();
    assert_eq!(apart, 1);
    record
        .expose(
            "control",
            Exposure {
                at_ms: 0,
                pre: BTreeMap::new(),
            },
        )
        .unwrap();
    let tallies = record.tallies(&metrics);
    assert_eq!(tallies.values().map(|tally| tally.apart).sum::<i64>(), 0);
    let bought: f64 = tallies.values().map(|tally| tally.sums("bought").sum).sum();
    assert!((bought - 1.0).abs() < f64::EPSILON);
}
