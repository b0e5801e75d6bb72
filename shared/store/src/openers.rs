//! How a brand's last videos opened.

use domain::{Opener, Run, RunId};

use crate::attributes::{Reader, text};
use crate::{Store, StoreError, keys};

/// How many of a brand's runs are looked through: among them there may be repetitions, and runs that never came to an opening.
const LOOKED_THROUGH: i32 = 50;

impl Store {
    /// How the last runs of a new run's brand opened, the newest first: at most [`Opener::LAST`], none of its own topic. A run of the very same brief sees what
    /// the last one of that brief saw, if that is among the brand's last fifty: so making it again makes the same.
    pub async fn last_openers(&self, run: &Run) -> Result<Vec<Opener>, StoreError> {
        let doing = "reading how the brand's last videos opened";
        let Some(brand) = &run.brand else {
            return Ok(Vec::new());
        };
        let before = format!("RUN#{}", run.created_at.rfc3339());
        let answer = self
            .client()
            .query()
            .table_name(self.table())
            .key_condition_expression("pk = :pk AND sk < :before")
            .expression_attribute_values(":pk", text(keys::brand(brand)))
            .expression_attribute_values(":before", text(before))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(LOOKED_THROUGH)
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?;
        let mut found: Vec<Opener> = Vec::new();
        for item in answer.items() {
            let reader = Reader(item);
            if reader.maybe_text("brief")? == Some(run.brief.key.as_str()) {
                let earlier: RunId = reader.parsed("run")?;
                return Ok(self.run(&earlier).await?.seen);
            }
            let same_topic =
                !run.topic.is_empty() && reader.maybe_text("topic")? == Some(run.topic.as_str());
            if found.len() < Opener::LAST && !same_topic {
                found.extend(reader.maybe_json::<Opener>("opener")?);
            }
        }
        Ok(found)
    }
}
