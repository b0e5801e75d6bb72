//! Reviews: rounds that wait for a person, and what the person decided.

use domain::quality::{Decided, Decision, RoundScore};
use domain::{Event, EventKind, Run, RunId, RunState, Timestamp};
use serde::Serialize;

use crate::attributes::{Attributes, Reader, json, json_text, number, text, word};
use crate::cursor::ReviewsCursor;
use crate::event::event_item;
use crate::keys::{self, META, REVIEWS, WATCH};
use crate::request::{Change, Order, Transacted};
use crate::round::{AGAIN, Again, again_values};
use crate::run::check_schema;
use crate::watch::watch_item;
use crate::{Page, Store, StoreError};

/// A round that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// The run.
    pub run: RunId,
    /// What the video is about.
    pub topic: String,
    /// The brand's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// What the round whose video is shown scored.
    pub score: RoundScore,
    /// Since when it waits.
    pub waits_since: Timestamp,
    /// Until when it waits.
    pub due_at: Timestamp,
}

const WAITS: &str = "#state = :in_review AND #round = :round";
const CLOSED: &str = "SET #state = :state, #updated_at = :now, #decided = :decided REMOVE #failure";
const EXPIRED: &str = "SET #state = :state, #updated_at = :now";
const NO_LONGER_WAITS: &str = "SET #decided = :decided REMOVE #gsi1pk, #gsi1sk";

