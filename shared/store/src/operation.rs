//! The operations that transactions are made of.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use crate::attributes::Attributes;
use crate::expression::{Values, names, values};
use crate::request::{Change, key};
use crate::{Store, StoreError};

/// No condition.
const ALWAYS: &str = "";

impl Store {
    /// An operation of a transaction that writes an item where the condition holds, or, where there is none, whatever was there.
    pub(crate) fn put_if(
        &self,
        doing: &str,
        item: Attributes,
        condition: &str,
        given: Values<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let (asked, shown) = conditional(condition);
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(item))
            .set_condition_expression(asked)
            .set_expression_attribute_names(names(&[condition]))
            .set_expression_attribute_values(values(&[condition], given))
            .set_return_values_on_condition_check_failure(shown)
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
        self.put_if(doing, item, ALWAYS, Vec::new())
    }

    /// An operation of a transaction that removes an item, if it is there.
    pub(crate) fn delete(
        &self,
        doing: &str,
        at: (&str, &str),
    ) -> Result<TransactWriteItem, StoreError> {
        self.delete_if(doing, at, ALWAYS, Vec::new())
    }

    /// An operation of a transaction that removes an item where the condition holds, or, where there is none, if it is there.
    pub(crate) fn delete_if(
        &self,
        doing: &str,
        (pk, sk): (&str, &str),
        condition: &str,
        given: Values<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let (asked, shown) = conditional(condition);
        let delete = Delete::builder()
            .table_name(self.table())
            .set_key(Some(key(pk, sk)))
            .set_condition_expression(asked)
            .set_expression_attribute_names(names(&[condition]))
            .set_expression_attribute_values(values(&[condition], given))
            .set_return_values_on_condition_check_failure(shown)
            .build()
            .map_err(|error| unbuilt(doing, &error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// An operation of a transaction that changes an item where the condition holds, or, where there is none, whatever it was: it is made
    /// if it wasn't there.
    pub(crate) fn change_if(&self, change: Change<'_>) -> Result<TransactWriteItem, StoreError> {
        let expressions = [change.update.as_ref(), change.condition.as_ref()];
        let (condition, shown) = conditional(expressions[1]);
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key(&change.pk, &change.sk)))
            .update_expression(expressions[0])
            .set_condition_expression(condition)
            .set_expression_attribute_names(names(&expressions))
            .set_expression_attribute_values(values(&expressions, change.values))
            .set_return_values_on_condition_check_failure(shown)
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

/// A condition as the SDK takes it, and what is shown of the item that doesn't meet it: nothing without one.
fn conditional(condition: &str) -> (Option<String>, Option<ReturnValuesOnConditionCheckFailure>) {
    if condition.is_empty() {
        return (None, None);
    }
    let shown = ReturnValuesOnConditionCheckFailure::AllOld;
    (Some(condition.to_owned()), Some(shown))
}

fn unbuilt(doing: &str, error: &BuildError) -> StoreError {
    StoreError::Refused {
        doing: doing.to_owned(),
        message: error.to_string(),
    }
}
