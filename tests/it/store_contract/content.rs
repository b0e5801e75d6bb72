//! Experiments on content: the conclusion, its announcement, the mark on the run and what the brand learns, all or nothing.

use std::collections::BTreeSet;

use domain::{Run, RunId, Variants, Varied, Won};
use experiments::definition::State;
use runtime::Family;
use serde_json::json;
use store::{BrandWinner, Concluded, ExperimentRecord, SHARDS, Started, Store, StoreError};

use super::experiments::announcement;
use super::{NOW, after, new_run, store_in_memory};

/// A family of three whose experiment is written, by its control's number.
async fn family(store: &Store, number: u128) -> Family {
    let control = Run {
        brand: Some("Crumb".to_owned()),
        ..new_run(number, NOW)
    };
    let variants = Variants {
        of: Varied::Hook,
        count: Some(3),
        voices: Vec::new(),
    };
    let family = Family::of(control, &variants).unwrap();
    let (control, others) = (&family.control, &family.others);
    let written = store.put_family(control, others, &family.experiment, None);
    assert_eq!(written.await.unwrap(), Started::New);
    family
}

/// The experiment as it is concluded, and what won.
fn concluded(record: &ExperimentRecord, run: &RunId) -> (ExperimentRecord, BrandWinner) {
    let mut definition = record.definition.clone();
    definition.state = State::Running;
    let running = record.changed(definition.clone(), after(1)).unwrap();
    definition.state = State::Concluded;
    definition.winner = Some("hook-2".to_owned());
    let mut concluded = running.changed(definition, after(2)).unwrap();
    concluded.concluded = Some(Concluded {
        at: after(2),
        decision: None,
    });
    let won = Won {
        experiment: record.definition.key.clone(),
        variation: "hook-2".to_owned(),
        at: after(2),
    };
    let winner = BrandWinner {
        of: Varied::Hook,
        run: run.clone(),
        won,
    };
    (concluded, winner)
}

#[tokio::test]
async fn a_family_is_written_once_and_read_as_it_was_written() {
    let store = store_in_memory().await;
    let family = family(&store, 7).await;
    for run in [&family.control].into_iter().chain(&family.others) {
        assert_eq!(store.run(&run.id).await.unwrap(), *run);
    }
    let key = &family.experiment.definition.key;
    assert_eq!(store.experiment(key).await.unwrap(), family.experiment);
    let (control, others) = (&family.control, &family.others);
    let again = store.put_family(control, others, &family.experiment, None);
    assert!(matches!(again.await, Err(StoreError::Exists(id)) if id == family.control.id));
    // One that is there already keeps all of another family from being written.
    let stranger = Run {
        id: RunId::new(NOW.0, 99),
        ..family.control.clone()
    };
    let clash = store.put_family(&stranger, others, &family.experiment, None);
    assert!(clash.await.is_err());
    assert!(matches!(
        store.run(&stranger.id).await,
        Err(StoreError::NotFound(_))
    ));
}

#[test]
fn a_familys_experiment_names_each_video_with_its_run_and_its_voice() {
    let control = new_run(7, NOW);
    let variants = Variants {
        of: Varied::Voice,
        count: None,
        voices: vec!["joe".to_owned(), "amy".to_owned(), "sam".to_owned()],
    };
    let family = Family::of(control.clone(), &variants).unwrap();
    let runs: Vec<&Run> = [&family.control]
        .into_iter()
        .chain(&family.others)
        .collect();
    let ids: Vec<RunId> = runs.iter().map(|run| run.id.clone()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 3, "{ids:?}");
    assert_eq!(ids[0], control.id);
    let definition = &family.experiment.definition;
    assert_eq!(definition.name.as_deref(), Some("topic 7"));
    let compared = family.experiment.content.as_ref().unwrap();
    assert_eq!(compared.brand, control.brand);
    for (at, run) in runs.iter().enumerate() {
        let (key, voice) = (format!("voice-{}", at + 1), &variants.voices[at]);
        let variant = run.variant.as_ref().unwrap();
        assert_eq!((variant.key(), &variant.runs), (key.clone(), &ids));
        assert_eq!(variant.voice.as_ref(), Some(voice));
        assert_eq!(variant.experiment, definition.key);
        assert_eq!(run.parent.as_ref(), (at > 0).then_some(&control.id));
        let variation = &definition.variations[at];
        assert_eq!(variation.key, key);
        assert_eq!(variation.name.as_ref(), Some(voice));
        assert_eq!(variation.value, Some(json!({ "run": run.id })));
        assert_eq!(compared.runs[&key], run.id);
    }
    // It is known by its control.
    assert_eq!(Family::of(control, &variants).unwrap(), family);
}

#[tokio::test]
async fn a_brand_remembers_the_last_winner_of_each_kind() {
    let store = store_in_memory().await;
    let mut won = Vec::new();
    for (number, of) in (1..).zip([Varied::Hook, Varied::Voice, Varied::Hook]) {
        let family = family(&store, number).await;
        let test = family.experiment.content.as_ref().unwrap();
        let (changed, mut winner) = concluded(&family.experiment, &family.others[0].id);
        winner.of = of;
        let told = announcement(&format!("evt_{number}"));
        let written = store.conclude_content(&changed, &told, test, &winner).await;
        assert!(written.unwrap().is_some());
        won.push(winner);
    }
    let kept = store.brand_winners("Crumb").await.unwrap();
    assert_eq!(kept, [won[2].clone(), won[1].clone()]);
}

#[tokio::test]
async fn a_conclusion_marks_the_run_and_is_remembered_or_nothing_is() {
    let store = store_in_memory().await;
    let family = family(&store, 7).await;
    let test = family.experiment.content.clone().unwrap();
    let run = &family.others[0].id;
    let announced = async || {
        let mut count = 0;
        for shard in 0..SHARDS {
            count += store
                .due_announcements(shard, after(9), 10)
                .await
                .unwrap()
                .len();
        }
        count
    };
    // The run of no family: nothing is written of what goes with its mark.
    let nobody = RunId::new(NOW.0, 1234);
    let (changed, lost) = concluded(&family.experiment, &nobody);
    let first = announcement("evt_first");
    let refused = store.conclude_content(&changed, &first, &test, &lost).await;
    assert!(matches!(refused, Err(StoreError::NotFound(id)) if id == nobody));
    assert_eq!(
        (
            announced().await,
            store.brand_winners("Crumb").await.unwrap()
        ),
        (0, vec![])
    );

    let (changed, winner) = concluded(&family.experiment, run);
    let written = store
        .conclude_content(&changed, &first, &test, &winner)
        .await;
    assert!(written.unwrap().is_some());
    assert_eq!(store.run(run).await.unwrap().won, Some(winner.won.clone()));
    assert_eq!(
        store.brand_winners("Crumb").await.unwrap(),
        std::slice::from_ref(&winner)
    );
    assert_eq!(store.brand_winners("Crust").await.unwrap(), []);
    assert_eq!(announced().await, 1);

    // Who concludes the same version a second time changes nothing.
    let other = &family.others[1].id;
    let (changed, second) = concluded(&family.experiment, other);
    let late = announcement("evt_late");
    let late = store
        .conclude_content(&changed, &late, &test, &second)
        .await;
    assert_eq!(late.unwrap(), None);
    assert_eq!(store.run(other).await.unwrap().won, None);
    assert_eq!(store.brand_winners("Crumb").await.unwrap(), [winner]);
    assert_eq!(announced().await, 1);
}
