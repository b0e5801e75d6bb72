//! What a brand said before: the signatures of its earlier scripts.

use domain::Run;

use crate::attributes::{Reader, text};
use crate::{Store, StoreError, keys};

impl Store {
    /// The signatures, as JSON text, of the scripts that a run's brand had made before, the newest first, at most `limit` (1 to 100).
    /// Those of the same brief or topic are left out: who makes a video again, or mends its brief, repeats nothing.
    pub async fn earlier_signatures(
        &self,
        run: &Run,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let doing = "reading what the brand said before";
        let Some(brand) = &run.brand else {
            return Ok(Vec::new());
        };
        let answer = self
            .client()
            .query()
            .table_name(self.table())
            .key_condition_expression("pk = :pk AND sk < :before")
            .expression_attribute_values(":pk", text(keys::brand(brand)))
            .expression_attribute_values(
                ":before",
                text(format!("RUN#{}", run.created_at.rfc3339())),
            )
            .scan_index_forward(false)
            .limit(i32::try_from(limit.clamp(1, 100)).unwrap_or(100))
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?;
        let mut found = Vec::new();
        for item in answer.items() {
            let reader = Reader(item);
            let same_brief = reader.maybe_text("brief")? == Some(run.brief.key.as_str());
            let same_topic =
                !run.topic.is_empty() && reader.maybe_text("topic")? == Some(run.topic.as_str());
            if same_brief || same_topic {
                continue;
            }
            found.extend(reader.maybe_text("signature")?.map(ToOwned::to_owned));
        }
        Ok(found)
    }
}
