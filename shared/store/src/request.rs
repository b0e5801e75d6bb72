//! The few shapes of request that the access patterns are made of, and what their errors mean.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValue, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem,
};
use domain::Timestamp;

use crate::attributes::{Attributes, text};
use crate::expression::{Values, names, values};
use crate::tables::INDEX;
use crate::{Store, StoreError, keys};

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    OldestFirst,
    NewestFirst,
}

/// What became of a write that had a condition.
pub(crate) enum Outcome {
    /// It was written: the item as it is now.
    Done(Attributes),
    /// The condition was false: the item as it stands, if there is one.
    Refused(Option<Attributes>),
}

/// What became of a transaction.
pub(crate) enum Transacted {
    /// All of it was written.
    Done,
    /// Nothing was: the condition of one operation was false, and this is the item it met.
    Refused { at: usize, item: Option<Attributes> },
}

/// One conditional change of one item.
pub(crate) struct Change<'a> {
    /// What is being done, for errors.
    pub(crate) doing: String,
    pub(crate) pk: String,
    pub(crate) sk: String,
    /// The update expression.
    pub(crate) update: Cow<'a, str>,
    /// The condition expression; empty for a change that is always made.
    pub(crate) condition: Cow<'a, str>,
    pub(crate) values: Values<'a>,
}

/// Rows of one partition of the table.
pub(crate) struct Rows<'a> {
    /// What is being done, for errors.
    pub(crate) doing: &'a str,
    /// The condition that their keys meet.
    pub(crate) keys: &'a str,
    pub(crate) values: Values<'a>,
    /// Whether their latest state is wanted, which costs twice as much.
    pub(crate) latest: bool,
    pub(crate) order: Order,
}

