//! Experiments: units, their events and the tallies, written together; exact whatever comes twice, late, out of order or at once.

#![expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]

use std::collections::BTreeMap;

use domain::Timestamp;
use experiments::Definition;
use experiments::definition::State;
use experiments::tally::{Day, Exposure, MAX_DAYS, Sums, Tally};
use serde_json::{Value, json};
use store::{
    Announced, Announcement, Concluded, ExperimentRecord, Observed, Occurrence, SHARDS, Store,
    StoreError, Taken, UnitEvent, UnitId,
};
use webhooks::catalogue::{Conclusion, ExperimentConcluded, ExperimentLinks};
use webhooks::{ApiRoot, Line, MessageId, Payload};

use super::{DAY, NOW, after, store_in_memory};

fn definition(more: Value) -> Definition {
    let mut definition = json!({
        "key": "hooks",
        "state": "running",
        "variations": [{"key": "statement"}, {"key": "question"}],
        "metrics": [
            {"key": "watched", "kind": "proportion"},
            {"key": "seconds", "kind": "mean", "cuped": true},
            {"key": "per_visit", "kind": "ratio", "event": "seconds", "denominator": "visit"}
        ]
    });
    let fields = definition.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    serde_json::from_value(definition).unwrap()
}

async fn stored(store: &Store) -> ExperimentRecord {
    let record = ExperimentRecord::new(definition(json!({})), NOW).unwrap();
    store.put_experiment(&record).await.unwrap();
    record
}

fn unit(number: u32) -> UnitId {
    UnitId::of("id", &format!("viewer-{number}"))
}

fn ms(at: Timestamp) -> i64 {
    i64::try_from(at.0).unwrap()
}

fn today() -> Day {
    Day::of(ms(NOW))
}

fn saw(id: &str, variation: &str, at: Timestamp) -> UnitEvent {
    UnitEvent {
        id: id.to_owned(),
        what: Occurrence::Exposed {
            variation: Some(variation.to_owned()),
            exposure: Exposure {
                at_ms: ms(at),
                pre: BTreeMap::from([("seconds".to_owned(), 3.0)]),
            },
        },
    }
}

fn did(id: &str, event: &str, value: f64, at: Timestamp) -> UnitEvent {
    UnitEvent {
        id: id.to_owned(),
        what: Occurrence::Converted {
            event: event.to_owned(),
            value,
            at_ms: ms(at),
        },
    }
}

async fn take(
    store: &Store,
    record: &ExperimentRecord,
    unit: &UnitId,
    events: &[UnitEvent],
) -> Vec<Taken> {
    store.take_events(record, unit, events, NOW).await.unwrap()
}

fn total(observed: &Observed, variation: &str) -> Tally {
    let mut total = Tally::default();
    for ((known, _), tally) in &observed.tallies {
        if known.as_deref() == Some(variation) {
            total += tally;
        }
    }
    total
}

#[tokio::test]
async fn an_experiment_is_written_once_listed_newest_first_and_changed_from_what_was_read() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let again = store.put_experiment(&record).await;
    assert_eq!(again, Err(StoreError::ExperimentExists("hooks".into())));
    assert_eq!(store.experiment("hooks").await.unwrap(), record);
    assert_eq!(
        store.experiment("none").await,
        Err(StoreError::NoExperiment("none".into()))
    );
    for number in 1..5 {
        let other = definition(json!({"key": format!("other-{number}")}));
        let other = ExperimentRecord::new(other, after(number)).unwrap();
        store.put_experiment(&other).await.unwrap();
    }
    let mut keys = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = store.list_experiments(2, cursor.as_deref()).await.unwrap();
        keys.extend(page.items.into_iter().map(|record| record.definition.key));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(keys, ["other-4", "other-3", "other-2", "other-1", "hooks"]);

    let paused = Definition {
        state: State::Paused,
        ..record.definition.clone()
    };
    let changed = record.changed(paused, after(9)).unwrap();
    let written = store.change_experiment(&changed, None).await.unwrap();
    assert_eq!(written.as_ref().map(|record| record.version), Some(2));
    assert_eq!(store.experiment("hooks").await.unwrap(), written.unwrap());
    let late = store.change_experiment(&changed, None).await.unwrap();
    assert_eq!(late, None);
}

