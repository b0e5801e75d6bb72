//! Experiments on content: which runs they compare, and which of them won.

use std::collections::BTreeMap;

use domain::{RunId, Varied, Won};
use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Reader, json, text};
use crate::experiment::{ExperimentRecord, change_of};
use crate::keys::{self, META};
use crate::outbox::{Announcement, announcement_item};
use crate::request::{Change, Transacted};
use crate::{Store, StoreError};

/// What an experiment on content compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentTest {
    /// What the variants differ in.
    pub of: Varied,
    /// The brand whose content it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The run of each variation, by the variation's key.
    pub runs: BTreeMap<String, RunId>,
}

/// What won for a brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandWinner {
    /// What the variants differed in.
    pub of: Varied,
    /// The run of the variant that won.
    pub run: RunId,
    /// Where and when it won.
    pub won: Won,
}

impl Store {
    /// Writes the conclusion of an experiment on content, which `winner` won: the experiment as it is now, its announcement, the mark on the
    /// winner's run, and what the brand learnt of it, in one transaction. Nothing is written, and the answer is `None`, if somebody
    /// else changed the experiment meanwhile: read it again then.
    pub async fn conclude_content(
        &self,
        experiment: &ExperimentRecord,
        announcement: &Announcement,
        test: &ContentTest,
        winner: &BrandWinner,
    ) -> Result<Option<ExperimentRecord>, StoreError> {
        let (change, changed) = change_of(experiment);
        let doing = change.doing.clone();
        let mark = Change {
            doing: doing.clone(),
            pk: keys::run(&winner.run),
            sk: META.to_owned(),
            update: "SET #won = :won".into(),
            condition: "attribute_exists(#pk)".into(),
            values: vec![("won", json(&winner.won))],
        };
        let mut operations = vec![
            self.change_if(change)?,
            self.change_if(mark)?,
            self.put(&doing, announcement_item(announcement)?)?,
        ];
        if let Some(brand) = &test.brand {
            operations.push(self.put(&doing, learnt_item(brand, winner))?);
        }
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(Some(changed)),
            Transacted::Refused { at: 1, .. } => Err(StoreError::NotFound(winner.run.clone())),
            Transacted::Refused { .. } => Ok(None),
        }
    }

    /// What won for a brand last, of each thing that was compared.
    pub async fn brand_winners(&self, brand: &str) -> Result<Vec<BrandWinner>, StoreError> {
        let doing = "reading what won for the brand";
        let items = self
            .partition(doing, &keys::brand(brand), keys::WINNERS)
            .await?;
        items
            .iter()
            .map(|item| Reader(item).json("winner"))
            .collect()
    }
}

/// The last winner stands in the place of the one before.
fn learnt_item(brand: &str, winner: &BrandWinner) -> Attributes {
    [
        ("pk", text(keys::brand(brand))),
        ("sk", text(keys::brand_winner(winner.of))),
        ("winner", json(winner)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
