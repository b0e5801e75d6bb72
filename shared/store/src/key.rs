//! API keys: looked up by the digest of their secret, listed, revoked.

use domain::{ApiKey, KeyDigest, KeyId, Timestamp};

use crate::attributes::{Attributes, Reader, number, text, texts};
use crate::cursor::KeysCursor;
use crate::keys::{self, KEYS, META};
use crate::request::{Change, Order, Outcome};
use crate::{Page, Store, StoreError};

impl Store {
    /// Writes a new key. Repeating it changes nothing, and one that was revoked stays so; another key of the same secret is refused.
    pub async fn put_key(&self, key: &ApiKey, digest: &KeyDigest) -> Result<(), StoreError> {
        let doing = format!("writing the key {}", key.id);
        if key.id != KeyId::of(digest) {
            return Err(StoreError::Invalid {
                what: doing,
                reason: "its id is not that of the digest".to_owned(),
            });
        }
        let change = Change {
            doing,
            pk: keys::api_key(&key.id),
            sk: META.to_owned(),
            update: "SET #id = :id, #digest = :digest, #name = :name, #scopes = :scopes, #created_at = :created_at, \
                     #gsi1pk = :keys, #gsi1sk = :created"
                .into(),
            condition: "attribute_not_exists(#pk)".into(),
            values: vec![
                ("id", text(key.id.as_str())),
                ("digest", text(digest.as_str())),
                ("name", text(&key.name)),
                ("scopes", texts(&key.scopes.iter().map(ToString::to_string).collect::<Vec<_>>())),
                ("created_at", number(key.created_at.0)),
                ("keys", text(KEYS)),
                ("created", text(key.created_at.rfc3339())),
            ],
        };
        let there = match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(None) => return Ok(()),
            Outcome::Refused(Some(item)) => read_key(&item)?,
        };
        let revoked_at = there.revoked_at;
        if there
            == (ApiKey {
                revoked_at,
                ..key.clone()
            })
        {
            return Ok(());
        }
        Err(StoreError::Invalid {
            what: format!("writing the key {}", key.id),
            reason:
                "its secret has a key already, with another name, time or scopes: draw a new secret"
                    .to_owned(),
        })
    }

    /// The key of a secret with this digest, revoked or not, if there is one; its latest state.
    pub async fn key(&self, digest: &KeyDigest) -> Result<Option<ApiKey>, StoreError> {
        let pk = keys::api_key(&KeyId::of(digest));
        let item = self.get("looking up a key", &pk, META).await?;
        match item {
            // The item's key is a part of the digest; all of it must be right.
            Some(item) if item.get("digest") == Some(&text(digest.as_str())) => {
                read_key(&item).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The key of this id, revoked or not, if there is one; its latest state. Who knows an id has no key: it proves nothing.
    pub async fn key_by_id(&self, id: &KeyId) -> Result<Option<ApiKey>, StoreError> {
        let item = self
            .get("looking up a key", &keys::api_key(id), META)
            .await?;
        item.as_ref().map(read_key).transpose()
    }

    /// Lists keys, revoked ones too, newest first: at most `limit` a page, from where `cursor` left off. Read from an index, which
    /// may lag a little behind.
    pub async fn list_keys(
        &self,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<ApiKey>, StoreError> {
        let start = cursor
            .map(KeysCursor::decode)
            .transpose()?
            .map(KeysCursor::start);
        let (found, more) = self
            .page(KEYS, Order::NewestFirst, limit, start, "listing the keys")
            .await?;
        let items = found.iter().map(read_key).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(KeysCursor::at);
        Ok(Page {
            items,
            next: next.map(|cursor| cursor.encode()),
        })
    }

    /// Revokes a key, and gives it as it then is. One that was revoked before keeps its time.
    pub async fn revoke_key(&self, id: &KeyId, now: Timestamp) -> Result<ApiKey, StoreError> {
        let change = Change {
            doing: format!("revoking the key {id}"),
            pk: keys::api_key(id),
            sk: META.to_owned(),
            update: "SET #revoked_at = if_not_exists(#revoked_at, :now)".into(),
            condition: "attribute_exists(#pk)".into(),
            values: vec![("now", number(now.0))],
        };
        match self.change(change).await? {
            Outcome::Done(item) => read_key(&item),
            Outcome::Refused(_) => Err(StoreError::NoKey(id.clone())),
        }
    }
}

fn read_key(item: &Attributes) -> Result<ApiKey, StoreError> {
    let reader = Reader(item);
    let scopes = reader
        .texts("scopes")?
        .iter()
        .map(|scope| {
            scope
                .parse()
                .map_err(|error| reader.damaged(format!("{error}")))
        })
        .collect::<Result<_, _>>()?;
    Ok(ApiKey {
        id: reader.parsed("id")?,
        name: reader.text("name")?.to_owned(),
        scopes,
        created_at: Timestamp(reader.number("created_at")?),
        revoked_at: reader.maybe_number("revoked_at")?.map(Timestamp),
    })
}