#[tokio::test]
async fn events_count_once_in_whatever_order_and_however_often_they_come() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let events = [
        saw("e1", "question", NOW),
        did("e2", "seconds", 20.0, after(1)),
        did("e3", "seconds", 22.0, after(DAY)),
        did("e4", "visit", 2.0, after(DAY)),
        did("e5", "watched", 1.0, after(DAY)),
    ];
    let backwards: Vec<_> = events.iter().rev().cloned().collect();
    take(&store, &record, &unit(1), &events).await;
    for event in &backwards {
        let taken = take(&store, &record, &unit(2), std::slice::from_ref(event)).await;
        assert_eq!(taken, [Taken::New]);
    }
    // One conversion of the sum is the same as two.
    let one = [
        did("e2", "seconds", 42.0, after(DAY)),
        saw("e1", "question", after(5)),
        did("e4", "visit", 2.0, after(DAY)),
        did("e5", "watched", 1.0, after(DAY)),
    ];
    take(&store, &record, &unit(3), &one).await;
    let before = store.observed(&record).await.unwrap();
    for events in [&events[..], &backwards] {
        for number in [1, 2] {
            let taken = take(&store, &record, &unit(number), events).await;
            assert!(taken.iter().all(|taken| *taken == Taken::Known));
        }
    }
    let twice = [did("e9", "visit", 1.0, NOW), did("e9", "visit", 5.0, NOW)];
    let taken = take(&store, &record, &unit(9), &twice).await;
    assert_eq!(taken, [Taken::New, Taken::Known]);
    let mut observed = store.observed(&record).await.unwrap();
    assert_eq!(std::mem::take(&mut observed.unassigned), 1);
    assert_eq!(observed, before);

    let all = total(&observed, "question");
    assert_eq!((all.units, all.apart), (3, 0));
    let sums = all.sums("seconds");
    assert_eq!((sums.sum, sums.sum_squares), (126.0, 3.0 * 42.0 * 42.0));
    assert_eq!((sums.pre, sums.pre_product), (9.0, 3.0 * 3.0 * 42.0));
    assert_eq!(all.sums("watched").sum, 3.0);
    assert_eq!(all.sums("per_visit").denominator_product, 3.0 * 84.0);
    let first = &observed.tallies[&(Some("question".to_owned()), today())];
    assert_eq!((first.units, first.sums("seconds").sum), (3, 40.0));
    assert_eq!(observed.periods[0].units, [0.0, 3.0]);
}

#[tokio::test]
async fn what_was_done_before_the_exposure_is_kept_apart_until_an_earlier_exposure_comes() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let early = did("c", "watched", 1.0, NOW);
    take(&store, &record, &unit(1), &[early]).await;
    let observed = store.observed(&record).await.unwrap();
    assert_eq!((observed.unassigned, observed.tallies.len()), (1, 0));

    let late = saw("late", "statement", after(2 * DAY));
    take(&store, &record, &unit(1), &[late]).await;
    let observed = store.observed(&record).await.unwrap();
    let all = total(&observed, "statement");
    assert_eq!((observed.unassigned, all.units, all.apart), (0, 1, 1));
    assert_eq!(
        all.sums("watched"),
        Sums {
            pre: 0.0,
            ..Sums::default()
        }
    );

    let first = saw("first", "statement", NOW);
    take(&store, &record, &unit(1), &[first]).await;
    let observed = store.observed(&record).await.unwrap();
    let all = total(&observed, "statement");
    assert_eq!((all.units, all.apart, all.sums("watched").sum), (1, 0, 1.0));
    assert_eq!(observed.periods[0].units, [1.0, 0.0]);
}

