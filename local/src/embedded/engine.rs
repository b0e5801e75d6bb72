//! The SDK's HTTP connector: requests are answered in this process.

use std::sync::Arc;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::error::ConnectorError;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::http::StatusCode;
use dynoxide::actions::transact_write_items::{
    TransactWriteItemsRequest, TransactWriteItemsResponse,
};
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::EmbeddedError;
use super::tokens::Tokens;

/// The header that names the operation, and what stands before the name.
const TARGET: &str = "x-amz-target";
const SERVICE: &str = "DynamoDB_20120810.";

/// Answers the SDK's requests from a database.
pub(super) struct Engine {
    database: Database,
    transactions: Tokens<TransactWriteItemsResponse>,
    /// What people know the database by.
    place: String,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Engine {
    pub(super) fn new(database: Database, place: String) -> Self {
        Self {
            database,
            transactions: Tokens::default(),
            place,
        }
    }

    /// Removes what has expired, and tells how many items that were. Blocks like a request, in steps between which requests have their turn.
    pub(super) fn remove_expired(&self) -> Result<usize, EmbeddedError> {
        self.database
            .sweep_ttl()
            .map_err(|error| self.not_removed(&error))
    }

    pub(super) fn not_removed(&self, error: &dyn std::error::Error) -> EmbeddedError {
        EmbeddedError::Expired {
            place: self.place.clone(),
            reason: error.to_string(),
        }
    }

    /// Status and body of the answer to an operation. Blocks while the disk, or another process that writes, is busy.
    fn answer(&self, operation: &str, body: &str) -> (u16, String) {
        let database = &self.database;
        let answer = match operation {
            "PutItem" => run(body, |request| database.put_item(request)),
            "GetItem" => run(body, |request| database.get_item(request)),
            "DeleteItem" => run(body, |request| database.delete_item(request)),
            "UpdateItem" => run(body, |request| database.update_item(request)),
            "Query" => run(body, |request| database.query(request)),
            "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => run(body, |request| database.batch_write_item(request)),
            "TransactGetItems" => run(body, |request| database.transact_get_items(request)),
            "TransactWriteItems" => run(body, |request| self.write_once(request)),
            "CreateTable" => run(body, |request| database.create_table(request)),
            "DescribeTable" => run(body, |request| database.describe_table(request)),
            "ListTables" => run(body, |request| database.list_tables(request)),
            "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
            "DescribeTimeToLive" => run(body, |request| database.describe_time_to_live(request)),
            _ => Err(DynoxideError::ValidationException(format!(
                "the embedded store does not know {operation:?}"
            ))),
        };
        match answer {
            Ok(body) => (200, body),
            Err(error) => self.refusal(&error),
        }
    }

    fn write_once(
        &self,
        mut request: TransactWriteItemsRequest,
    ) -> dynoxide::Result<TransactWriteItemsResponse> {
        match request.client_request_token.take() {
            Some(token) => {
                let carry_out = || self.database.transact_write_items(request);
                self.transactions.once(&token, carry_out)
            }
            None => self.database.transact_write_items(request),
        }
    }

    /// What only a person can mend is said in plain words: the SDK would try again and then report a fault of the server.
    fn refusal(&self, error: &DynoxideError) -> (u16, String) {
        let said = error.to_string();
        let advice = ADVICE
            .iter()
            .find(|(words, ..)| error.status_code() == 500 && said.contains(words));
        match advice {
            Some((_, name, what, advice)) => {
                let message = format!("{} {what} ({said}): {advice}", self.place);
                (
                    400,
                    json!({ "__type": name, "message": message }).to_string(),
                )
            }
            None => (error.status_code(), error.to_json()),
        }
    }
}

/// SQLite's words, the name of the error, what is the matter, and what to do.
const ADVICE: [(&str, &str, &str, &str); 4] = [
    ("malformed", "DamagedStore", "is damaged", MOVE_ASIDE),
    ("not a database", "DamagedStore", "is damaged", MOVE_ASIDE),
    (
        "disk is full",
        "DiskFull",
        "can't grow",
        "make room on its disk",
    ),
    (
        "readonly database",
        "ReadOnlyStore",
        "can't be written",
        "make it and its folder writable",
    ),
];

const MOVE_ASIDE: &str = "move it aside to start with an empty store, or put back a copy of it";

fn run<Request: DeserializeOwned, Response: Serialize>(
    body: &str,
    operation: impl FnOnce(Request) -> dynoxide::Result<Response>,
) -> dynoxide::Result<String> {
    let request = serde_json::from_str(body)
        .map_err(|error| DynoxideError::ValidationException(error.to_string()))?;
    let response = operation(request)?;
    serde_json::to_string(&response)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

#[derive(Debug)]
struct Connector(Arc<Engine>);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            // The engine blocks, and the executor's threads have timers and other tasks to serve meanwhile.
            let answer = tokio::task::spawn_blocking(move || {
                let operation = request
                    .headers()
                    .get(TARGET)
                    .and_then(|target| target.strip_prefix(SERVICE));
                let body = request
                    .body()
                    .bytes()
                    .and_then(|bytes| std::str::from_utf8(bytes).ok());
                engine.answer(operation.unwrap_or_default(), body.unwrap_or_default())
            });
            let (status, body) = answer
                .await
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            let status = StatusCode::try_from(status)
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            Ok(HttpResponse::new(status, body.into()))
        })
    }
}

/// A client whose every connection leads to the engine.
pub(super) fn http_client(engine: Arc<Engine>) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector(engine));
    http_client_fn(move |_, _| connector.clone())
}
