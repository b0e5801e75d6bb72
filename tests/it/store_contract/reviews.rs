//! The end of a round, and what a person decides: each written once, with its events, its watch and its counts.

use std::collections::BTreeMap;

use domain::quality::{Criterion, Decided, Decision, Hold, RoundScore, Tier, Total};
use domain::{
    ArtifactRef, ContentKey, Edited, Event, EventKind, HookForm, MediaType, Opener, Run, RunState,
    Timestamp,
};
use store::{Again, EditedRound, Next, RoundEnd, SHARDS, Store, StoreError};

use super::{DAY, NOW, after, new_run, store_in_memory, stored_run};

fn document(name: &[u8]) -> ArtifactRef {
    ArtifactRef {
        key: ContentKey::of_bytes(name),
        media_type: MediaType::Json,
        bytes: name.len() as u64,
    }
}

fn score(round: u32, tenths: u16, tier: Tier) -> RoundScore {
    RoundScore {
        judging: None,
        round,
        total: Total::of_tenths(tenths),
        tier,
        holds: vec![Hold::Degraded {
            reason: "no voice".to_owned(),
        }],
        scores: BTreeMap::from([(Criterion::Clarity, 80), (Criterion::Hook, 61)]),
        suggestions: Vec::new(),
        assessment: document(b"assessment"),
    }
}

fn end(score: RoundScore, next: Next) -> RoundEnd {
    RoundEnd {
        score,
        next,
        degraded: vec!["no voice".to_owned()],
        signature: Some("[1,2,3]".to_owned()),
        opener: Some(opener("Bees dance.")),
    }
}

fn opener(says: &str) -> Opener {
    Opener {
        form: HookForm::Statement,
        says: says.to_owned(),
    }
}

fn review(round: u32) -> RoundEnd {
    let next = Next::Review {
        chosen: round,
        due_at: after(DAY),
    };
    end(score(round, 700, Tier::Review), next)
}

fn again() -> Again {
    Again {
        execution: "second".to_owned(),
        feedback: document(b"feedback"),
    }
}

fn decided(decision: Decision, by: &str) -> Decided {
    Decided {
        decision,
        round: 1,
        by: by.to_owned(),
        at: after(5_000),
        note: Some("more bread".to_owned()),
    }
}

/// The events that wait to be dispatched.
async fn events(store: &Store) -> Vec<EventKind> {
    let mut kinds = Vec::new();
    for shard in 0..SHARDS {
        let due = store.due_events(shard, after(2 * DAY), 100).await.unwrap();
        kinds.extend(due.into_iter().map(|event: Event| event.kind));
    }
    kinds.sort_by_key(|kind| kind.name());
    kinds
}

/// When the run is looked after next, if it is watched.
async fn watched(store: &Store) -> Option<Timestamp> {
    for shard in 0..SHARDS {
        let due = store.due_watches(shard, after(9 * DAY), 100).await.unwrap();
        if let Some(watch) = due.first() {
            return Some(watch.due_at);
        }
    }
    None
}

/// A run that waits for a person.
async fn waiting(store: &Store) -> Run {
    let run = stored_run(store).await;
    store
        .end_round(&run, &review(1), after(1_000))
        .await
        .unwrap();
    store.run(&run.id).await.unwrap()
}

#[tokio::test]
async fn a_round_that_is_good_enough_ends_approved_once_and_is_announced() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let good = end(score(1, 870, Tier::Approve), Next::Approve { chosen: 1 });
    store.end_round(&run, &good, after(1_000)).await.unwrap();
    let ended = store.run(&run.id).await.unwrap();
    assert_eq!(
        (ended.state, ended.chosen_round),
        (RunState::Approved, Some(1))
    );
    assert_eq!(ended.rounds, [score(1, 870, Tier::Approve)]);
    assert_eq!(ended.degraded, ["no voice"]);
    let told = [EventKind::ContentApproved, EventKind::WorkflowCompleted];
    assert_eq!(events(&store).await, told);
    assert_eq!(watched(&store).await, None);
    assert_eq!(store.list_reviews(10, None).await.unwrap().items, []);

    let late = store.end_round(&run, &good, after(2_000)).await;
    assert!(matches!(late, Err(StoreError::Fenced { .. })), "{late:?}");
    assert_eq!(store.run(&run.id).await.unwrap(), ended);
    let begun = store
        .start_execution(&run.id, "third", "worker", after(3_000), 1_000)
        .await;
    assert!(matches!(begun, Err(StoreError::Ended { .. })), "{begun:?}");
}

