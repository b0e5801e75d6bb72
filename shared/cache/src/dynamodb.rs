//! The cache table of DynamoDB as the shared level: for a laptop and for small deployments, which then need nothing else.
//!
//! | item | pk | attributes |
//! |---|---|---|
//! | value | `CACHE#kind:digest` | `envelope`; `lease_holder` and `lease_until` while somebody asks the source |
//! | tag | `CACHE#tag:digest` | `tag_version` |
//!
//! Both have `expires_at`, after which the table may drop them. It does that hours late: what counts is the time in the envelope. Reads are consistent, so
//! that what was invalidated is not read again.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure,
};
use bytes::Bytes;
use domain::Timestamp;

use crate::level::{Found, Holder, Level, Pace};
use crate::{Clock, LevelError, Name, Tag};

/// A request within a region takes four to ten milliseconds.
const TYPICAL: Duration = Duration::from_millis(8);
const LIMIT: Duration = Duration::from_millis(250);

/// How long after a lease its item is kept, if it never got a value.
const LEFTOVER: Duration = Duration::from_hours(1);

/// The most keys that one request may name.
const BATCH: usize = 100;

const TAKE: &str = "SET lease_holder = :holder, lease_until = :until, expires_at = if_not_exists(expires_at, :expires)";
const IF_FREE: &str =
    "attribute_not_exists(lease_until) OR lease_until <= :now OR lease_holder = :holder";
const WRITE: &str =
    "SET envelope = :envelope, expires_at = :expires REMOVE lease_holder, lease_until";
const END: &str = "REMOVE lease_holder, lease_until";
const IF_HELD: &str = "lease_holder = :holder";

type Item = HashMap<String, AttributeValue>;

/// The cache table.
pub struct DynamoDb {
    client: Client,
    table: String,
    clock: Clock,
    limit: Duration,
}

impl std::fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoDb")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl DynamoDb {
    /// The cache table of this name (`store::Tables::cache`). Nothing is sent. Leases end by the clock, so the clocks of those who share the table should agree
    /// within a second or so; if they don't, sources are asked more often than needed.
    pub fn new(client: &Client, table: String, clock: Clock) -> Self {
        // To try again takes longer than the cache waits.
        let config = client
            .config()
            .to_builder()
            .retry_config(RetryConfig::disabled())
            .build();
        Self {
            client: Client::from_conf(config),
            table,
            clock,
            limit: LIMIT,
        }
    }

    /// The longest that a request may wait for it, over all its questions, if not 250 ms.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn expires(&self, keep: Duration) -> AttributeValue {
        number(self.now().seconds().saturating_add(keep.as_secs() + 1))
    }

    fn update(&self, pk: String, update: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk))
            .update_expression(update)
    }

    fn failed<E, R>(&self, error: &SdkError<E, R>) -> LevelError
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug,
    {
        let level = self.name();
        let service = error.as_service_error();
        let reason = service
            .and_then(ProvideErrorMetadata::message)
            .map_or_else(|| DisplayErrorContext(error).to_string(), ToOwned::to_owned);
        match service
            .and_then(ProvideErrorMetadata::code)
            .unwrap_or_default()
        {
            "ResourceNotFoundException" => LevelError::Refused {
                level,
                reason: "there is no such table: create it, or check REELWRIGHT_CACHE_TABLE and the region".to_owned(),
            },
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "ExpiredTokenException"
            | "InvalidSignatureException"
            | "MissingAuthenticationTokenException" => LevelError::Denied { level, reason },
            "ValidationException" => LevelError::Refused { level, reason },
            _ => LevelError::Unavailable { level, reason },
        }
    }

    /// Sends a change that has a condition. The item as it then is; if the condition was false, as it stands, in `Err`.
    async fn change(
        &self,
        change: UpdateItemFluentBuilder,
    ) -> Result<Result<Item, Item>, LevelError> {
        let answer = change
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(Ok(answer.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => {
                    Ok(Err(refusal.item.clone().unwrap_or_default()))
                }
                _ => Err(self.failed(&error)),
            },
        }
    }

    /// The items of these keys, by key. None may be named twice.
    async fn batch(&self, keys: &BTreeSet<String>) -> Result<HashMap<String, Item>, LevelError> {
        let mut items = HashMap::new();
        let keys: Vec<Item> = keys.iter().map(|pk| key(pk.clone())).collect();
        for keys in keys.chunks(BATCH) {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(keys.to_vec()))
                .consistent_read(true)
                .build()
                .map_err(|error| LevelError::Refused {
                    level: self.name(),
                    reason: error.to_string(),
                })?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.table, wanted)
                .send()
                .await
                .map_err(|error| self.failed(&error))?;
            if answer.unprocessed_keys.is_some_and(|keys| !keys.is_empty()) {
                return Err(LevelError::Unavailable {
                    level: self.name(),
                    reason: "it is too busy to read all that was asked for".to_owned(),
                });
            }
            let found = answer.responses.unwrap_or_default();
            for item in found.into_values().flatten() {
                if let Some(Ok(pk)) = item.get("pk").map(AttributeValue::as_s) {
                    items.insert(pk.clone(), item);
                }
            }
        }
        Ok(items)
    }

    async fn versions(&self, tags: &[Tag]) -> Result<Vec<Option<u64>>, LevelError> {
        if tags.is_empty() {
            return Ok(Vec::new());
        }
        let items = self.batch(&tags.iter().map(tag_key).collect()).await?;
        Ok(versions(&items, tags))
    }
}

