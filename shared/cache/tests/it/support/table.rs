//! The cache table in a DynamoDB of this process.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::http::StatusCode;
use cache::{Clock, DynamoDb};
use dynoxide::Database;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Store, Tables};

use super::PATIENCE;

/// A client of a database, which may be a file that processes share.
pub(crate) fn client(database: Database) -> Client {
    let connector = SharedHttpConnector::new(Connector(Arc::new(database)));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .endpoint_url("http://embedded.invalid")
        .region(Region::from_static("local"))
        .allow_no_auth()
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// The shared level in an empty database, its tables made as the store makes them.
pub(crate) async fn level(clock: Clock) -> (Client, DynamoDb) {
    let client = client(Database::memory().unwrap());
    let tables = Tables::default();
    Store::new(client.clone(), tables.clone())
        .create_tables()
        .await
        .unwrap();
    let level = DynamoDb::new(&client, tables.cache, clock).limit(PATIENCE);
    (client, level)
}

struct Connector(Arc<Database>);

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let database = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            let answer = tokio::task::spawn_blocking(move || {
                let target = request.headers().get("x-amz-target").unwrap_or_default();
                let operation = target.rsplit('.').next().unwrap_or_default();
                answer(
                    &database,
                    operation,
                    request.body().bytes().unwrap_or_default(),
                )
            });
            let (status, body) = answer.await.unwrap();
            Ok(HttpResponse::new(
                StatusCode::try_from(status).unwrap(),
                body.into(),
            ))
        })
    }
}

fn answer(database: &Database, operation: &str, body: &[u8]) -> (u16, String) {
    let answer = match operation {
        "GetItem" => run(body, |request| database.get_item(request)),
        "PutItem" => run(body, |request| database.put_item(request)),
        "DeleteItem" => run(body, |request| database.delete_item(request)),
        "UpdateItem" => run(body, |request| database.update_item(request)),
        "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
        "CreateTable" => run(body, |request| database.create_table(request)),
        "DescribeTable" => run(body, |request| database.describe_table(request)),
        "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
        _ => panic!("the cache is not known to send {operation}"),
    };
    match answer {
        Ok(body) => (200, body),
        Err(error) => (error.status_code(), error.to_json()),
    }
}

fn run<Request: DeserializeOwned, Response: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Request) -> dynoxide::Result<Response>,
) -> dynoxide::Result<String> {
    let response = operation(serde_json::from_slice(body).unwrap())?;
    Ok(serde_json::to_string(&response).unwrap())
}