#[tokio::test]
async fn a_round_that_is_made_again_goes_on_under_a_new_execution_with_its_feedback() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let poor = end(score(1, 520, Tier::Regenerate), Next::Again(again()));
    store.end_round(&run, &poor, after(1_000)).await.unwrap();
    let second = store.run(&run.id).await.unwrap();
    assert_eq!((second.state, second.round), (RunState::Running, 2));
    assert_eq!(second.execution, "second");
    assert_eq!(second.feedback, Some(document(b"feedback")));
    assert_eq!(second.degraded, [""; 0]);
    assert_eq!(events(&store).await, [EventKind::WorkflowCompleted]);
    assert!(watched(&store).await.is_some_and(|at| at < after(DAY)));

    store
        .end_round(&second, &review(2), after(2_000))
        .await
        .unwrap();
    let ended = store.run(&run.id).await.unwrap();
    let totals: Vec<_> = ended.rounds.iter().map(|score| score.round).collect();
    assert_eq!((ended.state, totals), (RunState::InReview, vec![1, 2]));
}

#[tokio::test]
async fn of_two_decisions_the_first_counts_and_the_second_is_told_of_it() {
    for (decision, state, kind) in [
        (
            Decision::Approve,
            RunState::Approved,
            EventKind::ContentApproved,
        ),
        (
            Decision::Reject,
            RunState::Rejected,
            EventKind::ContentRejected,
        ),
    ] {
        let store = store_in_memory().await;
        let run = waiting(&store).await;
        assert_eq!(watched(&store).await, Some(after(DAY)));
        let told = decided(decision, "ann");
        store.decide_review(&run, &told, None).await.unwrap();
        let after_it = store.run(&run.id).await.unwrap();
        assert_eq!(
            (after_it.state, after_it.decided),
            (state, Some(told.clone()))
        );
        assert!(events(&store).await.contains(&kind));
        assert_eq!(watched(&store).await, None);
        assert_eq!(store.list_reviews(10, None).await.unwrap().items, []);

        let second = decided(Decision::Approve, "bob");
        let refused = store.decide_review(&run, &second, None).await.unwrap_err();
        let expected = StoreError::NotWaiting {
            run: run.id.clone(),
            state,
            decided: Some(told),
        };
        assert_eq!(refused, expected);
        assert!(refused.to_string().contains("ann"), "{refused}");
    }
}

#[tokio::test]
async fn a_person_may_ask_for_another_round() {
    let store = store_in_memory().await;
    let run = waiting(&store).await;
    let told = decided(Decision::Regenerate, "ann");
    let without = store.decide_review(&run, &told, None).await;
    assert!(
        matches!(without, Err(StoreError::Invalid { .. })),
        "{without:?}"
    );
    store
        .decide_review(&run, &told, Some(&again()))
        .await
        .unwrap();
    let second = store.run(&run.id).await.unwrap();
    assert_eq!((second.state, second.round), (RunState::Running, 2));
    assert_eq!((second.chosen_round, second.decided), (None, Some(told)));
    assert_eq!(store.list_reviews(10, None).await.unwrap().items, []);
    assert!(watched(&store).await.is_some_and(|at| at < after(DAY)));
}