#[tokio::test]
async fn an_event_that_cannot_be_taken_leaves_the_others_alone() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let unnamed = UnitEvent {
        id: "e0".into(),
        what: Occurrence::Exposed {
            variation: None,
            exposure: Exposure {
                at_ms: ms(NOW),
                pre: BTreeMap::new(),
            },
        },
    };
    let events = [
        unnamed.clone(),
        saw("e1", "question", NOW),
        did("e2", "seconds", f64::NAN, NOW),
        did("e3", "seconds", -1.0, NOW),
        saw("e4", "statement", NOW),
        did("e5", "seconds", 7.0, NOW),
    ];
    let taken = take(&store, &record, &unit(1), &events).await;
    let refused = |taken: &Taken| matches!(taken, Taken::Refused(_));
    assert_eq!(taken[0], Taken::NoVariation);
    assert!(
        refused(&taken[2]) && refused(&taken[3]) && refused(&taken[4]),
        "{taken:?}"
    );
    assert_eq!((&taken[1], &taken[5]), (&Taken::New, &Taken::New));
    let observed = store.observed(&record).await.unwrap();
    let all = total(&observed, "question");
    assert_eq!((all.units, all.sums("seconds").sum), (1, 7.0));

    // A unit that was assigned needn't say what it saw.
    let given = store
        .assign_unit(&record, &unit(2), "statement", NOW)
        .await
        .unwrap();
    assert_eq!(given, "statement");
    let taken = take(&store, &record, &unit(2), &[unnamed]).await;
    assert_eq!(taken, [Taken::New]);
    let again = store.assign_unit(&record, &unit(2), "question", NOW).await;
    assert_eq!(again.unwrap(), "statement");
}

#[tokio::test]
async fn units_are_held_against_the_weights_under_which_they_were_first_seen() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    store
        .assign_unit(&record, &unit(1), "statement", after(1))
        .await
        .unwrap();
    take(&store, &record, &unit(2), &[saw("e", "question", after(2))]).await;
    let next = definition(json!({"weights": [0.9, 0.1]}));
    let changed = record.changed(next, after(DAY)).unwrap();
    let record = store
        .change_experiment(&changed, None)
        .await
        .unwrap()
        .unwrap();
    // Given before the change, seen after it; seen before it, told after it; and a new one.
    let later = after(2 * DAY);
    take(&store, &record, &unit(1), &[saw("e", "statement", later)]).await;
    take(&store, &record, &unit(3), &[saw("e", "question", after(3))]).await;
    take(&store, &record, &unit(4), &[saw("e", "statement", later)]).await;
    let observed = store.observed(&record).await.unwrap();
    let units: Vec<_> = observed
        .periods
        .iter()
        .map(|period| &period.units)
        .collect();
    assert_eq!(units, [&[1.0, 2.0], &[1.0, 0.0]]);
    assert_eq!(observed.periods[1].weights, [0.9, 0.1]);

    // Shared out anew, they begin anew.
    let next = definition(json!({"weights": [0.9, 0.1], "bucket_version": 1}));
    let record = record.changed(next, after(3 * DAY)).unwrap();
    let record = store
        .change_experiment(&record, None)
        .await
        .unwrap()
        .unwrap();
    let observed = store.observed(&record).await.unwrap();
    assert_eq!(total(&observed, "statement").units, 0);
    take(&store, &record, &unit(1), &[saw("e2", "question", later)]).await;
    let rows = store.unit_rows("hooks", &unit(1)).await.unwrap();
    let given: Vec<_> = rows
        .iter()
        .map(|(version, row)| (*version, row.record.variation()))
        .collect();
    assert_eq!(given, [(0, Some("statement")), (1, Some("question"))]);
}

#[tokio::test]
async fn a_unit_that_is_erased_leaves_the_tallies_as_if_it_had_never_been() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let other = definition(json!({"key": "other"}));
    let other = ExperimentRecord::new(other, NOW).unwrap();
    store.put_experiment(&other).await.unwrap();
    take(&store, &record, &unit(1), &[saw("e", "question", NOW)]).await;
    let before = store.observed(&record).await.unwrap();
    let events = [
        did("e0", "watched", 1.0, Timestamp(NOW.0 - DAY)),
        saw("e1", "question", NOW),
        did("e2", "seconds", 0.1, NOW),
        did("e3", "seconds", 0.2, after(DAY)),
    ];
    take(&store, &record, &unit(2), &events).await;
    take(&store, &other, &unit(2), &events).await;
    let erased = store.erase_unit(&unit(2)).await.unwrap();
    assert_eq!((erased.rows, erased.events), (2, 8));
    assert_eq!(store.observed(&record).await.unwrap(), before);
    assert!(store.observed(&other).await.unwrap().tallies.is_empty());
    assert_eq!(store.erase_unit(&unit(2)).await.unwrap().rows, 0);
    // Forgotten means that it may come again.
    let taken = take(&store, &record, &unit(2), &events[1..2]).await;
    assert_eq!(taken, [Taken::New]);
}

