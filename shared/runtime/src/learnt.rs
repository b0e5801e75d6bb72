//! What a brand's experiments on content have shown, as it is offered to those who write its next brief. It is told, and applied to nothing.

use artifacts::Artifacts;
use domain::{Hook, HookForm, RunId, Varied};
use serde::Serialize;
use store::{BrandWinner, Store, StoreError};
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use crate::documents::read_document;
use crate::http::schema::one_of;

/// What won in an earlier experiment on the brand's content.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Learnt {
    /// What the variants differed in.
    #[schema(schema_with = varied)]
    pub of: Varied,
    /// The run of the variant that won.
    #[schema(value_type = String)]
    pub run: RunId,
    /// The experiment's key.
    pub experiment: String,
    /// The variation's key.
    pub variation: String,
    /// When it was concluded.
    #[schema(format = DateTime)]
    pub at: String,
    /// The form of the hook that won: what a brief asks for by `hook`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = hook_form)]
    pub form: Option<HookForm>,
    /// What the hook says that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// The voice that won: what a brief asks for by `brand.voice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
}

impl Learnt {
    /// What won, in words.
    pub fn told(&self) -> String {
        let what = match (self.of, self.form, &self.says, &self.voice) {
            (Varied::Hook, Some(form), Some(says), _) => {
                format!("a hook that is {} ({says})", form.told())
            }
            (Varied::Voice, _, _, Some(voice)) => format!("the voice {voice}"),
            (of, ..) => format!("the {} of run {}", of.name(), self.run),
        };
        let asked = match (self.form, &self.voice) {
            (Some(form), _) => format!(": `hook: {}` asks for one", form.name()),
            (None, Some(voice)) => format!(": `brand: {{voice: {voice}}}` asks for it"),
            (None, None) => String::new(),
        };
        format!("{what} won experiment {}{asked}", self.experiment)
    }
}

/// What won for a brand last, of each thing that was compared.
pub async fn learnt(
    store: &Store,
    artifacts: &Artifacts,
    brand: &str,
) -> Result<Vec<Learnt>, StoreError> {
    let mut all = Vec::new();
    for winner in store.brand_winners(brand).await? {
        let run = store.run(&winner.run).await?;
        let hook = match winner.of {
            Varied::Hook => hook_of(store, artifacts, &winner, run.shown_round()).await?,
            Varied::Thumbnail | Varied::Voice => None,
        };
        let says = hook.as_ref().map(|hook| {
            let lines: Vec<&str> = hook.lines.iter().map(|line| line.text.as_str()).collect();
            lines.join(" ")
        });
        all.push(Learnt {
            of: winner.of,
            run: winner.run,
            experiment: winner.won.experiment,
            variation: winner.won.variation,
            at: winner.won.at.rfc3339(),
            form: hook.map(|hook| hook.form),
            says,
            voice: run.variant.and_then(|variant| variant.voice),
        });
    }
    Ok(all)
}

/// The hook of a winner; none if it can't be read any more, which makes it no less the winner.
async fn hook_of(
    store: &Store,
    artifacts: &Artifacts,
    winner: &BrandWinner,
    round: u32,
) -> Result<Option<Hook>, StoreError> {
    let rows = store.tasks(&winner.run, round).await?;
    let row = rows.iter().find(|row| row.task.as_str() == "hook");
    let Some(end) = row.and_then(|row| row.end.as_ref()) else {
        return Ok(None);
    };
    let hook = read_document(artifacts, &end.output).await;
    Ok(hook
        .inspect_err(|error| {
            tracing::warn!(run = %winner.run, %error, "the hook that won can't be read");
        })
        .ok())
}

fn varied() -> Object {
    one_of(Varied::ALL)
}

fn hook_form() -> Object {
    one_of(HookForm::ALL)
}
