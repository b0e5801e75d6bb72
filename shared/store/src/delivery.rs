//! Deliveries: made once for each pair of event and endpoint, taken by one worker at a time, listed and replayed.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::Timestamp;
use webhooks::retry::Fate;
use webhooks::{DeliveryId, EndpointId};

use crate::attributes::{Attributes, Reader, json, number, text, word};
use crate::cursor::{DeliveriesCursor, SinceCursor};
use crate::delivery_row::{
    Attempt, ClaimedDelivery, DeliveryRecord, DeliveryState, Due, Lease, NewDelivery, Wait,
    delivery_id, delivery_item, place_item, read_delivery, read_due,
};
use crate::keys::{self, AFTER_DELIVERIES, DELIVERIES, META, SHARDS};
use crate::request::{Change, Outcome, key};
use crate::{Page, Store, StoreError};

/// The most deliveries of a page: what one request reads by their keys.
const LONGEST_PAGE: u32 = 100;

/// Whoever takes a delivery moves the time of its next attempt to the end of the lease: until then nobody else finds it due.
const TAKE: &str = "SET #next_at = :until, #claims = #claims + :one";
const IS_DUE: &str = "#state = :waiting AND #next_at <= :now";

/// What changes when a delivery begins to wait.
const WAITS: &str = ", #next_at = :next_at, #gsi1sk = :missed";

const IS_HELD: &str = "#state = :waiting AND #claims = :claims";

const IS_AS_READ: &str = "#state = :waiting AND #next_at = :as_read";