#[tokio::test]
async fn an_edit_ends_a_review_and_begins_a_round_once_and_only_from_what_was_read() {
    let store = store_in_memory().await;
    let run = waiting(&store).await;
    let round = EditedRound {
        edited: Edited {
            script: document(b"script"),
            round: 2,
            by: "ann".to_owned(),
            at: after(5_000),
        },
        brief: document(b"brief"),
        feedback: None,
        execution: "edited".to_owned(),
    };
    store.edit_run(&run, &round, after(5_000)).await.unwrap();
    let second = store.run(&run.id).await.unwrap();
    assert_eq!((second.state, second.round), (RunState::Running, 2));
    assert_eq!(second.execution, "edited");
    assert_eq!((second.chosen_round, second.feedback), (None, None));
    assert_eq!(second.edited, Some(round.edited.clone()));
    assert_eq!(second.brief, document(b"brief"));
    assert_eq!(second.rounds, run.rounds, "what it scored before is kept");
    assert_eq!(store.list_reviews(10, None).await.unwrap().items, []);
    assert!(watched(&store).await.is_some_and(|at| at < after(DAY)));

    let other = EditedRound {
        execution: "too late".to_owned(),
        ..round
    };
    for stale in [&run, &store.run(&run.id).await.unwrap()] {
        let refused = store.edit_run(stale, &other, after(6_000)).await;
        assert!(
            matches!(&refused, Err(StoreError::Going { execution, .. }) if execution == "edited"),
            "{refused:?}"
        );
    }
    let decided = store
        .decide_review(&run, &decided(Decision::Approve, "bob"), None)
        .await;
    assert!(matches!(decided, Err(StoreError::NotWaiting { .. })));
}

#[tokio::test]
async fn a_review_that_nobody_decides_expires_and_can_no_longer_be_decided() {
    let store = store_in_memory().await;
    let run = waiting(&store).await;
    assert_eq!(
        store.review(&run).await.unwrap().unwrap().due_at,
        after(DAY)
    );
    store.expire_review(&run, after(DAY)).await.unwrap();
    assert_eq!(store.run(&run.id).await.unwrap().state, RunState::Expired);
    assert!(
        events(&store)
            .await
            .contains(&EventKind::ContentReviewExpired)
    );
    let late = store
        .decide_review(&run, &decided(Decision::Approve, "ann"), None)
        .await;
    assert!(
        matches!(late, Err(StoreError::NotWaiting { .. })),
        "{late:?}"
    );
}

#[tokio::test]
async fn reviews_are_listed_the_longest_waiting_first_over_pages() {
    let store = store_in_memory().await;
    for number in 0..7 {
        let run = new_run(number, after(number as u64 * 1_000));
        store.put_run(&run, None).await.unwrap();
        let at = after(60_000 - number as u64 * 1_000);
        store.end_round(&run, &review(1), at).await.unwrap();
    }
    let mut listed = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.list_reviews(3, cursor.as_deref()).await.unwrap();
        listed.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed.len(), 7);
    assert!(listed.is_sorted_by_key(|review| review.waits_since));
    assert_eq!(listed[0].topic, "topic 6");
    let foreign = store.list_reviews(3, Some("7b7d")).await;
    assert!(matches!(foreign, Err(StoreError::Invalid { .. })));
}

#[tokio::test]
async fn the_counts_of_a_day_are_those_of_its_rounds() {
    let store = store_in_memory().await;
    for number in 0..20 {
        let run = new_run(number, NOW);
        store.put_run(&run, None).await.unwrap();
        store.end_round(&run, &review(1), NOW).await.unwrap();
    }
    for brand in [None, Some("Acme")] {
        let days = store.rounds_by_day(brand, "2026-11-23", "2026-11-23").await;
        let day = &days.unwrap()["2026-11-23"];
        assert_eq!((day.rounds, day.total_tenths), (20, 14_000));
        assert_eq!(day.tiers, BTreeMap::from([(Tier::Review, 20)]));
        assert_eq!(day.criteria[&Criterion::Hook], (20, 20 * 61));
    }
    let none = store.rounds_by_day(Some("Other"), "2026-11-01", "2026-11-30");
    assert!(none.await.unwrap().is_empty());
}