fn value_key(name: &Name) -> String {
    format!("CACHE#{name}")
}

fn tag_key(tag: &Tag) -> String {
    format!("CACHE#{tag}")
}

fn key(pk: String) -> Item {
    HashMap::from([("pk".to_owned(), text(pk))])
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn envelope(mut item: Item) -> Option<Bytes> {
    match item.remove("envelope") {
        Some(AttributeValue::B(blob)) => Some(Bytes::from(blob.into_inner())),
        _ => None,
    }
}

fn version(item: &Item) -> Option<u64> {
    item.get("tag_version")?.as_n().ok()?.parse().ok()
}

fn versions(items: &HashMap<String, Item>, tags: &[Tag]) -> Vec<Option<u64>> {
    tags.iter()
        .map(|tag| items.get(&tag_key(tag)).and_then(version))
        .collect()
}

#[async_trait]
impl Level for DynamoDb {
    fn name(&self) -> String {
        format!("the table {}", self.table)
    }

    fn pace(&self) -> Pace {
        Pace {
            typical: TYPICAL,
            limit: self.limit,
        }
    }

    async fn get(&self, name: &Name, tags: &[Tag]) -> Result<Found, LevelError> {
        if tags.is_empty() {
            let answer = self
                .client
                .get_item()
                .table_name(&self.table)
                .key("pk", text(value_key(name)))
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| self.failed(&error))?;
            return Ok(Found {
                envelope: answer.item.and_then(envelope),
                versions: Vec::new(),
            });
        }
        let keys = tags.iter().map(tag_key).chain([value_key(name)]).collect();
        let mut items = self.batch(&keys).await?;
        Ok(Found {
            envelope: items.remove(&value_key(name)).and_then(envelope),
            versions: versions(&items, tags),
        })
    }

    async fn lease(
        &self,
        name: &Name,
        holder: &Holder,
        lease: Duration,
        tags: &[Tag],
    ) -> Result<(bool, Found), LevelError> {
        let now = self.now();
        let until = now
            .0
            .saturating_add(u64::try_from(lease.as_millis()).unwrap_or(u64::MAX));
        let taken = self
            .update(value_key(name), TAKE)
            .condition_expression(IF_FREE)
            .expression_attribute_values(":holder", text(holder.id()))
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":expires", self.expires(lease + LEFTOVER));
        let (held, item) = match self.change(taken).await? {
            Ok(item) => (true, item),
            Err(item) => (false, item),
        };
        let found = Found {
            envelope: envelope(item),
            versions: self.versions(tags).await?,
        };
        Ok((held, found))
    }

    async fn put(
        &self,
        name: &Name,
        holder: &Holder,
        envelope: Bytes,
        keep: Duration,
    ) -> Result<bool, LevelError> {
        let written = self
            .update(value_key(name), WRITE)
            .condition_expression(IF_HELD)
            .expression_attribute_values(":holder", text(holder.id()))
            .expression_attribute_values(":expires", self.expires(keep))
            .expression_attribute_values(
                ":envelope",
                AttributeValue::B(Blob::new(Vec::from(envelope))),
            );
        Ok(self.change(written).await?.is_ok())
    }

    async fn release(&self, name: &Name, holder: &Holder) -> Result<(), LevelError> {
        let ended = self
            .update(value_key(name), END)
            .condition_expression(IF_HELD)
            .expression_attribute_values(":holder", text(holder.id()));
        // If somebody else has it by now there is nothing to end.
        self.change(ended).await.map(|_| ())
    }

    async fn remove(&self, name: &Name) -> Result<(), LevelError> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("pk", text(value_key(name)))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| self.failed(&error))
    }

    async fn settle_tag(
        &self,
        tag: &Tag,
        proposed: u64,
        keep: Duration,
    ) -> Result<u64, LevelError> {
        let settle =
            "SET tag_version = if_not_exists(tag_version, :version), expires_at = :expires";
        let settled = self
            .update(tag_key(tag), settle)
            .expression_attribute_values(":version", number(proposed))
            .expression_attribute_values(":expires", self.expires(keep));
        let item = self.change(settled).await?.unwrap_or_else(|item| item);
        if let Some(settled) = version(&item) {
            return Ok(settled);
        }
        // What is there is no version, so nothing can have been written under it.
        self.change_tag(tag, proposed, keep).await?;
        Ok(proposed)
    }

    async fn change_tag(&self, tag: &Tag, version: u64, keep: Duration) -> Result<(), LevelError> {
        let changed = self
            .update(
                tag_key(tag),
                "SET tag_version = :version, expires_at = :expires",
            )
            .expression_attribute_values(":version", number(version))
            .expression_attribute_values(":expires", self.expires(keep));
        self.change(changed).await.map(|_| ())
    }

    async fn check(&self) -> Result<(), LevelError> {
        let written = self
            .update("CACHE#check".to_owned(), "SET expires_at = :expires")
            .expression_attribute_values(":expires", self.expires(Duration::ZERO));
        self.change(written).await.map(|_| ())
    }
}
