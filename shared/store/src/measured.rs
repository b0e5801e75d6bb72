//! Each request to the tables is measured where it is sent: every attempt of it, as each is paid for.

use std::time::Instant;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::Error;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use monitor::{Family, Monitor};

/// The client, with its requests recorded.
pub(crate) fn measured(client: &Client, monitor: Monitor) -> Client {
    let config = client.config().to_builder();
    Client::from_conf(config.interceptor(Measure(monitor)).build())
}

#[derive(Debug)]
struct Measure(Monitor);

/// When an attempt began.
#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

#[dyn_dispatch_hint]
impl Intercept for Measure {
    fn name(&self) -> &'static str {
        "Measure"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let failed = match context.output_or_error() {
            Some(Err(error)) => !error.as_operation_error().is_some_and(answers),
            Some(Ok(_)) => false,
            None => true,
        };
        if let (Some(Began(began)), Some(metadata)) = (bag.load::<Began>(), bag.load::<Metadata>())
        {
            let (monitor, name) = (&self.0, metadata.name());
            monitor.record(Family::Store, name, began.elapsed(), failed);
        }
        Ok(())
    }
}

/// Whether what the SDK calls an error is an answer: that a condition doesn't hold.
fn answers(error: &Error) -> bool {
    if let Some(error) = error.downcast_ref::<TransactWriteItemsError>() {
        let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
            return false;
        };
        let mut codes = cancelled
            .cancellation_reasons()
            .iter()
            .filter_map(|reason| reason.code());
        return codes.all(|code| matches!(code, "None" | "ConditionalCheckFailed"));
    }
    let is = |refused: Option<bool>| refused.unwrap_or_default();
    is(error
        .downcast_ref::<UpdateItemError>()
        .map(UpdateItemError::is_conditional_check_failed_exception))
        || is(error
            .downcast_ref::<PutItemError>()
            .map(PutItemError::is_conditional_check_failed_exception))
        || is(error
            .downcast_ref::<DeleteItemError>()
            .map(DeleteItemError::is_conditional_check_failed_exception))
}