#[tokio::test]
async fn a_script_is_compared_with_earlier_ones_of_its_brand_about_other_things() {
    let store = store_in_memory().await;
    let mut first = new_run(1, NOW);
    first.brief = document(b"first");
    let mut second = new_run(2, after(DAY));
    second.brief = document(b"second");
    for run in [&first, &second] {
        store.put_run(run, None).await.unwrap();
        store
            .end_round(run, &review(1), run.created_at)
            .await
            .unwrap();
    }
    let earlier = |run: Run| {
        let store = store.clone();
        async move { store.earlier_signatures(&run, 50).await.unwrap() }
    };
    assert_eq!(earlier(second.clone()).await, ["[1,2,3]"]);
    assert_eq!(earlier(first.clone()).await, [""; 0]);
    let mut same_brief = new_run(3, after(2 * DAY));
    same_brief.brief = first.brief.clone();
    same_brief.topic.clone_from(&second.topic);
    assert_eq!(earlier(same_brief).await, [""; 0]);
    let mut other_brand = new_run(4, after(2 * DAY));
    other_brand.brand = Some("Other".to_owned());
    assert_eq!(earlier(other_brand).await, [""; 0]);
}

#[tokio::test]
async fn a_run_knows_how_its_brands_last_ones_opened_and_the_same_brief_again_knows_no_more() {
    let store = store_in_memory().await;
    let says = |seen: &[Opener]| -> Vec<String> {
        seen.iter().map(|opener| opener.says.clone()).collect()
    };
    let mut first = None;
    for number in 1..=12_u32 {
        let mut run = new_run(u128::from(number), after(u64::from(number) * DAY));
        run.brief = document(format!("brief {number}").as_bytes());
        run.topic = format!("topic {number}");
        run.seen = store.last_openers(&run).await.unwrap();
        // The newest first, and at most ten.
        let earlier = (1..number).rev().take(Opener::LAST);
        let earlier: Vec<String> = earlier.map(|number| format!("Opening {number}.")).collect();
        assert_eq!(says(&run.seen), earlier);
        store.put_run(&run, None).await.unwrap();
        assert_eq!(store.run(&run.id).await.unwrap().seen, run.seen);
        let mut end = review(1);
        end.opener = Some(opener(&format!("Opening {number}.")));
        store.end_round(&run, &end, run.created_at).await.unwrap();
        first.get_or_insert(run);
    }
    let first = first.unwrap();
    let mut again = new_run(20, after(20 * DAY));
    again.brief = first.brief.clone();
    assert_eq!(store.last_openers(&again).await.unwrap(), []);
    let mut mended = new_run(21, after(21 * DAY));
    mended.brief = document(b"mended");
    mended.topic = "topic 12".to_owned();
    let seen = store.last_openers(&mended).await.unwrap();
    assert_eq!(says(&seen)[0], "Opening 11.");
    let mut other_brand = new_run(22, after(22 * DAY));
    other_brand.brand = Some("Other".to_owned());
    assert_eq!(store.last_openers(&other_brand).await.unwrap(), []);
    // Two without a topic aren't about the same.
    let mut unnamed = [23, 24].map(|number| new_run(number, after(number as u64 * DAY)));
    for (run, brief) in unnamed.iter_mut().zip([&b"this"[..], b"that"]) {
        run.topic.clear();
        run.brief = document(brief);
    }
    let [earlier, later] = &unnamed;
    store.put_run(earlier, None).await.unwrap();
    let mut end = review(1);
    end.opener = Some(opener("Without a topic."));
    let ended = store.end_round(earlier, &end, earlier.created_at).await;
    ended.unwrap();
    let seen = store.last_openers(later).await.unwrap();
    assert_eq!(says(&seen)[0], "Without a topic.");
}
