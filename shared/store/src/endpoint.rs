//! Subscribers' endpoints.

use domain::Timestamp;
use webhooks::EndpointId;
use webhooks::endpoint::Definition;
use webhooks::retry::EndpointState;

use crate::attributes::{Attributes, Reader, json, number, text};
use crate::cursor::EndpointsCursor;
use crate::keys::{self, ENDPOINTS, META};
use crate::outbox::Announcement;
use crate::request::{Change, Order, Transacted, key};
use crate::{Page, Store, StoreError};

/// An endpoint as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointRecord {
    /// Its id.
    pub id: EndpointId,
    /// What its owner wrote. It was right when it was written; whether it still is, is for who uses it to check.
    pub definition: Definition,
    /// Its secrets, sealed: nothing here can read them.
    pub sealed: String,
    /// How it does.
    pub state: EndpointState,
    /// How often it was changed. A change names the version that it was made from.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its definition or its secrets last changed.
    pub updated_at: Timestamp,
}

const IS_THIS_VERSION: &str = "#version = :version";

const SET: &str = "SET #definition = :definition, #sealed = :sealed, #state = :state, #version = :next, #updated_at = :updated_at";

impl Store {
    /// Writes a new endpoint. One of this id that is there already is refused.
    pub async fn put_endpoint(&self, endpoint: &EndpointRecord) -> Result<(), StoreError> {
        let doing = format!("writing the endpoint {}", endpoint.id);
        let condition = "attribute_not_exists(#pk)";
        let operation = self.put_if(&doing, endpoint_item(endpoint), condition, Vec::new())?;
        match self.transact(&doing, vec![operation]).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { .. } => Err(StoreError::Invalid {
                what: doing,
                reason: "there is one of this id already: draw another".to_owned(),
            }),
        }
    }

    /// Reads an endpoint, its latest state.
    pub async fn endpoint(&self, id: &EndpointId) -> Result<EndpointRecord, StoreError> {
        let doing = format!("reading the endpoint {id}");
        match self.get(&doing, &keys::endpoint(id), META).await? {
            Some(item) => read_endpoint(&item),
            None => Err(StoreError::NoEndpoint(id.clone())),
        }
    }

    /// Lists endpoints, newest first: at most `limit` a page, from where `cursor` left off. Read from an index, which may lag a little
    /// behind.
    pub async fn list_endpoints(
        &self,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<EndpointRecord>, StoreError> {
        let start = cursor
            .map(EndpointsCursor::decode)
            .transpose()?
            .map(EndpointsCursor::start);
        let (found, more) = self
            .page(
                ENDPOINTS,
                Order::NewestFirst,
                limit,
                start,
                "listing the endpoints",
            )
            .await?;
        let items = found
            .iter()
            .map(read_endpoint)
            .collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|last| EndpointsCursor {
            created_at: last.created_at,
            endpoint: last.id.clone(),
        });
        Ok(Page {
            items,
            next: next.map(|cursor| cursor.encode()),
        })
    }

    /// Writes what has changed of an endpoint since it was read, and with it what is announced of that, if anything is. Nothing is
    /// written, and the answer is `None`, if somebody else changed or deleted it meanwhile: read it again then.
    pub async fn change_endpoint(
        &self,
        endpoint: &EndpointRecord,
        announcement: Option<&Announcement>,
    ) -> Result<Option<EndpointRecord>, StoreError> {
        let doing = format!("changing the endpoint {}", endpoint.id);
        let next = endpoint.version.saturating_add(1);
        let change = Change {
            doing,
            pk: keys::endpoint(&endpoint.id),
            sk: META.to_owned(),
            update: SET.into(),
            condition: IS_THIS_VERSION.into(),
            values: vec![
                ("definition", json(&endpoint.definition)),
                ("sealed", text(&endpoint.sealed)),
                ("state", json(&endpoint.state)),
                ("version", number(endpoint.version)),
                ("next", number(next)),
                ("updated_at", number(endpoint.updated_at.0)),
            ],
        };
        let written = self.change_and_tell(change, announcement).await?;
        Ok(written.then(|| EndpointRecord {
            version: next,
            ..endpoint.clone()
        }))
    }

    /// Deletes an endpoint. Nothing more is sent to it; repeating it changes nothing.
    pub async fn delete_endpoint(&self, id: &EndpointId) -> Result<(), StoreError> {
        self.client()
            .delete_item()
            .table_name(self.table())
            .set_key(Some(key(&keys::endpoint(id), META)))
            .send()
            .await
            .map_err(|error| self.failed(&format!("deleting the endpoint {id}"), error))?;
        Ok(())
    }
}

fn endpoint_item(endpoint: &EndpointRecord) -> Attributes {
    [
        ("pk", text(keys::endpoint(&endpoint.id))),
        ("sk", text(META)),
        ("gsi1pk", text(ENDPOINTS)),
        ("gsi1sk", text(endpoint.created_at.rfc3339())),
        ("id", text(endpoint.id.as_str())),
        ("definition", json(&endpoint.definition)),
        ("sealed", text(&endpoint.sealed)),
        ("state", json(&endpoint.state)),
        ("version", number(endpoint.version)),
        ("created_at", number(endpoint.created_at.0)),
        ("updated_at", number(endpoint.updated_at.0)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn read_endpoint(item: &Attributes) -> Result<EndpointRecord, StoreError> {
    let reader = Reader(item);
    Ok(EndpointRecord {
        id: EndpointId::parse(reader.text("id")?)
            .map_err(|error| reader.damaged(error.to_string()))?,
        definition: reader.json("definition")?,
        sealed: reader.text("sealed")?.to_owned(),
        state: reader.json("state")?,
        version: reader.number("version")?,
        created_at: Timestamp(reader.number("created_at")?),
        updated_at: Timestamp(reader.number("updated_at")?),
    })
}