#[tokio::test]
async fn a_late_exposure_moves_as_many_days_as_a_unit_may_have_in_one_transaction() {
    let store = store_in_memory().await;
    let metrics: Vec<_> = (0..50)
        .map(|number| json!({"key": format!("m{number}"), "kind": "mean", "event": "e", "cuped": true}))
        .collect();
    let wide = definition(json!({"key": "wide", "metrics": metrics}));
    let record = ExperimentRecord::new(wide, NOW).unwrap();
    store.put_experiment(&record).await.unwrap();
    let days = MAX_DAYS as u64;
    let events: Vec<_> = (1..=days)
        .map(|day| did(&format!("e{day}"), "e", 2.5, after(day * DAY)))
        .collect();
    let taken = take(&store, &record, &unit(1), &events).await;
    assert!(taken.iter().all(|taken| *taken == Taken::New), "{taken:?}");
    let one_more = did("more", "e", 2.5, NOW);
    let taken = take(&store, &record, &unit(1), &[one_more]).await;
    assert!(matches!(taken[..], [Taken::Refused(_)]), "{taken:?}");
    let last = saw("x", "question", after((days + 1) * DAY));
    take(&store, &record, &unit(1), &[last]).await;
    take(&store, &record, &unit(1), &[saw("y", "question", NOW)]).await;
    let observed = store.observed(&record).await.unwrap();
    let all = total(&observed, "question");
    assert_eq!((all.units, all.apart), (1, 0));
    assert_eq!(all.sums("m49").sum, 2.5 * days as f64);
}

#[tokio::test]
async fn writers_that_meet_at_a_unit_lose_nothing() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8_u32 {
        let (store, record) = (store.clone(), record.clone());
        writers.spawn(async move {
            let seen = saw("exposed", "question", NOW);
            let mut events = vec![seen];
            events.extend(
                (0..10).map(|number| did(&format!("{writer}-{number}"), "seconds", 1.0, NOW)),
            );
            for event in events {
                loop {
                    match store
                        .take_events(&record, &unit(1), std::slice::from_ref(&event), NOW)
                        .await
                    {
                        Ok(_) => break,
                        Err(error) => assert!(error.retryable(), "{error}"),
                    }
                }
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let observed = store.observed(&record).await.unwrap();
    let all = total(&observed, "question");
    assert_eq!((all.units, all.sums("seconds").sum), (1, 80.0));
    assert_eq!(all.sums("seconds").sum_squares, 6400.0);
}

#[tokio::test]
async fn a_conclusion_is_written_with_its_announcement_or_not_at_all() {
    let store = store_in_memory().await;
    let record = stored(&store).await;
    let next = Definition {
        state: State::Concluded,
        winner: Some("question".into()),
        ..record.definition.clone()
    };
    let mut changed = record.changed(next, after(1)).unwrap();
    changed.concluded = Some(Concluded {
        at: after(1),
        decision: None,
    });
    let first = announcement("evt_first");
    let written = store.change_experiment(&changed, Some(&first)).await;
    assert!(written.unwrap().is_some());
    let late = announcement("evt_late");
    let late = store.change_experiment(&changed, Some(&late)).await;
    assert_eq!(late.unwrap(), None);
    let mut waiting = Vec::new();
    for shard in 0..SHARDS {
        waiting.extend(store.due_announcements(shard, after(2), 10).await.unwrap());
    }
    assert_eq!(waiting, [Announced::Whole(first)]);
    let read = store.experiment("hooks").await.unwrap();
    assert_eq!(read.concluded, changed.concluded);
}

/// An announcement that an experiment is over.
pub(super) fn announcement(id: &str) -> Announcement {
    Announcement {
        id: MessageId::parse(id).unwrap(),
        payload: Payload {
            at: after(1),
            data: ExperimentConcluded {
                experiment: Line::from("hooks"),
                verdict: Conclusion::Undecided,
                metric: Line::from("watched"),
                variant: None,
                run: None,
                links: ExperimentLinks {
                    experiment: ApiRoot::relative().experiment("hooks"),
                },
            }
            .into(),
        },
    }
}
