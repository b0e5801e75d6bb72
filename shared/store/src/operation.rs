//! The operations that transactions are made of.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use crate::attributes::Attributes;
use crate::expression::{Values, names, values};
use crate::request::{Change, key};
use crate::{Store, StoreError};

impl Store {
    /// An operation of a transaction that writes an item where the condition holds.
    pub(crate) fn put_if(
        &self,
        doing: &str,
        item: Attributes,
        condition: &str,
        given: Values<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(item))
            .condition_expression(condition)
            .set_expression_attribute_names(names(&[condition]))
            .set_expression_attribute_values(values(&[condition], given))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| unbuilt(doing, &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// An operation of a transaction that writes an item, whatever was there.
    pub(crate) fn put(
        &self,
        doing: &str,
        item: Attributes,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(item))
            .build()
            .map_err(|error| unbuilt(doing, &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// An operation of a transaction that removes an item, if it is there.
    pub(crate) fn delete(
        &self,
        doing: &str,
        (pk, sk): (&str, &str),
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(self.table())
            .set_key(Some(key(pk, sk)))
            .build()
            .map_err(|error| unbuilt(doing, &error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// An operation of a transaction that removes an item where the condition holds.
    pub(crate) fn delete_if(
        &self,
        doing: &str,
        (pk, sk): (&str, &str),
        condition: &str,
        given: Values<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(self.table())
            .set_key(Some(key(pk, sk)))
            .condition_expression(condition)
            .set_expression_attribute_names(names(&[condition]))
            .set_expression_attribute_values(values(&[condition], given))
            .build()
            .map_err(|error| unbuilt(doing, &error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// An operation of a transaction that changes an item where the condition holds.
    pub(crate) fn change_if(&self, change: Change<'_>) -> Result<TransactWriteItem, StoreError> {
        let expressions = [change.update.as_ref(), change.condition.as_ref()];
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key(&change.pk, &change.sk)))
            .update_expression(expressions[0])
            .condition_expression(expressions[1])
            .set_expression_attribute_names(names(&expressions))
            .set_expression_attribute_values(values(&expressions, change.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| unbuilt(&change.doing, &error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// An operation of a transaction that changes an item, whatever it was; it is made if it wasn't there.
    pub(crate) fn change_always(
        &self,
        change: Change<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let expressions = [change.update.as_ref()];
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key(&change.pk, &change.sk)))
            .update_expression(expressions[0])
            .set_expression_attribute_names(names(&expressions))
            .set_expression_attribute_values(values(&expressions, change.values))
            .build()
            .map_err(|error| unbuilt(&change.doing, &error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// An operation of a transaction that only looks: the others are done only where the condition holds.
    pub(crate) fn check(
        &self,
        doing: &str,
        (pk, sk): (&str, &str),
        condition: &str,
        given: Values<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let check = ConditionCheck::builder()
            .table_name(self.table())
            .set_key(Some(key(pk, sk)))
            .condition_expression(condition)
            .set_expression_attribute_names(names(&[condition]))
            .set_expression_attribute_values(values(&[condition], given))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| unbuilt(doing, &error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

fn unbuilt(doing: &str, error: &BuildError) -> StoreError {
    StoreError::Refused {
        doing: doing.to_owned(),
        message: error.to_string(),
    }
}
