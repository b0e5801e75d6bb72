//! Deliveries: made once for each pair of event and endpoint, taken by one worker at a time, listed and replayed.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::Timestamp;
use webhooks::retry::Fate;
use webhooks::{DeliveryId, EndpointId};

use crate::attributes::{Attributes, Reader, json, number, text, word};
use crate::cursor::DeliveriesCursor;
use crate::delivery_row::{
    Attempt, DeliveryRecord, DeliveryState, Due, NewDelivery, delivery_id, delivery_item,
    place_item, read_delivery, read_due,
};
use crate::keys::{self, DELIVERIES, META, SHARDS};
use crate::request::{Change, Outcome, Transacted, key};
use crate::{Page, Store, StoreError};

/// The most deliveries of a page: what one request reads by their keys.
const LONGEST_PAGE: u32 = 100;

/// Whoever takes a delivery moves the time of its next attempt to the end of the lease: until then nobody else finds it due.
const TAKE: &str = "SET #next_at = :until, #gsi1sk = :due, #claims = #claims + :one";
const IS_DUE: &str = "#state = :waiting AND #next_at <= :now";

const IS_HELD: &str = "#state = :waiting AND #claims = :claims";

impl Store {
    /// Writes a delivery, due at `due_at`, and its place in the endpoint's list. Says whether it is new: repeating it changes nothing.
    pub async fn put_delivery(&self, new: &NewDelivery<'_>) -> Result<bool, StoreError> {
        let id = DeliveryId::of(new.message, new.endpoint);
        let doing = format!("writing the delivery {id}");
        let absent = "attribute_not_exists(#pk)";
        let operations = vec![
            self.put_if(&doing, delivery_item(&id, new), absent, Vec::new())?,
            self.put(&doing, place_item(&id, new))?,
        ];
        Ok(matches!(
            self.transact(&doing, operations).await?,
            Transacted::Done
        ))
    }

    /// Reads a delivery, its latest state.
    pub async fn delivery(&self, id: &DeliveryId) -> Result<DeliveryRecord, StoreError> {
        let doing = format!("reading the delivery {id}");
        match self.get(&doing, &keys::delivery(id), META).await? {
            Some(item) => read_delivery(&item),
            None => Err(StoreError::NoDelivery(id.clone())),
        }
    }

    /// The deliveries of one shard (0 to 7) that are due at `now`, the longest due first, at most `limit`. Read from an index, which may
    /// lag a little behind.
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

    /// Takes a delivery that is due, for `lease_ms`. Nothing if it isn't due (any more): somebody else took it, or it is over.
    pub async fn claim_delivery(
        &self,
        id: &DeliveryId,
        now: Timestamp,
        lease_ms: u64,
    ) -> Result<Option<DeliveryRecord>, StoreError> {
        let until = Timestamp(now.0.saturating_add(lease_ms));
        let change = Change {
            doing: format!("taking the delivery {id}"),
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: TAKE.into(),
            condition: IS_DUE.into(),
            values: vec![
                ("waiting", word(&DeliveryState::Waiting)),
                ("now", number(now.0)),
                ("until", number(until.0)),
                ("due", text(until.rfc3339())),
                ("one", number(1_u32)),
            ],
        };
        match self.change(change).await? {
            Outcome::Done(item) => read_delivery(&item).map(Some),
            Outcome::Refused(_) => Ok(None),
        }
    }

    /// Writes how an attempt of a delivery, as it was taken, ended. Says whether it was written: what comes after the lease was lost to
    /// somebody else is not.
    pub async fn end_attempt(
        &self,
        taken: &DeliveryRecord,
        attempt: &Attempt,
        fate: Fate,
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
            update += ", #next_at = :next_at, #gsi1sk = :due";
            values.extend([("next_at", number(at.0)), ("due", text(at.rfc3339()))]);
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

    /// Gives back a delivery, as it was taken, that could not be tried: it is due at `at`, and no attempt is used up.
    pub async fn give_back_delivery(
        &self,
        taken: &DeliveryRecord,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("giving back the delivery {}", taken.id),
            pk: keys::delivery(&taken.id),
            sk: META.to_owned(),
            update: "SET #next_at = :next_at, #gsi1sk = :due".into(),
            condition: IS_HELD.into(),
            values: vec![
                ("waiting", word(&DeliveryState::Waiting)),
                ("claims", number(taken.claims)),
                ("next_at", number(at.0)),
                ("due", text(at.rfc3339())),
            ],
        };
        match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(_) => Ok(()),
        }
    }

    /// Has a delivery that is due wait until `at`, without using up an attempt. One that somebody took meanwhile is left to them.
    pub async fn put_off_delivery(
        &self,
        id: &DeliveryId,
        now: Timestamp,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("putting off the delivery {id}"),
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: "SET #next_at = :next_at, #gsi1sk = :due".into(),
            condition: IS_DUE.into(),
            values: vec![
                ("waiting", word(&DeliveryState::Waiting)),
                ("now", number(now.0)),
                ("next_at", number(at.0)),
                ("due", text(at.rfc3339())),
            ],
        };
        match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(_) => Ok(()),
        }
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

    /// Has a delivery that didn't arrive be tried anew, from `now` on. One that arrived, or is still tried, is refused by
    /// [`StoreError::NotReplayed`].
    pub async fn replay_delivery(
        &self,
        id: &DeliveryId,
        now: Timestamp,
    ) -> Result<DeliveryRecord, StoreError> {
        let change = Change {
            doing: format!("replaying the delivery {id}"),
            pk: keys::delivery(id),
            sk: META.to_owned(),
            update: "SET #state = :waiting, #attempts = :zero, #next_at = :now, #gsi1pk = :partition, #gsi1sk = :due"
                .into(),
            condition: "#state IN (:exhausted, :stopped)".into(),
            values: vec![
                ("waiting", word(&DeliveryState::Waiting)),
                ("exhausted", word(&DeliveryState::Exhausted)),
                ("stopped", word(&DeliveryState::Stopped)),
                ("zero", number(0_u32)),
                ("now", number(now.0)),
                ("partition", text(Self::send_partition(id))),
                ("due", text(now.rfc3339())),
            ],
        };
        match self.change(change).await? {
            Outcome::Done(item) => read_delivery(&item),
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
        let limit = limit.clamp(1, LONGEST_PAGE) as usize;
        let start = cursor
            .map(|cursor| DeliveriesCursor::decode(endpoint, cursor))
            .transpose()?
            .map(DeliveriesCursor::start);
        // One more than is shown tells whether there is another page; places are so small that one request reads them all.
        let answer = self
            .client()
            .query()
            .table_name(self.table())
            .key_condition_expression("pk = :pk AND begins_with(sk, :deliveries)")
            .expression_attribute_values(":pk", text(keys::endpoint(endpoint)))
            .expression_attribute_values(":deliveries", text(DELIVERIES))
            .scan_index_forward(false)
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| self.failed(&doing, error))?;
        let mut places = answer.items.unwrap_or_default();
        let more = places.len() > limit;
        places.truncate(limit);
        let next = match places.last() {
            Some(last) if more => {
                let place = Reader(last).text("sk")?;
                Some(DeliveriesCursor::new(endpoint, place).encode())
            }
            _ => None,
        };
        let ids = places
            .iter()
            .map(|place| delivery_id(&Reader(place)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut read = self.deliveries(&doing, &ids).await?;
        // What has expired meanwhile is gone from the list too.
        let items = ids.iter().filter_map(|id| read.remove(id.as_str()));
        Ok(Page {
            items: items.collect(),
            next,
        })
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
