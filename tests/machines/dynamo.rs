//! Requests as the states language's SDK integrations write them, carried out by the SDK. A field that is not known here is refused.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValue, TransactWriteItem, Update};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::interpreter::Answer;

pub(crate) type Item = HashMap<String, AttributeValue>;
type Names = Option<HashMap<String, String>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct UpdateItem {
    table_name: String,
    key: Value,
    update_expression: String,
    condition_expression: Option<String>,
    expression_attribute_names: Names,
    expression_attribute_values: Option<Value>,
    return_values: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PutItem {
    table_name: String,
    item: Value,
    condition_expression: Option<String>,
    expression_attribute_names: Names,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetItem {
    table_name: String,
    key: Value,
    consistent_read: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TransactWriteItems {
    client_request_token: Option<String>,
    transact_items: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
enum Operation {
    Update(UpdateItem),
    Put(PutItem),
}

/// Carries out a request; `operation` is as the resource's ARN names it.
pub(crate) async fn carry_out(client: &Client, operation: &str, arguments: &Value) -> Answer {
    match operation {
        "updateItem" => update_item(client, read(arguments)).await,
        "getItem" => get_item(client, read(arguments)).await,
        "transactWriteItems" => transact_write_items(client, read(arguments)).await,
        other => panic!("no machine should call dynamodb:{other}"),
    }
}

fn read<T: serde::de::DeserializeOwned>(arguments: &Value) -> T {
    serde_json::from_value(arguments.clone())
        .unwrap_or_else(|error| panic!("DynamoDB would refuse this: {error}: {arguments:#}"))
}

async fn update_item(client: &Client, update: UpdateItem) -> Answer {
    let sent = client
        .update_item()
        .table_name(update.table_name)
        .set_key(Some(item(&update.key)))
        .update_expression(update.update_expression)
        .set_condition_expression(update.condition_expression)
        .set_expression_attribute_names(update.expression_attribute_names)
        .set_expression_attribute_values(update.expression_attribute_values.as_ref().map(item))
        .set_return_values(
            update
                .return_values
                .map(|wanted| ReturnValue::from(wanted.as_str())),
        )
        .send()
        .await;
    answer(sent, |output| match output.attributes() {
        Some(attributes) => json!({"Attributes": written(attributes)}),
        None => json!({}),
    })
}

async fn get_item(client: &Client, get: GetItem) -> Answer {
    let sent = client
        .get_item()
        .table_name(get.table_name)
        .set_key(Some(item(&get.key)))
        .set_consistent_read(get.consistent_read)
        .send()
        .await;
    answer(sent, |output| match output.item() {
        Some(item) => json!({"Item": written(item)}),
        None => json!({}),
    })
}

async fn transact_write_items(client: &Client, write: TransactWriteItems) -> Answer {
    let operations = write
        .transact_items
        .into_iter()
        .map(|operation| match operation {
            Operation::Update(update) => TransactWriteItem::builder()
                .update(
                    Update::builder()
                        .table_name(update.table_name)
                        .set_key(Some(item(&update.key)))
                        .update_expression(update.update_expression)
                        .set_condition_expression(update.condition_expression)
                        .set_expression_attribute_names(update.expression_attribute_names)
                        .set_expression_attribute_values(
                            update.expression_attribute_values.as_ref().map(item),
                        )
                        .build()
                        .unwrap(),
                )
                .build(),
            Operation::Put(put) => TransactWriteItem::builder()
                .put(
                    Put::builder()
                        .table_name(put.table_name)
                        .set_item(Some(item(&put.item)))
                        .set_condition_expression(put.condition_expression)
                        .set_expression_attribute_names(put.expression_attribute_names)
                        .build()
                        .unwrap(),
                )
                .build(),
        });
    let sent = client
        .transact_write_items()
        .set_client_request_token(write.client_request_token)
        .set_transact_items(Some(operations.collect()))
        .send()
        .await;
    answer(sent, |_| json!({}))
}

/// An error comes by the name that Step Functions gives those of the SDK integration: the service's, as Java has it, and the exception's.
fn answer<T, E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    sent: Result<T, SdkError<E, R>>,
    told: impl FnOnce(&T) -> Value,
) -> Answer {
    match sent {
        Ok(output) => Answer::Result(told(&output), 0),
        Err(error) => {
            let name = error.code().unwrap_or_else(|| panic!("{error:?}"));
            let cause = error.message().unwrap_or_default().to_owned();
            Answer::Error(format!("DynamoDb.{name}"), cause, 0)
        }
    }
}

fn item(value: &Value) -> Item {
    let fields = value
        .as_object()
        .unwrap_or_else(|| panic!("no item: {value}"));
    fields
        .iter()
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect()
}

fn attribute(value: &Value) -> AttributeValue {
    let typed = value.as_object().filter(|typed| typed.len() == 1);
    let typed = typed.and_then(|typed| typed.iter().next());
    match typed.map(|(kind, value)| (kind.as_str(), value)) {
        Some(("S", Value::String(text))) => AttributeValue::S(text.clone()),
        Some(("N", Value::String(number))) => AttributeValue::N(number.clone()),
        Some(("M", map)) => AttributeValue::M(item(map)),
        _ => panic!("no attribute: {value}"),
    }
}

fn written(item: &Item) -> Value {
    let fields = item.iter().map(|(name, value)| {
        let value = match value {
            AttributeValue::S(text) => json!({"S": text}),
            AttributeValue::N(number) => json!({"N": number}),
            AttributeValue::M(map) => json!({"M": written(map)}),
            other => panic!("no machine should read {other:?}"),
        };
        (name.clone(), value)
    });
    Value::Object(fields.collect::<Map<_, _>>())
}
