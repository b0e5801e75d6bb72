//! The tables and the handle to them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
};
use monitor::Monitor;
use tokio::sync::Notify;

use crate::StoreError;
use crate::measured::measured;
use crate::request::failed;

/// The index of the state table.
pub(crate) const INDEX: &str = "gsi1";

/// The attribute that holds the second after which an item may be removed.
const EXPIRES: &str = "expires_at";

/// The names of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Runs, tasks, events.
    pub state: String,
    /// Results by content.
    pub cache: String,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            state: "reelwright-state".to_owned(),
            cache: "reelwright-cache".to_owned(),
        }
    }
}

/// The store. Cheap to clone: clones share one client.
#[derive(Debug, Clone)]
pub struct Store {
    /// Its requests are measured.
    client: Client,
    /// The same client without that, for what keeps the measurements.
    unmeasured: Client,
    monitor: Monitor,
    tables: Tables,
    /// The last month that was noted as one that has runs.
    noted_month: Arc<Mutex<String>>,
    news: Arc<Notify>,
}

impl Store {
    /// A store in these tables, whose requests are recorded by a monitor of its own. Nothing is sent.
    pub fn new(client: Client, tables: Tables) -> Self {
        let monitor = Monitor::default();
        Self {
            client: measured(&client, monitor.clone()),
            unmeasured: client,
            monitor,
            tables,
            noted_month: Arc::default(),
            news: Arc::default(),
        }
    }

    /// The same store, whose requests are recorded by another monitor.
    #[must_use]
    pub fn recorded_by(self, monitor: Monitor) -> Self {
        Self {
            client: measured(&self.unmeasured, monitor.clone()),
            monitor,
            ..self
        }
    }

    /// What records the requests: whoever works with a store records what else it does there too.
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// Waits until this store, or a clone of it, has written an event or a delivery since the last time that somebody waited here. So a
    /// process that also sends them needn't ask again and again. What other processes write isn't noticed.
    pub async fn news(&self) {
        self.news.notified().await;
    }

    /// Says that there is an event to dispatch or a delivery to send. If nobody waits for that now, the next one to wait goes on at once.
    pub(crate) fn tell_news(&self) {
        self.news.notify_one();
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn unmeasured(&self) -> &Client {
        &self.unmeasured
    }

    /// The last month that this process noted as one that has runs; empty before the first.
    pub(crate) fn noted_month(&self) -> MutexGuard<'_, String> {
        self.noted_month
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of the state table.
    pub(crate) fn table(&self) -> &str {
        &self.tables.state
    }

    /// Makes the tables where they are missing: for the embedded store and for tests. Deployed tables come from the template, with
    /// what an emulator has no use for (a stream, point-in-time recovery).
    pub async fn create_tables(&self) -> Result<(), StoreError> {
        let state = self
            .create(&self.tables.state)
            .attribute_definitions(attribute("pk")?)
            .attribute_definitions(attribute("sk")?)
            .attribute_definitions(attribute("gsi1pk")?)
            .attribute_definitions(attribute("gsi1sk")?)
            .key_schema(key("pk", KeyType::Hash)?)
            .key_schema(key("sk", KeyType::Range)?)
            .global_secondary_indexes(index()?);
        self.create_if_missing(&self.tables.state, state).await?;
        let cache = self
            .create(&self.tables.cache)
            .attribute_definitions(attribute("pk")?)
            .key_schema(key("pk", KeyType::Hash)?);
        self.create_if_missing(&self.tables.cache, cache).await
    }

    fn create(&self, table: &str) -> CreateTableFluentBuilder {
        self.unmeasured
            .create_table()
            .table_name(table)
            .billing_mode(BillingMode::PayPerRequest)
    }

    async fn exists(&self, table: &str) -> bool {
        self.unmeasured
            .describe_table()
            .table_name(table)
            .send()
            .await
            .is_ok()
    }

    async fn create_if_missing(
        &self,
        table: &str,
        request: CreateTableFluentBuilder,
    ) -> Result<(), StoreError> {
        if self.exists(table).await {
            return Ok(());
        }
        if let Err(error) = request.send().await {
            // Another process may have been quicker; it sets the rest.
            if self.exists(table).await {
                return Ok(());
            }
            return Err(failed(table, "creating the table", error));
        }
        let expiry = TimeToLiveSpecification::builder()
            .attribute_name(EXPIRES)
            .enabled(true)
            .build()
            .map_err(|error| unbuilt(&error))?;
        self.unmeasured
            .update_time_to_live()
            .table_name(table)
            .time_to_live_specification(expiry)
            .send()
            .await
            .map_err(|error| failed(table, "setting the table's time to live", error))?;
        Ok(())
    }
}

fn attribute(name: &str) -> Result<AttributeDefinition, StoreError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(|error| unbuilt(&error))
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, StoreError> {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .map_err(|error| unbuilt(&error))
}

fn index() -> Result<GlobalSecondaryIndex, StoreError> {
    GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .key_schema(key("gsi1pk", KeyType::Hash)?)
        .key_schema(key("gsi1sk", KeyType::Range)?)
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::All)
                .build(),
        )
        .build()
        .map_err(|error| unbuilt(&error))
}

fn unbuilt(error: &aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Refused {
        doing: "describing the tables".to_owned(),
        message: error.to_string(),
    }
}
