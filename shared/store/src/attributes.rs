//! Writing and reading the attributes of items.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;

/// An item as the SDK has it.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl Into<u64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A sum of money. DynamoDB keeps 38 digits, so what is read is what was written; nearer to zero than 1E-130 it keeps nothing.
pub(crate) fn money(what: &str, usd: f64) -> Result<AttributeValue, StoreError> {
    let usd = if usd.abs() < 1e-100 { 0.0 } else { usd };
    if usd.is_finite() && usd.abs() < 1e15 {
        Ok(AttributeValue::N(usd.to_string()))
    } else {
        Err(StoreError::Invalid {
            what: what.to_owned(),
            reason: format!("{usd} is not an amount in dollars"),
        })
    }
}

/// An amount of a metric, which may be below 0. What is too near to zero for DynamoDB is zero.
pub(crate) fn amount(value: f64) -> AttributeValue {
    let value = if value.abs() < 1e-100 { 0.0 } else { value };
    AttributeValue::N(value.to_string())
}

pub(crate) fn texts(values: &[String]) -> AttributeValue {
    AttributeValue::L(values.iter().map(text).collect())
}

/// A value of a plain enum by its name.
pub(crate) fn word<T: Serialize>(value: &T) -> AttributeValue {
    text(json_text(value).trim_matches('"'))
}

/// A value as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> AttributeValue {
    text(json_text(value))
}

/// The domain's types are maps with text keys, so writing them can't fail; `null` would be refused on reading.
pub(crate) fn json_text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// Reads an item's attributes and says which item is wrong if one is.
pub(crate) struct Reader<'a>(pub(crate) &'a Attributes);

impl<'a> Reader<'a> {
    pub(crate) fn damaged(&self, reason: impl Into<String>) -> StoreError {
        let key = |name: &str| match self.0.get(name) {
            Some(AttributeValue::S(value)) => value.as_str(),
            _ => "?",
        };
        StoreError::Damaged {
            item: format!("{} / {}", key("pk"), key("sk")),
            reason: reason.into(),
        }
    }

    fn missing(&self, name: &str) -> StoreError {
        self.damaged(format!("it has no {name}"))
    }

    fn wrong(&self, name: &str) -> StoreError {
        self.damaged(format!("its {name} can't be read"))
    }

    pub(crate) fn maybe_text(&self, name: &str) -> Result<Option<&'a str>, StoreError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(AttributeValue::S(value)) => Ok(Some(value)),
            Some(_) => Err(self.wrong(name)),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str, StoreError> {
        self.maybe_text(name)?.ok_or_else(|| self.missing(name))
    }

    pub(crate) fn maybe_parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.maybe_text(name)?
            .map(|value| value.parse().map_err(|_| self.wrong(name)))
            .transpose()
    }

    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.maybe_parsed(name)?.ok_or_else(|| self.missing(name))
    }

    pub(crate) fn maybe_number<T: FromStr>(&self, name: &str) -> Result<Option<T>, StoreError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(AttributeValue::N(value)) => value.parse().map(Some).map_err(|_| self.wrong(name)),
            Some(_) => Err(self.wrong(name)),
        }
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.maybe_number(name)?.ok_or_else(|| self.missing(name))
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, StoreError> {
        match self.0.get(name) {
            None => Ok(Vec::new()),
            Some(AttributeValue::L(values)) => values
                .iter()
                .map(|value| value.as_s().cloned().map_err(|_| self.wrong(name)))
                .collect(),
            Some(_) => Err(self.wrong(name)),
        }
    }

    pub(crate) fn word<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        let value = serde_json::Value::from(self.text(name)?);
        serde_json::from_value(value).map_err(|_| self.wrong(name))
    }

    pub(crate) fn maybe_json<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        self.maybe_text(name)?
            .map(|value| {
                serde_json::from_str(value)
                    .map_err(|error| self.damaged(format!("its {name} can't be read: {error}")))
            })
            .transpose()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        self.maybe_json(name)?.ok_or_else(|| self.missing(name))
    }
}