impl Store {
    /// Lists the rounds that wait for a person, the longest waiting first: at most `limit` a page, from where `cursor` left off. Read
    /// from an index, which may lag a little behind.
    pub async fn list_reviews(
        &self,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<Review>, StoreError> {
        let start = cursor
            .map(ReviewsCursor::decode)
            .transpose()?
            .map(ReviewsCursor::start);
        let (found, more) = self
            .page(
                REVIEWS,
                Order::OldestFirst,
                limit,
                start,
                "listing the reviews that wait",
            )
            .await?;
        let next = match found.last() {
            Some(last) if more => Some(ReviewsCursor::at(last)?.encode()),
            _ => None,
        };
        let items = found.iter().map(read_review).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// The review that a run waits with; nothing if there never was one in its present round.
    pub async fn review(&self, run: &Run) -> Result<Option<Review>, StoreError> {
        let doing = format!("reading the review of run {}", run.id);
        let item = self
            .get(&doing, &keys::run(&run.id), &keys::review(run.round))
            .await?;
        item.as_ref().map(read_review).transpose()
    }

    /// Writes what a person decided on the round that `run`, as it was read, waits with. A regeneration comes with the round that is
    /// made next. State, event, review and watch are written in one transaction, once: whoever decides second is told
    /// [`StoreError::NotWaiting`].
    pub async fn decide_review(
        &self,
        run: &Run,
        decided: &Decided,
        again: Option<&Again>,
    ) -> Result<(), StoreError> {
        let doing = format!("deciding on run {}", run.id);
        let now = decided.at;
        let mut values = vec![
            ("in_review", word(&RunState::InReview)),
            ("round", number(run.round)),
            ("now", number(now.0)),
            ("decided", json(decided)),
        ];
        let (update, watch, kind) = match (decided.decision, again) {
            (Decision::Regenerate, Some(again)) => {
                values.extend(again_values(run.round, again));
                values.push(("running", word(&RunState::Running)));
                (
                    AGAIN.replace("SET ", "SET #decided = :decided, "),
                    self.put(&doing, watch_item(&run.id, now))?,
                    None,
                )
            }
            (Decision::Regenerate, None) => {
                return Err(StoreError::Invalid {
                    what: doing,
                    reason: "another round needs an execution and feedback".to_owned(),
                });
            }
            (Decision::Approve, _) => {
                values.push(("state", word(&RunState::Approved)));
                let unwatched = self.delete(&doing, (&keys::run(&run.id), WATCH))?;
                (
                    CLOSED.to_owned(),
                    unwatched,
                    Some(EventKind::ContentApproved),
                )
            }
            (Decision::Reject, _) => {
                values.push(("state", word(&RunState::Rejected)));
                let unwatched = self.delete(&doing, (&keys::run(&run.id), WATCH))?;
                (
                    CLOSED.to_owned(),
                    unwatched,
                    Some(EventKind::ContentRejected),
                )
            }
        };
        self.end_review(run, update, values, watch, kind, json_text(decided), now)
            .await
    }

    /// Ends a review that nobody decided in time: the run is expired, and that is announced.
    pub async fn expire_review(&self, run: &Run, now: Timestamp) -> Result<(), StoreError> {
        let doing = format!("ending the review of run {}", run.id);
        let values = vec![
            ("in_review", word(&RunState::InReview)),
            ("round", number(run.round)),
            ("now", number(now.0)),
            ("state", word(&RunState::Expired)),
        ];
        let unwatched = self.delete(&doing, (&keys::run(&run.id), WATCH))?;
        let kind = Some(EventKind::ContentReviewExpired);
        self.end_review(
            run,
            EXPIRED.to_owned(),
            values,
            unwatched,
            kind,
            "null".to_owned(),
            now,
        )
        .await
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one transaction")]
    async fn end_review(
        &self,
        run: &Run,
        update: String,
        values: Vec<(&str, aws_sdk_dynamodb::types::AttributeValue)>,
        watch: aws_sdk_dynamodb::types::TransactWriteItem,
        kind: Option<EventKind>,
        decided: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = format!("ending the review of run {}", run.id);
        let mut operations = vec![
            self.change_if(Change {
                doing: doing.clone(),
                pk: keys::run(&run.id),
                sk: META.to_owned(),
                update: update.into(),
                condition: WAITS.into(),
                values,
            })?,
            self.change_if(Change {
                doing: doing.clone(),
                pk: keys::run(&run.id),
                sk: keys::review(run.round),
                update: NO_LONGER_WAITS.into(),
                condition: "".into(),
                values: vec![("decided", text(decided))],
            })?,
            watch,
        ];
        if let Some(kind) = kind {
            let event = Event::new(kind, run.id.clone(), run.round, &run.execution, now);
            operations.push(self.put(&doing, event_item(&event))?);
        }
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { item: None, .. } => Err(StoreError::NotFound(run.id.clone())),
            Transacted::Refused {
                item: Some(item), ..
            } => {
                check_schema(&item)?;
                Err(StoreError::NotWaiting {
                    run: run.id.clone(),
                    state: Reader(&item).word("state")?,
                    decided: Reader(&item).maybe_json("decided")?,
                })
            }
        }
    }
}

/// A review that waits from `now` on.
pub(crate) fn review_item(
    run: &Run,
    shown: &RoundScore,
    now: Timestamp,
    due_at: Timestamp,
) -> Attributes {
    let mut item: Attributes = [
        ("pk", text(keys::run(&run.id))),
        ("sk", text(keys::review(run.round))),
        ("gsi1pk", text(REVIEWS)),
        ("gsi1sk", text(now.rfc3339())),
        ("run", text(run.id.as_str())),
        ("topic", text(&run.topic)),
        ("score", json(shown)),
        ("waits_since", number(now.0)),
        ("due_at", number(due_at.0)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    if let Some(brand) = &run.brand {
        item.insert("brand".to_owned(), text(brand));
    }
    item
}

fn read_review(item: &Attributes) -> Result<Review, StoreError> {
    let reader = Reader(item);
    Ok(Review {
        run: reader.parsed("run")?,
        topic: reader.text("topic")?.to_owned(),
        brand: reader.maybe_text("brand")?.map(ToOwned::to_owned),
        score: reader.json("score")?,
        waits_since: Timestamp(reader.number("waits_since")?),
        due_at: Timestamp(reader.number("due_at")?),
    })
}
