//! A function that does nothing, on `lambda_runtime` alone: what every other function's start is compared with.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let answer = |_event: LambdaEvent<Value>| async { Ok::<_, Error>(Value::Null) };
    lambda_runtime::run(service_fn(answer)).await
}