pub(crate) fn key(pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

/// What an error of the SDK means here.
pub(crate) fn failed<E, R>(table: &str, doing: &str, error: SdkError<E, R>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    let doing = doing.to_owned();
    let message = match error.as_service_error() {
        Some(service) => service.message().or(service.code()).map(ToOwned::to_owned),
        None => None,
    };
    let message = message.unwrap_or_else(|| DisplayErrorContext(&error).to_string());
    match &error {
        SdkError::ServiceError(service) => match service.err().code().unwrap_or_default() {
            "ProvisionedThroughputExceededException"
            | "ThrottlingException"
            | "RequestLimitExceeded"
            | "LimitExceededException"
            | "TransactionConflictException"
            | "TransactionInProgressException" => StoreError::Throttled { doing, message },
            "InternalServerError" | "InternalServerErrorException" | "ServiceUnavailable" => {
                StoreError::Unavailable { doing, message }
            }
            "ResourceNotFoundException" => StoreError::NoTable {
                table: table.to_owned(),
                doing,
            },
            _ => StoreError::Refused { doing, message },
        },
        SdkError::ConstructionFailure(_) => StoreError::Refused { doing, message },
        _ => StoreError::Unavailable { doing, message },
    }
}

impl Store {
    /// The items of one partition of the index whose time has come at `now`, the longest due first, at most `limit` (1 to 1000).
    pub(crate) async fn due(
        &self,
        partition: String,
        now: Timestamp,
        limit: u32,
        doing: &str,
    ) -> Result<Vec<Attributes>, StoreError> {
        let answer = self
            .client()
            .query()
            .table_name(self.table())
            .index_name(INDEX)
            .key_condition_expression("gsi1pk = :pk AND gsi1sk <= :now")
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":now", text(now.rfc3339()))
            .limit(i32::try_from(limit.clamp(1, 1000)).unwrap_or(1000))
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?;
        Ok(answer.items.unwrap_or_default())
    }

    /// A page of one partition of the index: at most `limit` (1 to 1000) items from after `start`, and whether there are more.
    pub(crate) async fn page(
        &self,
        partition: &str,
        order: Order,
        limit: u32,
        mut start: Option<Attributes>,
        doing: &str,
    ) -> Result<(Vec<Attributes>, bool), StoreError> {
        let limit = limit.clamp(1, 1000) as usize;
        // One more than is shown tells whether there is another page.
        let mut found: Vec<Attributes> = Vec::new();
        while found.len() <= limit {
            let answer = self
                .client()
                .query()
                .table_name(self.table())
                .index_name(INDEX)
                .key_condition_expression("gsi1pk = :pk")
                .expression_attribute_values(":pk", text(partition))
                .scan_index_forward(order == Order::OldestFirst)
                .limit(i32::try_from(limit + 1 - found.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| self.failed(doing, error))?;
            found.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        let more = found.len() > limit;
        found.truncate(limit);
        Ok((found, more))
    }

    /// All rows that are asked for, in their order: a request for each megabyte of them.
    pub(crate) async fn rows(&self, asked: Rows<'_>) -> Result<Vec<Attributes>, StoreError> {
        self.rows_by(self.client(), asked).await
    }

    /// The same, by this client.
    pub(crate) async fn rows_by(
        &self,
        client: &Client,
        asked: Rows<'_>,
    ) -> Result<Vec<Attributes>, StoreError> {
        let given = values(&[asked.keys], asked.values);
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let answer = client
                .query()
                .table_name(self.table())
                .key_condition_expression(asked.keys)
                .set_expression_attribute_values(given.clone())
                .consistent_read(asked.latest)
                .scan_index_forward(asked.order == Order::OldestFirst)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| self.failed(asked.doing, error))?;
            found.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// All items of one partition whose sort key begins so, their latest state.
    pub(crate) async fn partition(
        &self,
        doing: &str,
        pk: &str,
        begins: &str,
    ) -> Result<Vec<Attributes>, StoreError> {
        self.rows(Rows {
            doing,
            keys: if begins.is_empty() {
                "pk = :pk"
            } else {
                "pk = :pk AND begins_with(sk, :begins)"
            },
            values: vec![("pk", text(pk)), ("begins", text(begins))],
            latest: true,
            order: Order::OldestFirst,
        })
        .await
    }

    pub(crate) fn failed<E, R>(&self, doing: &str, error: SdkError<E, R>) -> StoreError
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug,
    {
        failed(self.table(), doing, error)
    }

    /// Reads one item, its latest state.
    pub(crate) async fn get(
        &self,
        doing: &str,
        pk: &str,
        sk: &str,
    ) -> Result<Option<Attributes>, StoreError> {
        let answer = self
            .client()
            .get_item()
            .table_name(self.table())
            .set_key(Some(key(pk, sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?;
        Ok(answer.item)
    }

    /// Changes one item if the condition holds, and gives it as it then is.
    pub(crate) async fn change(&self, change: Change<'_>) -> Result<Outcome, StoreError> {
        let expressions = [change.update.as_ref(), change.condition.as_ref()];
        let answer = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key(&change.pk, &change.sk)))
            .update_expression(expressions[0])
            .condition_expression(expressions[1])
            .set_expression_attribute_names(names(&expressions))
            .set_expression_attribute_values(values(&expressions, change.values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(Outcome::Done(answer.attributes.unwrap_or_default())),
            Err(SdkError::ServiceError(service))
                if matches!(
                    service.err(),
                    UpdateItemError::ConditionalCheckFailedException(_)
                ) =>
            {
                match service.into_err() {
                    UpdateItemError::ConditionalCheckFailedException(refusal) => {
                        Ok(Outcome::Refused(refusal.item))
                    }
                    _ => Ok(Outcome::Refused(None)),
                }
            }
            Err(error) => Err(self.failed(&change.doing, error)),
        }
    }

    /// Writes all or nothing. Events and deliveries are news: they are written here only.
    pub(crate) async fn transact(
        &self,
        doing: &str,
        operations: Vec<TransactWriteItem>,
    ) -> Result<Transacted, StoreError> {
        let is_news = operations.iter().any(is_to_send);
        let answer = self
            .client()
            .transact_write_items()
            .set_transact_items(Some(operations))
            .send()
            .await;
        let Err(error) = answer else {
            if is_news {
                self.tell_news();
            }
            return Ok(Transacted::Done);
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.as_service_error()
        else {
            return Err(self.failed(doing, error));
        };
        let reasons = cancelled.cancellation_reasons();
        let refusal = reasons
            .iter()
            .position(|reason| reason.code() == Some("ConditionalCheckFailed"));
        if let Some(at) = refusal {
            return Ok(Transacted::Refused {
                at,
                item: reasons[at].item().cloned(),
            });
        }
        let message: Vec<_> = reasons
            .iter()
            .filter_map(CancellationReason::message)
            .collect();
        let (doing, message) = (doing.to_owned(), message.join("; "));
        let passing = [
            "TransactionConflict",
            "ThrottlingError",
            "ProvisionedThroughputExceeded",
        ];
        if reasons
            .iter()
            .filter_map(CancellationReason::code)
            .any(|code| passing.contains(&code))
        {
            Err(StoreError::Throttled { doing, message })
        } else {
            Err(StoreError::Refused { doing, message })
        }
    }
}

/// Whether an operation writes what waits to be dispatched or sent.
fn is_to_send(operation: &TransactWriteItem) -> bool {
    let item = operation.put().map(Put::item);
    item.and_then(|item| item.get("gsi1pk")?.as_s().ok())
        .is_some_and(|partition| keys::is_to_send(partition))
}
