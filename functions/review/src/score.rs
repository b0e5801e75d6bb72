//! `POST /v1/quality/score`.

use axum::Json;
use domain::{BriefError, read_brief};
use quality::{Assessment, Content, Policy, assess};
use runtime::http::Problem;
use runtime::in_turn;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use runtime::http::Reader;
use runtime::http::request::{JsonBody, Nothing, Strict};
use runtime::http::responses::{Bodies, Refusals};

/// The largest text that is scored, in bytes.
const LARGEST_TEXT: usize = 1_000_000;

/// A text to be scored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScoreRequest {
    /// The text: with the hook at most a megabyte of UTF-8.
    #[schema(
        example = "Bread rises because yeast eats sugar. It breathes out a gas, and the dough holds it."
    )]
    text: String,
    /// How it opens. Without it the first sentence is judged as the hook.
    hook: Option<String>,
    /// By whose rules: a brand as briefs have it. Its weights, thresholds, banned words and required claims count.
    #[schema(schema_with = brand)]
    brand: Option<Value>,
}

/// What a text is worth, and why.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct AssessmentView(Assessment);

/// Score a text
///
/// By the ten criteria, as far as a text alone can be judged by them; each with what gave and cost points, and where. Nothing is kept.
#[utoipa::path(
    post,
    path = "/v1/quality/score",
    tag = "quality",
    operation_id = "scoreText",
    security(("key" = ["read"])),
    request_body(content = ScoreRequest),
    responses((status = 200, description = "What it is worth", body = AssessmentView), Refusals, Bodies)
)]
pub(crate) async fn score_text(
    _: Reader,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(request): JsonBody<ScoreRequest>,
) -> Result<Json<AssessmentView>, Problem> {
    let ScoreRequest { text, hook, brand } = request;
    let length = text.len() + hook.as_deref().map_or(0, str::len);
    if length > LARGEST_TEXT {
        return Err(Problem::too_large(format!(
            "text and hook have {length} bytes: at most {LARGEST_TEXT} are scored"
        )));
    }
    let mut content = Content::of_text(text);
    if let Some(hook) = hook {
        content = content.with_hook(hook);
    }
    let mut policy = Policy::default();
    if let Some(brand) = brand {
        for field in ["logo", "font"] {
            if brand.get(field).is_some_and(Value::is_string) {
                return Err(
                    Problem::invalid("the brand can't be used: see errors").with_field(
                        &format!("brand.{field}"),
                        "it names a file: name an upload, or leave it out, as it changes no score",
                    ),
                );
            }
        }
        // A brief of this brand, so that its rules are held to what a brief's are.
        let brief = json!({ "topic": "a text", "brand": brand }).to_string();
        let brief = read_brief(&brief).map_err(not_a_brand)?;
        policy = Policy::of(&brief.brand.quality).map_err(|error| {
            Problem::invalid("the brand's rules can't be used").with_field("brand.quality", error)
        })?;
        content = content.with_brief(brief);
    }
    in_turn(move || assess(&content, &policy))
        .await
        .map(|assessment| Json(AssessmentView(assessment)))
        .map_err(|error| Problem::internal(&error))
}

fn not_a_brand(error: BriefError) -> Problem {
    match error {
        BriefError::Problems(problems) => problems.iter().fold(
            Problem::invalid("the brand can't be used: see errors"),
            |problem, found| problem.with_field(&found.field, &found.message),
        ),
        other => Problem::invalid(other),
    }
}

fn brand() -> Schema {
    let nothing = ObjectBuilder::new().schema_type(Type::Null);
    AnyOfBuilder::new()
        .item(Ref::from_schema_name("Brand"))
        .item(nothing)
        .into()
}

impl PartialSchema for AssessmentView {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String).build();
        let number = |least: f64, most: f64| {
            ObjectBuilder::new()
                .schema_type(Type::Number)
                .minimum(Some(least))
                .maximum(Some(most))
                .build()
        };
        let object = |fields: Vec<(&str, Object)>| {
            fields
                .into_iter()
                .fold(
                    ObjectBuilder::new().schema_type(Type::Object),
                    |object, (name, schema)| object.property(name, schema).required(name),
                )
                .build()
        };
        let list = |of: Object| ArrayBuilder::new().items(of);
        let score = object(vec![
            ("criterion", text()),
            ("value", number(0.0, 100.0)),
            ("raw", number(0.0, 100.0)),
            ("weight", number(0.0, 100.0)),
            ("confidence", number(0.0, 1.0)),
        ]);
        let unmeasured = object(vec![("criterion", text()), ("reason", text())]);
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("What a text is worth, and why."))
            .property("total", number(0.0, 100.0))
            .property("tier", text())
            .property(
                "holds",
                list(object(vec![("why", text()), ("reason", text())])),
            )
            .property("scores", list(score))
            .property("unmeasured", list(unmeasured))
            .property("valence", number(1.0, 5.0))
            .property("arousal", number(1.0, 5.0))
            .property(
                "advice",
                ObjectBuilder::new().schema_type(Type::Object).build(),
            )
            .required("total")
            .required("tier")
            .required("holds")
            .required("scores")
            .required("unmeasured")
            .required("advice")
            .into()
    }
}

impl ToSchema for AssessmentView {
    fn name() -> std::borrow::Cow<'static, str> {
        "Assessment".into()
    }
}
