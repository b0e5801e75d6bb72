//! What is compared, as callers see it.

use domain::{HookForm, Variant, Varied, Won};
use runtime::Learnt;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// Which variant of its brief a run makes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Variant)]
pub(crate) struct VariantView {
    /// What the variants differ in.
    #[schema(schema_with = varied)]
    of: Varied,
    /// Which one it is, from 1: the first is the control.
    #[schema(minimum = 1)]
    number: u32,
    /// Its key among the experiment's variations.
    #[schema(example = "hook-2")]
    variation: String,
    /// Who speaks, where voices are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<String>,
    /// The runs of all variants, the control's first.
    runs: Vec<String>,
    /// The key of the experiment that compares them.
    experiment: String,
}

impl From<Variant> for VariantView {
    fn from(variant: Variant) -> Self {
        Self {
            of: variant.of,
            number: variant.number,
            variation: variant.key(),
            voice: variant.voice,
            runs: variant.runs.into_iter().map(String::from).collect(),
            experiment: variant.experiment,
        }
    }
}

/// That a run's variant won.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Won)]
pub(crate) struct WonView {
    /// The experiment's key.
    experiment: String,
    /// The variation's key.
    variation: String,
    /// When it was concluded.
    #[schema(format = DateTime)]
    at: String,
}

impl From<Won> for WonView {
    fn from(won: Won) -> Self {
        Self {
            experiment: won.experiment,
            variation: won.variation,
            at: won.at.rfc3339(),
        }
    }
}

/// What won in an earlier experiment on the brand's content.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Learnt)]
pub(crate) struct LearntView {
    /// What the variants differed in.
    #[schema(schema_with = varied)]
    of: Varied,
    /// The run of the variant that won.
    run: String,
    /// The experiment's key.
    experiment: String,
    /// The variation's key.
    variation: String,
    /// When it was concluded.
    #[schema(format = DateTime)]
    at: String,
    /// The form of the hook that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = hook_form)]
    form: Option<HookForm>,
    /// What the hook says that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    /// The voice that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<String>,
}

impl From<Learnt> for LearntView {
    fn from(learnt: Learnt) -> Self {
        Self {
            of: learnt.of,
            run: learnt.run.into(),
            experiment: learnt.experiment,
            variation: learnt.variation,
            at: learnt.at,
            form: learnt.form,
            says: learnt.says,
            voice: learnt.voice,
        }
    }
}

fn varied() -> Object {
    words(Varied::ALL.map(|of| json!(of)).to_vec())
}

fn hook_form() -> Object {
    use HookForm::{Contrast, Number, Question, Statement};
    words(
        [Question, Number, Contrast, Statement]
            .map(|form| json!(form))
            .to_vec(),
    )
}

fn words(words: Vec<Value>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .build()
}