fn waits(wait: Wait) -> [(&'static str, AttributeValue); 2] {
    [
        ("next_at", number(wait.due_at.0)),
        ("missed", text(wait.missed_at.rfc3339())),
    ]
}

impl Store {
    /// Writes a delivery, and its place in the endpoint's list. Says whether it is new: repeating it changes nothing.
    ///
    /// The place comes first and is no part of a transaction, which would cost as much again: a place without a delivery is passed over by
    /// lists, and who died between the two does both again.
    pub async fn put_delivery(&self, new: &NewDelivery<'_>) -> Result<bool, StoreError> {
        let id = DeliveryId::of(new.message, new.endpoint);
        let doing = format!("writing the delivery {id}");
        let put = || self.client().put_item().table_name(self.table());
        put()
            .set_item(Some(place_item(&id, new)))
            .send()
            .await
            .map_err(|error| self.failed(&doing, error))?;
        let written = put()
            .set_item(Some(delivery_item(&id, new)))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match written {
            Ok(_) => {
                self.tell_news();
                Ok(true)
            }
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                Ok(false)
            }
            Err(error) => Err(self.failed(&doing, error)),
        }
    }

    /// Reads a delivery, its latest state.
    pub async fn delivery(&self, id: &DeliveryId) -> Result<DeliveryRecord, StoreError> {
        let doing = format!("reading the delivery {id}");
        match self.get(&doing, &keys::delivery(id), META).await? {
            Some(item) => read_delivery(&item),
            None => Err(StoreError::NoDelivery(id.clone())),
        }
    }

    /// The deliveries of one shard (0 to 7) that are missed at `now` (see [`Wait`]), the longest first, at most `limit`. Read from an
    /// index, which may lag a little behind.
    pub async fn due_deliveries(
        &self,
        shard: u32,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due>, StoreError> {
        let doing = "listing the deliveries that are due";
        let items = self
            .due(keys::to_send(shard % SHARDS), now, limit, doing)
            .await?;
        items.iter().map(read_due).collect()
    }

    /// Takes a delivery that is due. It is due again at the end of `lease`, if nothing came of it by then.
    pub async fn claim_delivery(
        &self,
        id: &DeliveryId,
        now: Timestamp,
        lease: Lease,
    ) -> Result<ClaimedDelivery, StoreError> {
        let mut update = TAKE.to_owned();
        let mut values = vec![
            ("waiting", word(&DeliveryState::Waiting)),
            ("now", number(now.0)),
            ("until", number(lease.until.0)),
            ("one", number(1_u32)),
        ];
        if let Some(missed_at) = lease.missed_at {
            update += ", #gsi1sk = :missed";
            values.push(("missed", text(missed_at.rfc3339())));
        }
        let change = Change {
            doing: format!("taking the delivery {id}"),
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: update.into(),
            condition: IS_DUE.into(),
            values,
        };
        match self.change(change).await? {
            Outcome::Done(item) => Ok(ClaimedDelivery::Taken(Box::new(read_delivery(&item)?))),
            Outcome::Refused(Some(item)) => {
                let next = Reader(&item).maybe_number("next_at")?;
                Ok(next.map_or(ClaimedDelivery::Over, |at| {
                    ClaimedDelivery::NotYet(Timestamp(at))
                }))
            }
            Outcome::Refused(None) => Ok(ClaimedDelivery::Over),
        }
    }

    /// Writes how an attempt of a delivery, as it was taken, ended; `wait` says how it waits if it is tried again. Says whether it was
    /// written: what comes after the lease was lost to somebody else is not.
    pub async fn end_attempt(
        &self,
        taken: &DeliveryRecord,
        attempt: &Attempt,
        fate: Fate,
        wait: impl FnOnce(Timestamp) -> Wait + Send,
    ) -> Result<bool, StoreError> {
        let mut update = "SET #state = :state, #attempts = :attempts, #log = :log".to_owned();
        let mut values = vec![
            ("waiting", word(&DeliveryState::Waiting)),
            ("claims", number(taken.claims)),
            ("state", word(&DeliveryState::from(fate))),
            ("attempts", number(taken.attempts.saturating_add(1))),
            ("log", json(&taken.log_with(attempt))),
        ];
        if let Fate::Again(at) = fate {
            update += WAITS;
            values.extend(waits(wait(at)));
        } else {
            update += " REMOVE #next_at, #gsi1pk, #gsi1sk";
        }
        let change = Change {
            doing: format!("ending an attempt of the delivery {}", taken.id),
            pk: keys::delivery(&taken.id),
            sk: META.to_owned(),
            update: update.into(),
            condition: IS_HELD.into(),
            values,
        };
        Ok(matches!(self.change(change).await?, Outcome::Done(_)))
    }

    /// Gives back a delivery, as it was taken, that could not be tried: it waits, and no attempt is used up.
    pub async fn give_back_delivery(
        &self,
        taken: &DeliveryRecord,
        wait: Wait,
    ) -> Result<(), StoreError> {
        let held = ("claims", number(taken.claims));
        let doing = format!("giving back the delivery {}", taken.id);
        self.wait_if(doing, &taken.id, IS_HELD, held, wait).await?;
        Ok(())
    }

    /// Has a delivery that is due wait, without using up an attempt. Says whether it does: one that somebody took meanwhile is left to
    /// them.
    pub async fn put_off_delivery(
        &self,
        id: &DeliveryId,
        now: Timestamp,
        wait: Wait,
    ) -> Result<bool, StoreError> {
        let doing = format!("putting off the delivery {id}");
        let due = ("now", number(now.0));
        self.wait_if(doing, id, IS_DUE, due, wait).await
    }

    /// Notes that a delivery was put into the queue, so that it isn't missed again before `missed_at`. One that went on meanwhile is left
    /// as it is.
    pub async fn note_queued(&self, due: &Due, missed_at: Timestamp) -> Result<(), StoreError> {
        let wait = Wait {
            due_at: due.due_at,
            missed_at,
        };
        let doing = format!("noting that the delivery {} is queued", due.id);
        let same = ("as_read", number(due.due_at.0));
        self.wait_if(doing, &due.id, IS_AS_READ, same, wait).await?;
        Ok(())
    }

    /// Has a waiting delivery wait as is said, where a condition on one more value holds. Says whether it did.
    async fn wait_if(
        &self,
        doing: String,
        id: &DeliveryId,
        condition: &'static str,
        given: (&'static str, AttributeValue),
        wait: Wait,
    ) -> Result<bool, StoreError> {
        let mut values = vec![("waiting", word(&DeliveryState::Waiting)), given];
        values.extend(waits(wait));
        let change = Change {
            doing,
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: "SET #next_at = :next_at, #gsi1sk = :missed".into(),
            condition: condition.into(),
            values,
        };
        Ok(matches!(self.change(change).await?, Outcome::Done(_)))
    }

    /// Stops a delivery that is due: its endpoint is disabled or gone. One that somebody took meanwhile is left to them.
    pub async fn stop_delivery(&self, id: &DeliveryId, now: Timestamp) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("stopping the delivery {id}"),
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: "SET #state = :stopped REMOVE #next_at, #gsi1pk, #gsi1sk".into(),
            condition: IS_DUE.into(),
            values: vec![
                ("waiting", word(&DeliveryState::Waiting)),
                ("now", number(now.0)),
                ("stopped", word(&DeliveryState::Stopped)),
            ],
        };
        match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(_) => Ok(()),
        }
    }

    /// Has a delivery that didn't arrive be tried anew, when it has waited. One that arrived, or is still tried, is refused by
    /// [`StoreError::NotReplayed`].
    pub async fn replay_delivery(
        &self,
        id: &DeliveryId,
        wait: Wait,
    ) -> Result<DeliveryRecord, StoreError> {
        let change = Change {
            doing: format!("replaying the delivery {id}"),
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: "SET #state = :waiting, #attempts = :zero, #next_at = :next_at, #gsi1pk = :partition, #gsi1sk = :missed"
                .into(),
            condition: "#state IN (:exhausted, :stopped)".into(),
            values: vec![
                ("waiting", word(&DeliveryState::Waiting)),
                ("exhausted", word(&DeliveryState::Exhausted)),
                ("stopped", word(&DeliveryState::Stopped)),
                ("zero", number(0_u32)),
                ("next_at", number(wait.due_at.0)),
                ("partition", text(Self::send_partition(id))),
                ("missed", text(wait.missed_at.rfc3339())),
            ],
        };
        match self.change(change).await? {
            Outcome::Done(item) => {
                self.tell_news();
                read_delivery(&item)
            }
            Outcome::Refused(None) => Err(StoreError::NoDelivery(id.clone())),
            Outcome::Refused(Some(item)) => Err(StoreError::NotReplayed {
                delivery: id.clone(),
                state: Reader(&item).word("state")?,
            }),
        }
    }

    /// Lists an endpoint's deliveries, those of the newest events first: at most `limit` (1 to 100) a page, from where `cursor` left off.
    pub async fn list_deliveries(
        &self,
        endpoint: &EndpointId,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<DeliveryRecord>, StoreError> {
        let doing = format!("listing the deliveries of {endpoint}");
        let start = cursor
            .map(|cursor| DeliveriesCursor::decode(endpoint, cursor))
            .transpose()?
            .map(DeliveriesCursor::start);
        let query = self
            .client()
            .query()
            .key_condition_expression("pk = :pk AND begins_with(sk, :deliveries)")
            .expression_attribute_values(":deliveries", text(DELIVERIES))
            .scan_index_forward(false)
            .set_exclusive_start_key(start);
        let (items, last) = self.places(&doing, endpoint, query, limit).await?;
        Ok(Page {
            items,
            next: last.map(|place| DeliveriesCursor::new(endpoint, &place).encode()),
        })
    }

    /// Lists an endpoint's deliveries of events from `since` on, those of the oldest first: at most `limit` (1 to 100) a page, from where
    /// `cursor` left off.
    pub async fn deliveries_since(
        &self,
        endpoint: &EndpointId,
        since: Timestamp,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<DeliveryRecord>, StoreError> {
        let doing = format!("listing the deliveries of {endpoint}");
        let start = cursor
            .map(|cursor| SinceCursor::decode(endpoint, since, cursor))
            .transpose()?
            .map(SinceCursor::start);
        let query = self
            .client()
            .query()
            .key_condition_expression("pk = :pk AND sk BETWEEN :since AND :after")
            .expression_attribute_values(":since", text(keys::deliveries_since(since)))
            .expression_attribute_values(":after", text(AFTER_DELIVERIES))
            .set_exclusive_start_key(start);
        let (items, last) = self.places(&doing, endpoint, query, limit).await?;
        let next = last.map(|place| SinceCursor {
            endpoint: endpoint.clone(),
            since,
            place,
        });
        Ok(Page {
            items,
            next: next.as_ref().map(SinceCursor::encode),
        })
    }

    /// A page of an endpoint's deliveries by their places, and the last one's place if there are more.
    async fn places(
        &self,
        doing: &str,
        endpoint: &EndpointId,
        query: QueryFluentBuilder,
        limit: u32,
    ) -> Result<(Vec<DeliveryRecord>, Option<String>), StoreError> {
        let limit = limit.clamp(1, LONGEST_PAGE) as usize;
        // One more than is shown tells whether there is another page; places are so small that one request reads them all.
        let answer = query
            .table_name(self.table())
            .expression_attribute_values(":pk", text(keys::endpoint(endpoint)))
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?;
        let mut places = answer.items.unwrap_or_default();
        let more = places.len() > limit;
        places.truncate(limit);
        let last = match places.last() {
            Some(last) if more => Some(Reader(last).text("sk")?.to_owned()),
            _ => None,
        };
        let ids = places
            .iter()
            .map(|place| delivery_id(&Reader(place)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut read = self.deliveries(doing, &ids).await?;
        // What has expired meanwhile is gone from the list too.
        let items = ids.iter().filter_map(|id| read.remove(id.as_str()));
        Ok((items.collect(), last))
    }

    /// Reads deliveries by their ids, at most a page of them.
    async fn deliveries(
        &self,
        doing: &str,
        ids: &[DeliveryId],
    ) -> Result<HashMap<String, DeliveryRecord>, StoreError> {
        let mut wanted: Vec<Attributes> = ids
            .iter()
            .map(|id| key(&keys::delivery(id), META))
            .collect();
        let mut read = HashMap::new();
        // An answer has an end (16 MB); what it leaves out is asked for again.
        while !wanted.is_empty() {
            let keys = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreError::Refused {
                    doing: doing.to_owned(),
                    message: error.to_string(),
                })?;
            let answer = self
                .client()
                .batch_get_item()
                .request_items(self.table(), keys)
                .send()
                .await
                .map_err(|error| self.failed(doing, error))?;
            let found = answer.responses.unwrap_or_default();
            let before = read.len();
            for item in found.values().flatten() {
                let delivery = read_delivery(item)?;
                read.insert(delivery.id.to_string(), delivery);
            }
            wanted = answer
                .unprocessed_keys
                .unwrap_or_default()
                .remove(self.table())
                .map(|left| left.keys)
                .unwrap_or_default();
            if read.len() == before && !wanted.is_empty() {
                return Err(StoreError::Throttled {
                    doing: doing.to_owned(),
                    message: format!("{} of {} items were not read", wanted.len(), ids.len()),
                });
            }
        }
        Ok(read)
    }
}
